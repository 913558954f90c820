"""What is being typed where the caret stands in a search, and what the text is once a suggestion was taken.

Pure, and never raises: whatever is typed, wherever the caret is. Offsets are code points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsreader.core.fields import FILTERS, field_named
from newsreader.core.query import MAX_LENGTH

_QUOTES = '"“”„‟«»‹›″〝〞〟＂「」『』'
_WIDE = str.maketrans("：（）－−＊＜＞＝", ":()--*<>=")
# As core.query reads it, with what is not finished yet: a field without a value, a quotation that is open.
_PIECE = re.compile(
    rf"""-*+
      (?:(?P<field>[^\W\d_]{{2,20}}):)?
      (?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<closed>[{_QUOTES}])? | (?P<word>[^\s(){_QUOTES}]+) | (?<=:))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands at the caret: the beginning of a field's value, or of a field's name (then `field` is "").

    A suggestion takes the place of the text from `start` to `end`.
    """

    field: str
    typed: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The text and the caret after a suggestion was taken."""

    text: str
    caret: int


def slot_at(text: str, caret: int) -> Slot | None:
    """What is being typed there; None inside of a phrase, and of a field that has no values to offer."""
    caret = max(0, min(caret, len(text)))
    if caret > MAX_LENGTH:
        return None
    read = text[: 2 * MAX_LENGTH].translate(_WIDE)
    for piece in _PIECE.finditer(read):
        if piece.start() > caret:
            break
        # Behind a closing mark begins something new.
        if caret < piece.end() or (caret == piece.end() and not piece["closed"]):
            return _slot(piece, read, caret)
    return Slot("", "", caret, caret)


def _slot(piece: re.Match[str], read: str, caret: int) -> Slot | None:
    if piece["field"] is None:
        return _name(read, caret, piece.start("word"), piece.end()) if piece["word"] else None
    if caret <= piece.end("field"):
        return _name(read, caret, piece.start("field"), piece.end("field") + 1)
    field = field_named(piece["field"])
    if field not in FILTERS:
        return None
    start = piece.end("field") + 1
    begun = piece.start("phrase") if piece["phrase"] is not None else start
    # A quotation that is open may have swallowed the rest of the search: only what is before the caret is meant.
    is_open = piece["phrase"] is not None and not piece["closed"]
    return Slot(field, " ".join(read[begun:caret].split()), start, caret if is_open else piece.end())


def _name(read: str, caret: int, start: int, end: int) -> Slot | None:
    if caret < start:  # between minuses
        return None
    return Slot("", read[start:caret].lower(), start, end if caret > start else start)


def take(text: str, slot: Slot, value: str) -> Taken:
    """Puts a value in the place of what was typed, and goes on behind it; the name of a field gets its colon."""
    put = f"{value}:" if not slot.field else f"{quoted(value)} "
    rest = text[slot.end :]
    if slot.field and rest.startswith(" "):
        rest = rest[1:]
    return Taken(text[: slot.start] + put + rest, slot.start + len(put))


def quoted(value: str) -> str:
    """A value as it is written behind a field's colon."""
    return f'"{value}"' if re.search(r"[\s()]", value) else value


def writable(value: str) -> bool:
    """Whether a value can be written down so that it is read as it is: a mark of quotation can't."""
    return bool(value) and not set(_QUOTES) & set(value)
