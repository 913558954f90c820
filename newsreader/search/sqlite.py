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
from newsreader.search.limits import PATIENCE, TooCostly
from newsreader.search.results import COUNT_LIMIT, KINDS, Found, Kind, Someone
from newsreader.search.snippets import CLOSE, OPEN

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


def counts(query: Query, user: Someone) -> dict[Kind, int]:
    """How many of each kind `user` may see, in one statement; COUNT_LIMIT + 1 at most."""
    parts, params = [], []
    for kind in KINDS:
        if (rows := _rows(query, user, kind)) is None:
            parts.append("0")
            continue
        where, values = rows
        parts.append(f"(SELECT count(*) FROM (SELECT 1 {where} LIMIT {COUNT_LIMIT + 1}))")  # noqa: S608 our own names
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return dict(zip(KINDS, cursor.fetchone(), strict=True))


def best(query: Query, user: Someone, kind: Kind, limit: int) -> list[Found]:
    """The keys of the best `limit` of a kind that `user` may see, best first."""
    if (rows := _rows(query, user, kind)) is None:
        return []
    where, values = rows
    with connection.cursor() as cursor:
        # Ordered by `rank`, FTS5 sorts by itself, and permission is asked only for as many rows as are shown.
        cursor.execute(
            f"SELECT rowid, -rank {where} AND rank MATCH %s ORDER BY rank LIMIT %s",
            [*values, SHAPES[kind].rank, limit],
        )
        return [Found(pk, score) for pk, score in cursor.fetchall()]


def marked(query: Query, kind: Kind, pks: Sequence[int]) -> dict[int, str]:
    """The rows' words, hits between OPEN and CLOSE: of the first column that has one. Asks for no permission."""
    if not pks:
        return {}
    index, column = SHAPES[kind].index, SHAPES[kind].column
    columns = ", ".join(_marked(index, name) for name in SHAPES[kind].shown)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, {columns} FROM {index.name} "  # noqa: S608 our own names
            f"WHERE {index.name} MATCH %s AND rowid IN ({', '.join(['%s'] * len(pks))})",
            [match(query, column), *pks],
        )
        return {pk: next((text for text in texts if OPEN in text), texts[0]) for pk, *texts in cursor.fetchall()}


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


def _rows(query: Query, user: Someone, kind: Kind) -> tuple[str, list[Any]] | None:
    """FROM and WHERE of what matches and `user` may see, with parameters; None where nothing can be seen."""
    shape = SHAPES[kind]
    allowed: QuerySet[Any] = (
        Article.objects.visible_to(user) if kind == "articles" else Highlight.objects.of(user).live()
    )
    this_row = RawSQL(f"{shape.index.name}.rowid", [])  # noqa: S611 our own name
    try:
        # The same words that guard every page, asked row by row of what matches.
        permitted, values = allowed.filter(pk=this_row).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    where = f"FROM {shape.index.name} WHERE {shape.index.name} MATCH %s AND EXISTS ({permitted})"
    return where, [match(query, shape.column), *values]
