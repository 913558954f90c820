"""The journal in the admin: read, searched, exported, and a deed taken back by a button. Nobody writes in it there."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet, TextField
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from newsreader.annotations.exports.table import defused
from newsreader.desk import journal
from newsreader.desk.base import Desk, whose
from newsreader.desk.journal_filters import ByActor, ByKind, named, seen_by
from newsreader.desk.models import Entry
from newsreader.http import safe_next

SHOWN = ("at", "who", "deed", "of_kind", "about", "number", "told", "taken_back")
LISTED = ("at", "who", "deed", "leads_to", "told", "taken_back")
EXPORTED = ("at", "actor_name", "deed", "kind", "about", "number", "rows", "told")
CARRIED = {"annotations.highlight"}  # nobody changes one at the desk: it goes where its article goes, and back with it
MOST_ROWS = 100  # of one entry, that its page leads to


@admin.register(Entry)
class Journal(Desk[Entry]):
    actions = None
    list_display = LISTED
    list_filter = ("deed", ByActor, ByKind, "at")
    fields = SHOWN
    readonly_fields = SHOWN
    date_hierarchy = "at"
    search_fields = ("about", "told", "actor_name")
    ordering = ("-at", "-id")
    change_list_template = "admin/desk/entry/change_list.html"
    change_form_template = "admin/desk/entry/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return seen_by(whose(request)).order_by(*self.ordering).select_related("undone")

    @admin.display(description=gettext_lazy("who"), ordering="actor_name")
    def who(self, entry: Entry) -> str:
        return entry.actor_name or _("the command line")

    @admin.display(description=gettext_lazy("of what kind"), ordering="kind")
    def of_kind(self, entry: Entry) -> str:
        return named(entry.kind)

    @admin.display(description=gettext_lazy("about"), ordering="about")
    def leads_to(self, entry: Entry) -> str:
        """Of one thing that is still there, its page."""
        address = getattr(entry, "leads_to", "")
        return format_html('<a href="{}">{}</a>', address, entry.about) if address else entry.about

    @admin.display(description=gettext_lazy("taken back"))
    def taken_back(self, entry: Entry) -> str:
        if hasattr(entry, "undone"):
            return _("by {name}").format(name=entry.undone.actor_name)
        return _("can be") if entry.ways else ""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        guard = self.admin_site.admin_view
        ours = [
            path("export/", guard(self.export), name="desk_entry_export"),
            path("export.json", guard(self.export_json), name="desk_entry_export_json"),
            path("<int:pk>/undo/", guard(self.undo), name="desk_entry_undo"),
        ]
        return [*ours, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Journal"), **(extra_context or {})})

    # What an entry was about

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Entries know their row's page: asked once for each kind, however many entries there are."""
        found = super().get_changelist_instance(request)
        entries = [entry for entry in found.result_list if len(entry.rows) == 1]
        for kind in {entry.kind for entry in entries}:
            keys = {entry.rows[0] for entry in entries if entry.kind == kind}
            pages = dict(self._pages(request, kind, keys))
            for entry in entries:
                if entry.kind == kind and entry.rows[0] in pages:
                    entry.leads_to = pages[entry.rows[0]][0]
        return found

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if entry := kwargs.get("obj"):
            pages = self._pages(request, entry.kind, entry.rows[:MOST_ROWS])
            context["leads_to"] = [page for _key, page in pages]
            context["more_rows"] = max(0, len(entry.rows) - MOST_ROWS)
            context["may_undo"] = journal.can_be_undone(entry) and self._may_change(request, entry)
        return super().render_change_form(request, context, *args, **kwargs)

    def _pages(self, request: HttpRequest, kind: str, keys: Iterable[int]) -> Iterator[tuple[int, tuple[str, str]]]:
        """(key, (address, words)) of the rows that are still there and that whoever asks may see."""
        pages = next((one for one in self.admin_site._registry.values() if one.opts.label_lower == kind), None)
        if pages is None or not pages.has_view_permission(request):
            return
        change = f"admin:{pages.opts.app_label}_{pages.opts.model_name}_change"
        long = [field.name for field in pages.model._meta.fields if isinstance(field, TextField)]
        for row in pages.get_queryset(request).filter(pk__in=list(keys)).defer(*long):
            yield row.pk, (reverse(change, args=[row.pk]), str(row))

    # The way back

    @method_decorator(require_POST)
    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Takes the deed back, for whoever may change what it was done to."""
        entry = self.get_object(request, str(pk))
        if not self.has_view_permission(request, entry) or not self._may_change(request, entry):
            raise Http404
        try:
            done = journal.undo(entry, by=whose(request))
        except journal.NoWayBack as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:desk_entry_change", entry.pk)
        told = ngettext("Taken back: {n} is as before.", "Taken back: {n} are as before.", done.back)
        left = ngettext("{n} was changed since and stays.", "{n} were changed since and stay.", done.left)
        said = told.format(n=done.back) + (f" {left.format(n=done.left)}" if done.left else "")
        self.message_user(request, said, messages.SUCCESS if done.back else messages.WARNING)
        return redirect(safe_next(request, reverse(_list_of(entry))))

    def _may_change(self, request: HttpRequest, entry: Entry) -> bool:
        """By permission, and, where a page knows its rows one from another, for each of them.

        What has no rights of its own comes and goes with what has, and so does what is readers'.
        """
        pages = {page.opts.label_lower: page for page in self.admin_site._registry.values()}
        for way in entry.ways:
            if way["model"] in CARRIED:
                continue
            of = apps.get_model(way["model"])._meta
            needed = f"{of.app_label}.change_{of.model_name}"
            if "change" in of.default_permissions and not whose(request).has_perm(needed):
                return False
            page = pages.get(way["model"])
            if isinstance(page, Desk) and not page.may_take_back(request, way["rows"]):
                return False
        return True

    # Out of here

    @method_decorator(require_safe)
    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """What the list shows, on all of its pages, as CSV, line by line."""
        return self._sent(request, _lines, "text/csv; charset=utf-8", "journal.csv")

    @method_decorator(require_safe)
    def export_json(self, request: HttpRequest) -> StreamingHttpResponse:
        """The same as JSON, without an apostrophe in front of anything."""
        return self._sent(request, _objects, "application/json", "journal.json")

    def _sent(self, request: HttpRequest, write: Any, content_type: str, name: str) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        try:
            entries = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise Http404 from None
        answer = StreamingHttpResponse(write(entries), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _rows(entries: QuerySet[Entry]) -> Iterator[tuple[Any, ...]]:
    yield from entries.select_related(None).values_list(*EXPORTED).iterator(chunk_size=500)


def _lines(entries: QuerySet[Entry]) -> Iterator[str]:
    write = csv.writer(_Echo()).writerow
    yield write(EXPORTED)
    for row in _rows(entries):
        yield write([_plain(value) for value in row])


def _objects(entries: QuerySet[Entry]) -> Iterator[str]:
    before = "[\n"
    for row in _rows(entries):
        told = dict(zip(EXPORTED, (_iso(value) for value in row), strict=True))
        yield before + json.dumps(told, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _iso(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if hasattr(value, "isoformat") else value


def _plain(value: Any) -> Any:
    told = _iso(value)
    return defused(told) if isinstance(told, str) else told


def _list_of(entry: Entry) -> str:
    """The list that shows what it was done to."""
    app, _dot, model = entry.kind.partition(".")
    return f"admin:{app}_{model}_changelist" if model else "admin:desk_entry_changelist"
