"""What writes articles and a reader's state of them. A change of text goes through annotations.services."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from newsreader.accounts.models import User
from newsreader.articles.models import Article, Reading, Revision, Source, Topic
from newsreader.core.text import layout, minutes, words

M = TypeVar("M", Source, Topic)


@transaction.atomic
def add_article(
    *,
    title: str,
    html: str,
    sources: Iterable[Source] = (),
    topics: Iterable[Topic] = (),
    owner: User | None = None,
    editor: User | None = None,
    **fields: Any,
) -> Article:
    """A new article with its first revision. `html` is canonical; `fields` are Article's own."""
    article = Article(
        title=title, owner=owner, slug=_free_slug(Article, title, max_length=100, private=owner is not None), **fields
    )  # fmt: skip
    put_text(article, html)
    article.dated = article.published or timezone.now()
    article.save()
    article.sources.set(sources)
    article.topics.set(topics)
    add_revision(article, editor=editor)
    return article


def put_text(article: Article, html: str) -> None:
    """Sets the article's HTML and all that follows from it, in memory."""
    article.html = html
    article.text = layout(html).text
    article.length = len(article.text)
    article.words = words(article.text, article.language)
    article.minutes = minutes(article.text, article.language)
    article.content_hash = hashlib.sha256(html.encode()).hexdigest()


def add_revision(article: Article, *, editor: User | None = None, reason: str = "") -> Revision:
    """Keeps the article's present text as its newest revision."""
    last = article.revisions.order_by("-number").first()
    return article.revisions.create(
        number=last.number + 1 if last else 1,
        title=article.title,
        html=article.html,
        editor=editor,
        reason=reason,
    )


def source_named(name: str) -> Source:
    """The source of that name, made where it is new."""
    return _named(Source, name)


def topic_named(name: str) -> Topic:
    """The topic of that name, made where it is new."""
    return _named(Topic, name)


def state_of(article: Article, *, reader: User) -> Reading:
    """A reader's state of an article; an unsaved one, inbox and unread, where there is none."""
    found = Reading.objects.filter(reader=reader, article=article).first()
    return found or Reading(reader=reader, article=article)


def note_state(article: Article, *, reader: User, **state: Any) -> Reading:
    """Sets a reader's `place`, `unread`, `favourite` or `position` of an article, leaving the others."""
    defaults: Mapping[str, Any] = {**state, "changed": timezone.now()}
    reading, _ = Reading.objects.update_or_create(reader=reader, article=article, defaults=defaults)
    return reading


@transaction.atomic
def note_position(article: Article, *, reader: User, position: int) -> Reading:
    """Remembers the furthest point reached, in code points; whoever has begun has it no longer as unread.

    Writes nothing else: a page that stands open must not undo what another window sets.
    """
    # Locked: an edit that carries the position meanwhile, or another window that is further, is not undone.
    rows = Reading.objects.select_for_update(no_key=True)
    reading, _ = rows.get_or_create(reader=reader, article=article)
    reading.position = min(max(reading.position, position), article.length)
    reading.unread = False
    reading.save(update_fields=["position", "unread", "changed"])
    return reading


def _named(model: type[M], name: str) -> M:
    name = " ".join(name.split())
    found = model.objects.filter(name=name).first()
    return found or model.objects.create(name=name, slug=_free_slug(model, name, max_length=70))


def _free_slug(model: type[Any], name: str, *, max_length: int, private: bool = False) -> str:
    """A slug that no row of `model` has; a private article's can't be guessed from its title."""
    base = slugify(name, allow_unicode=True)[:max_length].strip("-_") or model.__name__.lower()
    if private:
        return f"{base}-{secrets.token_hex(6)}"
    taken = set(model.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
