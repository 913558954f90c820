"""Search in SQLite's FTS5: bm25 over the full-text tables, permission inside the statement.

Ranking looks at every row with the words, whoever owns it, and so a word in half of a huge library costs in
proportion to its hits. Writing without spaces (Chinese, Japanese, Thai) is one word per run: unicode61
doesn't segment it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.query import Query, Term
from newsreader.search.index import ARTICLES, HIGHLIGHTS, Index
from newsreader.search.limits import TooCostly
from newsreader.search.results import COUNT_LIMIT, KINDS, Found, Kind, Someone
from newsreader.search.snippets import CLOSE, OPEN

PATIENCE = 2.0  # seconds for one search
LONG = 1_000_000  # code points
_STEP = 20_000  # of SQLite's instructions between two looks at the clock: a few milliseconds


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind lies in its full-text table: the column to search ("" for all), weights, and what snippets show."""

    index: Index
    column: str
    rank: str
    shown: tuple[str, ...]


# A word in the title says more than one in the standfirst, that more than one in the text.
SHAPES: dict[Kind, Shape] = {
    "articles": Shape(ARTICLES, "", "bm25(8.0, 4.0, 2.0, 1.0)", ("text", "standfirst", "byline")),
    "passages": Shape(HIGHLIGHTS, "exact", "bm25(1.0, 0.0)", ("exact",)),
    "notes": Shape(HIGHLIGHTS, "note", "bm25(0.0, 1.0)", ("note",)),
}


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
    """One search by one reader. Permission is worked out once, and stands inside each statement that needs it."""

    bounded = staticmethod(bounded)

    def __init__(self, query: Query, user: Someone) -> None:
        self._query = query
        self._permitted = {
            ARTICLES: _permitted(Article.objects.visible_to(user), ARTICLES),
            HIGHLIGHTS: _permitted(Highlight.objects.of(user).live(), HIGHLIGHTS),
        }

    def counts(self) -> dict[Kind, int]:
        """How many of each kind the reader may see, in one statement; COUNT_LIMIT + 1 at most."""
        parts, params = [], []
        for kind in KINDS:
            where, values = self._rows(kind)
            parts.append(f"(SELECT count(*) FROM (SELECT 1 {where} LIMIT {COUNT_LIMIT + 1}))")  # noqa: S608 our own names
            params += values
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", params)
            return dict(zip(KINDS, cursor.fetchone(), strict=True))

    def best(self, kind: Kind, limit: int) -> list[Found]:
        """The best `limit` of a kind that the reader may see, best first."""
        where, values = self._rows(kind)
        with connection.cursor() as cursor:
            # Ordered by `rank`, FTS5 sorts by itself, and permission is asked only for as many rows as are shown.
            cursor.execute(
                f"SELECT rowid, -rank {where} AND rank MATCH %s ORDER BY rank LIMIT %s",
                [*values, SHAPES[kind].rank, limit],
            )
            return [Found(pk, score) for pk, score in cursor.fetchall()]

    def marked(self, kind: Kind, pks: Sequence[int]) -> dict[int, str]:
        """The rows' words, hits between OPEN and CLOSE: of the first column that has one. For keys from `best` only."""
        if not pks:
            return {}
        index = SHAPES[kind].index
        columns = ", ".join(_marked(index, name) for name in SHAPES[kind].shown)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid, {columns} FROM {index.name} "  # noqa: S608 our own names
                f"WHERE {index.name} MATCH %s AND rowid IN ({', '.join(['%s'] * len(pks))})",
                [match(self._query, SHAPES[kind].column), *pks],
            )
            return {pk: next((text for text in texts if OPEN in text), texts[0]) for pk, *texts in cursor.fetchall()}

    def _rows(self, kind: Kind) -> tuple[str, list[Any]]:
        """FROM and WHERE of what matches and the reader may see, with parameters."""
        name = SHAPES[kind].index.name
        permitted, values = self._permitted[SHAPES[kind].index]
        where = f"FROM {name} WHERE {name} MATCH %s AND {permitted}"
        return where, [match(self._query, SHAPES[kind].column), *values]


def _permitted(allowed: QuerySet[Any], index: Index) -> tuple[str, list[Any]]:
    """A condition on a row of the full-text table: the same words that guard every page, asked row by row."""
    this_row = RawSQL(f"{index.name}.rowid", [])  # noqa: S611 our own name
    try:
        sql, values = allowed.filter(pk=this_row).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "0", []
    return f"EXISTS ({sql})", list(values)


def _marked(index: Index, column: str) -> str:
    """One column with its hits marked; of a text too long to split while a reader waits, the beginning."""
    place = index.columns.index(column)
    return (
        f"CASE WHEN length({column}) > {LONG} THEN substr({column}, 1, 1000) "
        f"ELSE highlight({index.name}, {place}, '{OPEN}', '{CLOSE}') END"
    )


def match(query: Query, column: str = "") -> str:
    """The query in FTS5's language, in one column or in all. Every word is quoted, so none is an operator."""
    wanted = " AND ".join(map(_quoted, query.wanted))
    if query.unwanted:
        wanted = f"({wanted}) NOT ({' OR '.join(map(_quoted, query.unwanted))})"
    return f"{{{column}}} : ({wanted})" if column else wanted


def _quoted(term: Term) -> str:
    return '"{}"'.format(term.text.replace('"', '""'))
