"""The rows of the library: articles, with what their reader has made of each. At most seven queries for any number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.accounts.someone import Someone
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Reading
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.reading.pages.coming import Coming, coming_to
from newsreader.reading.pages.trace import Flag, flag

COLUMNS = ("pk", "slug", "title", "standfirst", "language", "dated", "minutes", "length", "owner")


class SourceLink(NamedTuple):
    """Who published it, as a row links to it."""

    name: str
    slug: str


class Quoted(NamedTuple):
    """The passage that stands in the margin of a row: the latest one with a note."""

    public_id: str
    colour: str
    exact: str
    note_html: str


@dataclass(slots=True)
class Row:
    """An article in the list. Without a Reading it is unread and in the inbox."""

    pk: int
    slug: str
    title: str
    standfirst: str
    language: str
    dated: datetime
    minutes: int
    length: int
    owner: int | None  # whose own copy it is; nobody sees another's
    url: str = ""
    own: bool = False  # whether there is a reader, who may put it in a place
    group: str = ""  # the week or month that begins with this row
    sources: list[SourceLink] = field(default_factory=list)
    place: str = "inbox"
    unread: bool = True
    favourite: bool = False
    position: int = 0
    flags: list[Flag] = field(default_factory=list)
    notes: int = 0
    tags: list[str] = field(default_factory=list)
    quoted: Quoted | None = None
    coming: Coming | None = None

    @property
    def state(self) -> str:
        """For the stylesheet: unread, reading or read, or what becomes of its text that is not here yet."""
        if self.coming:
            return self.coming.state
        if self.unread:
            return "unread"
        return "read" if self.place == "archive" or self.done else "reading"

    @property
    def begun(self) -> bool:
        return bool(self.flags or self.position or self.favourite)

    @property
    def percent(self) -> str:
        return str(min(100, round(100 * self.position / self.length))) if self.length else "0"

    @property
    def done(self) -> bool:
        return self.length > 0 and self.position >= 0.97 * self.length


def rows_of(articles: ArticleQuerySet, user: Someone) -> list[Row]:
    """Rows instead of models, since a list is mostly the cost of making them."""
    address = reverse("reading:article", args=["-"]).removesuffix("-/")  # asked for once, not once a row
    rows = {row[0]: Row(*row) for row in articles.values_list(*COLUMNS)}
    for row in rows.values():
        row.url, row.own = f"{address}{quote(row.slug)}/", user.is_authenticated
    _add_sources(rows)
    if isinstance(user, User):
        _add_readings(rows, user)
        _add_highlights(rows, user)
        _add_coming(rows)
    return list(rows.values())


def name_groups(rows: Iterable[Row], *, before: datetime | None) -> None:
    """Names the week or month above the first row of each; `before` is the date of the last row of the page before."""
    last = _group_name(before) if before else ""
    for row in rows:
        name = _group_name(row.dated)
        row.group = name if name != last else ""
        last = name


def _add_sources(rows: dict[int, Row]) -> None:
    filed = Article.sources.through.objects.filter(article__in=rows).order_by("source__name")
    for pk, name, slug in filed.values_list("article", "source__name", "source__slug"):
        rows[pk].sources.append(SourceLink(name, slug))


def _add_readings(rows: dict[int, Row], user: User) -> None:
    known = Reading.objects.filter(reader=user, article__in=rows)
    columns = ("article", "place", "unread", "favourite", "position")
    for pk, place, unread, favourite, position in known.values_list(*columns):
        row = rows[pk]
        row.place, row.unread, row.favourite, row.position = place, unread, favourite, position


def _add_highlights(rows: dict[int, Row], user: User) -> None:
    """Flags and counts of all, the latest noted one in full, and the tags on any of them."""
    mine = Highlight.objects.of(user).live().filter(article__in=rows)
    noted: dict[int, int] = {}
    marked: set[int] = set()
    for pk, highlight, start, colour, note in mine.order_by("start", "id").values_list(
        "article", "pk", "start", "colour", "note_html"
    ):
        row = rows[pk]
        row.flags.append(flag(start, row.length, colour))
        marked.add(highlight)
        if note:
            row.notes += 1
            noted[pk] = max(noted.get(pk, 0), highlight)
    if not marked:
        return
    shown = Highlight.objects.filter(pk__in=noted.values())
    for pk, *quoted in shown.values_list("article", "public_id", "colour", "exact", "note_html"):
        rows[pk].quoted = Quoted(*quoted)
    tagged = Highlight.tags.through.objects.filter(highlight__in=mine, tag__deleted=None)
    for pk, name in tagged.order_by("tag__name").values_list("highlight__article", "tag__name").distinct():
        rows[pk].tags.append(name)


def _add_coming(rows: dict[int, Row]) -> None:
    """What is on its way is among the reader's own: others are not asked about."""
    own = [row.pk for row in rows.values() if row.owner]
    for pk, one in (coming_to(own) if own else {}).items():
        rows[pk].coming = one


def _group_name(dated: datetime) -> str:
    today, when = timezone.localdate(), timezone.localdate(dated)
    if when > today - timedelta(days=7):
        return _("This week")
    return date_format(when, "F" if when.year == today.year else "YEAR_MONTH_FORMAT")
