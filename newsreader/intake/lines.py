"""Lines of plain text to paragraphs: parted at blank lines, wrapped lines joined, list items apart."""

from __future__ import annotations

import re
from itertools import pairwise

_COLUMN = 100  # lines that are longer were not wrapped for reading as plain text
_SLACK = 10  # how far a line that was wrapped by hand may stay short of the column
_NO_SPACES = "[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]"
_RULE = re.compile(r"[\W_]*")
_BULLET = re.compile(r"\s*(?:[•‣◦*+-]|\d{1,3}[.)])\s+\S")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of `text` in order, none empty, white space collapsed (except nbsp)."""
    chunks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            chunks[-1].append(line.rstrip())
        elif chunks[-1]:
            chunks.append([])
    column = _wrapped_at(chunks)
    found = [part for chunk in chunks for part in _joined(chunk, column)]
    return [part for part in (re.sub(r"[^\S\xa0\u202f]+", " ", part).strip(" ") for part in found) if part]


def is_rule(paragraph: str) -> bool:
    """Whether it is a line of signs alone (----, ====, * * *)."""
    return _RULE.fullmatch(paragraph) is not None


def is_item(paragraph: str) -> bool:
    """Whether it begins as an item of a list does: a bullet, or a number with a full stop or bracket."""
    return _BULLET.match(paragraph) is not None


def _wrapped_at(chunks: list[list[str]]) -> int:
    """The column at which the text was wrapped, or 0 where each line is a paragraph of its own."""
    lengths = [len(line) for chunk in chunks for line in chunk]
    short = [length for length in lengths if length <= _COLUMN]
    if not short or len(short) < 0.9 * len(lengths):
        return 0
    column = max(short)
    breaks = [(line, after) for chunk in chunks for line, after in pairwise(chunk)]
    full = [after for line, after in breaks if _no_room(line, after, column)]
    verse = sum(after.lstrip()[:1].isupper() for after in full) >= 0.8 * len(full)
    return column if column >= 40 and len(full) >= 2 and len(full) >= 0.6 * len(breaks) and not verse else 0


def _no_room(line: str, after: str, column: int) -> bool:
    """Whether the next line's first word would not have fitted on this one, so the break means nothing."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > column - _SLACK


def _joined(chunk: list[str], column: int) -> list[str]:
    parts: list[str] = []
    in_list = False
    for number, line in enumerate(chunk):
        before = chunk[number - 1] if number else ""
        # A number or a dash at the head of a line is an item only where a list is under way or announced:
        # wrapping puts them there by chance.
        item = is_item(line) and (not number or in_list or before.endswith(":"))
        indented = line[:1].isspace() and not before[:1].isspace()
        starts = not number or not column or item or (indented and not in_list)
        if starts or not _no_room(before, line.lstrip(), column):
            parts.append(line)
            in_list = item
        else:
            parts[-1] = _glued(parts[-1], line.lstrip())
    return parts


def _glued(left: str, right: str) -> str:
    """Joins two lines. A word broken at its own hyphen is made whole; scripts without spaces get none."""
    hyphen = re.search(r"[^\W\d_][-\u2010]$", left) and not re.match(r"(?:and|or|to|und|oder|et|ou)\b", right)
    seamless = re.search(rf"{_NO_SPACES}$", left) and re.match(_NO_SPACES, right)
    return left + right if hyphen or seamless else f"{left} {right}"
