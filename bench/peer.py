"""Hypothesis's way of finding a quote, written from its description, as the peer that anchoring is measured against.

The first exact hits win; else every place with the fewest errors, at most min(256, length / 2), is a candidate.
Candidates are scored 50 for the words, 20 for each side's context, 2 for the position; the best one is taken, and
there is no minimum. The matcher is Myers' bit-parallel one (1999) with Sellers' start rule for the edges.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice

from rapidfuzz.distance import Levenshtein

from newsreader.core.hunt import hits
from newsreader.core.passages import Quote, Span

MOST = 1_000  # candidates that are scored


def locate_as_peer(text: str, quote: Quote) -> Span | None:
    """Where the peer puts the quote; None when not even a candidate is found."""
    exact = quote.exact
    found = [(place, place + len(exact), 0) for place in islice(hits(text, exact), MOST)]
    if not found:
        found = approximate(text, exact, min(256, len(exact) // 2))
    if not found:
        return None
    best = max(found, key=lambda candidate: _score(text, quote, *candidate))
    return Span(best[0], best[1])


def approximate(text: str, pattern: str, most: int) -> list[tuple[int, int, int]]:
    """(start, end, errors) of the places with the fewest errors, if there are at most `most`."""
    ends, errors = _ends(text, pattern, most)
    found = []
    for end in ends[:MOST]:
        window = text[max(0, end - len(pattern) - errors) : end]
        # The start is where the same match read backwards ends: the longest stretch with the fewest errors.
        back, _ = _ends(window[::-1], pattern[::-1], errors, anchored=True)
        found.append((end - back[-1] if back else end - len(pattern), end, errors))
    return found


def _ends(text: str, pattern: str, most: int, *, anchored: bool = False) -> tuple[list[int], int]:
    """Where matches with the fewest errors end, and how many errors they have."""
    size = len(pattern)
    full, top = (1 << size) - 1, 1 << (size - 1)
    peq: dict[str, int] = defaultdict(int)
    for place, letter in enumerate(pattern):
        peq[letter] |= 1 << place
    pv, mv, errors = full, 0, size
    best, ends = most, []
    for place, letter in enumerate(text, 1):
        eq = peq.get(letter, 0)
        xv = eq | mv
        xh = (((eq & pv) + pv) ^ pv) | eq
        ph, mh = mv | (full & ~(xh | pv)), pv & xh
        if ph & top:
            errors += 1
        elif mh & top:
            errors -= 1
        ph, mh = (ph << 1) | anchored, mh << 1
        pv, mv = (mh | (full & ~(xv | ph))) & full, ph & xv & full
        if errors < best:
            best, ends = errors, [place]
        elif errors == best:
            ends.append(place)
    return ends, best


def _score(text: str, quote: Quote, start: int, end: int, errors: int) -> float:
    words = 1 - errors / len(quote.exact)
    before = _alike(text[max(0, start - len(quote.prefix)) : start], quote.prefix)
    after = _alike(text[end : end + len(quote.suffix)], quote.suffix)
    near = 1 - abs(start - quote.hint) / len(text) if quote.hint is not None else 0.0
    return (50 * words + 20 * before + 20 * after + 2 * near) / 92


def _alike(there: str, context: str) -> float:
    """How much of the context is there, as 1 - errors / length; 1 when there is no context."""
    return 1 - min(1.0, Levenshtein.distance(there, context) / len(context)) if context else 1.0
