"""What readers keep of searching: a query under a name, with a feed at a secret address."""

import hashlib
import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsreader.accounts.someone import Someone
from newsreader.core.query import MAX_LENGTH


def new_secret() -> str:
    """256 random bits, as they stand in an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What a feed is looked up by: how long that takes tells nothing about the secret itself."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SavedSearchQuerySet(models.QuerySet[Any]):
    """Every view starts from `of`: saved searches are private to their reader."""

    def of(self, user: Someone) -> Self:
        return self.filter(reader=user, deleted=None) if user.is_authenticated else self.none()

    def pinned(self) -> Self:
        return self.filter(pinned=True)


class SavedSearch(models.Model):
    """A reader's query under a name. A deleted one stays a while, for the undo; its feed is gone at once."""

    class Kind(models.TextChoices):
        ALL = "all", pgettext_lazy("kinds of result", "All")
        ARTICLES = "articles", _("Articles")
        PASSAGES = "passages", _("Passages")
        NOTES = "notes", _("Notes")

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=80)
    # As it was typed: “after:-2w” moves on with the days.
    query = models.CharField(max_length=MAX_LENGTH)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ALL)
    position = models.PositiveIntegerField(default=0)
    pinned = models.BooleanField(default=False)
    # The address is shown to its owner whenever they ask for it; it is found by its digest.
    secret = models.CharField(max_length=43, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    deleted = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("saved search"), _("saved searches")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint("reader", "name", condition=Q(deleted=None), name="saved_search_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_search_says_what"),
            models.CheckConstraint(
                condition=Q(kind__in=["all", "articles", "passages", "notes"]), name="saved_search_kind"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The search page with it."""
        return reverse("reading:search", query=self.asked)

    @property
    def asked(self) -> dict[str, str]:
        """The parameters of the search page."""
        return {"q": self.query} | ({} if self.kind == "all" else {"kind": self.kind})
