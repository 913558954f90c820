"""The column that narrows a search: each facet's values with their counts, as links that ask differently."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from zlib import crc32

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsreader.accounts.someone import Someone
from newsreader.annotations.models import Highlight
from newsreader.core.asked import Filter, Query
from newsreader.core.fields import COLOURS, STATES
from newsreader.core.query import unparse
from newsreader.reading.pages.numbers import counted
from newsreader.search.facets import FIELDS, Facets, facets, filters_of, quick, with_filter, without_filter

# As many results are counted with their page: some milliseconds. Of more, the counts come after it.
AT_ONCE = 50
SHOWN = 6  # of a facet at once
MOST = 30

NAMES: dict[str, str | Promise] = {
    "source": _("Source"),
    "topic": _("Topic"),
    "on": _("Year"),
    "tag": _("Tag"),
    "colour": _("Colour"),
    "is": _("State"),
}
STATE_NAMES: dict[str, str | Promise] = {
    "unread": _("Unread"),
    "read": _("Read"),
    "later": _("Later"),
    "archived": pgettext_lazy("place", "Archive"),
    "favourite": _("Favourites"),
    "changed": _("Changed"),
    "lost": _("Lost"),
}


class Link(Protocol):
    """How a search page makes its addresses."""

    def __call__(self, q: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Value:
    """One thing to narrow by; chosen, its link is the way out. `id` stays the same from answer to answer."""

    id: str
    name: str | Promise
    count: str
    link: str
    chosen: bool
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A facet: the values that are shown, and those that one has to ask for."""

    field: str
    name: str | Promise
    shown: list[Value]
    more: list[Value]


def facet_column(query: Query, kind: Any, user: Someone, *, total: int, link: Link, now: bool) -> dict[str, Any]:
    """What templates/reading/_search_facets.html shows.

    Of more than AT_ONCE results, and where alternatives are counted, they come after the page, unless asked for `now`.
    """
    q = unparse(query)
    if query.empty or not (now or (total <= AT_ONCE and quick(query))):
        asked = {"q": q} | ({} if kind == "all" else {"kind": kind})
        late = (
            {}
            if query.empty
            else {
                "facets_link": reverse("reading:search", query=asked | {"counts": 1}),
                "facets_fragment": reverse("reading:facets", query=asked),
            }
        )
        return {"facet_groups": list(_asked(query, link)), **late}
    told = facets(query, user=user, kind=kind)
    return {"facet_groups": list(_groups(query, told, link, total)), "facets_whole": told.whole}


def _asked(query: Query, link: Link) -> Iterable[Group]:
    """The filters of the query, each with the way out, before anything is counted."""
    by_field: dict[str, list[Filter]] = {}
    for one in filters_of(query):
        by_field.setdefault(one.name if one.name in NAMES else "other", []).append(one)
    for field, mine in by_field.items():
        yield Group(field, NAMES.get(field, _("Also asked for")), [_value(query, one, link, None) for one in mine], [])


def _groups(query: Query, told: Facets, link: Link, total: int) -> Iterable[Group]:
    chosen = filters_of(query)
    others = [one for one in chosen if one.name not in told.counts]
    if others:
        yield Group("other", _("Also asked for"), [_value(query, one, link, None) for one in others], [])
    for field in FIELDS:
        if field not in told.counts:
            continue
        counter = told.counts[field]
        mine = [one for one in chosen if one.name == field]
        rest = [Filter(field, value) for value in _in_order(field, counter)]
        rest = [one for one in rest if one.value.lower() not in {other.value.lower() for other in mine}][:MOST]
        values = [_value(query, one, link, counter) for one in (*mine, *rest)]
        # One value that all results have narrows nothing.
        narrows = mine or len(values) > 1 or field == "is" or (values and counter[rest[0].value] != total)
        if values and narrows:
            room = max(SHOWN, len(mine)) if field != "is" else len(values)
            yield Group(field, NAMES[field], values[:room], values[room:])


def _in_order(field: str, counter: Counter[str]) -> list[str]:
    match field:
        case "on":
            return sorted(counter, reverse=True)
        case "is" | "colour":
            return [value for value in (STATES if field == "is" else COLOURS) if counter[value]]
    return sorted(counter, key=lambda value: (-counter[value], value))


def _value(query: Query, one: Filter, link: Link, counter: Counter[str] | None) -> Value:
    chosen = one in filters_of(query)
    asked = without_filter(query, one) if chosen else with_filter(query, one)
    number = None if counter is None else _number(counter, one.value)
    return Value(
        id=f"facet-{one.name}-{crc32(one.value.lower().encode()):x}",
        name=_name(one),
        count="" if number is None else counted(number),
        link=link(unparse(asked)),
        chosen=chosen,
        colour=one.value if one.name == "colour" else "",
    )


def _number(counter: Counter[str], value: str) -> int | None:
    """None where what was typed is not the whole name of a value: how many that are is told above the results."""
    return next((number for name, number in counter.items() if name.lower() == value.lower()), None)


def _name(one: Filter) -> str | Promise:
    if one.name == "is":
        return STATE_NAMES[one.value]
    if one.name == "colour":
        return Highlight.Colour(one.value).label
    return one.value if one.name in NAMES else f"{one.name}:{one.value}"
