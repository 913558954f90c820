"""Entries of feeds to the library's articles. Each is one transaction: killed anywhere, the next visit goes on there.

The same story from two feeds is one article with two sources. What curators deleted does not come back, and what they
edited is not written over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Literal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.articles.services import add_article
from newsreader.core.duplicates import versions
from newsreader.core.text import text_of
from newsreader.intake import models
from newsreader.intake.confined import confined
from newsreader.intake.feeds.documents import digest_of, headline_of, key_of, page_of
from newsreader.intake.feeds.shape import Entry
from newsreader.intake.pages import Page
from newsreader.intake.shape import Document, Refused
from newsreader.intake.web import Failed, Web
from newsreader.intake.work import later

Taken = Literal["added", "joined", "revised", "kept"]

SAME_STORY = dt.timedelta(days=14)  # a headline that comes again later is of something else
TRIES = 4
_CANDIDATES = 20


def news(feed: models.Feed, entries: Iterable[Entry]) -> list[Entry]:
    """Those that are new or say something else than when they were last read, the oldest first."""
    keys = {key_of(entry): entry for entry in entries}
    known = dict(feed.entries.filter(key__in=list(keys)).values_list("key", "digest"))
    found = [entry for key, entry in keys.items() if known.get(key) != digest_of(entry)]
    return found[::-1]


def unlike_all(read: Iterable[tuple[Entry, Document]]) -> set[str]:
    """The ids of those that have nothing in common with anything that is there, or that comes before them.

    For many at once, in two statements: looking for each by itself takes longer than adding it.
    """
    marks = {entry.id: _marks(entry, document) for entry, document in read}
    every = [mark for one in marks.values() for mark in one]
    asked = Q(key__in=every) | Q(page__in=every) | Q(headline__in=every)
    seen = {mark for row in models.Entry.objects.filter(asked).values_list("key", "page", "headline") for mark in row}
    seen |= set(_of_the_library().filter(content_hash__in=every).order_by().values_list("content_hash", flat=True))
    found = set()
    for name, own in marks.items():
        if seen.isdisjoint(own):
            found.add(name)
        seen |= own
    return found


def _marks(entry: Entry, document: Document) -> set[str]:
    """Digests by which it would be known."""
    marks = {key_of(entry), page_of(entry.address), headline_of(document.title), _hash(document.html)}
    return marks - {""}


def take(feed: models.Feed, entry: Entry, document: Document, *, unlike: bool = False) -> Taken:
    """Makes an article of the entry, or adds the source to the one that there is, or revises the one that it made.

    With `unlike` it is known to be like nothing that is there.
    """
    try:
        with transaction.atomic():
            return _taken(feed, entry, document, unlike)
    except IntegrityError:  # another worker took it at this very moment
        return "kept"


def _taken(feed: models.Feed, entry: Entry, document: Document, unlike: bool) -> Taken:
    rows = models.Entry.objects.select_for_update().filter(feed=feed, key=key_of(entry))
    if not unlike and (row := rows.first()):
        return _changed(feed, row, entry, document)
    row = models.Entry(
        feed=feed,
        key=key_of(entry),
        digest=digest_of(entry),
        page=page_of(entry.address),
        headline=headline_of(document.title),
    )
    known, row.article = (False, None) if unlike else _known(row, entry, document)
    if not known:
        row.article = _added(feed, entry, document)
    elif row.article:
        row.article.sources.add(feed.source)
    row.save()
    if not known and _is_wanted_whole(feed, entry):
        whole.enqueue(row.pk)
    return "joined" if known else "added"


def pass_over(feed: models.Feed, entry: Entry) -> None:
    """Remembers one that can't be read in reasonable time, so that it is not tried for ever."""
    models.Entry.objects.get_or_create(feed=feed, key=key_of(entry), defaults={"digest": digest_of(entry)})


def _added(feed: models.Feed, entry: Entry, document: Document) -> Article:
    # Feeds label as they like: an entry is filed under the topics that curators have, and makes no new ones.
    topics = Topic.objects.filter(name__in=document.topics) if document.topics else ()
    return add_article(
        title=document.title,
        html=document.html,
        sources=[feed.source],
        topics=topics,
        state=Article.State.PUBLISHED if feed.publish else Article.State.DRAFT,
        byline=document.byline,
        language=document.language or feed.source.language,
        published=_moment(document),
        address=entry.address,
    )


def _moment(document: Document) -> dt.datetime | None:
    """When it was published, which is not tomorrow."""
    published = document.published
    if not isinstance(published, dt.datetime):
        return None
    return min(published, timezone.now())


def _known(row: models.Entry, entry: Entry, document: Document) -> tuple[bool, Article | None]:
    """Whether another feed brought the same, and the article, None where curators have deleted it since."""
    same = Q(page=row.page) & ~Q(feed=row.feed)
    # A feed that gives an entry another id each time it is edited; one in which all lead to one page is not meant.
    same |= Q(feed=row.feed, page=row.page, headline=row.headline) if row.headline else Q(pk=None)
    same = same if row.page else Q(pk=None)
    # An id that is an address, or made to be like no other, is the same wherever it stands.
    if entry.id.startswith(("http://", "https://", "tag:", "urn:")):
        same |= Q(key=row.key) & ~Q(feed=row.feed)
    if found := models.Entry.objects.filter(same).select_related("article").order_by("pk").first():
        return True, _standing(found.article)
    article = _of_the_library().filter(content_hash=_hash(document.html), title=document.title).first()
    if article is None and row.headline:
        alike = models.Entry.objects.filter(headline=row.headline, seen__gte=timezone.now() - SAME_STORY)
        alike = alike.exclude(feed=row.feed).exclude(article=None).select_related("article")
        articles = [one.article for one in alike.order_by("-pk")[:_CANDIDATES] if one.article]
        article = next((one for one in articles if versions(one.text, text_of(document.html))), None)
    return article is not None, _standing(article)


def _standing(article: Article | None) -> Article | None:
    """The article itself, or the one that it was merged into."""
    for _ in range(5):
        if article is None or article.merged_into is None:
            break
        article = article.merged_into
    return article


def _of_the_library() -> ArticleQuerySet:
    return Article.objects.filter(owner=None, merged_into=None)


def _hash(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()


def _changed(feed: models.Feed, row: models.Entry, entry: Entry, document: Document) -> Taken:
    """The entry says something else now."""
    if row.digest == digest_of(entry):
        return "kept"
    row.digest, row.page = digest_of(entry), page_of(entry.address)
    row.save(update_fields=["digest", "page", "seen"])
    article = row.article
    if article is None or not _is_its_own(article, feed):
        return "kept"
    if _is_wanted_whole(feed, entry):
        whole.enqueue(row.pk)
        return "kept"
    revised = revise_article(
        article,
        html=document.html,
        reason="Its feed has another text.",
        title=document.title,
        byline=document.byline or article.byline,
    )
    return "revised" if revised.revision else "kept"


def _is_its_own(article: Article, feed: models.Feed) -> bool:
    """Whether the feed made the article and nobody has written on it since."""
    first = models.Entry.objects.filter(article=article).order_by("pk").first()
    if first is None or first.feed_id != feed.pk or article.merged_into_id:
        return False
    return not article.revisions.exclude(editor=None).exists()


# The whole text, where the feed has only a summary


def _is_wanted_whole(feed: models.Feed, entry: Entry) -> bool:
    return feed.full_text and entry.summary_only and bool(entry.address)


@task()
def whole(pk: int, tries: int = 0) -> None:
    """Fetches the page of an entry whose feed has only a summary; what can't be fetched stays a summary."""
    row = models.Entry.objects.filter(pk=pk).select_related("article", "feed").first()
    if row is None or row.article is None or not _is_its_own(row.article, row.feed):
        return
    try:
        answer = Web(settings.FETCH_ALLOW).fetch(row.article.address)
        told = (answer.body, answer.media_type, answer.charset, answer.url)
        page: Page = confined("newsreader.intake.pages:read_page", *told)
    except (Failed, Refused) as error:
        if isinstance(error, Failed) and error.again and tries + 1 < TRIES:
            wait = later.wait(tries + 1, asked=error.after)
            whole.using(run_after=later.moment(wait)).enqueue(pk, tries + 1)
        return
    _give_whole(row, page.document)


@transaction.atomic
def _give_whole(row: models.Entry, document: Document) -> None:
    article = Article.objects.select_for_update().get(pk=row.article_id)
    # A page that has less than the summary is a notice about cookies, or the like.
    if not _is_its_own(article, row.feed) or len(text_of(document.html)) < len(article.text):
        return
    stated = {name: value for name in ("byline", "standfirst") if (value := getattr(document, name))}
    if not article.published and isinstance(document.published, dt.datetime):
        stated["published"] = min(document.published, timezone.now())
    revise_article(article, html=document.html, reason="The whole text was fetched.", **stated)
