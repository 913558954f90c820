"""Search in PostgreSQL, without an index yet: each search splits the text of every article it may show, twice.

That took 15 ms for an article of 20 KB on a busy machine of two cores, so it is for some hundred articles; beyond,
it takes a stored tsvector with a GIN index. Of a longer text the first TEXT_LIMIT characters are searched (a tsvector
holds 1 MB), accents count, and words that English calls stop words ("the", "not") are passed over.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.query import Query
from newsreader.search.limits import TooCostly
from newsreader.search.results import COUNT_LIMIT, KINDS, Found, Kind, Someone
from newsreader.search.snippets import CLOSE, OPEN

CONFIG = "english"  # stems as SQLite's porter does
TEXT_LIMIT = 200_000
PATIENCE = 10.0  # seconds for one statement; longer than SQLite's, since there is no index
_CANCELED = "57014"  # SQLSTATE query_canceled


@contextmanager
def bounded() -> Iterator[None]:
    """Cuts off a statement that takes longer than PATIENCE seconds. Raises TooCostly then."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{PATIENCE * 1000:.0f}ms"])
            yield
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == _CANCELED:
            raise TooCostly from error
        raise


class PostgresSearch:
    """One search by one reader: permission is the queryset that the search starts from."""

    bounded = staticmethod(bounded)

    def __init__(self, query: Query, user: Someone) -> None:
        self._query = _tsquery(query)
        self._user = user

    def counts(self) -> dict[Kind, int]:
        """How many of each kind the reader may see; COUNT_LIMIT + 1 at most."""
        return {kind: self._matching(kind)[: COUNT_LIMIT + 1].count() for kind in KINDS}

    def best(self, kind: Kind, limit: int) -> list[Found]:
        """The best `limit` of a kind that the reader may see, best first."""
        ranked = self._matching(kind).annotate(relevance=SearchRank(F("vector"), self._query))
        rows = ranked.order_by("-relevance", "-pk").values_list("pk", "relevance")
        return [Found(pk, score) for pk, score in rows[:limit]]

    def marked(self, kind: Kind, pks: Sequence[int]) -> dict[int, str]:
        """The rows' words, hits between OPEN and CLOSE: of the first column that has one. For keys from `best` only."""
        if not pks:
            return {}
        model: Any = Article if kind == "articles" else Highlight
        columns = {"articles": ("text", "standfirst", "byline"), "passages": ("exact",), "notes": ("note",)}[kind]
        shown = [_headline(column, self._query) for column in columns]
        rows = model.objects.filter(pk__in=pks).order_by().values_list("pk", *shown)
        return {pk: next((text for text in texts if OPEN in text), texts[0]) for pk, *texts in rows}

    def _matching(self, kind: Kind) -> QuerySet[Any]:
        rows: QuerySet[Any] = (
            Article.objects.visible_to(self._user) if kind == "articles" else Highlight.objects.of(self._user).live()
        )
        matching: QuerySet[Any] = rows.order_by().annotate(vector=_vector(kind)).filter(vector=self._query)
        return matching


def _vector(kind: Kind) -> Any:
    if kind == "articles":
        return (
            SearchVector("title", weight="A", config=CONFIG)
            + SearchVector("standfirst", weight="B", config=CONFIG)
            + SearchVector("byline", weight="C", config=CONFIG)
            + SearchVector(Left("text", TEXT_LIMIT), weight="D", config=CONFIG)
        )
    return SearchVector("exact" if kind == "passages" else "note", config=CONFIG)


def _tsquery(query: Query) -> Any:
    """All wanted terms and none of the unwanted, each as words side by side."""
    wanted = [SearchQuery(term.text, config=CONFIG, search_type="phrase") for term in query.wanted]
    unwanted = [~SearchQuery(term.text, config=CONFIG, search_type="phrase") for term in query.unwanted]
    return reduce(and_, [*wanted, *unwanted])


def _headline(column: str, query: Any) -> Any:
    return SearchHeadline(
        Left(column, TEXT_LIMIT),
        query,
        config=CONFIG,
        start_sel=OPEN,
        stop_sel=CLOSE,
        highlight_all=True,
    )
