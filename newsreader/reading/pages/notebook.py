"""The notebook: a reader's passages by article or by day, as its address narrows them; and the same as a file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.annotations.exports import About, Passage
from newsreader.annotations.models import Highlight, Tag
from newsreader.articles.models import Article, Revision, Source
from newsreader.reading.pages.article import known_tags
from newsreader.reading.pages.choice import NOTES, PASSAGES, SORTS, SORTS_OF_CHANGES, SPANS, Choice, chips, chosen
from newsreader.reading.pages.trace import Flag, flag

TAGS = 100  # that the filter lists
PRINTED = 2_000
CHUNK = 200  # passages that a file holds in memory at a time


@dataclass(slots=True)
class Entry:
    """A passage as the notebook shows it; `readable` says whether its article can still be opened."""

    highlight: Highlight
    readable: bool
    number: int


@dataclass(slots=True)
class Book:
    """Passages under one heading: those of an article, or those of a day."""

    entries: list[Entry]
    article: Article | None = None
    day: date | None = None
    flags: list[Flag] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"b-{self.entries[0].highlight.public_id}"

    @property
    def readable(self) -> bool:
        return self.entries[0].readable


def notebook_page(choice: Choice, user: User) -> dict[str, Any]:
    """What templates/reading/notebook.html shows."""
    found = chosen(choice, user)
    total = found.count()
    start = choice.start
    shown = list(_sorted(found, choice)[start : start + PASSAGES])
    mine = Highlight.objects.of(user).live()
    return {
        "place": "notebook",
        "chosen": choice,
        "query": choice.query(),
        "here": reverse("reading:notebook") + (choice.link() if choice.narrow or choice.sort != "article" else ""),
        "books": _books(shown, choice, user, first=start + 1),
        "total": total,
        "start": start,
        "shown": min(start + len(shown), total),
        "next": choice.link(page=start // PASSAGES + 2) if start + len(shown) < total else "",
        "chips": chips(choice, user),
        "tags": Tag.objects.of(user).order_by("name")[:TAGS],
        "known_tags": known_tags(user),
        "sources": Source.objects.filter(Exists(mine.filter(article__sources=OuterRef("pk")))),
        "colours": Highlight.Colour.choices,
        "spans": SPANS.items(),
        "note_choices": NOTES.items(),
        "sorts": (SORTS_OF_CHANGES if choice.changed else SORTS).items(),
        "changes": mine.changed().count(),
        "empty": not total and not mine.exists(),
    }


def printed_page(choice: Choice, user: User) -> dict[str, Any]:
    """What templates/reading/notebook_print.html shows: all of it on one page, up to PRINTED passages."""
    found = chosen(choice, user)
    return {
        "chosen": choice,
        "query": choice.query(),
        "books": _books(list(_sorted(found, choice)[:PRINTED]), choice, user, first=1),
        "total": found.count(),
        "most": PRINTED,
        "chips": chips(choice, user),
    }


def entry(highlight: Highlight, user: User) -> Entry:
    """One passage by itself, as the answer to an edit in place."""
    one = _with_all(Highlight.objects.filter(pk=highlight.pk)).get()
    readable = Article.objects.openable_by(user).filter(pk=one.article_id).exists()
    return Entry(one, readable, 0)


def touched(ids: list[str], choice: Choice, user: User) -> dict[str, Any]:
    """What templates/reading/_many_done.html shows: those of the passages that the notebook still has, as they are
    now, and the ids of those that it has not any more."""
    found = chosen(choice, user)
    kept = _sorted(found.filter(public_id__in=ids), choice)
    entries = [one for book in _books(list(kept), choice, user, first=1) for one in book.entries]
    here = {one.highlight.public_id for one in entries}
    gone = [one for one in ids if one not in here]
    return {"entries": entries, "gone": gone, "titled": not choice.by_article, "total": found.count()}


def file(choice: Choice, user: User) -> tuple[About, Iterator[Passage]]:
    """All that the address shows, as values for a file; read from the database in pieces while it is written."""
    found = chosen(choice, user)
    rows = _sorted(found, choice, texts=False).select_related("article", "revision")
    rows = rows.defer("article__html", "article__text", "revision__html", "note_html")
    address = _absolute(reverse("reading:notebook") + (choice.link() if choice.narrow else ""))
    about = About(
        title=_("Notebook"),
        address=address,
        filters=tuple(name for name, _without in chips(choice, user)),
        total=found.count(),
        made=timezone.localtime().replace(microsecond=0),
    )
    return about, (_value(row) for row in rows.iterator(chunk_size=CHUNK))


def _absolute(path: str) -> str:
    return settings.URL.rstrip("/") + path


def _value(row: Highlight) -> Passage:
    article = row.article
    return Passage(
        id=row.public_id,
        link=_absolute(reverse("reading:highlight", args=[row.public_id])),
        place=_absolute(row.get_absolute_url()),
        title=article.title,
        article=_absolute(article.get_absolute_url()),
        exact=row.exact,
        prefix=row.prefix,
        suffix=row.suffix,
        start=row.start,
        end=row.end,
        made_start=row.made_start,
        made_end=row.made_end,
        revised=row.revision.accepted,
        colour=row.colour,
        note=row.note,
        status=row.status,
        created=row.created,
        updated=row.updated,
        published=article.dated,
        language=article.language,
        original=article.original,
        sources=tuple(source.name for source in article.sources.all()),
        tags=tuple(tag.name for tag in row.live_tags),
    )


def _sorted(found: QuerySet[Highlight], choice: Choice, *, texts: bool = True) -> QuerySet[Highlight]:
    """By article as its text has them, the newest first; or each by itself. Changes: by when the text changed."""
    order: tuple[Any, ...] = ("-article__dated", "article_id", F("start").asc(nulls_last=True), "id")
    if choice.changed:
        found = _with_changes(found, words=texts)
        order = ("-corrected", *order[1:])
    if not choice.by_article:
        order = ("-created", "-id") if choice.sort == "passage" else ("created", "id")
    return _with_all(found, notes=not texts).order_by(*order)


def _with_all(found: QuerySet[Highlight], *, notes: bool = False) -> QuerySet[Highlight]:
    """With what a row shows, without the texts; `notes` as they were typed only where they are asked for."""
    shown = found.select_related("article").defer("article__html", "article__text", *(() if notes else ("note",)))
    return shown.with_tags().prefetch_related("article__sources")  # type: ignore[attr-defined,no-any-return]


def _with_changes(found: QuerySet[Highlight], *, words: bool) -> QuerySet[Highlight]:
    """With `now`, the words as they are, cut out by the database, and `corrected`, when the article last changed."""
    newest = Revision.objects.filter(article=OuterRef("article")).order_by("-number")
    found = found.annotate(corrected=Subquery(newest.values("accepted")[:1]))
    if not words:
        return found
    now = Substr("article__text", F("start") + 1, F("end") - F("start"))
    return found.annotate(now=Case(When(start__isnull=False, then=now)))


def _books(shown: list[Highlight], choice: Choice, user: User, *, first: int) -> list[Book]:
    """Neighbours of the same article, or of the same day, together; one query says which articles can be opened."""
    open_ids = set(
        Article.objects.openable_by(user).filter(pk__in={h.article_id for h in shown}).values_list("pk", flat=True)
    )
    entries = [Entry(h, h.article_id in open_ids, number) for number, h in enumerate(shown, first)]
    if not choice.by_article:
        days = groupby(entries, key=lambda entry: timezone.localdate(entry.highlight.created))
        return [Book(list(group), day=day) for day, group in days]
    books = []
    for _id, group in groupby(entries, key=lambda entry: entry.highlight.article_id):
        passages = list(group)
        article = passages[0].highlight.article
        flags = [
            flag(h.start, article.length, h.colour)
            for h in (entry.highlight for entry in passages)
            if h.span is not None
        ]
        books.append(Book(passages, article=article, flags=flags))
    return books
