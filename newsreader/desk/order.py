"""The orders of the list of articles, each of which an index has, and the places in them that a page goes on from.

A page is entered by the values of the row before it (keyset), so that page 500 costs what page 1 costs. Dates are
counted in microseconds, which a number holds exactly.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from newsreader.search import cursor
from newsreader.search.cursor import Stand

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MANY = 10**6  # a cursor's numbers are too small for the microseconds of some centuries
FORWARD, BACKWARD, FROM_THE_END = 0, 1, 2
MOST = 10**15  # rows before a page, as far as an address is believed


class At(NamedTuple):
    """A row's place: what it is ordered by, and its key."""

    value: int
    pk: int


@dataclass(frozen=True, slots=True)
class Order:
    """By a column, falling or rising; rows that are alike in it by their keys, as the index has them."""

    field: str
    falls: bool
    keys_fall: bool

    @classmethod
    def by(cls, field: str, *, falls: bool) -> "Order":
        # The index of lengths runs (words, -id), those of dates (-date, -id); either is read both ways.
        return cls(field, falls, keys_fall=not falls if field == "words" else falls)

    @property
    def columns(self) -> tuple[str, str]:
        return f"{'-' if self.falls else ''}{self.field}", f"{'-' if self.keys_fall else ''}pk"

    @property
    def turned(self) -> "Order":
        """From the end."""
        return Order(self.field, not self.falls, not self.keys_fall)

    def at(self, value: Any, pk: int) -> At:
        return At((value - _EPOCH) // _TICK if isinstance(value, datetime) else int(value), pk)

    def sort(self, at: At) -> tuple[int, int]:
        """What rows in memory are sorted by."""
        return -at.value if self.falls else at.value, -at.pk if self.keys_fall else at.pk

    def behind(self, at: At) -> Q:
        """The rows that follow. The bound on the column alone is what an index is entered by."""
        first, second = ("lt" if falls else "gt" for falls in (self.falls, self.keys_fall))
        value = self._value(at.value)
        return Q(**{f"{self.field}__{first}e": value}) & (
            Q(**{f"{self.field}__{first}": value}) | Q(**{f"pk__{second}": at.pk})
        )

    def _value(self, number: int) -> Any:
        if self.field == "words":
            return max(0, min(number, 2**31 - 1))
        try:
            return _EPOCH + number * _TICK
        except OverflowError:
            return _EPOCH


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page is asked for: behind or before a row, or the last one. `before`: rows before it, None if unknown."""

    way: int = FORWARD
    at: At | None = None
    before: int | None = 0

    def written(self, about: str) -> str:
        """For an address; `about` is what it belongs to, and with another one it reads as no turn."""
        place = (self.way, *divmod(self.at.value, _MANY), self.at.pk) if self.at else (self.way,)
        return cursor.written({"articles": Stand(0 if self.before is None else self.before + 1, place)}, about)


def turn(text: str, about: str) -> Turn:
    """What `written` wrote; the first page where it isn't one of `about`."""
    stand = cursor.read(text, about).get("articles", Stand())
    place = [int(one) for one in stand.place or ()]
    before = stand.taken - 1 if 0 < stand.taken < MOST else None
    if len(place) == 1 and place[0] == FROM_THE_END:
        return Turn(FROM_THE_END, None, before)
    if len(place) != 4 or place[0] not in {FORWARD, BACKWARD}:
        return Turn()
    way, high, low, pk = place
    return Turn(way, At(high * _MANY + low, pk), before)
