"""Near-duplicates in the library: found, linked as versions of one story, merged, or said to be different."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from newsreader.accounts.models import User
from newsreader.annotations.carrying import Forecast
from newsreader.annotations.merging import move_highlights
from newsreader.articles.models import Article, CollectionItem, Story
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.core.duplicates import SPREAD, pairs, sketch, spread
from newsreader.desk import journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry, Sketch, Twins

BATCH = 500


class Settled(ValueError):
    """Somebody has decided on this pair already, or one of the two is gone."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """How many articles were looked at anew, and how many pairs that finds."""

    articles: int
    found: int


def scan(chosen: ArticleQuerySet | None = None) -> Scanned:
    """Looks for duplicates of what is new or changed since the last scan, or of `chosen`, in the whole library.

    Drafts take part: that is when it helps most. May be stopped at any time: what was sketched is kept.
    """
    fresh = set(_sketch_anew())
    if chosen is not None:
        fresh = set(chosen.values_list("pk", flat=True))
    sketches = {pk: bytes(numbers) for pk, numbers in _sketches().values_list("pk", "numbers") if numbers}
    found = 0
    for batch in _batches(sorted((min(one, other), max(one, other)) for one, other, _ in pairs(sketches, new=fresh))):
        known = set(Twins.objects.filter(first__in=[one for one, _ in batch]).values_list("first", "second"))
        found += _look_closer([pair for pair in batch if pair not in known])
    return Scanned(len(fresh), found)


def _sketch_anew() -> Iterator[int]:
    """Sketches what has no sketch of its present text; the keys."""
    stale = _library().filter(Q(sketch=None) | ~Q(sketch__content_hash=F("content_hash")))
    keys = list(stale.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        rows = Article.objects.filter(pk__in=keys[start : start + BATCH]).values_list("pk", "content_hash", "text")
        Sketch.objects.bulk_create(
            [Sketch(article_id=pk, content_hash=content, numbers=sketch(text)) for pk, content, text in rows],
            update_conflicts=True,
            unique_fields=["article"],
            update_fields=["content_hash", "numbers"],
        )
        yield from keys[start : start + BATCH]


def _look_closer(near: list[tuple[int, int]]) -> int:
    """Keeps those pairs whose texts really are versions of one another; how many."""
    keys = {key for pair in near for key in pair}
    rows = _library().filter(pk__in=keys).values_list("pk", "text", "story")
    texts, stories = {}, {}
    for pk, text, story in rows:
        texts[pk], stories[pk] = text, story
    kept = [
        Twins(first_id=one, second_id=other, spread=shared)
        for one, other in near
        if one in texts and other in texts and not (stories[one] and stories[one] == stories[other])
        if (shared := spread(texts[one], texts[other])) >= SPREAD
    ]
    Twins.objects.bulk_create(kept, ignore_conflicts=True)
    return len(kept)


@transaction.atomic
def link(twins: Twins, *, by: User) -> Entry:
    """Makes the two versions of one story, together with what either is a version of. Raises Settled."""
    _settle(twins, Twins.Settled.LINKED)
    story = twins.first.story or twins.second.story or Story.objects.create()
    of_either = Q(pk__in=(twins.first_id, twins.second_id))
    for other in {twins.first.story_id, twins.second.story_id} - {None}:
        of_either |= Q(story=other)
    before: dict[int | None, list[int]] = {}
    for pk, former in Article.objects.filter(of_either).exclude(story=story).values_list("pk", "story"):
        before.setdefault(former, []).append(pk)
    Article.objects.filter(of_either).update(story=story)
    ways = [Way("articles.article", "story", former, story.pk, keys) for former, keys in before.items()]
    return journal.record(
        Deed.LINKED,
        by=by,
        about=f"{twins.first} / {twins.second}",
        rows=[twins.first, twins.second],
        ways=[*ways, _reopened(twins, Twins.Settled.LINKED)],
    )


@transaction.atomic
def merge(article: Article, into: Article, *, by: User, twins: Twins | None = None) -> tuple[Forecast, Entry]:
    """Moves what belongs to `article` over to the other one, and withdraws it; its address leads there.

    Sources, topics and places in collections are united; highlights are carried. Raises Settled.
    """
    if twins:
        _settle(twins, Twins.Settled.MERGED)
    if article.pk == into.pk or article.merged_into_id or into.merged_into_id or into.owner_id or article.owner_id:
        raise Settled
    did, moved = move_highlights(article, into)
    ways = [*_labelled(article, into, "sources"), *_labelled(article, into, "topics"), *_collected(article, into)]
    before = {"state": article.state, "merged_into_id": article.merged_into_id}
    after = {"state": "withdrawn", "merged_into_id": into.pk}
    Article.objects.filter(pk=article.pk).update(**after, changed=timezone.now())
    key = str(article.pk)
    ways += [
        Way("articles.article", "*", {key: before}, {key: after}, [article.pk]),
        Way(
            "annotations.highlight",
            "*",
            {str(pk): was for pk, (was, _) in moved.items()},
            {str(pk): now for pk, (_, now) in moved.items()},
            list(moved),
        ),
    ]
    if led := list(Article.objects.filter(merged_into=article).values_list("pk", flat=True)):
        Article.objects.filter(pk__in=led).update(merged_into=into)
        ways.append(Way("articles.article", "merged_into_id", article.pk, into.pk, led))
    if twins:
        ways.append(_reopened(twins, Twins.Settled.MERGED))
    about = f"{article} → {into}"
    return did, journal.record(Deed.MERGED, by=by, about=about, rows=[article, into], ways=ways)


@transaction.atomic
def keep_apart(twins: Twins, *, by: User) -> Entry:
    """Says that the two are different articles: they are not brought up again. Raises Settled."""
    _settle(twins, Twins.Settled.DIFFERENT)
    about = f"{twins.first} / {twins.second}"
    way = _reopened(twins, Twins.Settled.DIFFERENT)
    return journal.record(Deed.KEPT_APART, by=by, about=about, rows=[twins.first, twins.second], ways=[way])


def _settle(twins: Twins, settled: str) -> None:
    """Decides on an open pair; of two curators at the same time, one."""
    if not Twins.objects.filter(pk=twins.pk, settled=Twins.Settled.OPEN).update(settled=settled):
        raise Settled


def _reopened(twins: Twins, settled: str) -> Way:
    return Way("desk.twins", "settled", str(Twins.Settled.OPEN), str(settled), [twins.pk])


def _labelled(article: Article, into: Article, field: str) -> Iterator[Way]:
    """Puts the labels of the one on the other."""
    there = set(getattr(into, field).values_list("pk", flat=True))
    for label in getattr(article, field).exclude(pk__in=there):
        getattr(into, field).add(label)
        yield Way("articles.article", field, False, True, [into.pk], label.pk)


def _collected(article: Article, into: Article) -> Iterator[Way]:
    """Puts the other one where the one stands in collections."""
    kept = set(into.collections.values_list("pk", flat=True))
    for item in CollectionItem.objects.filter(article=article).exclude(collection__in=kept):
        there = {"collection_id": item.collection_id, "position": item.position, "note": item.note}
        CollectionItem.objects.create(article=into, **there)
        yield Way("articles.collection", "articles", False, True, [item.collection_id], into.pk)


def _library() -> ArticleQuerySet:
    return Article.objects.filter(owner=None, merged_into=None).exclude(state="withdrawn")


def _sketches() -> ArticleQuerySet:
    return Sketch.objects.filter(article__in=_library().values("pk"))  # type: ignore[return-value]


def _batches(near: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    for start in range(0, len(near), BATCH):
        yield near[start : start + BATCH]
