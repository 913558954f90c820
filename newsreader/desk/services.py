"""What curators do to many articles at once. Each answers the articles that it changed."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from newsreader.articles.models import Article, Topic
from newsreader.articles.querysets import ArticleQuerySet

BATCH = 500  # databases limit how many values one statement may have


@transaction.atomic
def put_in_state(chosen: ArticleQuerySet, state: str) -> list[Article]:
    """Publishes, withdraws or takes back to draft those of `chosen` that are in another state."""
    changing = _titles(chosen.exclude(state=state))
    for batch in _batches(changing):
        _among(batch).update(state=state, changed=timezone.now())
    return changing


@transaction.atomic
def add_topic(chosen: ArticleQuerySet, topic: Topic) -> list[Article]:
    """Puts `topic` on those of `chosen` that don't have it."""
    labels = Article.topics.through._default_manager
    has_it = labels.filter(article=OuterRef("pk"), topic=topic)
    changing = _titles(chosen.exclude(Exists(has_it)))
    for batch in _batches(changing):
        labels.bulk_create(
            [Article.topics.through(article_id=article.pk, topic_id=topic.pk) for article in batch],
            ignore_conflicts=True,
        )
        # Whoever has one of them open in a form is told that it isn't as they saw it.
        _among(batch).update(changed=timezone.now())
    return changing


def _titles(chosen: ArticleQuerySet) -> list[Article]:
    return list(chosen.prefetch_related(None).order_by("pk").only("title"))


def _among(batch: list[Article]) -> ArticleQuerySet:
    return Article.objects.filter(pk__in=[article.pk for article in batch])


def _batches(articles: list[Article]) -> Iterator[list[Article]]:
    for start in range(0, len(articles), BATCH):
        yield articles[start : start + BATCH]
