"""Where a page of results ended, as text for an address: for each kind, how many were shown and the place of the last.

Numbers are written in base 36, those with a fraction as their eight bytes; a checksum of the query stands first, so
that the cursor of another query reads as none. It holds no secret and is trusted with nothing.
"""

import math
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple
from zlib import crc32

from newsreader.search.results import KINDS, Kind, Place

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST = 2**53  # what a double, a JSON number and SQLite all hold exactly
_LONGEST = 1_000
_NUMBERS = 12  # for one kind


class Stand(NamedTuple):
    """How far one kind was shown, up to `place`: `taken` rows with all the words, or `filled` with all or some."""

    taken: int = 0
    place: Place | None = None
    filled: int = 0


def written(stands: dict[Kind, Stand], about: str) -> str:
    """The cursor for what follows `stands`; `about` is what it belongs to: query and kind."""
    parts = [_checksum(about)]
    for kind in KINDS:
        taken, place, filled = stands.get(kind, Stand())
        parts.append(".".join(_number(one) for one in (taken, filled, *(place or ()))))
    return "~".join(parts)


def read(text: str, about: str) -> dict[Kind, Stand]:
    """What `written` wrote; nothing where the text is not a cursor of `about`."""
    head, *parts = text[: _LONGEST + 1].split("~")
    if len(text) > _LONGEST or head != _checksum(about) or len(parts) != len(KINDS):
        return {}
    try:
        return {kind: _stand(part) for kind, part in zip(KINDS, parts, strict=True)}
    except ValueError:  # UnicodeError and binascii's are of its kind
        return {}


def _stand(part: str) -> Stand:
    taken, filled, *place = (_value(one) for one in part.split("."))
    if not (isinstance(taken, int) and isinstance(filled, int) and min(taken, filled) >= 0) or len(place) > _NUMBERS:
        raise ValueError(part)
    return Stand(taken, tuple(place) or None, filled)


def _number(value: float) -> str:
    if isinstance(value, float) and not (value.is_integer() and abs(value) < _MOST):
        return "F" + urlsafe_b64encode(struct.pack(">d", value)).decode().rstrip("=")
    left, digits = abs(int(value)), ""
    while left or not digits:
        left, digit = divmod(left, 36)
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if value < 0 else digits


def _value(text: str) -> float:
    if text.startswith("F") and len(text) == 12:
        value: float
        (value,) = struct.unpack(">d", urlsafe_b64decode(text[1:] + "="))
        if math.isfinite(value):
            return value
    elif text and text.isascii() and set(text.removeprefix("-")) <= set(_DIGITS):
        number = int(text, 36)
        if abs(number) < _MOST:
            return number
    raise ValueError(text)


def _checksum(about: str) -> str:
    return _number(crc32(about.encode(errors="replace")))
