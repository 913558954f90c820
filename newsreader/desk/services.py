"""What curators do to many articles at once: each one transaction with an entry in the journal, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from newsreader.accounts.models import User
from newsreader.articles.models import Article, Collection, CollectionItem, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.articles.services import release
from newsreader.desk import journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry

BATCH = 500  # databases limit how many values one statement may have
DEEDS = {"published": Deed.PUBLISHED, "withdrawn": Deed.WITHDRAWN, "draft": Deed.DRAFTED}


@dataclass(frozen=True, slots=True)
class Done:
    """What was changed, how many were so already, and the entry that tells it; None where nothing was changed."""

    changed: list[Article]
    already: int
    entry: Entry | None


@transaction.atomic
def put_in_state(chosen: ArticleQuerySet, state: str, *, by: User | None) -> Done:
    """Publishes, withdraws or takes back to draft those of `chosen` that are in another state."""
    total, changing = chosen.count(), _listed(chosen.exclude(state=state))
    for batch in _batches(changing):
        _among(batch).update(state=state, changed=timezone.now())
        release(_among(batch))
    before: dict[str, list[int]] = {}
    for article in changing:
        before.setdefault(article.state, []).append(article.pk)
    ways = [Way("articles.article", "state", former, str(state), keys) for former, keys in before.items()]
    return _told(DEEDS[state], changing, total, ways, by=by)


@transaction.atomic
def label(chosen: ArticleQuerySet, mark: Topic | Source, *, on: bool, by: User | None) -> Done:
    """Puts a topic or a source on those of `chosen` that don't have it, or takes it off those that do."""
    field = "topics" if isinstance(mark, Topic) else "sources"
    through = Article._meta.get_field(field).remote_field.through  # type: ignore[union-attr]
    column = f"{mark._meta.model_name}_id"
    has_it = Exists(through._default_manager.filter(article=OuterRef("pk"), **{column: mark.pk}))
    total, changing = chosen.count(), _listed(chosen.exclude(has_it) if on else chosen.filter(has_it))
    for batch in _batches(changing):
        keys = [article.pk for article in batch]
        if on:
            rows = [through(article_id=key, **{column: mark.pk}) for key in keys]
            through._default_manager.bulk_create(rows, ignore_conflicts=True)
        else:
            through._default_manager.filter(article_id__in=keys, **{column: mark.pk}).delete()
        # Whoever has one of them open in a form is told that it isn't as they saw it.
        _among(batch).update(changed=timezone.now())
    way = Way("articles.article", field, not on, on, [article.pk for article in changing], mark.pk)
    told = f"{'+' if on else '−'} {mark}"
    return _told(Deed.FILED, changing, total, [way], by=by, told=told)


@transaction.atomic
def set_source(chosen: ArticleQuerySet, source: Source, *, by: User | None) -> Done:
    """Makes `source` the only one of those of `chosen` that have another, more, or none."""
    through: Any = Article.sources.through
    total, changing = 0, []
    added: list[int] = []
    removed: dict[int, list[int]] = {}
    for batch in _batches(_listed(chosen)):
        total += len(batch)
        had: dict[int, set[int]] = {article.pk: set() for article in batch}
        filed = through._default_manager.filter(article_id__in=list(had))
        for article_id, source_id in filed.values_list("article_id", "source_id"):
            had[article_id].add(source_id)
        others = [article for article in batch if had[article.pk] != {source.pk}]
        without = [article.pk for article in others if source.pk not in had[article.pk]]
        through._default_manager.filter(article_id__in=[one.pk for one in others]).exclude(source_id=source.pk).delete()
        through._default_manager.bulk_create([through(article_id=key, source_id=source.pk) for key in without])
        _among(others).update(changed=timezone.now())
        changing += others
        added += without
        for article in others:
            for other in had[article.pk] - {source.pk}:
                removed.setdefault(other, []).append(article.pk)
    ways = [Way("articles.article", "sources", True, False, keys, other) for other, keys in removed.items()]
    ways.append(Way("articles.article", "sources", False, True, added, source.pk))
    return _told(Deed.FILED, changing, total, ways, by=by, told=f"= {source}")


@transaction.atomic
def collect(chosen: ArticleQuerySet, collection: Collection, *, by: User | None) -> Done:
    """Puts those of `chosen` that are not in the collection at its end, in the order of the list."""
    there = CollectionItem.objects.filter(article=OuterRef("pk"), collection=collection)
    total = chosen.count()
    changing = list(chosen.prefetch_related(None).exclude(Exists(there)).only("title", "state"))
    last = collection.items.aggregate(last=Max("position"))["last"] or 0
    CollectionItem.objects.bulk_create(
        [
            CollectionItem(collection=collection, article=article, position=position)
            for position, article in enumerate(changing, last + 1)
        ],
        batch_size=BATCH,
    )
    way = Way("articles.article", "collections", False, True, [article.pk for article in changing], collection.pk)
    return _told(Deed.FILED, changing, total, [way], by=by, told=f"→ {collection}")


def _told(deed: Deed, changed: list[Article], total: int, ways: list[Way], *, by: User | None, told: str = "") -> Done:
    if not changed:
        return Done([], total, None)
    entry = journal.record(deed, by=by, about=named(changed), rows=changed, told=told, ways=ways)
    return Done(changed, total - len(changed), entry)


def named(articles: list[Article]) -> str:
    """The first titles of several."""
    titles = "; ".join(article.title for article in articles[:3])
    return titles if len(articles) <= 3 else f"{titles}; …"


def _listed(chosen: ArticleQuerySet) -> list[Article]:
    return list(chosen.prefetch_related(None).order_by("pk").only("title", "state"))


def _among(batch: list[Article]) -> ArticleQuerySet:
    return Article.objects.filter(pk__in=[article.pk for article in batch])


def _batches(articles: list[Article]) -> Iterator[list[Article]]:
    for start in range(0, len(articles), BATCH):
        yield articles[start : start + BATCH]
