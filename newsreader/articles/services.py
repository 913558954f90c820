"""What writes articles and a reader's state of them. A change of text goes through annotations.services."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.text import slugify

from newsreader.accounts.models import User
from newsreader.articles.models import Article, Reading, Revision, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.core.text import layout, minutes, words

M = TypeVar("M", Source, Topic)
MOST_AT_ONCE = 200


class Former(NamedTuple):
    """How articles stood for their reader before several were changed at once. Plain values: it travels in a form."""

    articles: list[int]
    new: list[int]  # those of which there was no row
    states: list[tuple[str, Any, list[int]]]  # a field, a value that it had, the articles that had it


@transaction.atomic
def add_article(
    *,
    title: str,
    html: str,
    sources: Iterable[Source] = (),
    topics: Iterable[Topic] = (),
    owner: User | None = None,
    editor: User | None = None,
    slug: str = "",
    **fields: Any,
) -> Article:
    """A new article with its first revision, or without one while `html`, which is canonical, is empty.

    `fields` are Article's own.

    `slug` is one that no other article has; without it one is made of the title.
    """
    slug = slug or free_slug(Article, title, max_length=100, private=owner is not None)
    article = Article(title=title, owner=owner, slug=slug, **fields)
    put_text(article, html)
    article.dated = article.published or timezone.now()
    if article.state == Article.State.PUBLISHED:
        article.released = 1
    article.save()
    article.sources.set(sources)
    article.topics.set(topics)
    if html:
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


def release(articles: ArticleQuerySet) -> None:
    """Notes of those that readers can open for the first time now, with which revision: earlier ones were drafts."""
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number").values("number")[:1]
    new = articles.filter(state=Article.State.PUBLISHED, released=None)
    new.update(released=Subquery(newest))


def source_named(name: str, *, private: bool = False) -> Source:
    """The source of that name, or that had it formerly; made where it is new.

    `private` where a reader's own copy names it: one that is new is then nobody else's to see. Named without, as for
    an article of the library, it is everybody's from then on.
    """
    if private:
        return _named(Source, name, private=True)
    source = _named(Source, name)
    if source.private:
        source.private = False
        source.save(update_fields=["private"])
    return source


def topic_named(name: str) -> Topic:
    """The topic of that name, or that had it formerly; made where it is new."""
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
def note_states(articles: Iterable[int], *, reader: User, **state: Any) -> Former:
    """Sets `place`, `unread` or `favourite` of those of these articles that `reader` sees; gives the way back.

    A fixed number of statements; of more than MOST_AT_ONCE articles the rest is left as it is.
    """
    asked = list(articles)[:MOST_AT_ONCE]
    seen = list(Article.objects.visible_to(reader).filter(pk__in=asked).order_by().values_list("pk", flat=True))
    mine = Reading.objects.filter(reader=reader, article__in=seen)
    known = {row.article_id: row for row in mine.select_for_update(no_key=True)}
    new = [pk for pk in seen if pk not in known]
    Reading.objects.bulk_create((Reading(reader=reader, article_id=pk) for pk in new), ignore_conflicts=True)
    before: dict[tuple[str, Any], list[int]] = {}
    for pk in seen:
        row = known.get(pk) or Reading()
        for name in state:
            before.setdefault((name, getattr(row, name)), []).append(pk)
    mine.update(**state, changed=timezone.now())
    return Former(articles=seen, new=new, states=[(name, value, pks) for (name, value), pks in before.items()])


@transaction.atomic
def remove(articles: Iterable[int], *, reader: User) -> Former:
    """Takes the reader's own copies among these off their shelf; passages and notes stay. Gives the way back."""
    asked = list(articles)[:MOST_AT_ONCE]
    own = Article.objects.visible_to(reader).filter(owner=reader, pk__in=asked).order_by()
    before: dict[str, list[int]] = {}
    for pk, state in own.values_list("pk", "state"):
        before.setdefault(state, []).append(pk)
    gone = [pk for pks in before.values() for pk in pks]
    Article.objects.filter(pk__in=gone).update(state=Article.State.WITHDRAWN, changed=timezone.now())
    return Former(articles=gone, new=[], states=[("state", state, pks) for state, pks in before.items()])


@transaction.atomic
def restore_states(former: Former, *, reader: User) -> None:
    """Puts back what `note_states` or `remove` changed, and nothing else that happened to the same articles since."""
    for name, value, pks in former.states:
        if name == "state":
            Article.objects.filter(owner=reader, pk__in=pks).update(state=value, changed=timezone.now())
            continue
        rows = Reading.objects.filter(reader=reader, article__in=pks)
        rows.update(**{name: value}, changed=timezone.now())
    # Where there was no row, there is none again, unless it says something by now.
    plain = Reading.objects.filter(reader=reader, article__in=former.new, last_read=None)
    plain.filter(place=Reading.Place.INBOX, unread=True, favourite=False, position=0).delete()


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
    reading.last_read = timezone.now()
    reading.save(update_fields=["position", "unread", "last_read", "changed"])
    return reading


def _named(model: type[M], name: str, **new: Any) -> M:
    name = " ".join(name.split())
    # What curators have renamed or merged is not brought back by the next article that comes in.
    found = model.objects.filter(name=name).first() or model.objects.filter(former__name=name).order_by("pk").first()
    return found or model.objects.create(name=name, slug=free_slug(model, name, max_length=70), **new)


def free_slug(model: type[Any], name: str, *, max_length: int, private: bool = False) -> str:
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
