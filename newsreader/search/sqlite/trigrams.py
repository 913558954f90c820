"""Stretches of text in SQLite: every three characters side by side, of the rows that hold writing without spaces.

Two characters that are ends of nothing are added to each text, so that each character begins a trigram: what is
shorter than three characters is the beginning of some.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add, and_, or_
from typing import Any as Anything

from django.db import connection
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Cast, Length, Replace

from newsreader.core.asked import Words
from newsreader.search.plan import COLUMNS
from newsreader.search.results import Kind
from newsreader.search.unspaced import BYTES, runs

# Of so many places of one or two characters on, texts are read one by one until there are enough.
COMMON = 10_000
_LAST = "\U0010ffff"
_END = "char(10, 10)"


@dataclass(frozen=True)
class Trigrams:
    """A table of the trigrams of `columns` of `table`, and the triggers that keep it. It holds no texts."""

    name: str
    table: str
    columns: tuple[str, ...]

    @property
    def places(self) -> str:
        """The table that lists where each trigram stands: term, doc, col, offset."""
        return f"{self.name}_places"

    @cached_property
    def statements(self) -> dict[str, str]:
        """Name of a table or trigger -> the SQL that makes it, as SQLite stores it."""
        changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in ("id", *self.columns))
        columns = ", ".join(self.columns)
        return {
            self.name: f"CREATE VIRTUAL TABLE {self.name} USING fts5({columns}, content='', tokenize='trigram')",
            self.places: f"CREATE VIRTUAL TABLE {self.places} USING fts5vocab({self.name}, 'instance')",
            f"{self.name}_insert": f"CREATE TRIGGER {self.name}_insert AFTER INSERT ON {self.table} "
            f"WHEN {self._holds('new')} BEGIN {self._add('new')} END",
            f"{self.name}_delete": f"CREATE TRIGGER {self.name}_delete AFTER DELETE ON {self.table} "
            f"WHEN {self._holds('old')} BEGIN {self._drop()} END",
            # One trigger for what a row was, and one for what it is: it may begin or cease to hold such writing.
            f"{self.name}_before": f"CREATE TRIGGER {self.name}_before BEFORE UPDATE OF id, {columns} ON {self.table} "
            f"WHEN ({changed}) AND ({self._holds('old')}) BEGIN {self._drop()} END",
            f"{self.name}_after": f"CREATE TRIGGER {self.name}_after AFTER UPDATE OF id, {columns} ON {self.table} "
            f"WHEN ({changed}) AND ({self._holds('new')}) BEGIN {self._add('new')} END",
        }

    @cached_property
    def rebuild(self) -> tuple[str, ...]:
        """What indexes all rows anew."""
        row = self.table
        return (
            f"INSERT INTO {self.name}({self.name}) VALUES ('delete-all')",  # noqa: S608 our own names
            f"INSERT INTO {self.name}(rowid, {', '.join(self.columns)}) SELECT id, {self._texts(row)} "  # noqa: S608
            f"FROM {row} WHERE {self._holds(row)}",
        )

    def _add(self, row: str) -> str:
        return f"INSERT INTO {self.name}(rowid, {', '.join(self.columns)}) VALUES ({row}.id, {self._texts(row)});"  # noqa: S608

    def _drop(self) -> str:
        return (
            f"INSERT INTO {self.name}({self.name}, rowid, {', '.join(self.columns)}) "  # noqa: S608 our own names
            f"VALUES ('delete', old.id, {self._texts('old')});"
        )

    def _texts(self, row: str) -> str:
        return ", ".join(f"{row}.{column} || {_END}" for column in self.columns)

    def _holds(self, row: str) -> str:
        """Whether a row holds such writing."""
        return " OR ".join(_wide(f"{row}.{column}") for column in self.columns)


def _wide(column: str) -> str:
    """Whether a text holds such writing, fast where it doesn't (6 % of a raw write, 25 % without the shortcuts).

    ASCII has as many bytes as characters. Without the bytes that begin “ ” ’ – … (three each, E2) and the letters of
    western Europe (two each, C3 and C2), such a text is as long as it has characters: lengths tell, with one loop
    for each.
    """
    blob = f"CAST({column} AS BLOB)"
    less = f"replace({column}, CAST(x'E2' AS TEXT), '')"
    least = f"replace(replace({less}, CAST(x'C3' AS TEXT), ''), CAST(x'C2' AS TEXT), '')"
    found = " OR ".join(f"instr({blob}, x'{begin}')" for begin in BYTES)
    return (
        f"CASE WHEN length({column}) = length({blob}) THEN 0 "
        f"WHEN length(CAST({less} AS BLOB)) + length(CAST({least} AS BLOB)) = length({column}) + length({blob}) THEN 0 "
        f"ELSE {found} END"
    )


ARTICLES = Trigrams("search_articles_trigrams", "articles_article", ("title", "standfirst", "byline", "text"))
HIGHLIGHTS = Trigrams("search_highlights_trigrams", "annotations_highlight", ("exact", "note"))
_TABLES: dict[Kind, Trigrams] = {"articles": ARTICLES, "passages": HIGHLIGHTS, "notes": HIGHLIGHTS}
# A hit in the title says more than one in the standfirst, that more than one in the text.
_WEIGHTS: dict[Kind, dict[str, float]] = {
    "articles": {"title": 8.0, "standfirst": 4.0, "byline": 2.0, "text": 1.0},
    "passages": {"exact": 1.0},
    "notes": {"note": 1.0},
}


def with_runs(kind: Kind, words: Words) -> Q:
    """What rows of a kind hold all that stands in the words, whoever owns them."""
    columns = COLUMNS[kind][words.field] or _TABLES[kind].columns
    return reduce(and_, (_with_run(_TABLES[kind], columns, run) for run in runs(words)))


def _with_run(table: Trigrams, columns: tuple[str, ...], run: str) -> Q:
    if len(run) >= 3:
        wanted = '{{{}}} : "{}"'.format(" ".join(columns), run.replace('"', '""'))
        return Q(pk__in=RawSQL(f"SELECT rowid FROM {table.name} WHERE {table.name} MATCH %s", [wanted]))  # noqa: S608, S611 our own names
    # A range of the table is one walk; with more conditions in it, SQLite walks it all the same.
    places = f"FROM {table.places} WHERE term >= %s AND term < %s"
    between = [run, run + _LAST]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 {places} LIMIT 1 OFFSET {COMMON}", between)
        common = cursor.fetchone()
    if common:
        held = RawSQL(f"SELECT id FROM {table.name}_docsize", [])  # noqa: S608, S611 our own name
        return Q(pk__in=held) & reduce(or_, (Q(**{f"{column}__contains": run}) for column in columns))
    wanted_in = ", ".join(["%s"] * len(columns))
    sql = f"SELECT doc {places} AND col IN ({wanted_in})"
    return Q(pk__in=RawSQL(sql, [*between, *columns]))  # noqa: S611 our own names


@dataclass(frozen=True)
class Stretches:
    """Rows of a kind and the runs that they are ranked by (a windows.Hits)."""

    rows: QuerySet[Anything]
    kind: Kind
    runs: Sequence[str]

    def newest(self, limit: int, below: int | None = None) -> Sequence[int]:
        """The highest keys, highest first, of those below `below`."""
        return self._keys(self.rows if below is None else self.rows.filter(pk__lt=below), limit)

    def between(self, low: int, high: int, limit: int) -> Sequence[int]:
        """The highest of those from `low` to `high`."""
        return self._keys(self.rows.filter(pk__range=(low, high)), limit)

    def scores(self, keys: Sequence[int]) -> Mapping[int, float]:
        """How well those rows answer."""
        rows = self.rows.filter(pk__range=(min(keys), max(keys)))
        return dict(rows.annotate(relevance=_relevance(self.kind, self.runs)).values_list("pk", "relevance"))

    def _keys(self, rows: QuerySet[Anything], limit: int) -> list[int]:
        return list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])


def _relevance(kind: Kind, runs: Sequence[str]) -> Combinable:
    """How often they stand in each column, each time counting for less (as in BM25), times the column's weight."""
    return reduce(
        add,
        (
            Value(weight) * _often(column, run) / (_often(column, run) + 1.2)
            for run in runs
            for column, weight in _WEIGHTS[kind].items()
        ),
    )


def _often(column: str, run: str) -> Combinable:
    without = Length(Replace(F(column), Value(run), Value("")))
    return Cast(Length(F(column)) - without, FloatField()) / Value(float(len(run)))
