"""A collection as a page, to read, to print and to follow: its introduction, and its articles in their order.

A draft is a curator's alone. Of what a reader may not open nothing is shown, nor that it is there.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from newsreader.accounts.someone import Someone
from newsreader.articles.models import Article, Collection, CollectionItem
from newsreader.core.prose import Unreadable, render_note
from newsreader.core.text import text_of
from newsreader.core.xml import writable

MOST = 200  # articles on one page, or on paper


class Moved(Exception):
    """It has another address by now, `slug`."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


@dataclass(frozen=True, slots=True)
class Piece:
    """An article, and what the collection says of it."""

    article: Article
    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A collection as one person sees it; `more`, if it has more articles than one page."""

    collection: Collection
    pieces: list[Piece]
    more: bool = False

    @property
    def articles(self) -> list[Article]:
        return [piece.article for piece in self.pieces]

    @property
    def minutes(self) -> int:
        """What reading all of it takes."""
        return sum(article.minutes for article in self.articles)

    @property
    def changed(self) -> datetime:
        return max([self.collection.changed, *(article.changed for article in self.articles)])

    @property
    def about(self) -> str:
        """The introduction as plain words, for whoever shows a link to it."""
        return plain(self.collection.introduction)

    @property
    def draft(self) -> bool:
        return bool(self.collection.state == Collection.State.DRAFT)


def shown_to(user: Someone, slug: str, *, with_texts: bool = False) -> Shown:
    """Raises Http404, also for a collection of which `user` may read nothing; Moved for a former address."""
    seen = Article.objects.visible_to(user)
    items = CollectionItem.objects.filter(collection=OuterRef("pk"), article__in=seen)
    there = Collection.objects.openable_by(user).filter(Exists(items))
    collection = there.filter(slug=slug).first()
    if collection is None:
        moved = there.led_to_by(slug)
        raise Moved(moved.slug) if moved else Http404
    chosen = seen if with_texts else seen.defer("html", "text")
    mine = CollectionItem.objects.filter(collection=collection, article__in=seen).order_by("position", "id")
    rows = list(mine.values_list("article", "note")[: MOST + 1])
    found = chosen.prefetch_related("sources").in_bulk([key for key, _note in rows[:MOST]])
    pieces = [Piece(found[key], note) for key, note in rows[:MOST] if key in found]
    return Shown(collection, pieces, more=len(rows) > MOST)


def plain(markdown: str) -> str:
    """The words of a curator's Markdown on one line."""
    try:
        return " ".join(text_of(render_note(markdown)).split())
    except Unreadable:
        return ""


def feed(shown: Shown, *, site: str) -> str:
    """The collection as an Atom feed (RFC 4287), newest articles first; `site` is what addresses begin with."""
    collection = shown.collection
    host = urlsplit(site).hostname or "newsreader"
    made = _Feed(
        title=writable(collection.name),
        subtitle=writable(shown.about),
        link=site + reverse("reading:collection", args=[collection.slug]),
        description="",
        feed_url=site + reverse("reading:collection-feed", args=[collection.slug]),
        feed_guid=f"tag:{host},2026:collections/{collection.pk}",
        author_name="Newsreader",
        changed=shown.changed,
    )
    for piece in sorted(shown.pieces, key=lambda one: (one.article.dated, one.article.pk), reverse=True):
        article = piece.article
        sources = ", ".join(source.name for source in article.sources.all())
        said = [writable(words) for words in (plain(piece.note), article.standfirst) if words]
        made.add_item(
            title=writable(article.title),
            link=site + article.get_absolute_url(),
            description="".join(f"<p>{escape(words)}</p>" for words in said),
            unique_id=f"tag:{host},{article.added:%Y-%m-%d}:articles/{article.pk}",
            pubdate=article.dated,
            updateddate=article.changed,
            author_name=writable(article.byline or sources or "Newsreader"),
        )
    return str(made.writeString("utf-8"))


class _Feed(Atom1Feed):
    """As old as the newest of what is in it and of the collection itself; with nothing in it, not new each time."""

    def latest_post_date(self) -> datetime:
        changed: datetime = self.feed["changed"]
        return changed
