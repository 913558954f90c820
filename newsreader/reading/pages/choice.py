"""What a notebook is narrowed to: read from the address, written back to it, and asked of the database."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Source
from newsreader.reading.pages.asked import page_number, without_nul

PASSAGES = 50  # on a page
SPANS = {
    "": gettext_lazy("Any time"),
    "7": gettext_lazy("Past 7 days"),
    "30": gettext_lazy("Past month"),
    "365": gettext_lazy("Past year"),
}
SORTS: dict[str, Promise] = {
    "article": gettext_lazy("Newest article"),
    "passage": gettext_lazy("Newest passage"),
    "oldest": gettext_lazy("Oldest passage"),
}
SORTS_OF_CHANGES = SORTS | {"article": gettext_lazy("Newest change")}
NOTES = {
    "": gettext_lazy("With or without a note"),
    "yes": gettext_lazy("With a note"),
    "no": gettext_lazy("Without a note"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for. What it doesn't understand it leaves at the default."""

    q: str = ""
    tag: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    source: str = ""
    days: str = ""
    after: str = ""
    before: str = ""
    note: str = ""
    article: str = ""
    changed: str = ""
    sort: str = "article"
    start: int = 0  # so many passages come before the first one that is shown

    @classmethod
    def of(cls, query: QueryDict) -> "Choice":
        query = without_nul(query)
        asked = query.get("start", "")
        return cls(
            q=" ".join(query.get("q", "").split())[:200],
            tag=tuple(dict.fromkeys(name[:60] for name in query.getlist("tag") if name))[:20],
            colour=tuple(c for c in Highlight.Colour.values if c in query.getlist("colour")),
            source=query.get("source", "")[:80],
            days=days if (days := query.get("days", "")) in SPANS else "",
            after=_day(query.get("after", "")),
            before=_day(query.get("before", "")),
            note=note if (note := query.get("note", "")) in NOTES else "",
            article=query.get("article", "")[:120],
            changed="1" if query.get("changed", "") == "1" else "",
            sort=sort if (sort := query.get("sort", "")) in SORTS else "article",
            start=page_number(asked) if asked else (page_number(query.get("page", "")) - 1) * PASSAGES,
        )

    def query(self, **change: Any) -> str:
        """The part of the address behind the question mark, of the same view with `change`; without the page."""
        values = {one.name: getattr(self, one.name) for one in fields(self)} | {"start": 0} | change
        said = [(name, value) for name, value in values.items() if value and (name, value) != ("sort", "article")]
        return urlencode(said, doseq=True)

    def link(self, **change: Any) -> str:
        return "?" + self.query(**change)

    @property
    def by_article(self) -> bool:
        return self.sort == "article"

    @property
    def narrow(self) -> bool:
        return self.query(sort="") != ""


def chosen(choice: Choice, user: User) -> QuerySet[Highlight]:
    """The live passages of `user` that fit all of it."""
    found = Highlight.objects.of(user).live()
    for name in choice.tag:
        found = found.tagged(name)
    for word in choice.q.split():
        found = found.filter(Q(exact__icontains=word) | Q(note__icontains=word) | Q(article__title__icontains=word))
    if choice.colour:
        found = found.filter(colour__in=choice.colour)
    if choice.source:
        found = found.filter(article__in=Article.objects.from_source(choice.source))
    if choice.days:
        found = found.filter(created__gte=timezone.now() - timedelta(days=int(choice.days)))
    if choice.after:
        found = found.filter(created__gte=_midnight(choice.after))
    if choice.before:
        found = found.filter(created__lt=_midnight(choice.before))
    if choice.note:
        found = found.exclude(note="") if choice.note == "yes" else found.filter(note="")
    if choice.article:
        found = found.filter(article__slug=choice.article)
    if choice.changed:
        found = found.changed()
    narrowed: QuerySet[Highlight] = found
    return narrowed


def chips(choice: Choice, user: User) -> list[tuple[str, str]]:
    """The filters that are on: what each is called, and the address without it."""
    made = [(f"“{choice.q}”", choice.link(q=""))] if choice.q else []
    made += [(f"#{name}", choice.link(tag=[t for t in choice.tag if t != name])) for name in choice.tag]
    made += [
        (str(Highlight.Colour(name).label), choice.link(colour=[c for c in choice.colour if c != name]))
        for name in choice.colour
    ]
    if choice.source:
        name = Source.objects.known_to(user).filter(slug=choice.source).values_list("name", flat=True).first()
        made.append((name or choice.source, choice.link(source="")))
    if choice.days:
        made.append((str(SPANS[choice.days]), choice.link(days="")))
    if choice.after:
        made.append((_("From {day}").format(day=_told(choice.after)), choice.link(after="")))
    if choice.before:
        made.append((_("Before {day}").format(day=_told(choice.before)), choice.link(before="")))
    if choice.note:
        made.append((str(NOTES[choice.note]), choice.link(note="")))
    if choice.changed:
        made.append((_("The story changed"), choice.link(changed="")))
    if choice.article:
        made.append((_title(choice.article, user), choice.link(article="")))
    return made


def _title(slug: str, user: User) -> str:
    """Not of any article that there is: a draft's title would be told to whoever guesses its address."""
    marked = Exists(Highlight.objects.of(user).filter(article=OuterRef("pk")))
    known = Article.objects.openable_by(user) | Article.objects.filter(marked)
    return known.filter(slug=slug).values_list("title", flat=True).first() or slug


def _day(asked: str) -> str:
    """A date of the form 2026-06-16 that can be counted from, else nothing."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return ""
    return day.isoformat() if 1900 <= day.year <= 9000 else ""


def _midnight(day: str) -> datetime:
    """The beginning of that day, where the reader is."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time()))


def _told(day: str) -> str:
    return date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT")
