"""Texts as they are compared: letters without case, one kind of space, quotation mark and dash.

Folding is for comparison only and is never shown. `plain` and `low` keep every offset; `squeeze` leads one back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, repeat
from operator import ne
from unicodedata import normalize

import regex

_ALIKE = {
    " ": "\t\n\r\f\v\x1c\x1d\x1e\x1f\u0085\u00a0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000",
    "'": "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`",
    '"': "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
}
_SWAPS = [(odd, plain) for plain, odds in _ALIKE.items() for odd in odds]
_ASCII_SWAPS = [(odd, plain) for odd, plain in _SWAPS if odd.isascii()]

# Scripts that are written without spaces between words: every letter is a token of its own.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Marks that belong to the letter before them; Python's \w leaves them out.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903"
    "\u093a-\u094f\u00ad\u200b-\u200d\u2060"
)
_PIECE = re.compile(rf" |[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]+|[{_MARKS}]+)*|\.\.+|--+|[^ ]")
_ASCII_PIECE = re.compile(r" |\w+|\.\.+|--+|[^ ]", re.ASCII)
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_CLUSTER = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and signs of a text: `keys` to compare, `starts` and `ends` in code points of the text."""

    keys: list[str]
    starts: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A folded text with every run of white space as one space: `plain` with its case, `low` without."""

    plain: str
    low: str
    _cuts: list[int]
    _shifts: list[int]

    def origin(self, offset: int) -> int:
        """The offset in the text as it was, for an offset in the squeezed one."""
        return offset + self._shifts[bisect_right(self._cuts, offset) - 1]


def plain(text: str) -> str:
    """The text with like spaces, quotation marks and dashes made the same; every offset stays what it was."""
    for odd, common in _ASCII_SWAPS if text.isascii() else _SWAPS:
        if odd in text:
            text = text.replace(odd, common)
    return text


def low(text: str) -> str:
    """The text in small letters; every offset stays what it was."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def squeeze(text: str) -> Squeezed:
    """The folded text, with a way back to the offsets of the text."""
    folded = plain(text)
    pieces: list[str] = []
    cuts, shifts = [0], [0]
    last = length = 0
    for run in re.finditer("  +", folded):
        pieces.append(folded[last : run.start() + 1])
        length += run.start() + 1 - last
        last = run.end()
        cuts.append(length)
        shifts.append(last - length)
    squeezed = "".join([*pieces, folded[last:]])
    return Squeezed(squeezed, low(squeezed), cuts, shifts)


def tokens(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """The words and signs of text[start:end]; offsets count from the start of the whole text."""
    part = text if start == 0 and end is None else text[start:end]
    folded = low(plain(part))
    # Every character is part of a piece, so their lengths tell where they are.
    pieces: list[str] = (_ASCII_PIECE if folded.isascii() else _PIECE).findall(folded)
    wordy = list(map(ne, pieces, repeat(" ")))
    borders = list(accumulate(map(len, pieces), initial=start))
    keys = list(compress(pieces, wordy))
    if not folded.isascii():
        keys = [key if key.isascii() else _same_letters(key) for key in keys]
    if "--" in folded:
        keys = ["-" if key.startswith("--") else key for key in keys]
    return Tokens(keys, list(compress(borders, wordy)), list(compress(borders[1:], wordy)))


@lru_cache(maxsize=1 << 16)
def weight(key: str) -> float:
    """How much a token says: a sign little, a long word more than a short one."""
    if not key[0].isalnum():
        return 0.2
    return 0.5 + min(len(key), 8) / 8


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The range widened so that it splits no grapheme cluster (Unicode Standard Annex 29, `\\X`)."""
    return _cluster_at(text, start)[0], _cluster_at(text, end)[1]


def _same_letters(key: str) -> str:
    return normalize("NFKC", _UNSEEN.sub("", key)) or key


def _cluster_at(text: str, offset: int) -> tuple[int, int]:
    """The cluster that has the offset inside, or (offset, offset) when it stands between two clusters."""
    if not 0 < offset < len(text) or _surely_between(text, offset):
        return offset, offset
    start = offset - 1
    while start > 0 and offset - start < 1000 and not _surely_between(text, start):
        start -= 1
    for found in _CLUSTER.finditer(text, start):
        if found.end() >= offset:
            return (offset, offset) if found.end() == offset else (found.start(), found.end())
    return offset, offset


def _surely_between(text: str, offset: int) -> bool:
    """Two characters below U+0300 never join, but for a line break in two characters and the soft hyphen."""
    before, after = text[offset - 1], text[offset]
    return before < "\u0300" and after < "\u0300" and after not in "\n\u00ad\u200d"
