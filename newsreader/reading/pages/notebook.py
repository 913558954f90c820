"""The notebook: all of a reader's passages by article, and what it is narrowed to."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Substr
from django.http import QueryDict
from django.utils import timezone

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight, Tag
from newsreader.articles.models import Article, Revision, Source
from newsreader.reading.pages.asked import page_number, without_nul
from newsreader.reading.pages.trace import Flag, flag

PASSAGES = 50
SPANS = {"": "Any time", "7": "Past 7 days", "30": "Past month", "365": "Past year"}
SORTS = {"article": "Newest article", "passage": "Newest passage"}
SORTS_OF_CHANGES = {"article": "Newest change", "passage": "Newest passage"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for. What it doesn't understand it leaves at the default."""

    tags: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    source: str = ""
    days: str = ""
    article: str = ""
    changed: bool = False
    sort: str = "article"
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> "Choice":
        query = without_nul(query)
        page = query.get("page", "")
        return cls(
            tags=tuple(dict.fromkeys(name[:60] for name in query.getlist("tag") if name))[:20],
            colours=tuple(c for c in Highlight.Colour.values if c in query.getlist("colour")),
            source=query.get("source", "")[:80],
            days=days if (days := query.get("days", "")) in SPANS else "",
            article=query.get("article", "")[:120],
            changed=query.get("changed", "") == "1",
            sort=sort if (sort := query.get("sort", "")) in SORTS else "article",
            page=page_number(page),
        )

    def link(self, **change: Any) -> str:
        """The address of the same view with `change`."""
        values = {"tag": self.tags, "colour": self.colours, "source": self.source, "days": self.days}
        values |= {"article": self.article, "changed": "1" if self.changed else ""}
        values |= {"sort": self.sort if self.sort != "article" else ""} | change
        return "?" + urlencode([(name, value) for name, value in values.items() if value], doseq=True)

    @property
    def narrow(self) -> bool:
        return bool(self.tags or self.colours or self.source or self.days or self.article or self.changed)


@dataclass(slots=True)
class Book:
    """An article in the notebook, with the passages that are shown of it."""

    article: Article
    readable: bool
    passages: list[Highlight]
    flags: list[Flag] = field(default_factory=list)


def notebook_page(choice: Choice, user: User) -> dict[str, Any]:
    """What templates/reading/notebook.html shows."""
    found = _chosen(choice, user)
    total = found.count()
    start = (choice.page - 1) * PASSAGES
    shown = list(_sorted(found, choice)[start : start + PASSAGES])
    mine = Highlight.objects.of(user).live()
    return {
        "place": "notebook",
        "chosen": choice,
        "books": _books(shown, user),
        "total": total,
        "shown": min(start + len(shown), total),
        "next": choice.link(page=choice.page + 1) if start + len(shown) < total else "",
        "chips": _chips(choice, user),
        "tags": Tag.objects.of(user).most_used()[:100],
        "sources": Source.objects.filter(articles__highlights__in=mine).distinct(),
        "colours": Highlight.Colour.choices,
        "spans": SPANS.items(),
        "sorts": (SORTS_OF_CHANGES if choice.changed else SORTS).items(),
        "changes": mine.changed().count(),
        "empty": not total and not mine.exists(),
    }


def _chosen(choice: Choice, user: User) -> QuerySet[Highlight]:
    found = Highlight.objects.of(user).live()
    for name in choice.tags:
        found = found.tagged(name)
    if choice.colours:
        found = found.filter(colour__in=choice.colours)
    if choice.source:
        found = found.filter(article__in=Article.objects.from_source(choice.source))
    if choice.days:
        found = found.filter(created__gte=timezone.now() - timedelta(days=int(choice.days)))
    if choice.article:
        found = found.filter(article__slug=choice.article)
    if choice.changed:
        found = found.changed()
    chosen: QuerySet[Highlight] = found
    return chosen


def _sorted(found: QuerySet[Highlight], choice: Choice) -> QuerySet[Highlight]:
    """By article as its text has them, the newest first; or each by itself. Changes: by when the text changed."""
    order: tuple[Any, ...] = ("-article__dated", "article_id", F("start").asc(nulls_last=True), "id")
    if choice.changed:
        found = _with_changes(found)
        order = ("-corrected", *order[1:])
    if choice.sort == "passage":
        order = ("-created", "-id")
    shown = found.select_related("article").defer("article__html", "article__text", "note")
    return shown.with_tags().prefetch_related("article__sources").order_by(*order)  # type: ignore[attr-defined,no-any-return]


def _with_changes(found: QuerySet[Highlight]) -> QuerySet[Highlight]:
    """With `now`, the words as they are, cut out by the database, and `corrected`, when the article last changed."""
    newest = Revision.objects.filter(article=OuterRef("article")).order_by("-number")
    words = Substr("article__text", F("start") + 1, F("end") - F("start"))
    return found.annotate(
        now=Case(When(start__isnull=False, then=words)),
        corrected=Subquery(newest.values("accepted")[:1]),
    )


def _books(shown: list[Highlight], user: User) -> list[Book]:
    """Neighbours of the same article together; one query says which articles can still be opened."""
    open_ids = set(
        Article.objects.openable_by(user).filter(pk__in={h.article_id for h in shown}).values_list("pk", flat=True)
    )
    books = []
    for _, group in groupby(shown, key=lambda highlight: highlight.article_id):
        passages = list(group)
        article = passages[0].article
        flags = [flag(h.start, article.length, h.colour) for h in passages if h.span]
        books.append(Book(article, article.pk in open_ids, passages, flags))
    return books


def _chips(choice: Choice, user: User) -> list[tuple[str, str]]:
    """The filters that are on: what each is called, and the address without it."""
    chips = [(f"#{name}", choice.link(tag=[t for t in choice.tags if t != name])) for name in choice.tags]
    chips += [
        (name.capitalize(), choice.link(colour=[c for c in choice.colours if c != name])) for name in choice.colours
    ]
    if choice.source:
        name = Source.objects.filter(slug=choice.source).values_list("name", flat=True).first()
        chips.append((name or choice.source, choice.link(source="")))
    if choice.days:
        chips.append((SPANS[choice.days], choice.link(days="")))
    if choice.changed:
        chips.append(("The story changed", choice.link(changed="")))
    if choice.article:
        # Not of any article that there is: a draft's title would be told to whoever guesses its address.
        marked = Exists(Highlight.objects.of(user).filter(article=OuterRef("pk")))
        known = Article.objects.openable_by(user) | Article.objects.filter(marked)
        title = known.filter(slug=choice.article).values_list("title", flat=True).first()
        chips.append((title or choice.article, choice.link(article="")))
    return chips
