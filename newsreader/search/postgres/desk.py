"""The search at the desk, in PostgreSQL: see newsreader.search.desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from newsreader.core.asked import Query
from newsreader.search.conditions import Conditions
from newsreader.search.postgres.backend import PostgresSearch
from newsreader.search.postgres.matches import Matches, rows_of
from newsreader.search.results import COUNT_LIMIT, Found, Kind, Place, Someone


@dataclass
class _Within(Matches):
    """What PostgreSQL finds among given rows."""

    within: QuerySet[Any]
    narrowed: bool

    @cached_property
    def allowed(self) -> QuerySet[Any]:
        rows = self.within.order_by()
        if not self.asked.rest:
            return rows
        return rows.filter(
            Conditions(self.kind, self.user, self.today, self._with_words, self.labels).of(self.asked.rest)
        )

    @cached_property
    def _narrow(self) -> bool:
        return self.narrowed or Matches._narrow.func(self)  # type: ignore[attr-defined]


class PostgresDesk(PostgresSearch):
    def __init__(self, query: Query, user: Someone, today: date, within: QuerySet[Any], *, narrowed: bool) -> None:
        super().__init__(query, user, today)
        self._found = _Within("articles", query, user, today, self._labels, self._library, within, narrowed=narrowed)
        self._matches = {"articles": self._found}
        self._kept = False

    def keys(self) -> Sequence[int]:
        self._keep()
        return self._found.newest(COUNT_LIMIT + 1)

    def best(self, kind: Kind, limit: int, after: Place | None = None) -> list[Found]:
        self._keep()
        return super().best(kind, limit, after)

    def rows(self) -> QuerySet[Any]:
        return self._found.rows()

    def to_order(self) -> QuerySet[Any]:
        return self._found.rows()

    def _keep(self) -> None:
        """The scores of the newest, which are ranked among themselves."""
        if not self._kept:
            self._found.keep(*rows_of(*self._found.found())[0])
            self._kept = True
