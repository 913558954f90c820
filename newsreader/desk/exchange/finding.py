"""Which of the library's articles the rows of a file are of, and what an export says of them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.desk.exchange.files import Row
from newsreader.desk.exchange.kinds import Values, Wrong, names_in, text_in


class Found:
    """What the library has of these rows. A fixed number of queries."""

    def __init__(self, rows: Sequence[Row]) -> None:
        slugs = {text_in(row, "slug") for row in rows} - {""}
        addresses = {text_in(row, "address") for row in rows} - {""}
        titles = {text_in(row, "title") for row in rows if not (text_in(row, "slug") or text_in(row, "address"))} - {""}
        light = library().defer("html", "text").prefetch_related("sources", "topics").order_by("pk")
        self.slugs: dict[str, Article] = {article.slug: article for article in light.filter(slug__in=slugs)}
        self.addresses = _several(light.filter(address__in=addresses) if addresses else (), "address")
        self.titles = _several(light.filter(title__in=titles) if titles else (), "title")
        keys = [one.pk for group in (self.addresses, self.titles) for those in group.values() for one in those]
        keys += [one.pk for one in self.slugs.values()]
        marked = Highlight.objects.live().filter(article=OuterRef("pk"))
        self.highlighted = set(library().filter(Exists(marked), pk__in=keys).values_list("pk", flat=True))
        self.names = {
            "sources": _known(Source, {name for row in rows for name in names_in(row.cells.get("sources", []))}),
            "topics": _known(Topic, {name for row in rows for name in names_in(row.cells.get("topics", []))}),
        }

    def target(self, row: Row) -> Article | None:
        """The article that a row is of, or None where it is new. Raises Wrong where it could be two."""
        slug, address, title = (text_in(row, column) for column in ("slug", "address", "title"))
        if slug in self.slugs:
            return self.slugs[slug]
        if address:
            those = self.addresses.get(address, [])
            told = _("{n} articles have this address. Say by its slug which one.")
        elif slug:
            return None
        else:
            those = self.titles.get(title, [])
            told = _("{n} articles have this title. Say by its slug which one.")
        if len(those) > 1:
            raise Wrong(told.format(n=len(those)))
        return those[0] if those else None


def library() -> ArticleQuerySet:
    return Article.objects.filter(owner=None)


def shown(article: Article) -> Values:
    """What an export says of it, but for its text."""
    return {
        "slug": article.slug,
        "title": article.title,
        "standfirst": article.standfirst,
        "byline": article.byline,
        "published": iso(article.published),
        "language": article.language,
        "address": article.address,
        "state": str(article.state),
        "sources": sorted(source.name for source in article.sources.all()),
        "topics": sorted(topic.name for topic in article.topics.all()),
        "changed": iso(article.changed),
        "words": article.words,
    }


def keys_of(row: Row, article: Article | None) -> list[tuple[str, Any]]:
    """What no other row of the file may be."""
    if article:
        return [("key", article.pk)]
    slug, address, title = (text_in(row, column) for column in ("slug", "address", "title"))
    keys = [("slug", slug)] if slug else []
    keys += [("address", address)] if address else []
    return keys or [("title", title)]


def _several(articles: Any, column: str) -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = {}
    for article in articles:
        found.setdefault(getattr(article, column), []).append(article)
    return found


def _known(model: Any, names: set[str]) -> set[str]:
    """Those of the names that there is something for, perhaps by another name by now."""
    there = model.objects.of_the_library()
    known = set(there.filter(name__in=names).values_list("name", flat=True))
    return known | set(there.filter(former__name__in=names - known).values_list("former__name", flat=True))


def iso(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat() if moment else None
