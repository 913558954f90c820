"""Search in SQLite's FTS5, permission inside each statement.

The newest hits are ranked among themselves (see `windows`), articles by bm25, as far as weighing a word is worth
reading its list (see `costs`): so a word in every one of a million articles costs about what a rare one costs. A
reader's own passages and notes are ranked by how much of them the words are, and so by nothing of other readers'.
Writing without spaces (Chinese, Japanese, Thai) is looked for in a table of its own (see `trigrams`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property, partial
from time import monotonic
from typing import Any as Anything

from django.db import OperationalError, connection
from django.db.models import QuerySet

from newsreader.core.asked import Node, Query
from newsreader.search import filling, windows
from newsreader.search.labels import Labels
from newsreader.search.limits import TooCostly
from newsreader.search.order import in_order, newest
from newsreader.search.plan import plan
from newsreader.search.results import KINDS, Found, Kind, Place, Someone
from newsreader.search.spelling import respelt
from newsreader.search.sqlite import beginnings, trigrams
from newsreader.search.sqlite import fill as sqlite_fill
from newsreader.search.sqlite.matches import Matches
from newsreader.search.sqlite.nearby import Nearby
from newsreader.search.sqlite.vocabulary import with_forms
from newsreader.search.unspaced import is_unspaced, wanted_runs

PATIENCE = 2.0  # seconds for one search
_STEP = 20_000  # of SQLite's instructions between two looks at the clock: a few milliseconds


@contextmanager
def bounded() -> Iterator[None]:
    """Cuts off what takes longer than PATIENCE seconds. Raises TooCostly then."""
    connection.ensure_connection()
    end = monotonic() + PATIENCE
    connection.connection.set_progress_handler(lambda: monotonic() > end, _STEP)
    try:
        yield
    except OperationalError as error:
        if "interrupted" in str(error):
            raise TooCostly from error
        raise
    finally:
        connection.connection.set_progress_handler(None, 0)


class SqliteSearch:
    """One search by one reader. What they may see stands inside each statement."""

    bounded = staticmethod(bounded)

    def __init__(self, query: Query, user: Someone, today: date) -> None:
        self._query, self._user, self._today = query, user, today
        self._sort = query.sort
        self._forms = with_forms(query.root)
        root = beginnings.bounded(self._forms, user)
        self._labels = Labels()
        self._matches = {kind: self._of(kind, root) for kind in KINDS}
        self._runs = wanted_runs(query.root)

    def counts(self) -> dict[Kind, int]:
        """How many of each kind the reader may see; COUNT_LIMIT + 1 at most."""
        return {kind: matches.count() for kind, matches in self._matches.items()}

    def best(self, kind: Kind, limit: int, after: Place | None = None) -> list[Found]:
        """The next `limit` of a kind that the reader may see, in the order that was asked for."""
        matches = self._matches[kind]
        if matches.asked.wanted and self._sort == "relevance":
            return windows.best(matches, limit, after)
        if self._runs and self._sort == "relevance":
            return windows.best(trigrams.Stretches(self.matching(kind), kind, self._runs), limit, after)
        if self._sort in {"relevance", "newest"} and (dates := matches.dates()) is not None:
            return newest(dates, limit=limit, after=after)
        return in_order(matches.to_order(), kind, self._sort, self._user, limit=limit, after=after)

    @property
    def optional(self) -> bool:
        """Whether there are words that rows can do without."""
        return self._question is not None

    def fill(self, kind: Kind, whole: Sequence[int]) -> list[Found]:
        """Rows with most of the words, and those keys, which have all."""
        if not self._question:
            return []

        return sqlite_fill.fill(kind, self._question, self._forms, partial(self._of, kind), whole)

    def lacking(self, kind: Kind, pks: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Which words those rows from `fill` are without."""
        return sqlite_fill.lacking(kind, self._question, self._forms, pks) if pks and self._question else {}

    @cached_property
    def _question(self) -> filling.Question | None:
        """The words that can be done without, where the order is that of what answers best."""
        return filling.question(self._query.root, is_unspaced) if self._sort == "relevance" else None

    def matching(self, kind: Kind) -> QuerySet[Anything]:
        """All rows of a kind with all the words that the reader may see, in no order."""
        return self._matches[kind].rows()

    def spelling(self) -> Query | None:
        """The query with words that this reader's rows have, where that finds something."""

        def rows(kind: Kind, root: Node | None, limit: int) -> Sequence[int]:
            return self._of(kind, root).some(limit)

        return respelt(self._query, Nearby(rows))

    def marked(self, kind: Kind, pks: Sequence[int]) -> dict[int, str]:
        """The rows' words, hits between OPEN and CLOSE: of the first column that has one. For keys from `best` only."""
        return self._matches[kind].marked(pks) if pks else {}

    def _of(self, kind: Kind, root: Node | None) -> Matches:
        return Matches(kind, plan(root, kind, is_unspaced), self._user, self._today, self._labels)
