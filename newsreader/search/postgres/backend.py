"""Search in PostgreSQL: the vectors that the database keeps (`postgres_index`), permission inside each statement.

The newest hits are ranked among themselves (see `windows`) by BM25 (`postgres_rank`). So no search weighs more than a
window of rows, and none sorts every row with a common word.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Any as Anything

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from newsreader.core.asked import Query
from newsreader.replicas.router import connection_for_reads
from newsreader.search import filling, windows
from newsreader.search.labels import Labels
from newsreader.search.limits import TooCostly
from newsreader.search.order import in_order
from newsreader.search.postgres import fill as postgres_fill
from newsreader.search.postgres import marks as postgres_marks
from newsreader.search.postgres.library import Library, library
from newsreader.search.postgres.matches import Matches
from newsreader.search.postgres.spelling import PostgresSpeller
from newsreader.search.results import KINDS, Found, Kind, Place, Someone
from newsreader.search.signs import signed, with_signs
from newsreader.search.spelling import respelt
from newsreader.search.unspaced import is_unspaced

PATIENCE = 2.0  # seconds for one statement
_CANCELED = "57014"  # SQLSTATE query_canceled
# For one search. The planner knows nothing of vectors that lie beside their rows: a scan of a table looks cheap to it
# and is not. Compiling a statement, or sharing it out among processes, takes longer than most take.
SETTINGS = {
    "statement_timeout": f"{PATIENCE * 1000:.0f}ms",
    "enable_seqscan": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
}
_SET = "SELECT " + ", ".join(f"current_setting('{name}'), set_config('{name}', %s, true)" for name in SETTINGS)


@contextmanager
def bounded() -> Iterator[None]:
    """Cuts off a statement that takes longer than PATIENCE seconds. Raises TooCostly then."""
    connection = connection_for_reads()
    within = connection.in_atomic_block
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(_SET, list(SETTINGS.values()))
            before = cursor.fetchone()[::2]
            yield
            if within:  # else they end with the transaction
                cursor.execute(_SET, before)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == _CANCELED:
            raise TooCostly from error
        raise


@contextmanager
def _setting(cursor: Anything, name: str, value: str) -> Iterator[None]:
    """One more setting, which is on by default, within it."""
    if value != "on":
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    yield
    if value != "on":
        cursor.execute("SELECT set_config(%s, 'on', true)", [name])


class PostgresSearch:
    """One search by one reader. What they may see stands inside each statement."""

    bounded = staticmethod(bounded)

    def __init__(self, query: Query, user: Someone, today: date) -> None:
        self._query, self._user, self._today = query, user, today
        self._labels = Labels()

    def counts(self) -> dict[Kind, int]:
        """How many of each kind the reader may see; COUNT_LIMIT + 1 at most."""
        parts = [self._matches[kind].found() for kind in KINDS]
        # Only what both of two indexes have is read then: the words, and the newest keys.
        both = self._matches["articles"].recent
        with connection_for_reads().cursor() as cursor, _setting(cursor, "enable_indexscan", "off" if both else "on"):
            cursor.execute(_each([sql for sql, _ in parts]), [value for _, values in parts for value in values])
            return {KINDS[kind]: self._matches[KINDS[kind]].keep(*found) for kind, *found in cursor.fetchall()}

    def best(self, kind: Kind, limit: int, after: Place | None = None) -> list[Found]:
        """The next `limit` of a kind that the reader may see, in the order that was asked for."""
        matches, sort = self._matches[kind], self._query.sort
        if matches.ranked:
            return windows.best(matches, limit, after)
        return in_order(matches.rows(), kind, sort, self._user, limit=limit, after=after)

    @property
    def optional(self) -> bool:
        """Whether there are words that rows can do without."""
        return self._question is not None

    def fill(self, kind: Kind, whole: Sequence[int]) -> list[Found]:
        """Rows with most of the words, and those keys, which have all."""
        if not self._question:
            return []

        def matches(query: Query) -> Matches:
            return self._of(kind, query)

        return postgres_fill.fill(kind, self._question, matches, whole)

    def lacking(self, kind: Kind, pks: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Which words those rows from `fill` are without."""
        return postgres_fill.lacking(self._matches[kind], self._question, pks) if pks and self._question else {}

    @cached_property
    def _question(self) -> filling.Question | None:
        """The words that can be done without, where the order is that of what answers best."""
        return filling.question(self._query.root, is_unspaced) if self._query.sort == "relevance" else None

    def matching(self, kind: Kind) -> QuerySet[Anything]:
        """All rows of a kind with all the words that the reader may see, in no order."""
        return self._matches[kind].rows()

    def spelling(self) -> Query | None:
        """The query with words that this reader's rows have, or None."""
        return respelt(self._query, PostgresSpeller(self._of))

    def marked(self, kind: Kind, pks: Sequence[int]) -> dict[int, str]:
        """The rows' words, hits between OPEN and CLOSE: of the first column that has one."""
        if not pks:
            return {}
        matches = self._matches[kind]
        texts, words = postgres_marks.marked(matches, pks), signed(matches.asked.wanted)
        return {pk: with_signs(text, words) for pk, text in texts.items()} if words else texts

    @cached_property
    def _matches(self) -> dict[Kind, Matches]:
        return {kind: self._of(kind, self._query) for kind in KINDS}

    def _of(self, kind: Kind, query: Query) -> Matches:
        return Matches(kind, query, self._user, self._today, self._labels, self._library)

    @cached_property
    def _library(self) -> Library:
        return library()


def _each(parts: list[str]) -> str:
    """Several statements of one row in one, and which of them each row is of."""
    return " UNION ALL ".join(f"(SELECT {number} AS kind, * FROM ({sql}) AS one)" for number, sql in enumerate(parts))  # noqa: S608 our own
