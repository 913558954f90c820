"""What changed between two revisions, block by block, for people to read. Pure.

Promise: of each block the pieces as in `wording`; every block of both revisions is told or counted.
Limits: a block that moved is shown as removed in one place and added in the other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, NamedTuple

from newsreader.core import sequences
from newsreader.core.passages import Span
from newsreader.core.text import text_of
from newsreader.core.vocabulary import BLOCKS
from newsreader.core.wording import ROOM, Piece, words

FOLDED = 2  # as many unchanged blocks in a row are told as a number; one on each side of a change stays
ALIKE = 0.4  # share of words and word pairs from which on two blocks count as one that was edited


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one block (a paragraph, a heading, an item of a list, a row of a table), or of several.

    `kind` is "same", "changed" (other words), "styled" (the same words; its formatting, a link or its tag differs),
    "removed", "added", or "folded": `count` unchanged blocks, which are not told. `tag` is the block's own and `within`
    the tags around it, outermost first. `then` and `now` are its code points in the two texts, None where it isn't.
    """

    kind: Literal["same", "changed", "styled", "removed", "added", "folded"]
    tag: str
    within: tuple[str, ...]
    pieces: tuple[Piece, ...]
    then: Span | None
    now: Span | None
    count: int = 1


def blocks(then_html: str, now_html: str) -> list[Change]:
    """Two revisions' canonical HTML, block by block in the order of the text; long unchanged stretches are folded."""
    old, new = _units(then_html), _units(now_html)
    return _folded(list(_worded(_changes(old, new))))


class _Unit(NamedTuple):
    """A block that holds words and no blocks; a row of a table counts as one. `html` is what its looks hang on."""

    tag: str
    within: tuple[str, ...]
    start: int
    end: int
    text: str
    html: str


_BLOCK_TAG = re.compile(r"<(/?)(" + "|".join(sorted(BLOCKS, key=len, reverse=True)) + r")(?=[\s>])[^>]*>")
_FOOTNOTE = re.compile(r' (?:id="fn-[0-9]+"|href="#fn-[0-9]+")')  # numbered anew in every revision


def _units(html: str) -> list[_Unit]:
    units: list[_Unit] = []
    at, offset = 0, 0  # where reading stands, in the HTML and in the text
    for tag, within, start, end in _leaves(html):
        part = html[start:end]
        text = text_of(part)
        offset += len(text_of(html[at:start]))
        units.append(_Unit(tag, within, offset, offset + len(text), text, _FOOTNOTE.sub("", part)))
        at, offset = end, offset + len(text)
    return units


def _leaves(html: str) -> Iterator[tuple[str, tuple[str, ...], int, int]]:
    """The tag of each unit, the tags around it, where its HTML starts and ends."""
    stack: list[tuple[str, int]] = []
    holds = False  # whether the block that was opened last holds blocks, or is told already
    for found in _BLOCK_TAG.finditer(html):
        closing, tag = found.groups()
        if tag == "hr":
            yield tag, tuple(name for name, _ in stack), found.start(), found.end()
            holds = True
        elif not closing:
            stack.append((tag, found.start()))
            holds = False
        elif stack:
            tag, start = stack.pop()
            within = tuple(name for name, _ in stack)
            if tag == "tr" or not (holds or "tr" in within):
                yield tag, within, start, found.end()
                holds = True


def _changes(old: Sequence[_Unit], new: Sequence[_Unit]) -> Iterator[Change]:
    """Equal blocks first, in the gaps those that are alike, between these as many of the same kinds in their order."""
    same = sequences.blocks(
        [unit.text or f"<{unit.tag}>" for unit in old], [unit.text or f"<{unit.tag}>" for unit in new]
    )
    a = c = 0
    for i, j, n in [*same, (len(old), len(new), 0)]:
        yield from _gap_changes(old[a:i], new[c:j])
        for was, now in zip(old[i : i + n], new[j : j + n], strict=True):
            yield _paired(was, now)
        a, c = i + n, j + n


def _gap_changes(old: Sequence[_Unit], new: Sequence[_Unit]) -> Iterator[Change]:
    a = c = 0
    for i, j in [*_alike(old, new), (len(old), len(new))]:
        if [unit.tag for unit in old[a:i]] == [unit.tag for unit in new[c:j]]:
            yield from (_paired(was, now) for was, now in zip(old[a:i], new[c:j], strict=True))
        else:
            yield from (_alone("removed", unit) for unit in old[a:i])
            yield from (_alone("added", unit) for unit in new[c:j])
        if i < len(old):
            yield _paired(old[i], new[j])
        a, c = i + 1, j + 1


def _alike(old: Sequence[_Unit], new: Sequence[_Unit]) -> list[tuple[int, int]]:
    """Pairs of blocks that share much of their words and word pairs, in rising order."""
    was, now = [_grams(unit.text) for unit in old], [_grams(unit.text) for unit in new]
    places: dict[int, list[int]] = defaultdict(list)
    for j, pairs in enumerate(now):
        for pair in pairs:
            places[pair].append(j)
    found: list[tuple[float, int, int]] = []
    for i, pairs in enumerate(was):
        votes = Counter(j for pair in pairs if len(there := places.get(pair, ())) <= 8 for j in there)
        for j, shared in votes.most_common(2):
            score = 2 * shared / (len(pairs) + len(now[j]))
            if score >= ALIKE:
                found.append((score, i, j))
    left, right, chosen = set[int](), set[int](), []
    for _, i, j in sorted(found, key=lambda row: -row[0]):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            chosen.append((i, j))
    return sequences.rising(sorted(chosen))


def _grams(text: str) -> set[int]:
    keys = _WORD.findall(text.lower())
    return {*sequences.grams(keys, 1), *sequences.grams(["", *keys, ""], 2)}


_WORD = re.compile(r"\w+")


def _paired(was: _Unit, now: _Unit) -> Change:
    spans = Span(was.start, was.end), Span(now.start, now.end)
    if was.text != now.text:
        return Change("changed", now.tag, now.within, _replaced(was.text, now.text), *spans)
    kind: Literal["same", "styled"] = "same" if was.html == now.html and was.within == now.within else "styled"
    return Change(kind, now.tag, now.within, (Piece("same", now.text),) if now.text else (), *spans)


def _replaced(was: str, now: str) -> tuple[Piece, ...]:
    return tuple([piece for piece in (Piece("removed", was), Piece("added", now)) if piece.text])


def _worded(changes: Iterable[Change]) -> Iterator[Change]:
    """Changed blocks compared word by word while there is ROOM; later ones are told from end to equal end."""
    room = ROOM
    for change in changes:
        if change.kind != "changed" or len(change.pieces) < 2:
            yield change
            continue
        was, now = [piece.text for piece in change.pieces]
        room -= max(len(was), len(now))
        yield replace(change, pieces=tuple(words(was, now) if room >= 0 else _whole(was, now)))


def _whole(was: str, now: str) -> list[Piece]:
    """The equal beginning and end, and between them all removed and all added; cut at spaces, never in a grapheme."""
    head = max(was.rfind(" ", 0, _shared(was, now)), 0)
    old, new = was[head:][::-1], now[head:][::-1]
    tail = old.rfind(" ", 0, _shared(old, new)) + 1
    middle = _replaced(was[head : len(was) - tail], now[head : len(now) - tail])
    ends = Piece("same", was[:head]), Piece("same", was[len(was) - tail :])
    return [piece for piece in (ends[0], *middle, ends[1]) if piece.text]


def _shared(one: str, other: str) -> int:
    """How many characters at their beginning are the same."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _alone(kind: Literal["removed", "added"], unit: _Unit) -> Change:
    span = Span(unit.start, unit.end)
    pieces = (Piece(kind, unit.text),) if unit.text else ()
    then, now = (span, None) if kind == "removed" else (None, span)
    return Change(kind, unit.tag, unit.within, pieces, then, now)


def _folded(changes: Sequence[Change]) -> list[Change]:
    """Stretches of unchanged blocks without their first and last, which stay beside a change, as one."""
    told: list[Change] = []
    for same, group in groupby(changes, key=lambda change: change.kind == "same"):
        stretch = list(group)
        first = 1 if told else 0
        last = len(stretch) - (1 if stretch[-1] is not changes[-1] else 0)
        if same and last - first >= FOLDED:
            told += [*stretch[:first], _fold(stretch[first:last]), *stretch[last:]]
        else:
            told += stretch
    return told


def _fold(stretch: Sequence[Change]) -> Change:
    first, last = stretch[0], stretch[-1]
    then = Span(first.then.start, last.then.end) if first.then and last.then else None
    now = Span(first.now.start, last.now.end) if first.now and last.now else None
    return Change("folded", "p", (), (), then, now, len(stretch))
