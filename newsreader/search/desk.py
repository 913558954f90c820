"""The search at the desk: the readers' language and index, over those rows of the library that the caller names.

So drafts are found, and what was withdrawn; `within` must leave out readers' own copies. What the language says of
one's own reading (is:unread, has:note, tag:) is about whoever asks.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from newsreader.core.asked import Query
from newsreader.search.results import COUNT_LIMIT, Found, Place, Someone
from newsreader.search.sqlite.backend import SqliteSearch
from newsreader.search.sqlite.matches import HIGHEST, TRIED, Matches, _asked_by_row


class Desk(Protocol):
    """One search of the rows of `within`. What takes too long raises TooCostly inside `bounded`."""

    def bounded(self) -> AbstractContextManager[None]:
        """Within it, what takes too long raises TooCostly."""

    def keys(self) -> Sequence[int]:
        """The newest of the rows found; COUNT_LIMIT + 1 at most."""

    def best(self, kind: Any, limit: int, after: Place | None = None) -> list[Found]:
        """The next `limit` articles behind that place, best first, or in the order that the query asks for."""

    def rows(self) -> QuerySet[Any]:
        """All of them, in no order, for what is done to them."""

    def to_order(self) -> QuerySet[Any]:
        """All of them, for an order that an index has."""


def desk_search(query: Query, user: Someone, within: QuerySet[Any], *, narrowed: bool) -> Desk:
    """The query, which must not be empty, over the rows of `within`; `narrowed` says that many rows are not in it."""
    today = timezone.localdate()
    if connection.vendor == "sqlite":
        return _Sqlite(query, user, today, within, narrowed=narrowed)
    from newsreader.search.postgres.desk import PostgresDesk  # noqa: PLC0415 needs psycopg, which is an extra

    return PostgresDesk(query, user, today, within, narrowed=narrowed)


@dataclass
class _Within(Matches):
    """What SQLite finds among given rows."""

    within: QuerySet[Any]
    narrowed: bool

    @cached_property
    def visible(self) -> QuerySet[Any]:
        return self.within.order_by()

    @cached_property
    def _permission(self) -> tuple[str, tuple[Any, ...]]:
        return _asked_by_row(self.allowed, self.shape.index)

    def _keys(self, limit: int, high: int = HIGHEST, low: int = 0) -> list[int]:
        return self._among(limit, high, low) if self.narrowed else super()._keys(limit, high, low)

    def _among(self, limit: int, high: int, low: int) -> list[int]:
        """The newest hits are tried one by one; then the rows are listed, and all other hits looked for there."""
        allowed, theirs = self._permission
        allowed = allowed.replace(f"{self.shape.index.name}.rowid", "hit.rowid")
        hits = f"{self._hits} ORDER BY rowid DESC LIMIT {TRIED}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid, EXISTS ({allowed}) FROM ({hits}) AS hit",  # noqa: S608 our own and the ORM's
                [*theirs, self.wanted, low, high],
            )
            tried = cursor.fetchall()
            passed = [pk for pk, passes in tried if passes][:limit]
            if len(passed) == limit or len(tried) < TRIED:
                return passed
            try:
                listed, values = self.listed.values("pk").query.sql_with_params()
            except EmptyResultSet:
                return []
            rest = f"{self._hits} AND +rowid IN ({listed}) ORDER BY rowid DESC LIMIT {limit - len(passed)}"
            cursor.execute(rest, [self.wanted, low, tried[-1][0] - 1, *values])
            return passed + [pk for (pk,) in cursor.fetchall()]


class _Sqlite(SqliteSearch):
    def __init__(self, query: Query, user: Someone, today: date, within: QuerySet[Any], *, narrowed: bool) -> None:
        super().__init__(query, user, today)
        asked = self._matches["articles"].asked
        self._found = _Within("articles", asked, user, today, self._labels, within, narrowed=narrowed)
        self._matches["articles"] = self._found

    def keys(self) -> Sequence[int]:
        if self._found.asked.wanted:
            return self._found.newest(COUNT_LIMIT + 1)
        return list(self.rows().order_by("-dated", "-pk").values_list("pk", flat=True)[: COUNT_LIMIT + 1])

    def rows(self) -> QuerySet[Any]:
        return self._found.rows()

    def to_order(self) -> QuerySet[Any]:
        return self._found.to_order()
