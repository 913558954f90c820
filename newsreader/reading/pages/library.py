"""The library page: which articles, in what order, and what a reader has made of each."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import QueryDict

from newsreader.accounts.someone import Someone
from newsreader.articles.counts import counts
from newsreader.articles.models import Article, Collection, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.reading.pages.asked import page_number, without_nul
from newsreader.reading.pages.rows import name_groups, rows_of
from newsreader.reading.templatetags.reading import icon

ROWS = 20
PLACES = {"inbox": "Inbox", "later": "Later", "archive": "Archive", "all": "All articles", "favourites": "Favourites"}
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "shortest": "Shortest first",
    "passages": "Most passages",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for. What it doesn't understand it leaves at the default."""

    place: str = "inbox"
    sort: str = "newest"
    source: str = ""
    topic: str = ""
    collection: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> "Choice":
        query = without_nul(query)
        place, sort, page = query.get("place", ""), query.get("sort", ""), query.get("page", "")
        return cls(
            place=place if place in PLACES else "inbox",
            sort=sort if sort in SORTS else "newest",
            source=query.get("source", "")[:80],
            topic=query.get("topic", "")[:80],
            collection=query.get("collection", "")[:80],
            page=page_number(page),
        )

    def link(self, **change: Any) -> str:
        """The address of the same view with `change`; a change begins on page 1 again."""
        plain = Choice()
        values = {name: getattr(self, name) for name in self.__slots__ if name != "page"} | change
        asked = {name: value for name, value in values.items() if value != getattr(plain, name)}
        return f"?{urlencode(asked)}"


def library_page(choice: Choice, user: Someone) -> dict[str, Any]:
    """What templates/reading/library.html shows."""
    tally = counts(user)
    found = _sorted(_chosen(choice, user), choice.sort, user)
    start = (choice.page - 1) * ROWS
    rows = rows_of(found[start : start + ROWS + 1], user)
    more = len(rows) > ROWS
    rows = rows[:ROWS]
    if choice.sort in {"newest", "oldest"}:
        before = next(iter(found.values_list("dated", flat=True)[start - 1 : start]), None) if start else None
        name_groups(rows, before=before)
    total = _total(choice, tally, user)
    return {
        "place": "library",
        "chosen": choice,
        "title": PLACES[choice.place],
        "narrowed": _narrowed(choice),
        "tabs": [
            (name, PLACES[name] if name != "all" else "All", choice.link(place=name), getattr(tally, name, None))
            for name in ("inbox", "later", "archive", "all")
        ],
        "sorts": SORTS.items(),
        "topics": Topic.objects.in_use()[:40],
        "counts": tally,
        "rows": rows,
        "icons": {name: icon(name) for name in ("later", "archive", "more", "library", "check", "note")},
        "shown": min(start + len(rows), total),
        "total": total,
        "next": f"{choice.link()}&page={choice.page + 1}".replace("?&", "?") if more else "",
        "previous": f"{choice.link()}&page={choice.page - 1}".replace("?&", "?") if choice.page > 1 else "",
    }


def _chosen(choice: Choice, user: Someone) -> ArticleQuerySet:
    found = Article.objects.visible_to(user)
    if choice.place == "favourites":
        found = found.favourites_of(user)
    elif choice.place != "all":
        found = found.placed(choice.place, user)
    if choice.source:
        found = found.from_source(choice.source)
    if choice.topic:
        found = found.about(choice.topic)
    if choice.collection:
        found = found.in_collection(choice.collection)
    return found


def _sorted(found: ArticleQuerySet, sort: str, user: Someone) -> ArticleQuerySet:
    match sort:
        case "oldest":
            return found.oldest()
        case "shortest":
            return found.shortest()
        case "passages" if user.is_authenticated:
            mine = Q(highlights__reader=user, highlights__deleted=None)
            found = found.annotate(passages=Count("highlights", filter=mine))
            return found.order_by("-passages", "-dated", "-id")
    return found.newest()


def _total(choice: Choice, tally: Any, user: Someone) -> int:
    """Without a filter the tally knows; with one it is counted."""
    if not (choice.source or choice.topic or choice.collection) and choice.place in {"inbox", "later", "archive"}:
        total: int = getattr(tally, choice.place)
        return total
    return _chosen(choice, user).count()


def _narrowed(choice: Choice) -> list[tuple[str, str]]:
    """The filters that are on: what each is called, and the address without it."""
    rows = {"source": Source.objects, "topic": Topic.objects, "collection": Collection.objects}
    on = []
    for name, named in rows.items():
        if slug := getattr(choice, name):
            known = named.filter(slug=slug).values_list("name", flat=True).first()
            on.append((known or slug, choice.link(**{name: ""})))
    return on
