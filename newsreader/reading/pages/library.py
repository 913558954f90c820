"""The library page: which articles, in what order, and what a reader has made of each."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.db.models import Count, F, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from newsreader.accounts.someone import Someone
from newsreader.annotations.models import Highlight, Tag
from newsreader.articles.counts import counts
from newsreader.articles.models import Article, Collection, Reading, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.reading.pages.asked import page_number, without_nul
from newsreader.reading.pages.trace import Flag, flag
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


@dataclass(slots=True)
class Row:
    """An article in the list, with what its reader has made of it."""

    article: Article
    reading: Reading
    url: str
    own: bool  # whether there is a reader, who may put it in a place
    group: str = ""
    flags: list[Flag] = field(default_factory=list)
    notes: int = 0
    tags: list[str] = field(default_factory=list)
    quoted: Highlight | None = None

    @property
    def state(self) -> str:
        """For the stylesheet: unread, reading or read."""
        if self.reading.unread:
            return "unread"
        return "read" if self.reading.place == "archive" or self.done else "reading"

    @property
    def begun(self) -> bool:
        return bool(self.flags or self.reading.position or self.reading.favourite)

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.reading.position / self.article.length)) if self.article.length else 0

    @property
    def done(self) -> bool:
        return self.article.length > 0 and self.reading.position >= 0.97 * self.article.length


def library_page(choice: Choice, user: Someone) -> dict[str, Any]:
    """What templates/reading/library.html shows."""
    tally = counts(user)
    found = _sorted(_chosen(choice, user), choice.sort, user)
    start = (choice.page - 1) * ROWS
    articles = list(found.listed()[start : start + ROWS + 1])
    rows = _rows(articles[:ROWS], user)
    if choice.sort in {"newest", "oldest"}:
        before = list(found.values_list("dated", flat=True)[start - 1 : start]) if start else []
        _group(rows, last=_group_name(before[0]) if before else "")
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
        "next": f"{choice.link()}&page={choice.page + 1}".replace("?&", "?") if len(articles) > ROWS else "",
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


def _rows(articles: list[Article], user: Someone) -> list[Row]:
    """Three queries, whatever the number of articles."""
    address = reverse("reading:article", args=["-"]).removesuffix("-/")  # asked for once, not once a row
    own = user.is_authenticated
    rows = {a.pk: Row(a, Reading(article=a), f"{address}{quote(a.slug)}/", own) for a in articles}
    if not user.is_authenticated:
        return list(rows.values())
    for reading in Reading.objects.filter(reader=user, article__in=rows):
        rows[reading.article_id].reading = reading
    noted: dict[int, int] = {}
    mine = Highlight.objects.of(user).live().filter(article__in=rows)
    told = mine.order_by("start", "id").values_list("article_id", "pk", "start", "colour", "note")
    for article_id, pk, start, colour, note in told:
        row = rows[article_id]
        row.flags.append(flag(start, row.article.length, colour))
        if note:
            row.notes += 1
            noted[article_id] = max(noted.get(article_id, 0), pk)
    for highlight in Highlight.objects.filter(pk__in=noted.values()):
        rows[highlight.article_id].quoted = highlight
    tags = Tag.objects.of(user).filter(highlights__in=mine).distinct()
    for article_id, name in tags.values_list(F("highlights__article"), "name").order_by("name").distinct():
        if article_id in rows:
            rows[article_id].tags.append(name)
    return list(rows.values())


def _group(rows: list[Row], *, last: str) -> None:
    """Names the week or month above the first row of each; `last` is that of the page before."""
    for row in rows:
        name = _group_name(row.article.dated)
        row.group = name if name != last else ""
        last = name


def _group_name(dated: datetime) -> str:
    today, when = timezone.localdate(), timezone.localdate(dated)
    if when > today - timedelta(days=7):
        return "This week"
    return date_format(when, "F" if when.year == today.year else "F Y")
