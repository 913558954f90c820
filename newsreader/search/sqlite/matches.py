"""The rows of one kind in SQLite that have what was asked for and that a reader may see: keys, scores, marked words.

FTS5 says which rows have the words, newest first, and who may see a row is asked of each as it comes. Articles are
scored by bm25, a reader's own passages and notes by how much of them the words are: by nothing of other readers'.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any as Anything

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.asked import Words
from newsreader.search import weighing
from newsreader.search.conditions import Conditions
from newsreader.search.labels import Labels, required
from newsreader.search.plan import Plan
from newsreader.search.results import COUNT_LIMIT, Kind, Someone
from newsreader.search.signs import signed, with_signs
from newsreader.search.snippets import OPEN
from newsreader.search.sqlite import costs, fts, ranking, trigrams
from newsreader.search.sqlite.fts import SHAPES, expression, written
from newsreader.search.sqlite.index import Index
from newsreader.search.sqlite.narrowing import from_rarest
from newsreader.search.unspaced import is_unspaced, wanted_runs, with_marks

LONG, ALL_LONG = 1_000_000, 2_000_000  # code points that are split while a reader waits: of one text, of a page's
FEW = 4  # words that the titles are asked for
HIGHEST = 2**62  # key
NONE = "SELECT 1 WHERE 0"  # of what no row can be
# So many of the newest hits are tried against filters; where less than a tenth pass, those that do are looked for.
TRIED, TENTH = 5_000, 10


@dataclass
class Matches:
    """All that one search of one reader finds of a kind (a windows.Hits)."""

    kind: Kind
    asked: Plan
    user: Someone
    today: date
    labels: Labels

    def count(self) -> int:
        """How many there are; COUNT_LIMIT + 1 at most."""
        return len(self._first)

    def newest(self, limit: int, below: int | None = None) -> Sequence[int]:
        """The highest keys, highest first, of those below `below`."""
        return self._first[:limit] if below is None else self._keys(limit, below - 1)

    def some(self, limit: int) -> Sequence[int]:
        """The newest, a few."""
        if self.asked.wanted:
            return self._keys(limit)
        return list(self.rows().order_by("-pk").values_list("pk", flat=True)[:limit])

    def between(self, low: int, high: int, limit: int) -> Sequence[int]:
        """The highest of those from `low` to `high`."""
        return self._keys(limit, high, low)

    def scores(self, keys: Sequence[int]) -> Mapping[int, float]:
        """How well those rows answer: FTS5 walks once from the lowest to the highest of them."""
        name = self.shape.index.name
        weighed = self._weighed() if self.kind == "articles" else self._share()
        if not weighed:
            return {}
        score, wanted = weighed
        sql = (
            f"SELECT rowid, {score} FROM {name} WHERE {name} MATCH %s AND rowid BETWEEN %s AND %s "  # noqa: S608 our own
            "AND +rowid IN (SELECT value FROM json_each(%s))"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [wanted, min(keys), max(keys), json.dumps(list(keys))])
            return dict(cursor.fetchall())

    def rows(self) -> QuerySet[Anything]:
        """All of them, for the ORM."""
        if (few := self._few) is not None:
            return few
        if self.asked.wanted:
            return self.allowed.filter(pk__in=_with(self.shape.index, self.wanted)).order_by()
        return self.listed

    def to_order(self) -> QuerySet[Anything]:
        """All of them, for an order that an index has: a few are listed, many are met on the way along the index."""
        if len(self._first) <= COUNT_LIMIT or self.kind != "articles":
            return self.rows()
        return self._met if self.asked.wanted else self.allowed.order_by()

    def dates(self) -> Mapping[int, str] | None:
        """When each is from, in UTC and as SQLite writes it; None where they are many, or found by words."""
        return self._dates if not self.asked.wanted and len(self._dates) <= COUNT_LIMIT else None

    def marked(self, pks: Sequence[int]) -> dict[int, str]:
        """Their words, hits between OPEN and CLOSE: of the first column that has one."""
        texts = self._highlighted(self.wanted, pks) if self.asked.wanted else {}
        # Rows that fill a page have only some of the words, and rows of one OR another may have either.
        left = [pk for pk in pks if pk not in texts]
        if left and (some := fts.any_of(self.asked, self.kind)):
            texts |= self._highlighted(some, left)
            left = [pk for pk in left if pk not in texts]
        return texts | self._plain(left) if left else texts

    @cached_property
    def shape(self) -> fts.Shape:
        return SHAPES[self.kind]

    @cached_property
    def wanted(self) -> str:
        """What the full-text table is asked for."""
        wanted = written(self.asked, self.kind)
        if self.kind == "articles":
            return wanted
        return fts.owned_by(wanted, self.user.pk or 0)

    @cached_property
    def visible(self) -> QuerySet[Anything]:
        """All rows of the kind that the reader may see."""
        return _visible(self.kind, self.user)

    @cached_property
    def allowed(self) -> QuerySet[Anything]:
        """Those of them that the conditions are true of."""
        return self.visible.filter(self._conditions) if self._conditions else self.visible

    @cached_property
    def _conditions(self) -> Q:
        """What is asked of rows beside words; empty where it is nothing, as of notes by in:notes."""
        conditions = Conditions(self.kind, self.user, self.today, self._with_words, self.labels)
        return conditions.of(self.asked.rest) if self.asked.rest else Q()

    @property
    def listed(self) -> QuerySet[Anything]:
        """The same, where all of them are looked for, and not some of the newest."""
        rows = self.allowed.order_by()
        return rows if self._filings is None else rows.filter(pk__in=self._filings.values("article"))

    @cached_property
    def _filings(self) -> QuerySet[Anything] | None:
        """What files articles where all have to be looked for; None where no source or topic is required."""
        return from_rarest(self.labels, required(self.asked.rest)) if self.kind == "articles" else None

    def _with_words(self, kind: Kind, words: Words) -> Q | RawSQL:
        """The keys of rows of another kind, or of this one, with words in one field."""
        if is_unspaced(words):
            return trigrams.with_runs(kind, words)
        wanted = expression(words, kind)
        return _with(SHAPES[kind].index, wanted if kind == "articles" else fts.owned_by(wanted, self.user.pk or 0))

    @cached_property
    def _first(self) -> Sequence[int]:
        """The newest keys, one more than are counted and ranked; without words any, since nothing ranks them."""
        if self.asked.wanted:
            return self._keys(COUNT_LIMIT + 1)
        return list(self._dates)

    @cached_property
    def _dates(self) -> dict[int, str]:
        """The keys of as many of any that are allowed, and when they are from, as SQLite writes it."""
        if self._filings is None:
            column = "dated" if self.kind == "articles" else "created"
            sql, values = _sql(self.allowed.values("pk", column))
        else:  # as many as are needed are asked for, filing by filing
            allowed = self._filings.filter(Exists(self.allowed.filter(pk=OuterRef("article"))))
            sql, values = _sql(allowed.values("article", "article__dated").distinct())
        with connection.cursor() as cursor:
            # As text, by which SQLite orders them, too: of a thousand dates twenty are shown.
            cursor.execute(
                f"WITH some(id, moment) AS ({sql} LIMIT {COUNT_LIMIT + 1}) SELECT id, moment || '' FROM some",  # noqa: S608 the ORM's
                values,
            )
            return dict(cursor.fetchall())

    @property
    def _few(self) -> QuerySet[Anything] | None:
        """All of them by their keys, where those were looked for already and are not many."""
        first = self.__dict__.get("_first")
        if first is None or len(first) > COUNT_LIMIT:
            return None
        keys = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(first))])
        return self.visible.filter(pk__in=keys).order_by()

    def _keys(self, limit: int, high: int = HIGHEST, low: int = 0) -> list[int]:
        """The highest keys from `low` to `high`, highest first."""
        name, (allowed, theirs) = self.shape.index.name, self._permission
        if allowed == NONE:
            return []
        if self._conditions and self.kind == "articles":
            return self._filtered(limit, high, low)
        sql = f"{self._hits} AND EXISTS ({allowed}) ORDER BY {name}.rowid DESC LIMIT {limit}"
        return _column(sql, [self.wanted, low, high, *theirs])

    def _filtered(self, limit: int, high: int, low: int) -> list[int]:
        """The same where there are filters, too: where few hits pass them, what passes is asked for the words."""
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
        left, high = limit - len(passed), tried[-1][0] - 1
        if len(passed) * TENTH > len(tried):
            return passed + self._filtered(left, high, low)
        rest = self._met.filter(pk__range=(low, high)).order_by("-pk").values_list("pk", flat=True)
        return passed + list(rest[:left])

    @property
    def _hits(self) -> str:
        """The start of a statement for what the full-text table has between two keys; the words come first."""
        name = self.shape.index.name
        return f"SELECT rowid FROM {name} WHERE {name} MATCH %s AND rowid BETWEEN %s AND %s"  # noqa: S608 our own name

    @property
    def _met(self) -> QuerySet[Anything]:
        """All of them, met on the way along the rows that are allowed: each is looked up in the full-text table."""
        index = self.shape.index
        met = f"EXISTS (SELECT 1 FROM {index.name} WHERE {index.name} MATCH %s AND rowid = {index.table}.id)"  # noqa: S608
        return self.listed.filter(RawSQL(met, [self.wanted], BooleanField())).order_by()  # noqa: S611

    @cached_property
    def _permission(self) -> tuple[str, tuple[Anything, ...]]:
        """The same words that guard every page, as SQL to be asked row by row."""
        if self._conditions:
            return _asked_by_row(self.allowed, self.shape.index)
        return _seen_by_row(self.kind, self.user, settings.OPEN_READING)

    def _weighed(self) -> tuple[str, str] | None:
        """How articles are scored, and by which expression; by the title alone where all words are too common."""
        words = fts.words_of(self.asked)
        affordable = costs.affordable(words)
        if wanted := ranking.ranked(self.asked, self.kind, affordable):
            return f"-bm25({self.shape.index.name}, {', '.join(map(str, weighing.WEIGHTS))})", wanted
        if len(words) > FEW or any(one.prefix for one in words):
            return None
        return "1.0", f"{{title}} : ({self.wanted})"

    def _share(self) -> tuple[str, str]:
        """The same for passages and notes: their hits, more the more of the text they are."""
        index, (column,) = self.shape.index, self.shape.shown
        size = f"length({column})"
        # Each hit is marked by one character.
        hits = f"max(1, length(highlight({index.name}, {index.columns.index(column)}, 'x', '')) - {size})"
        score = f"(SELECT hits * 2.2 / (hits + 0.3 + 0.9 * {size} / 200) FROM (SELECT {hits} AS hits))"  # noqa: S608
        return score, self.wanted

    def _highlighted(self, wanted: str, pks: Sequence[int]) -> dict[int, str]:
        index = self.shape.index
        longest = min(LONG, ALL_LONG // len(pks))
        columns = ", ".join(fts.marked(index, name, longest) for name in self.shape.shown)
        # Each row is looked up by itself, but for a beginning, which takes its time each time it is looked up.
        once = "rowid BETWEEN %s AND %s AND +" if any(words.prefix for words in fts.words_of(self.asked)) else ""
        keys = f"{once}rowid IN (SELECT value FROM json_each(%s))"  # noqa: S608 our own
        sql = f"SELECT rowid, {columns} FROM {index.name} WHERE {index.name} MATCH %s AND {keys}"  # noqa: S608 our own
        return self._texts(sql, [wanted, *([min(pks), max(pks)] if once else []), json.dumps(list(pks))])

    def _plain(self, pks: Sequence[int]) -> dict[int, str]:
        longest = min(LONG, ALL_LONG // len(pks)) if self._runs else 1_000
        columns = ", ".join(f"substr({name}, 1, {longest})" for name in self.shape.shown)
        sql = f"SELECT id, {columns} FROM {self.shape.index.table} WHERE id IN (SELECT value FROM json_each(%s))"  # noqa: S608
        return self._texts(sql, [json.dumps(list(pks))])

    @cached_property
    def _runs(self) -> tuple[str, ...]:
        """What is looked for in writing without spaces."""
        return wanted_runs(self.asked.rest)

    @cached_property
    def _signed(self) -> tuple[str, ...]:
        """The words that are looked for with their signs."""
        return signed(self.asked.wanted)

    def _with_marks(self, text: str) -> str:
        """The text with the marks that FTS5 can't make."""
        return with_marks(with_signs(text, self._signed), self._runs)

    def _texts(self, sql: str, values: list[Anything]) -> dict[int, str]:
        """By key, the first of a row's columns that has a hit, else the first."""
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = {pk: [self._with_marks(text) for text in texts] for pk, *texts in cursor.fetchall()}
        return {pk: next((text for text in texts if OPEN in text), texts[0]) for pk, texts in rows.items()}


def _visible(kind: Kind, user: Someone) -> QuerySet[Anything]:
    if kind == "articles":
        return Article.objects.visible_to(user)
    mine = Highlight.objects.of(user).live()
    return mine.exclude(note="") if kind == "notes" else mine


@lru_cache(maxsize=500)
def _seen_by_row(kind: Kind, user: Someone, open_reading: bool) -> tuple[str, tuple[Anything, ...]]:
    """Whether a reader may see a row: written once for each, since Django takes as long for it as the answer takes."""
    return _asked_by_row(_visible(kind, user), SHAPES[kind].index)


def _asked_by_row(rows: QuerySet[Anything], index: Index) -> tuple[str, tuple[Anything, ...]]:
    try:
        row = RawSQL(f"{index.name}.rowid", [])  # noqa: S611 our own name
        return rows.filter(pk=row).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return NONE, ()


def _with(index: Index, wanted: str) -> RawSQL:
    """The keys of the rows that the full-text table has for an expression."""
    return RawSQL(f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH %s", [wanted])  # noqa: S608, S611 our own names


def _sql(rows: QuerySet[Anything]) -> tuple[str, list[Anything]]:
    """The statement for values of rows, in no order."""
    try:
        sql, values = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 1, 2 WHERE 0", []
    return sql, list(values)


def _column(sql: str, values: list[Anything]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [value for (value,) in cursor.fetchall()]
