"""How articles are asked for, in words: `Article.objects.visible_to(user).unread_by(user).newest()`."""

from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from newsreader.accounts.someone import Someone


class ArticleQuerySet(models.QuerySet[Any]):
    """Every view starts from `visible_to`: what is foreign is as missing as what doesn't exist."""

    def visible_to(self, user: Someone) -> Self:
        """Published articles, and this reader's own copies."""
        if user.is_authenticated:
            return self.filter(Q(state="published", owner=None) | Q(owner=user))
        return self.in_the_library() if settings.OPEN_READING else self.none()

    def openable_by(self, user: Someone) -> Self:
        """What `user` may open as a page: a curator also previews drafts and what was withdrawn."""
        if user.is_authenticated and user.is_staff and user.has_perm("articles.change_article"):
            return self.filter(Q(owner=None) | Q(owner=user))
        return self.visible_to(user)

    def in_the_library(self) -> Self:
        """Published, for everybody who may read here."""
        return self.filter(state="published", owner=None)

    def placed(self, place: str, user: Someone) -> Self:
        """In this reader's inbox, later or archive; a visitor has everything in the inbox."""
        if not user.is_authenticated:
            return self if place == "inbox" else self.none()
        mine = self._readings(user)
        if place == "inbox":
            return self.exclude(Exists(mine.exclude(place="inbox")))
        return self.filter(Exists(mine.filter(place=place)))

    def unread_by(self, user: Someone) -> Self:
        if not user.is_authenticated:
            return self
        return self.exclude(Exists(self._readings(user).filter(unread=False)))

    def favourites_of(self, user: Someone) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(Exists(self._readings(user).filter(favourite=True)))

    def from_source(self, slug: str) -> Self:
        return self.filter(Exists(_objects("Article_sources").filter(article=OuterRef("pk"), source__slug=slug)))

    def about(self, slug: str) -> Self:
        return self.filter(Exists(_objects("Article_topics").filter(article=OuterRef("pk"), topic__slug=slug)))

    def in_collection(self, slug: str) -> Self:
        return self.filter(Exists(_objects("CollectionItem").filter(article=OuterRef("pk"), collection__slug=slug)))

    def newest(self) -> Self:
        return self.order_by("-dated", "-id")

    def oldest(self) -> Self:
        return self.order_by("dated", "id")

    def shortest(self) -> Self:
        return self.order_by("words", "-id")

    def listed(self) -> Self:
        """With what a row in a list shows, without the texts."""
        return self.defer("html", "text").prefetch_related("sources")

    def _readings(self, user: Someone) -> models.QuerySet[Any]:
        return _objects("Reading").filter(article=OuterRef("pk"), reader=user)


class LabelQuerySet(models.QuerySet[Any]):
    """Sources and topics: what articles are filed under."""

    def in_use(self) -> Self:
        """On at least one published article. Asked label by label, so that a large library costs no more."""
        labels = self.model._meta.get_field("articles").field.remote_field.through._default_manager
        name = self.model._meta.model_name
        on_it = labels.filter(article__state="published", article__owner=None)
        return self.filter(Exists(on_it.filter(**{name: OuterRef("pk")})))


def _objects(model: str) -> models.Manager[Any]:
    """A neighbouring model's rows, by name: the models import this module."""
    rows: models.Manager[Any] = apps.get_model("articles", model)._default_manager
    return rows
