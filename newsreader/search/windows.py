"""Ranking in windows: the newest WINDOW hits are ranked among themselves, then the next WINDOW, and so on.

So no search weighs or sorts more than WINDOW rows for a page, however common the word is, and a page far behind costs
what the first one costs: its place says which window it stands in and behind which row. Rows that come in later have
higher keys than the first window and are in none. Pure: a database answers as `Hits`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from newsreader.search.results import Found, Place

WINDOW = 1_000
# Scores that differ by less than one part in GRAIN of the best are as good as each other: the newer row comes first.
GRAIN = 200
_OPEN = 2**52  # higher than any key


class Hits(Protocol):
    """All rows of one kind with all the words that a reader may see, by their keys."""

    def newest(self, limit: int, below: int | None = None) -> Sequence[int]:
        """The highest keys, highest first, of those below `below`."""

    def between(self, low: int, high: int, limit: int) -> Sequence[int]:
        """The highest of those from `low` to `high`, in any order."""

    def scores(self, keys: Sequence[int]) -> Mapping[int, float]:
        """How well those rows answer, higher first; what is missing answers least."""


class _Stand(NamedTuple):
    """A place: the window's number, its highest and lowest key (0: none lie below), and the last row shown of it."""

    number: int
    high: int
    low: int
    steps: int
    key: int


def best(hits: Hits, limit: int, after: Place | None = None) -> list[Found]:
    """The next `limit` rows behind that place. Their score is in (0, 1], minus the number of their window."""
    stand = _stand(after)
    keys = hits.between(stand.low, stand.high, 2 * WINDOW) if stand else hits.newest(WINDOW)
    number, high, low = stand[:3] if stand else (0, *_edges(keys))
    found: list[Found] = []
    while True:
        rows = _ordered(hits.scores(keys), keys) if keys else []
        if stand:
            rows, stand = _behind(rows, stand), None
        for steps, key in rows[: limit - len(found)]:
            found.append(Found(key, steps / GRAIN - number, _Stand(number, high, low, steps, key)))
        if len(found) >= limit or not low:
            return found
        keys = hits.newest(WINDOW, low)
        number, (high, low) = number + 1, _edges(keys)


def _edges(keys: Sequence[int]) -> tuple[int, int]:
    """The highest and the lowest key of a window; one that isn't full is the last, and has no lowest."""
    return (keys[0] if keys else _OPEN), (keys[-1] if len(keys) >= WINDOW else 0)


def _ordered(scores: Mapping[int, float], keys: Sequence[int]) -> list[tuple[int, int]]:
    """(steps, key) of all keys, best first: steps are the score in GRAIN parts of the window's best."""
    top = max(scores.values(), default=0.0)
    grain = GRAIN / top if top > 0 else 0.0
    return sorted([(round(scores.get(key, 0.0) * grain) or 1, key) for key in keys], reverse=True)


def _behind(rows: list[tuple[int, int]], stand: _Stand) -> list[tuple[int, int]]:
    """The rows behind the one shown last: scores move a little while texts are added, so it is looked for itself."""
    for number, (_, key) in enumerate(rows):
        if key == stand.key:
            return rows[number + 1 :]
    return [row for row in rows if row < (stand.steps, stand.key)]


def _stand(place: Place | None) -> _Stand | None:
    """The place, where it can be one."""
    if place is None or len(place) != len(_Stand._fields) or not all(isinstance(one, int) for one in place):
        return None
    stand = _Stand(*(int(one) for one in place))
    return stand if min(stand) >= 0 else None
