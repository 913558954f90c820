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
from newsreader.search.index import ARTICLES, HIGHLIGHTS
from newsreader.search.limits import PATIENCE, TooCostly
from newsreader.search.results import CLOSE, COUNT_LIMIT, KINDS, OPEN, Found, Kind, Someone

_STEP = 20_000  # of SQLite's instructions between two looks at the clock: a few milliseconds


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind lies in its full-text table: the column to search ("" for all), weights, and its snippets."""

    table: str
    column: str
    rank: str
    snippets: tuple[str, ...]


def _snippet(column: int, words: int) -> str:
    return f"snippet({{table}}, {column}, '{OPEN}', '{CLOSE}', '…', {words})"


# A word in the title says more than one in the standfirst, that more than one in the text.
SHAPES: dict[Kind, Shape] = {
    "articles": Shape(
        ARTICLES.name, "", "bm25(8.0, 4.0, 2.0, 1.0)", (_snippet(3, 32), _snippet(1, 32), _snippet(2, 16))
    ),
    "passages": Shape(HIGHLIGHTS.name, "exact", "bm25(1.0, 0.0)", (_snippet(0, 48),)),
    "notes": Shape(HIGHLIGHTS.name, "note", "bm25(0.0, 1.0)", (_snippet(1, 48),)),
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


def snippets(query: Query, kind: Kind, pks: Sequence[int]) -> dict[int, str]:
    """For each row the stretch with most of the words in it, between OPEN and CLOSE. Without permission: ask `best`."""
    if not pks:
        return {}
    shape = SHAPES[kind]
    columns = ", ".join(snippet.format(table=shape.table) for snippet in shape.snippets)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, {columns} FROM {shape.table} "  # noqa: S608 our own names
            f"WHERE {shape.table} MATCH %s AND rowid IN ({', '.join(['%s'] * len(pks))})",
            [match(query, shape.column), *pks],
        )
        return {pk: next((text for text in texts if OPEN in text), texts[0]) for pk, *texts in cursor.fetchall()}


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
    this_row = RawSQL(f"{shape.table}.rowid", [])  # noqa: S611 our own name
    try:
        # The same words that guard every page, asked row by row of what matches.
        permitted, values = allowed.filter(pk=this_row).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    where = f"FROM {shape.table} WHERE {shape.table} MATCH %s AND EXISTS ({permitted})"
    return where, [match(query, shape.column), *values]
