"""Highlights: that they exist, and whether edits left them their place. Their words, notes, tags are never loaded."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from newsreader.annotations.models import Highlight
from newsreader.desk.base import Desk

SHOWN = ("public_id", "article", "reader", "status", "score", "created", "updated", "deleted")


@admin.register(Highlight)
class Highlights(Desk[Highlight]):
    """Nobody adds, changes or deletes one here, the operator included."""

    actions = None
    list_display = SHOWN
    fields = SHOWN
    list_filter = ("status", ("deleted", admin.EmptyFieldListFilter))
    lookups = ("article",)  # an article's page links to its own
    date_hierarchy = "created"
    search_fields = ("article__title", "reader__username")
    ordering = ("-created", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Highlight]:
        """On the library's articles, and only the columns that are shown."""
        return (
            super()
            .get_queryset(request)
            .filter(article__owner=None)
            .select_related("article", "reader")
            .only(*SHOWN, "article__title", "article__slug", "reader__username")
        )

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
