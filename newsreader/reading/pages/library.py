"""The library page: which articles, in what order, and what a reader has made of each."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import get_language_info, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from newsreader.accounts.someone import Someone
from newsreader.articles.counts import Counts, counts
from newsreader.articles.models import Article, Collection, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet, LabelQuerySet
from newsreader.reading.pages.asked import page_number, without_nul
from newsreader.reading.pages.rows import name_groups, rows_of
from newsreader.reading.templatetags.reading import icon

ROWS = 20
PLACES = {
    "inbox": gettext_lazy("Inbox"),
    "later": gettext_lazy("Later"),
    "archive": pgettext_lazy("place", "Archive"),
    "all": gettext_lazy("All articles"),
}
SORTS = {
    "newest": gettext_lazy("Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "longest": gettext_lazy("Longest first"),
    "shortest": gettext_lazy("Shortest first"),
    "read": gettext_lazy("Recently read"),
    "passages": gettext_lazy("Most passages"),
}
OF_A_READER = {"read", "passages"}  # sorts that a visitor has nothing for
FLAGS = {
    "unread": gettext_lazy("Unread"),
    "favourite": gettext_lazy("Favourites"),
    "marked": gettext_lazy("With passages"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for. What it doesn't understand it leaves at the default."""

    place: str = "inbox"
    sort: str = "newest"
    unread: bool = False
    favourite: bool = False
    marked: bool = False
    source: str = ""
    topic: str = ""
    collection: str = ""
    language: str = ""
    start: int = 0  # how many rows of the list come before the first one

    @classmethod
    def of(cls, query: QueryDict) -> "Choice":
        query = without_nul(query)
        place, sort, page = query.get("place", ""), query.get("sort", ""), page_number(query.get("page", ""))
        asked = query.get("start", "")
        return cls(
            place="all" if place == "favourites" else place if place in PLACES else "inbox",
            sort=sort if sort in SORTS else "newest",
            unread=bool(query.get("unread")),
            favourite=bool(query.get("favourite")) or place == "favourites",
            marked=bool(query.get("marked")),
            source=query.get("source", "")[:80],
            topic=query.get("topic", "")[:80],
            collection=query.get("collection", "")[:80],
            language=query.get("language", "")[:35],
            # A page that has lost some of its rows says how many it still shows, so that none is skipped.
            start=page_number(asked) if asked else (page - 1) * ROWS,
        )

    def link(self, **change: Any) -> str:
        """The address of the same view with `change`; a change begins at the top again."""
        plain = Choice()
        values = {name: getattr(self, name) for name in self.__slots__ if name != "start"} | change
        asked = {name: value for name, value in values.items() if value != getattr(plain, name, None)}
        return f"?{urlencode({name: 1 if value is True else value for name, value in asked.items()})}"

    @property
    def page(self) -> int:
        return self.start // ROWS + 1

    @property
    def cleared(self) -> str:
        """The address without any filter."""
        return Choice(place=self.place, sort=self.sort).link()

    @property
    def narrows(self) -> bool:
        return Choice(place=self.place, sort=self.sort, start=self.start) != self


def library_page(choice: Choice, user: Someone, *, filters: bool = False) -> dict[str, Any]:
    """What templates/reading/library.html shows; `filters` opens its sheet, for who has no script."""
    found = _sorted(_chosen(choice, user), choice.sort, user)
    start = choice.start
    rows = rows_of(found[start : start + ROWS + 1], user)
    more = len(rows) > ROWS
    rows = rows[:ROWS]
    if choice.sort in {"newest", "oldest"}:
        before = next(iter(found.values_list("dated", flat=True)[start - 1 : start]), None) if start else None
        name_groups(rows, before=before)
    head = library_head(choice, user)
    return {
        **head,
        "filters": filters,
        "narrowed": _narrowed(choice, user),
        "sorts": [(name, told) for name, told in SORTS.items() if user.is_authenticated or name not in OF_A_READER],
        "flags": [(name, told, getattr(choice, name)) for name, told in FLAGS.items()],
        "rows": rows,
        "icons": row_icons(),
        "shown": min(start + len(rows), head["total"]),
        "next": choice.link(page=choice.page + 1) if more else "",
        "previous": choice.link(**{"page": choice.page - 1} if choice.page > 2 else {}) if start else "",
    }


def library_head(choice: Choice, user: Someone) -> dict[str, Any]:
    """What is above the list: its name, the places, how many articles there are."""
    tally = counts(user)
    return {
        "place": "library",
        "chosen": choice,
        "title": PLACES[choice.place],
        "counts": tally,
        "total": _total(choice, tally, user),
        "tabs": [
            (name, PLACES[name] if name != "all" else _("All"), choice.link(place=name), getattr(tally, name, None))
            for name in PLACES
        ],
    }


def filed(articles: list[int], choice: Choice, user: Someone) -> dict[str, Any]:
    """What of the library page is different after these articles were changed: their rows, and what is above."""
    rows = rows_of(_chosen(choice, user).filter(pk__in=articles), user)
    stay = {row.pk for row in rows}
    gone = [pk for pk in articles if pk not in stay]
    return {**library_head(choice, user), "rows": rows, "gone": gone, "icons": row_icons()}


def row_icons() -> dict[str, str]:
    """Drawn once a page, not once a row."""
    return {name: icon(name) for name in ("later", "archive", "more", "library", "check", "note", "star", "trash")}


def language_name(code: str) -> str:
    """A language's own name for itself; the code of one that Django does not know."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def _chosen(choice: Choice, user: Someone, *, all_of_them: bool = False) -> ArticleQuerySet:
    found = Article.objects.visible_to(user)
    if choice.place != "all":
        found = found.placed(choice.place, user)
    if choice.unread:
        found = found.unread_by(user)
    if choice.favourite:
        found = found.favourites_of(user)
    if choice.marked:
        found = found.marked_by(user)
    if choice.source:
        found = found.from_source(choice.source, all_of_them=all_of_them)
    if choice.topic:
        found = found.about(choice.topic, all_of_them=all_of_them)
    if choice.collection:
        found = found.in_collection(choice.collection)
    if choice.language:
        found = found.in_language(choice.language)
    if choice.sort == "read" and user.is_authenticated:
        found = found.begun_by(user)
    return found


def _sorted(found: ArticleQuerySet, sort: str, user: Someone) -> ArticleQuerySet:
    match sort:
        case "oldest":
            return found.oldest()
        case "shortest":
            return found.shortest()
        case "longest":
            return found.longest()
        case "read" if user.is_authenticated:
            return found.order_by("-readings__last_read", "-id")
        case "passages" if user.is_authenticated:
            mine = Q(highlights__reader=user, highlights__deleted=None)
            found = found.annotate(passages=Count("highlights", filter=mine))
            return found.order_by("-passages", "-dated", "-id")
    return found.newest()


def led_on(choice: Choice, user: Someone) -> str:
    """The address with the names of now, where it asks for what was renamed or merged; else nothing."""
    now = {}
    for name, named in _filed_under(user):
        slug = getattr(choice, name)
        if slug and not named.filter(slug=slug).exists() and (other := named.led_to_by(slug)):
            now[name] = other.slug
    return choice.link(**now) if now else ""


def _filed_under(user: Someone) -> list[tuple[str, LabelQuerySet]]:
    """What an address may name of what articles are filed under."""
    return [
        ("source", Source.objects.known_to(user)),
        ("topic", Topic.objects.all()),
        ("collection", Collection.objects.published()),
    ]


def _total(choice: Choice, tally: Counts, user: Someone) -> int:
    """Without a filter the tally knows; with one it is counted."""
    if choice == Choice(sort=choice.sort, start=choice.start, unread=True) and choice.sort != "read":
        return tally.unread
    if not choice.narrows and choice.place != "all" and choice.sort != "read":
        total: int = getattr(tally, choice.place)
        return total
    return _chosen(choice, user, all_of_them=True).count()


def _narrowed(choice: Choice, user: Someone) -> list[tuple[Any, str]]:
    """The filters that are on: what each is called, and the address without it."""
    on: list[tuple[Any, str]] = [
        (told, choice.link(**{name: False})) for name, told in FLAGS.items() if getattr(choice, name)
    ]
    for name, named in _filed_under(user):
        if slug := getattr(choice, name):
            known = named.filter(slug=slug).values_list("name", flat=True).first()
            on.append((known or slug, choice.link(**{name: ""})))
    if choice.language:
        on.append((language_name(choice.language), choice.link(language="")))
    return on
