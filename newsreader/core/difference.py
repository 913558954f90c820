"""What changed between two texts, for people to read: word by word, and block by block for whole revisions.

Promise: same and removed pieces joined are the first text, same and added ones the second; no grapheme is split.
Limits: a block that moved is shown as removed in one place and added in the other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, NamedTuple

import regex

from newsreader.core import align
from newsreader.core.passages import Span
from newsreader.core.text import text_of
from newsreader.core.vocabulary import BLOCKS

FOLDED = 2  # as many unchanged blocks in a row are told as a number; one on each side of a change stays
ALIKE = 0.4  # share of words and word pairs from which on two blocks count as one that was edited
ROOM = 300_000  # code points of changed blocks that are compared word by word: about a second


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, with the white space between them."""

    kind: Literal["same", "removed", "added"]
    text: str


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


def words(then: str, now: str) -> list[Piece]:
    """The second text as changes of the first, by whole words (by letters where a script has no spaces).

    Words between two changes that are too short to hold on to belong to the change. Where hardly a word is left, all
    is removed and all is added. White space is part of the changes beside it: only where nothing but white space
    differs it is a change of its own.
    """
    if then == now:
        return [Piece("same", then)] if then else []
    old, new = _tokens(then), _tokens(now)
    became = align.align(old.keys, new.keys, old.lines, new.lines) if old.keys and new.keys else [-1] * len(old.keys)
    runs = _readable(old.keys, new.keys, became)
    return _pieces(then, now, old, new, runs)


def blocks(then_html: str, now_html: str) -> list[Change]:
    """Two revisions' canonical HTML, block by block in the order of the text; long unchanged stretches are folded."""
    old, new = _units(then_html), _units(now_html)
    return _folded(list(_worded(_changes(old, new))))


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The words and signs of a text, where they stand, and which of them begin a line."""

    keys: list[str]
    starts: list[int]
    ends: list[int]
    lines: list[int]


# Scripts without spaces between words, whose letters stand alone; Korean has spaces.
_LETTER = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_WORDY = r"[\w\p{M}--\p{Han}--\p{Hiragana}--\p{Katakana}--\p{Thai}--\p{Lao}--\p{Khmer}--\p{Myanmar}]"
# “don't”, “so-called” and “1,200.50” are one word each; so is a row of the same signs.
_TOKEN = regex.compile(
    rf"\s++|{_LETTER}\p{{M}}*+|{_WORDY}++(?:(?:['’‐‑-]|(?<=\p{{N}})[.,:](?=\p{{N}})){_WORDY}++)*+|([^\w\s])\1*+|.",
    regex.V1 | regex.DOTALL,
)
# The same for a plain text, and four times as fast.
_ASCII_TOKEN = re.compile(r"\s+|\w+(?:(?:['-]|(?<=[0-9])[.,:](?=[0-9]))\w+)*|([^\w\s])\1*", re.ASCII)


def _tokens(text: str) -> _Tokens:
    keys, starts, ends, lines = [], [], [], [0]
    inside = _inside_graphemes(text)
    at = 0
    for found in (_ASCII_TOKEN if text.isascii() else _TOKEN).finditer(text):
        start, end = at, found.end()
        if end in inside:
            continue  # what follows belongs to this token
        at = end
        key = text[start:end]
        if not key.isspace():
            keys.append(key)
            starts.append(start)
            ends.append(end)
        elif "\n" in key and keys and lines[-1] != len(keys):
            lines.append(len(keys))
    if lines[-1] == len(keys) and len(lines) > 1:
        lines.pop()
    return _Tokens(keys, starts, ends, lines)


def _inside_graphemes(text: str) -> set[int]:
    """The offsets that split a grapheme cluster (Unicode Standard Annex 29)."""
    if not _JOINS.search(text):
        return set()
    long = (found.span() for found in regex.finditer(r"\X", text))
    return {offset for start, end in long for offset in range(start + 1, end)}


# A cluster of several characters has one of these in it.
_JOINS = regex.compile(
    r"\r\n|["
    + "".join(rf"\p{{GCB={name}}}" for name in ("Extend", "ZWJ", "SpacingMark", "Prepend", *"LVT", "RI"))
    + "]"
)


def _readable(old: Sequence[str], new: Sequence[str], became: Sequence[int]) -> list[align.Block]:
    """The runs of equal words that are worth showing as such: (index in old, index in new, how many)."""
    runs = [(start, became[start], end - start) for start, end in align.runs(became)]
    kept: list[align.Block] = []
    for number, (i, j, n) in enumerate(runs):
        a, c = (kept[-1][0] + kept[-1][2], kept[-1][1] + kept[-1][2]) if kept else (0, 0)
        b, d = runs[number + 1][:2] if number + 1 < len(runs) else (len(old), len(new))
        replaced = (i > a or b > i + n) and (j > c or d > j + n)
        between = (i > a or j > c) and (b > i + n or d > j + n)
        if not (replaced and between and _tiny(old[i : i + n])):
            kept.append((i, j, n))
    left = sum(len(key) for i, _, n in kept for key in old[i : i + n])
    return kept if 4 * left >= min(sum(map(len, old)), sum(map(len, new))) else []


def _tiny(keys: Sequence[str]) -> bool:
    """One short word, with or without a sign, or signs only."""
    wordy = [key for key in keys if key[0].isalnum()]
    return len(keys) <= 3 and len(wordy) <= 1 and sum(map(len, wordy)) <= 3


def _pieces(then: str, now: str, old: _Tokens, new: _Tokens, runs: list[align.Block]) -> list[Piece]:
    pieces: list[Piece] = []
    a, c = 0, 0  # told so far
    for i, j, n in runs:
        words_then = then[old.starts[i] : old.ends[i + n - 1]]
        alike = words_then == now[new.starts[j] : new.ends[j + n - 1]]
        for first, second, size in [(i, j, n)] if alike else [(i + k, j + k, 1) for k in range(n)]:
            _gap(pieces, _Gap.between(then, old, a, first), _Gap.between(now, new, c, second))
            _add(pieces, "same", words_then if alike else old.keys[first])
            a, c = first + size, second + size
    _gap(pieces, _Gap.between(then, old, a, len(old.keys)), _Gap.between(now, new, c, len(new.keys)))
    return pieces


class _Gap(NamedTuple):
    """What stands between two words: white space, words, white space; all is `before` if there is no word."""

    before: str
    words: str
    after: str

    @classmethod
    def between(cls, text: str, tokens: _Tokens, first: int, last: int) -> _Gap:
        """What the tokens from `first` up to `last`, not included, cover with the white space around them."""
        start = tokens.ends[first - 1] if first else 0
        end = tokens.starts[last] if last < len(tokens.starts) else len(text)
        if first == last:
            return cls(text[start:end], "", "")
        left, right = tokens.starts[first], tokens.ends[last - 1]
        return cls(text[start:left], text[left:right], text[right:end])


def _gap(pieces: list[Piece], then: _Gap, now: _Gap) -> None:
    """The white space that both have at an edge is the same; all else is changed."""
    head = tail = ""
    if then.before == now.before:
        head, then, now = then.before, then._replace(before=""), now._replace(before="")
    elif not then.words or not now.words:
        then = then if then.words else _Gap("", "", then.before)
        now = now if now.words else _Gap("", "", now.before)
    if then.after == now.after:
        tail, then, now = then.after, then._replace(after=""), now._replace(after="")
    _add(pieces, "same", head)
    _add(pieces, "removed", "".join(then))
    _add(pieces, "added", "".join(now))
    _add(pieces, "same", tail)


def _add(pieces: list[Piece], kind: Literal["same", "removed", "added"], text: str) -> None:
    if not text:
        return
    if pieces and pieces[-1].kind == kind:
        text = pieces.pop().text + text
    pieces.append(Piece(kind, text))


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
    same = align.blocks([unit.text or f"<{unit.tag}>" for unit in old], [unit.text or f"<{unit.tag}>" for unit in new])
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
    return align.rising(sorted(chosen))


def _grams(text: str) -> set[int]:
    keys = _WORD.findall(text.lower())
    return {*align.grams(keys, 1), *align.grams(["", *keys, ""], 2)}


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
    """Changed blocks compared word by word while there is room; later ones are told from end to equal end."""
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
