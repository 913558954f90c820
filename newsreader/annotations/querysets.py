"""How highlights and tags are asked for, in words: `Highlight.objects.of(reader).kept().tagged("to-check")`."""

from datetime import timedelta
from functools import lru_cache
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, F, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from newsreader.accounts.someone import Someone

BIN_DAYS = 30


class HighlightQuerySet(models.QuerySet[Any]):
    """Every view starts from `of`: highlights are private to their reader."""

    def of(self, user: Someone) -> Self:
        return self.filter(reader=user) if user.is_authenticated else self.none()

    def live(self) -> Self:
        return self.filter(deleted=None)

    def in_the_bin(self) -> Self:
        """Deleted within the last 30 days."""
        return self.filter(deleted__gte=timezone.now() - timedelta(days=BIN_DAYS))

    def past_the_bin(self) -> Self:
        return self.filter(deleted__lt=timezone.now() - timedelta(days=BIN_DAYS))

    def within_reach(self) -> Self:
        """Live, or in the bin. What is past the bin is as missing as what never was, whenever its row goes."""
        return self.exclude(deleted__lt=timezone.now() - timedelta(days=BIN_DAYS))

    def placed(self) -> Self:
        return self.filter(start__isnull=False)

    def lost(self) -> Self:
        return self.filter(status="lost")

    def changed(self) -> Self:
        """Those under which the story changed: not yet accepted, or lost."""
        return self.filter(status__in=["edited", "moved", "lost"])

    def tagged(self, name: str) -> Self:
        return self.filter(tags__name=name, tags__deleted=None, tags__reader=F("reader"))

    def with_tags(self) -> Self:
        """Their tags in one query, as `live_tags`."""
        live = apps.get_model("annotations", "Tag")._default_manager.filter(deleted=None)
        return self.prefetch_related(Prefetch("tags", queryset=live, to_attr="live_tags"))


class TagQuerySet(models.QuerySet[Any]):
    """Every view starts from `of`: tags are private to their reader."""

    def of(self, user: Someone) -> Self:
        return self.filter(reader=user, deleted=None) if user.is_authenticated else self.none()

    def counted(self) -> Self:
        """With `uses`, the number of live highlights that carry them.

        Counted as all of them without those in the bin: an index knows the first, and the second are few.
        """
        links = self.model.highlights.through._default_manager.filter(tag=OuterRef("pk"))
        bin = apps.get_model("annotations", "Highlight")._default_manager.filter(deleted__isnull=False)
        binned = links.filter(highlight__in=bin.filter(reader=OuterRef(OuterRef("reader"))))
        return self.annotate(uses=_number(links) - _number(binned))

    def latest_used(self) -> Self:
        """What was put on a highlight last comes first, what is on none last."""
        links = self.model.highlights.through._default_manager.filter(tag=OuterRef("pk")).order_by("-pk")
        return self.annotate(put_on=Coalesce(Subquery(links.values("pk")[:1]), 0)).order_by("-put_on", "name")

    def most_used(self) -> Self:
        return self.counted().order_by("-uses", "name")

    def most_used_by(self, user: Someone, most: int) -> list[Any]:
        """The first of a reader's. The statement is written once: that takes Django longer than its answer does."""
        return list(self.model._default_manager.raw(*_most_used(user.pk, most))) if user.is_authenticated else []


@lru_cache(maxsize=500)
def _most_used(reader: int, most: int) -> tuple[str, tuple[Any, ...]]:
    tags: TagQuerySet = apps.get_model("annotations", "Tag")._default_manager.get_queryset()  # type: ignore[assignment]
    return tags.filter(reader=reader, deleted=None).most_used()[:most].query.sql_with_params()


def _number(rows: models.QuerySet[Any]) -> Coalesce:
    """How many rows of a subquery there are."""
    counted = rows.order_by().values("tag").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
