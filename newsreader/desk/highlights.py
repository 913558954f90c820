"""Highlights: that they exist, and whether edits left them their place. Their words, notes, tags are never loaded.

Unless NEWSREADER_NOTES_AT_DESK is set: then the operator may open one, by a button. It is written into the journal
first, and readers are told on their pages that it can happen.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from newsreader.annotations.models import Highlight
from newsreader.desk import journal
from newsreader.desk.base import Desk, whose
from newsreader.desk.models import Deed

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
    change_form_template = "admin/annotations/highlight/change_form.html"

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

    # The note, where the instance's operator has said so

    def get_urls(self) -> list[Any]:
        note = self.admin_site.admin_view(self.note_view)
        return [path("<int:pk>/note/", note, name="annotations_highlight_note"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["may_open"] = self._may_open(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_open(self, request: HttpRequest) -> bool:
        return bool(settings.NOTES_AT_DESK) and whose(request).is_superuser and self.has_view_permission(request)

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Its words, note and tags, to read. The journal says so before they are loaded."""
        if not self._may_open(request):
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        highlight = self.get_object(request, str(pk))
        about = f"{highlight.reader.username}: {highlight.article.title}"
        journal.record(Deed.READ, by=whose(request), about=about, rows=[highlight])
        highlight.refresh_from_db(fields=["exact", "note"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("A reader’s note"),
            "opts": self.opts,
            "highlight": highlight,
            "tags": highlight.tags.filter(deleted=None),
        }
        return render(request, "desk/note.html", context)
