"""The stretch of a text that answers a search best, and its pieces. Pure, and linear in the text.

The databases mark the hits; choosing is done here, because FTS5's own snippet() is quadratic in the hits of a row.
"""

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

# Noncharacters: Unicode keeps them for a program's own use, so no text is meant to hold them.
OPEN, CLOSE = "\ufdd0", "\ufdd1"

SIZE = 240  # code points of a snippet, about
_LEAD = 80  # of them before the first hit, at most
_HITS = 1_000  # looked at in one text

_HIT = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")


class Piece(NamedTuple):
    """A stretch of a snippet, and whether it is what was looked for."""

    text: str
    is_hit: bool


def window(marked: str, size: int = SIZE) -> str:
    """About `size` code points of a text with hits between OPEN and CLOSE: where most different hits stand together.

    It begins and ends between words, at the beginning of its paragraph where that is near.
    """
    if len(marked) <= size:
        return marked
    start, end = _densest(marked, size)
    lead = max(0, start - min(_LEAD, max(0, size - (end - start))))
    if (paragraph := marked.rfind("\n", lead, start)) >= 0:
        lead = paragraph + 1
    elif lead:
        space = marked.find(" ", lead, start)
        lead = space + 1 if space >= 0 else start
    stop = max(end, lead + size)
    if stop < len(marked):
        stop = max(end, marked.rfind(" ", end, stop), marked.rfind("\n", end, stop))
    before = "" if lead == 0 or marked[lead - 1] == "\n" else "… "
    return before + marked[lead:stop] + (" …" if stop < len(marked) else "")


def pieces(marked: str) -> tuple[Piece, ...]:
    """A marked text as pieces: white space is one space, and hits side by side are one hit."""
    text = " ".join(marked.split()).replace(f"{CLOSE} {OPEN}", " ")
    first, *rest = (part.partition(CLOSE) for part in text.split(OPEN))
    found = [Piece(first[0] + first[2], False)]
    for hit, _, after in rest:
        found += [Piece(hit, True), Piece(after, False)]
    return tuple(piece for piece in found if piece.text)


def _densest(marked: str, size: int) -> tuple[int, int]:
    """From the first hit to the last one of the stretch with most different hits, then with most."""
    hits = [(*hit.span(), hit[1].casefold()) for hit in islice(_HIT.finditer(marked), _HITS)]
    best, most = (0, 0), (0, 0)
    inside: Counter[str] = Counter()
    first = 0
    for start, end, word in hits:
        inside[word] += 1
        while end - hits[first][0] > size and hits[first][0] < start:
            inside[hits[first][2]] -= 1
            first += 1
        richness = (sum(1 for count in inside.values() if count), inside.total())
        if richness > most:
            best, most = (hits[first][0], end), richness
    return best
