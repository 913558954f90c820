"""The rows of one kind that have what was asked for, in PostgreSQL; what a reader may see stands in each statement."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any as Anything

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.asked import Any, Filter, Node, Not, Query, Words, leaves
from newsreader.replicas.router import connection_for_reads
from newsreader.search.conditions import Conditions
from newsreader.search.labels import Labels
from newsreader.search.plan import Plan, plan
from newsreader.search.postgres import rank as postgres_rank
from newsreader.search.postgres.index import COLUMN
from newsreader.search.postgres.library import Library
from newsreader.search.postgres.words import Lexemes, rows_with, term_words
from newsreader.search.results import COUNT_LIMIT, Kind, Someone

TABLES: dict[Kind, str] = {
    "articles": "articles_article",
    "passages": "annotations_highlight",
    "notes": "annotations_highlight",
}
# A vector lies beside its row. To set the weight of no word fetches it: once, and not anew for each word.
_FETCHED = "setweight(vector, 'D', '{}')"
SIZES: dict[Kind, str] = {"articles": "words", "passages": "length(exact)", "notes": "length(note)"}
# Filters that few rows pass: then the rows are looked for by those.
NARROW = {"source", "topic", "tag", "in", "author", "on", "colour", "has"}
# Measured with PostgreSQL 15, in microseconds: to read a vector and look for a word; to read one of the rows that the
# index has for it.
_LOOK, _READ = 7.0, 1.2


class Vector(Func):
    """A row's vector. It is no field, and lies beside the key."""

    output_field = TextField()

    def __init__(self) -> None:
        super().__init__(F("pk"))

    def as_sql(self, compiler: Anything, connection: Anything, *_: Anything, **__: Anything) -> tuple[str, Anything]:
        key, _ = compiler.compile(self.source_expressions[0])
        return f"{key.rpartition('.')[0]}.{COLUMN}", []


@dataclass
class Matches:
    """What one reader finds of one kind (a windows.Hits)."""

    kind: Kind
    query: Query
    user: Someone
    today: date
    labels: Labels
    library: Library

    def found(self, *, recent: bool = True) -> tuple[str, list[Anything]]:
        """SQL for one row: the newest keys, one more than are counted and ranked, and their scores.

        They are any keys, and no scores, where the order is another one. `recent`: looked for where they should lie.
        """
        if self.ranked:
            low = self._low if recent else 0
            rows = self.allowed.filter(pk__gte=low) if low else self.allowed
            sql, values = self._scored(self.words, *self._newest(rows, COUNT_LIMIT + 1))
        else:
            every, values = _compiled(self.rows().values("id")[: COUNT_LIMIT + 1])
            sql = f"SELECT id, 0.0 AS score FROM ({every}) AS rows"  # noqa: S608 our own names
        return f"SELECT array_agg(id), array_agg(score) FROM ({sql}) AS {self.kind}", values  # noqa: S608 our own names

    def keep(self, keys: list[int] | None, scores: list[float] | None) -> int:
        """Keeps what `found` answered, and says how many they are; COUNT_LIMIT + 1 at most."""
        self._scores = dict(zip(keys or (), scores or (), strict=True))
        if self._low and len(self._scores) <= COUNT_LIMIT:
            self._low = 0
            return self.keep(*rows_of(*self.found(recent=False))[0])
        return len(self._scores)

    @property
    def recent(self) -> bool:
        """Whether `found` looks only where the newest should lie."""
        return bool(self._low)

    @cached_property
    def _low(self) -> int:
        """Above which key the newest should lie that are ranked; 0 where it isn't known or doesn't matter.

        Where the index is asked for words that many have, most of its time goes into reading rows that are too old.
        """
        expected = self._common * self.library.articles
        if not self.ranked or self._walks or self._narrow or expected < 3 * COUNT_LIMIT:
            return 0
        return max(0, round(self.library.newest * (1 - 1.5 * COUNT_LIMIT / expected)))

    def newest(self, limit: int, below: int | None = None) -> Sequence[int]:
        """The highest keys, highest first, of those below `below`."""
        if below is None:
            return sorted(self._scores, reverse=True)[:limit]
        return self._more(self.allowed.filter(pk__lt=below), limit)

    def between(self, low: int, high: int, limit: int) -> Sequence[int]:
        """The highest of those from `low` to `high`."""
        if len(self._scores) <= COUNT_LIMIT or min(self._scores) <= low:
            return [key for key in self._scores if low <= key <= high]
        return self._more(self.allowed.filter(pk__range=(low, high)), limit)

    def scores(self, keys: Sequence[int]) -> Mapping[int, float]:
        """How well those rows answer, which were answered before."""
        return {key: self._scores[key] for key in keys}

    def rows(self) -> QuerySet[Anything]:
        """All of them, for the ORM."""
        rows = self.allowed.order_by()
        if not self.asked.wanted:
            return rows
        if self._walks:
            rows = rows.alias(vector=Vector()).filter(_has(F("vector"), self._wanted))
        else:
            # Kept apart, so that the index is asked: the planner believes that to look into a vector costs nothing.
            sql, values = rows_with(self.table, self._wanted)
            rows = rows.filter(pk__in=RawSQL(f"{sql} OFFSET 0", values))  # noqa: S611 our own names
        return rows

    def proposed(self, words: Sequence[Words], most: int, limit: int) -> list[int]:
        """The best `limit` of the newest `most`, by words of which they need not have all."""
        sql, values = self._scored(words, *self._newest(self.allowed, most))
        best = f"SELECT id FROM ({sql}) AS rows ORDER BY score DESC, id DESC LIMIT {limit}"  # noqa: S608 our own names
        return [key for (key,) in rows_of(best, values)]

    def _more(self, rows: QuerySet[Anything], limit: int) -> list[int]:
        scores: dict[int, float] = dict(rows_of(*self._scored(self.words, *self._newest(rows, limit))))
        self._scores |= scores
        return sorted(scores, reverse=True)

    def _newest(self, rows: QuerySet[Anything], limit: int) -> tuple[str, list[Anything]]:
        """SQL for the newest of the rows that have the words: id, size, vector."""
        size = {"articles": F("words"), "passages": Length("exact"), "notes": Length("note")}[self.kind]
        rows = rows.order_by().annotate(size=size, vector=Vector())
        if self._walks:
            # Each vector is fetched once, for the look and for the rank.
            newest = rows.order_by((F("pk") + 0).desc() if self._narrow else "-pk")
            sql, values = _compiled(newest.values("id", "size", "vector"))
            fetched = f"SELECT id, size, {_FETCHED} AS vector FROM ({sql}) AS rows OFFSET 0"  # noqa: S608 our own names
            found = f"SELECT id, size, vector FROM ({fetched}) AS rows WHERE vector @@ %s::tsquery LIMIT {limit}"  # noqa: S608
            return found, [*values, self._wanted]
        having = rows.filter(_has(F("vector"), self._wanted)).order_by((F("pk") + 0).desc())
        return _compiled(having.values("id", "size", "vector")[:limit])

    def _scored(self, words: Sequence[Words], rows: str, values: list[Anything]) -> tuple[str, list[Anything]]:
        """SQL for the scores of rows (id, size, vector)."""
        score, terms = postgres_rank.score(words, self.kind, self.lexemes, self.library)
        fetched = f"SELECT id, size, {_FETCHED} AS vector FROM ({rows}) AS rows OFFSET 0"  # noqa: S608 our own names
        return f"SELECT id, {score} AS score FROM ({fetched}) AS rows", [*terms, *values]  # noqa: S608

    @cached_property
    def allowed(self) -> QuerySet[Anything]:
        """The rows that the reader may see, as far as conditions say."""
        rows: QuerySet[Anything] = (
            Article.objects.visible_to(self.user) if self.kind == "articles" else Highlight.objects.of(self.user).live()
        )
        if self.kind == "notes":
            rows = rows.exclude(note="")
        if not self.asked.rest:
            return rows
        return rows.filter(
            Conditions(self.kind, self.user, self.today, self._with_words, self.labels).of(self.asked.rest)
        )

    @cached_property
    def asked(self) -> Plan:
        return plan(self.query.root, self.kind)

    @cached_property
    def words(self) -> list[Words]:
        """What rows are found by, each once."""
        return list(dict.fromkeys(words for node in self.asked.wanted for words in term_words(node)))

    @property
    def table(self) -> str:
        return TABLES[self.kind]

    @cached_property
    def lexemes(self) -> Lexemes:
        every = [leaf for leaf in self.query.leaves() if isinstance(leaf, Words)]
        return Lexemes.of(every, self.library.stemmers)

    def _with_words(self, kind: Kind, words: Words) -> RawSQL:
        """The keys of rows of another kind, or of this one, with words in one field."""
        sql, values = rows_with(TABLES[kind], self.lexemes.query(words, kind))
        return RawSQL(sql, values)  # noqa: S611 our own names

    @cached_property
    def ranked(self) -> bool:
        """Whether they are in the order of their scores."""
        return bool(self.asked.wanted) and self.query.sort == "relevance"

    @cached_property
    def _wanted(self) -> str:
        return self.lexemes.planned(self.asked, self.kind)

    @cached_property
    def _walks(self) -> bool:
        """Whether so many rows have the words that the newest ones are soon found by looking into one after another."""
        walked = COUNT_LIMIT / self._common * _LOOK if self._common else float("inf")
        return walked < self._common * self.library.articles * _READ

    @cached_property
    def _narrow(self) -> bool:
        """Whether there are filters that few rows pass."""
        filters = [leaf for leaf in leaves(self.asked.rest) if isinstance(leaf, Filter)]
        return any(one.name in NARROW or (one.name == "is" and one.value != "unread") for one in filters)

    @cached_property
    def _common(self) -> float:
        """About which part of all articles has the words; 0 where they are not common."""
        if self.kind != "articles":
            return 0.0
        return math.prod(map(self._share, self.asked.wanted))

    def _share(self, node: Node) -> float:
        """About which part of all articles has it."""
        match node:
            case Words(field="" | "text"):
                return self.library.share(self.lexemes.places[node.text], prefix=node.prefix) or 0.0
            case Any(nodes):
                return min(1.0, sum(map(self._share, nodes)))
            case Not():
                return 1.0
        return 0.0


def _has(vector: F, wanted: str) -> Func:
    return Func(
        vector, Value(wanted), template="%(expressions)s::tsquery", arg_joiner=" @@ ", output_field=BooleanField()
    )


def _compiled(rows: QuerySet[Anything]) -> tuple[str, list[Anything]]:
    """A queryset's statement; one for no rows where the ORM knows that there are none."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 0 AS id, 0 AS size, ''::tsvector AS vector, 0.0 AS score WHERE false", []
    return sql, list(values)


def rows_of(sql: str, values: list[Anything]) -> list[Anything]:
    """The rows that a statement answers."""
    with connection_for_reads().cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Anything] = cursor.fetchall()
    return found
