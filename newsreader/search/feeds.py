"""The newest results of a saved search as an Atom feed (RFC 4287), for whoever has its secret address.

What is in it is what its reader may see at that moment. A reader of feeds asks again and again: whether anything is
new costs the keys of the results, not their texts.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from django.db.models import prefetch_related_objects
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.asked import Query
from newsreader.core.query import parse
from newsreader.core.xml import writable
from newsreader.search.models import SavedSearch, digest
from newsreader.search.results import KINDS, Kind, Result
from newsreader.search.service import backend_for, search

NEWEST = 50
LONGEST = 500  # characters of a summary


@dataclass(frozen=True, slots=True)
class State:
    """What tells one state of a feed from another."""

    etag: str
    changed: datetime


def at_address(secret: str) -> SavedSearch:
    """The search whose feed is there. Raises Http404: a renewed, deleted or closed one is as missing as any other."""
    known = SavedSearch.objects.filter(digest=digest(secret), deleted=None, reader__is_active=True)
    found: SavedSearch | None = known.select_related("reader").first()
    if found is None:
        raise Http404
    return found


def state(saved: SavedSearch) -> State:
    """Of the feed as it would be now. Raises TooCostly."""
    changed = dict(_changed(saved))
    told = [saved.name, saved.query, saved.kind, *(f"{key}{when.isoformat()}" for key, when in sorted(changed.items()))]
    etag = hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()[:32]
    return State(f'"{etag}"', max([saved.changed, *changed.values()]))


def feed(saved: SavedSearch, *, site: str) -> str:
    """The feed as text; `site` is what addresses begin with. A search that takes too long has no results."""
    page = search(_newest(saved), user=saved.reader, kind=_kind(saved), limit=NEWEST)
    prefetch_related_objects([result.article for result in page.whole], "sources")
    host = urlsplit(site).hostname or "newsreader"
    made = _Feed(
        title=writable(saved.name),
        link=site + saved.get_absolute_url(),
        description=writable(saved.query),
        feed_url=site + reverse("reading:feed", args=[saved.secret]),
        feed_guid=f"tag:{host},{saved.made:%Y-%m-%d}:searches/{saved.pk}",
        author_name="Newsreader",
        language=saved.reader.language or None,
        since=saved.changed,
    )
    for result in page.whole:
        _add(made, result, saved, site, host)
    return str(made.writeString("utf-8"))


class _Feed(Atom1Feed):
    """An empty one is as old as its search, and not new each time it is asked for."""

    def latest_post_date(self) -> datetime:
        since: datetime = self.feed["since"]
        dates: list[datetime] = [item["updateddate"] for item in self.items]
        return max([since, *dates])


def _add(made: Atom1Feed, result: Result, saved: SavedSearch, site: str, host: str) -> None:
    article, highlight = result.article, result.highlight
    shown = "".join(piece[0] for piece in result.snippet)
    if highlight:
        kind = _("Note") if result.kind == "notes" else _("Passage")
        title = _("{kind}: {title}").format(kind=kind, title=article.title)
        link = result.url or reverse("reading:highlight", args=[highlight.public_id])
        key, when = f"{result.kind}/{highlight.public_id}", highlight.created
        made_on, updated = highlight.created, highlight.updated
        author = (saved.reader.name if result.kind == "notes" else "") or _author(article)
        shown = highlight.note if result.kind == "notes" else highlight.exact
    else:
        title, link, key, when = article.title, result.url, f"articles/{article.pk}", article.added
        made_on, updated, author = article.dated, article.changed, _author(article)
        shown = shown or article.standfirst
    made.add_item(
        title=writable(title),
        link=site + link,
        description=escape(_short(writable(shown))),
        unique_id=f"tag:{host},{when:%Y-%m-%d}:{key}",
        pubdate=made_on,
        updateddate=updated,
        author_name=writable(author),
    )


def _author(article: Article) -> str:
    return article.byline or ", ".join(source.name for source in article.sources.all()) or "Newsreader"


def _changed(saved: SavedSearch) -> Iterable[tuple[str, datetime]]:
    """(kind and key, when it changed) of what is in the feed."""
    backend = backend_for(_newest(saved), saved.reader)
    with backend.bounded():
        hits = [(kind, hit) for kind in _kinds(saved) for hit in backend.best(kind, NEWEST)]
    hits = sorted(hits, key=lambda one: -one[1].score)[:NEWEST]
    articles = [hit.pk for kind, hit in hits if kind == "articles"]
    marks = {kind: [hit.pk for one, hit in hits if one == kind] for kind in ("passages", "notes")}
    for pk, when in Article.objects.filter(pk__in=articles).order_by().values_list("pk", "changed"):
        yield f"articles {pk} ", when
    for kind, pks in marks.items():
        for pk, when in Highlight.objects.filter(pk__in=pks).order_by().values_list("pk", "updated"):
            yield f"{kind} {pk} ", when


def _newest(saved: SavedSearch) -> Query:
    return replace(parse(saved.query), sort="newest")


def _kinds(saved: SavedSearch) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if saved.kind in ("all", kind))


def _kind(saved: SavedSearch) -> Kind | Literal["all"]:
    return next((kind for kind in KINDS if kind == saved.kind), "all")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
