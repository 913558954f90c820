"""What to offer while a field of the search is typed: its values, with how many articles or passages this reader has.

Only what the reader may see is offered, and only that is counted: as the search counts it, exactly up to COUNT_LIMIT,
one more stands for more. Of many labels those are looked at that begin with what was typed, and are newest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import get_language_info

from newsreader.accounts.someone import Someone
from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.tags import normal
from newsreader.articles.models import Article, Collection, Source, Topic
from newsreader.core.asked import Query
from newsreader.core.completion import Slot, writable
from newsreader.core.fields import COLOURS
from newsreader.search.limits import TooCostly
from newsreader.search.results import COUNT_LIMIT
from newsreader.search.service import backend_for
from newsreader.search.suggest_words import (
    DAYS,
    FIELDS,
    KINDS,
    LENGTHS,
    OF_A_READER,
    SORTS,
    STATES,
    THINGS,
    Label,
)

SHOWN = 8
LOOKED_AT = 2_000  # labels whose name is looked at
NEWEST = 200  # articles whose labels come first


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`value` is what is put into the search, `told` explains it; `count` is None where there is nothing to count."""

    value: str
    told: Label = ""
    count: int | None = None


def suggestions(slot: Slot, user: Someone) -> list[Suggestion]:
    """What fits what was typed, at most SHOWN values. None where the database would need too long."""
    if not slot.field:
        return _fields(slot.typed, user)
    find = _FINDERS.get(slot.field)
    if not find or (slot.field in OF_A_READER and not user.is_authenticated):
        return []
    try:
        with backend_for(Query(), user).bounded():
            found = [one for one in find(slot.typed.lower(), user) if writable(one.value) and one.count != 0]
    except TooCostly:
        return []
    return sorted(found, key=lambda one: not one.value.lower().startswith(slot.typed.lower()))[:SHOWN]


def _fields(typed: str, user: Someone) -> list[Suggestion]:
    """Names of fields that begin so; all where nothing was typed."""
    return [
        Suggestion(name, told)
        for name, told in FIELDS.items()
        if name.startswith(typed) and (user.is_authenticated or name not in OF_A_READER)
    ]


Finder = Callable[[str, Someone], Iterable[Suggestion]]


def _one_of(values: dict[str, Label]) -> Finder:
    def find(typed: str, user: Someone) -> Iterator[Suggestion]:
        return (Suggestion(name, told) for name, told in values.items() if name.startswith(typed))

    return find


def _filed(label: type[Source] | type[Topic] | type[Collection], to: str) -> Finder:
    """A finder for what articles are filed under; `to` is the way there from an article."""
    name = str(label._meta.model_name)

    def find(typed: str, user: Someone) -> list[Suggestion]:
        visible = Article.objects.visible_to(user)
        newest = list(visible.newest().values_list("pk", flat=True)[:NEWEST])
        filings: Any = getattr(label, "articles").through._default_manager  # noqa: B009 a descriptor of Django's
        lately = Counter(filings.filter(article__in=newest).values_list(name, flat=True))
        offered = Collection.objects.published() if label is Collection else label.objects.all()
        there = offered.filter(Exists(visible.order_by().filter(**{to: OuterRef("pk")})), name__icontains=typed)
        rows = list(there.values_list("pk", "name", "slug")[:LOOKED_AT])
        rows.sort(key=lambda row: (not row[1].lower().startswith(typed), -lately[row[0]], row[1]))
        found = []
        for _, value, _slug in rows[:SHOWN]:
            # As the search understands a name: it may be a part of another one.
            meant = [pk for pk, other, slug in rows if value.lower() in other.lower() or value.lower() == slug]
            of_it = visible.order_by().filter(**{f"{to}__in": meant})
            found.append(Suggestion(value, count=_number(of_it.distinct() if len(meant) > 1 else of_it)))
        return _largest_first(found)

    return find


def _authors(typed: str, user: Someone) -> list[Suggestion]:
    lines = Article.objects.visible_to(user).exclude(byline="").filter(byline__icontains=typed).order_by()
    known = dict(lines.values_list("byline").annotate(number=Count("pk")))
    most = sorted(known, key=lambda line: (not line.lower().startswith(typed), -known[line]))[:SHOWN]
    return _largest_first(
        Suggestion(one, count=sum(number for line, number in known.items() if one.lower() in line.lower()))
        for one in most
    )


def _languages(typed: str, user: Someone) -> list[Suggestion]:
    codes = Article.objects.visible_to(user).exclude(language="").order_by()
    known = dict(codes.values_list("language").annotate(number=Count("pk")))
    return _largest_first(
        Suggestion(
            code, _own_name(code), sum(known[one] for one in known if f"{one}-".lower().startswith(f"{code}-".lower()))
        )
        for code in known
        if code.lower().startswith(typed) or typed in _own_name(code).lower()
    )


def _own_name(code: str) -> str:
    """A language's name for itself, where Django knows it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return ""


def _tags(typed: str, user: Someone) -> list[Suggestion]:
    known = Tag.objects.of(user).filter(name__contains=normal(typed)).latest_used().counted()
    return _largest_first(Suggestion(tag.name, count=tag.uses) for tag in known[:SHOWN])


def _colours(typed: str, user: Someone) -> list[Suggestion]:
    mine = dict(Highlight.objects.of(user).live().order_by().values_list("colour").annotate(number=Count("pk")))
    names = {colour: str(Highlight.Colour(colour).label) for colour in COLOURS}
    return [
        Suggestion(colour, "" if name.lower() == colour else name, mine.get(colour, 0))
        for colour, name in names.items()
        if colour.startswith(typed) or name.lower().startswith(typed)
    ]


_collections = _filed(Collection, "collections")


def _places(typed: str, user: Someone) -> list[Suggestion]:
    kinds = {name: told for name, told in KINDS.items() if user.is_authenticated or name == "articles"}
    return [*_one_of(kinds)(typed, user), *_collections(typed, user)]


_days, _lengths = _one_of(DAYS), _one_of(LENGTHS)
_FINDERS: dict[str, Finder] = {
    "source": _filed(Source, "sources"),
    "topic": _filed(Topic, "topics"),
    "author": _authors,
    "tag": _tags,
    "colour": _colours,
    "lang": _languages,
    "in": _places,
    "is": _one_of(STATES),
    "has": _one_of(THINGS),
    "sort": _one_of(SORTS),
    "minutes": _lengths,
    **dict.fromkeys(("before", "after", "on"), _days),
}


def _number(rows: QuerySet[Any]) -> int:
    return rows[: COUNT_LIMIT + 1].count()


def _largest_first(found: Iterable[Suggestion]) -> list[Suggestion]:
    return sorted(found, key=lambda one: -(one.count or 0))
