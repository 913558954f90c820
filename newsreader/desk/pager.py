"""The pages of the list of articles: entered behind or before a row, from the end, or where a search went on.

Nothing is counted and nothing passed over on the way to a page, so a far one costs what the first one costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from newsreader.articles.models import Article
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.desk.capped import Count
from newsreader.desk.order import BACKWARD, FROM_THE_END, At, Order, Turn, turn
from newsreader.search import cursor
from newsreader.search.cursor import Stand
from newsreader.search.desk import Desk

SIZE = 50
SHOWN = ("title", "slug", "state", "language", "dated", "changed", "words")


@dataclass(slots=True)
class Page:
    """`start` is the number of its first row, None where it isn't known; the others are parameters of an address."""

    rows: list[Any] = field(default_factory=list)
    total: Count = field(default_factory=Count)
    start: int | None = 1
    next: str = ""
    previous: str = ""
    last: str = ""
    is_first: bool = True

    @property
    def end(self) -> int | None:
        return None if self.start is None else self.start + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of a list in an order; `about` is what its address belongs to."""

    order: Order
    about: str
    text: str
    total: Count

    @property
    def turn(self) -> Turn:
        return turn(self.text, self.about)

    def page(self, rows: list[Any], places: Sequence[At], before: int | None, *, more: bool, first: bool) -> Page:
        """The page with these rows; `more` follow it, and unless it is the `first`, some come before it."""
        onwards = None if before is None else before + len(rows)
        return Page(
            rows,
            self.total,
            None if before is None else before + 1,
            next=Turn(at=places[-1], before=onwards).written(self.about) if more else "",
            previous="" if first else Turn(BACKWARD, places[0], before).written(self.about),
            last=Turn(FROM_THE_END, None, None).written(self.about) if more else "",
            is_first=first,
        )


def in_memory(asked: Asked, looked_at: Sequence[tuple[Any, int]]) -> Page:
    """A page of rows that all were looked at: (what they are ordered by, key)."""
    order, chosen = asked.order, asked.turn
    places = sorted((order.at(value, pk) for value, pk in looked_at), key=order.sort)
    start = _start(order, chosen, places)
    here = places[start : start + SIZE]
    if not here:
        return Page()
    rows = in_sequence([place.pk for place in here])
    return asked.page(rows, here, start, more=start + SIZE < len(places), first=start == 0)


def _start(order: Order, chosen: Turn, places: Sequence[At]) -> int:
    if chosen.way == FROM_THE_END:
        return max(0, len(places) - 1) // SIZE * SIZE
    if chosen.at is None:
        return 0
    at = order.sort(chosen.at)
    if chosen.way == BACKWARD:
        return max(0, sum(order.sort(place) < at for place in places) - SIZE)
    start = sum(order.sort(place) <= at for place in places)
    return start if start < len(places) else 0


def walked(asked: Asked, rows: ArticleQuerySet) -> Page:
    """A page of rows of which there are many, read off the order's index."""
    order, chosen, rows = asked.order, asked.turn, rows.only(*SHOWN)
    before = chosen.before
    if chosen.way == FROM_THE_END:
        back, more, first = list(rows.order_by(*order.turned.columns)[:SIZE]), False, False
        found, before = back[::-1], None
    elif chosen.way == BACKWARD and chosen.at:
        back = list(rows.filter(order.turned.behind(chosen.at)).order_by(*order.turned.columns)[: SIZE + 1])
        if len(back) <= SIZE:  # a whole page from the beginning, rather than what is left before
            return walked(Asked(order, asked.about, "", asked.total), rows)
        found, more, first = back[:SIZE][::-1], True, False
        before = None if before is None or before <= SIZE else before - SIZE
    else:
        behind = rows.filter(order.behind(chosen.at)) if chosen.at else rows
        found = list(behind.order_by(*order.columns)[: SIZE + 1])
        found, more, first = found[:SIZE], len(found) > SIZE, chosen.at is None
        if not found and chosen.at:
            return walked(Asked(order, asked.about, "", asked.total), rows)
    places = [order.at(getattr(row, order.field), row.pk) for row in found]
    return asked.page(found, places, before, more=more, first=first) if found else Page()


def in_relevance(search: Desk, about: str, text: str, total: Count) -> Page:
    """A page of what a search found, best first. It goes on, and back to the beginning."""
    stand = cursor.read(text, about).get("articles", Stand())
    found = search.best("articles", SIZE + 1, stand.place)
    here, more = found[:SIZE], len(found) > SIZE
    onwards = Stand(stand.taken + len(here), here[-1].place) if here else Stand()
    return Page(
        in_sequence([one.pk for one in here]),
        total,
        stand.taken + 1,
        next=cursor.written({"articles": onwards}, about) if more else "",
        is_first=not stand.taken,
    )


def in_sequence(keys: Sequence[int]) -> list[Any]:
    """The rows with these keys, in their order; what vanished meanwhile is left out."""
    rows = Article.objects.filter(owner=None).only(*SHOWN).in_bulk(keys) if keys else {}
    return [rows[key] for key in keys if key in rows]
