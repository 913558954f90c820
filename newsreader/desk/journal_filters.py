"""Filters of the journal, and which of it somebody sees."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsreader.accounts.models import User
from newsreader.desk.models import Entry

OF_PEOPLE = ("accounts.user", "accounts.invitation", "annotations.highlight", "auth.group")


def seen_by(user: User) -> QuerySet[Entry]:
    """All of it, or, for who has nothing to do with accounts, what isn't about people."""
    if user.has_perm("accounts.view_user"):
        return Entry.objects.all()
    return Entry.objects.exclude(kind__in=OF_PEOPLE)


class ByActor(admin.SimpleListFilter):
    """By name, so that whoever has left can be chosen too."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in _distinct("actor_name", model_admin.get_queryset(request)) if name]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(actor_name=self.value()) if self.value() else queryset


class ByKind(admin.SimpleListFilter):
    """Of what was changed, as far as it stands in the journal."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, named(kind)) for kind in _distinct("kind", model_admin.get_queryset(request)) if kind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


def named(kind: str) -> str:
    """“articles.article” in words; what the project no longer has, as it was written."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name_plural)
    except (LookupError, ValueError):
        return kind


def _distinct(column: str, entries: QuerySet[Entry]) -> list[str]:
    found = entries.select_related(None).order_by(column).values_list(column, flat=True).distinct()
    return list(found[:100])
