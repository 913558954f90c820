"""What changed between two texts, word by word, for people to read. Pure.

Promise: same and removed pieces joined are the first text, same and added ones the second; no grapheme is split.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import regex

from newsreader.core import sequences
from newsreader.core.align import align

ROOM = 300_000  # code points that are compared word by word; more of them line by line: each in less than a second


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, with the white space between them."""

    kind: Literal["same", "removed", "added"]
    text: str


def words(then: str, now: str) -> list[Piece]:
    """The second text as changes of the first, by whole words (by letters where a script has no spaces).

    Words between two changes that are too short to hold on to belong to the change. Where hardly a word is left, all
    is removed and all is added. White space is part of the changes beside it: only where nothing but white space
    differs it is a change of its own. Texts of more than ROOM code points are compared by whole lines.
    """
    if then == now:
        return [Piece("same", then)] if then else []
    long = max(len(then), len(now)) > ROOM
    old, new = _tokens(then, by_line=long), _tokens(now, by_line=long)
    became = align(old.keys, new.keys, old.lines, new.lines) if old.keys and new.keys else [-1] * len(old.keys)
    runs = _readable(old.keys, new.keys, became)
    return _pieces(then, now, old, new, runs)


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


_LINE = re.compile(r"[^\n]+|\n+")


def _tokens(text: str, *, by_line: bool) -> _Tokens:
    keys, starts, ends, lines = [], [], [], [0]
    inside = _inside_graphemes(text)
    at = 0
    pattern = _LINE if by_line else _ASCII_TOKEN if text.isascii() else _TOKEN
    for found in pattern.finditer(text):
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


def _readable(old: Sequence[str], new: Sequence[str], became: Sequence[int]) -> list[sequences.Block]:
    """The runs of equal words that are worth showing as such: (index in old, index in new, how many)."""
    runs = [(start, became[start], end - start) for start, end in sequences.runs(became)]
    kept: list[sequences.Block] = []
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


def _pieces(then: str, now: str, old: _Tokens, new: _Tokens, runs: list[sequences.Block]) -> list[Piece]:
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
