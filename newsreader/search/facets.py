"""What a search can be narrowed by: how many of its results have which source, topic, tag, year, colour or state.

A count is what the search finds with that filter added. It looks at the rows that the reader's own search matches and
at nothing else. All are counted, some thousand rows at a time, until PATIENCE is over: then they are "at least".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from time import monotonic
from typing import Any as Anything
from typing import Literal, NamedTuple

from django.db.models import QuerySet
from django.utils.timezone import localtime

from newsreader.annotations.models import Highlight, Tag
from newsreader.articles.models import Article, Reading
from newsreader.core.asked import All, Filter, Node, Query, conjunction
from newsreader.core.completion import writable
from newsreader.search.conditions import CHANGED, PLACES
from newsreader.search.limits import TooCostly
from newsreader.search.results import KINDS, Kind, Someone
from newsreader.search.service import backend_for

FIELDS = ("source", "topic", "on", "tag", "colour", "is")
OF_A_READER = {"tag", "colour", "is"}
AT_ONCE = 2_000  # rows
PATIENCE = 1.0  # seconds

# Of these a search asks for one at a time: choosing another one exchanges them.
_ALTERNATIVES: dict[str, tuple[set[str], ...]] = {
    "in": (set(KINDS),),
    "is": ({"unread", "read"}, {"later", "archived"}),
}
_ONE_AT_A_TIME = {"source", "on", "colour", "lang"}


@dataclass(slots=True)
class Facets:
    """`counts`: field -> value -> number of results; `whole` is False where they are at least so many."""

    counts: dict[str, Counter[str]]
    whole: bool = True


def filters_of(query: Query) -> list[Filter]:
    """The filters that every result has to fit."""
    return [node for node in _nodes(query) if isinstance(node, Filter)]


def with_filter(query: Query, chosen: Filter) -> Query:
    """The query with the filter too, in the place of one that it is an alternative to."""
    kept = [node for node in _nodes(query) if not (isinstance(node, Filter) and exclude(node, chosen))]
    return replace(query, root=conjunction([*kept, chosen]))


def without_filter(query: Query, gone: Filter) -> Query:
    """The query without the filter."""
    return replace(query, root=conjunction([node for node in _nodes(query) if node != gone]))


def exclude(one: Filter, other: Filter) -> bool:
    """Whether they are alternatives, and not to be asked for together."""
    if one.name != other.name:
        return False
    values = {one.value.lower(), other.value.lower()}
    return one.name in _ONE_AT_A_TIME or any(values <= group for group in _ALTERNATIVES.get(one.name, ()))


def facets(query: Query, *, user: Someone, kind: Kind | Literal["all"] = "all") -> Facets:
    """The counts of every facet; of alternatives to a filter of the query, as they would be in its place."""
    fields = {name for name in FIELDS if user.is_authenticated or name not in OF_A_READER}
    if query.empty:
        return Facets({name: Counter() for name in fields})
    end = monotonic() + PATIENCE
    told = _counted(query, fields, user, kind, end)
    for chosen in filters_of(query):
        wider = without_filter(query, chosen)
        if chosen.name not in fields or not _has_alternatives(chosen) or wider.empty:
            continue
        instead = _counted(wider, {chosen.name}, user, kind, end)
        told.whole = told.whole and instead.whole
        for value, number in instead.counts[chosen.name].items():
            if exclude(chosen, Filter(chosen.name, value)):
                told.counts[chosen.name].setdefault(value, number)
    return told


def quick(query: Query) -> bool:
    """Whether its own results are all that is to be counted: of filters with alternatives, those count too."""
    return not any(_has_alternatives(chosen) for chosen in filters_of(query))


def _has_alternatives(chosen: Filter) -> bool:
    groups = _ALTERNATIVES.get(chosen.name, ())
    return chosen.name in _ONE_AT_A_TIME or any(chosen.value in group for group in groups)


def _nodes(query: Query) -> tuple[Node, ...]:
    """What is required, side by side."""
    return query.root.nodes if isinstance(query.root, All) else (query.root,) if query.root else ()


def _counted(query: Query, fields: set[str], user: Someone, kind: Kind | Literal["all"], end: float) -> Facets:
    backend = backend_for(query, user)
    tally = _Tally(fields, user)
    try:
        with backend.bounded():
            rows = chain.from_iterable(
                _rows(backend.matching(one), one) for one in (KINDS if kind == "all" else (kind,))
            )
            while some := list(islice(rows, AT_ONCE)):
                tally.add(some)
                if monotonic() > end:
                    return Facets(tally.counts(), whole=False)
    except TooCostly:
        return Facets(tally.counts(), whole=False)
    return Facets(tally.counts())


@dataclass(frozen=True, slots=True)
class _Row:
    """A result, as far as it is counted by what stands in its own row. `status` and `colour` are of highlights."""

    kind: Kind
    pk: int
    article: int
    year: str
    status: str = ""
    colour: str = ""


def _rows(matching: QuerySet[Anything], kind: Kind) -> Iterator[_Row]:
    columns = ("pk", "pk", "dated") if kind == "articles" else ("pk", "article_id", "created", "status", "colour")
    # Newest first: where time is over before all are counted, it is the oldest that are missing.
    for pk, article, when, *more in matching.order_by("-pk").values_list(*columns).iterator(AT_ONCE):
        yield _Row(kind, pk, article, str(localtime(when).year), *more)


class _Mark(NamedTuple):
    """One of the reader's highlights."""

    pk: int
    colour: str
    status: str


class _Tally:
    """Counts rows by what they and their articles are filed under, with few statements for many rows."""

    def __init__(self, fields: set[str], user: Someone) -> None:
        self._fields, self._user = fields, user
        self._names: dict[str, Counter[frozenset[str]]] = {"source": Counter(), "topic": Counter()}
        self._plain: dict[str, Counter[str]] = {name: Counter() for name in fields - self._names.keys()}

    def add(self, rows: list[_Row]) -> None:
        """More rows, each once."""
        articles = Counter(row.article for row in rows)
        if "source" in self._fields:
            self._file("source", Article.sources.through, articles)
        if "topic" in self._fields:
            self._file("topic", Article.topics.through, articles)
        if "on" in self._fields:
            self._plain["on"].update(row.year for row in rows)
        if "is" in self._fields:
            self._read(articles)
        if self._fields & OF_A_READER:
            self._marked(rows)

    def _file(self, name: str, through: Anything, articles: Counter[int]) -> None:
        filed: defaultdict[int, set[str]] = defaultdict(set)
        for article, label in _of(through, "article", articles).values_list("article_id", f"{name}__name"):
            filed[article].add(label)
        for article, labels in filed.items():
            self._names[name][frozenset(labels)] += articles[article]

    def _read(self, articles: Counter[int]) -> None:
        states = self._plain["is"]
        states["unread"] += articles.total()
        mine = _of(Reading, "article", articles).filter(reader=self._user)
        for article, place, unread, favourite in mine.values_list("article_id", "place", "unread", "favourite"):
            number = articles[article]
            states["unread"] -= 0 if unread else number
            states["read"] += 0 if unread else number
            states["favourite"] += number if favourite else 0
            for state, where in PLACES.items():
                states[state] += number if place == where else 0

    def _marked(self, rows: list[_Row]) -> None:
        """By colour, state and tags of a highlight, or of those in an article."""
        marks: dict[tuple[Kind, int], list[_Mark]]
        marks = {(row.kind, row.pk): [_Mark(row.pk, row.colour, row.status)] for row in rows if row.kind != "articles"}
        articles = [row.pk for row in rows if row.kind == "articles"]
        if articles:
            mine = _among(Highlight.objects.of(self._user).live().order_by(), "article", articles)
            for article, *mark in mine.values_list("article_id", "pk", "colour", "status"):
                marks.setdefault(("articles", article), []).append(_Mark(*mark))
        tags = self._tags({mark.pk for those in marks.values() for mark in those}) if "tag" in self._fields else {}
        for those in marks.values():  # of one result, which counts once
            seen = {("colour", mark.colour) for mark in those}
            seen |= {("is", state) for state, among in CHANGED.items() if any(mark.status in among for mark in those)}
            seen |= {("tag", name) for mark in those for name in tags.get(mark.pk, ())}
            for name, value in seen:
                if name in self._plain:
                    self._plain[name][value] += 1

    def _tags(self, highlights: set[int]) -> dict[int, list[str]]:
        """The names of each one's tags."""
        links = Tag.highlights.through._default_manager.order_by().filter(tag__in=Tag.objects.of(self._user))
        named: defaultdict[int, list[str]] = defaultdict(list)
        if highlights:
            for pk, name in _among(links, "highlight", highlights).values_list("highlight_id", "tag__name"):
                named[pk].append(name)
        return named

    def counts(self) -> dict[str, Counter[str]]:
        """field -> value -> number, of values that can be asked for."""
        told = {name: _asked_for(self._names[name]) for name in self._fields & self._names.keys()}
        return told | {name: +counter for name, counter in self._plain.items()}


def _asked_for(filed: Counter[frozenset[str]]) -> Counter[str]:
    """As the search understands a name: it may be a part of another one."""
    values = {name: name.lower() for names in filed for name in names if writable(name)}
    told: Counter[str] = Counter()
    for names, number in filed.items():
        whole = "\n".join(names).lower()
        told.update({value: number for value, lower in values.items() if lower in whole})
    return told


def _of(model: Anything, to: str, keys: Iterable[int]) -> QuerySet[Anything]:
    return _among(model._default_manager.order_by(), to, keys)


def _among(rows: QuerySet[Anything], to: str, keys: Iterable[int]) -> QuerySet[Anything]:
    return rows.filter(**{f"{to}__in": list(keys)})
