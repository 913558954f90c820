"""Pairs of duplicates in the admin: a list, and the two texts side by side with what can be done about them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from newsreader.annotations.merging import forecast_merge
from newsreader.articles.models import Article
from newsreader.core.changes import blocks
from newsreader.desk import duplicates
from newsreader.desk.base import Desk, whose
from newsreader.desk.models import Entry, Twins
from newsreader.desk.preview import foretold


class BySettled(admin.SimpleListFilter):
    """Open ones, unless others are asked for."""

    title = gettext_lazy("settled")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, label in Twins.Settled.choices if value != "open"]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": Twins.Settled.OPEN.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(settled=self.value() or Twins.Settled.OPEN)


@admin.register(Twins)
class Duplicates(Desk[Twins]):
    actions = None
    list_display = ("titles", "sources", "shared", "found")
    list_filter = (BySettled,)
    search_fields = ("first__title", "second__title")
    ordering = ("-spread", "-id")
    change_list_template = "admin/desk/twins/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Twins]:
        rows = super().get_queryset(request).select_related("first", "second")
        texts = ("first__text", "first__html", "second__text", "second__html")
        return rows.defer(*texts).prefetch_related("first__sources", "second__sources")

    @admin.display(description=gettext_lazy("articles"))
    def titles(self, twins: Twins) -> str:
        same = twins.first.title.casefold() == twins.second.title.casefold()
        return twins.first.title if same else f"{twins.first.title} / {twins.second.title}"

    @admin.display(description=gettext_lazy("sources"))
    def sources(self, twins: Twins) -> str:
        named = [", ".join(str(one) for one in article.sources.all()) for article in (twins.first, twins.second)]
        return " / ".join(names or self.get_empty_value_display() for names in named)

    @admin.display(description=gettext_lazy("shared"), ordering="spread")
    def shared(self, twins: Twins) -> str:
        return f"{twins.percent} %"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        ours = [
            path("scan/", self.admin_site.admin_view(self.scan), name="desk_twins_scan"),
            path("<int:pk>/settle/", self.admin_site.admin_view(self.settle), name="desk_twins_settle"),
        ]
        return [*ours, *super().get_urls()]

    @method_decorator(require_POST)
    def scan(self, request: HttpRequest) -> HttpResponse:
        """Looks through what is new or changed since the last time."""
        if not self.has_change_permission(request):
            raise Http404
        said(self, request, duplicates.scan())
        return redirect("admin:desk_twins_changelist")

    @method_decorator(require_safe)
    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The two side by side. What is decided is sent to `settle`."""
        twins = self.get_object(request, object_id)
        if not self.has_view_permission(request, twins):
            raise Http404
        articles = Article.objects.in_bulk([twins.first_id, twins.second_id])
        first, second = articles[twins.first_id], articles[twins.second_id]
        is_open = twins.settled == Twins.Settled.OPEN and not (first.merged_into_id or second.merged_into_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Two versions, or two articles?"),
            "opts": self.opts,
            "twins": twins,
            "articles": (first, second),
            "changes": blocks(first.html, second.html),
            "merges": [
                (into, other, foretold(forecast_merge(other, into)))
                for into, other in ((first, second), (second, first))
            ]
            if is_open
            else [],
            "may_settle": is_open and self.has_change_permission(request, twins),
        }
        return TemplateResponse(request, "desk/twins.html", context)

    @method_decorator(require_POST)
    def settle(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`how` is link, apart, or merge with `into`, the key of the article that stays."""
        twins = self.get_object(request, str(pk))
        if not self.has_change_permission(request, twins):
            raise Http404
        try:
            entry, told = self._settle(twins, request)
        except duplicates.Settled:
            self.message_user(request, _("Somebody has decided on these two already."), messages.ERROR)
            return redirect("admin:desk_twins_change", twins.pk)
        self.tell(request, told, entry)
        return redirect("admin:desk_twins_changelist")

    def _settle(self, twins: Twins, request: HttpRequest) -> tuple[Entry, str]:
        by, how = whose(request), request.POST.get("how")
        if how == "link":
            return duplicates.link(twins, by=by), _("Linked: readers of one find the other.")
        if how == "apart":
            return duplicates.keep_apart(twins, by=by), _("Kept apart: they are not brought up again.")
        pair = {str(twins.first_id): twins.first_id, str(twins.second_id): twins.second_id}
        into = pair.pop(request.POST.get("into", ""), None)
        if how != "merge" or into is None:
            raise Http404
        articles = Article.objects.in_bulk([into, *pair.values()])
        other = articles[next(iter(pair.values()))]
        did, entry = duplicates.merge(other, articles[into], by=by, twins=twins)
        told = _("Merged into “{title}”.").format(title=articles[into])
        return entry, " ".join([told, *foretold(did)])


def said(desk: Desk[Any], request: HttpRequest, scanned: duplicates.Scanned) -> None:
    """What a scan found, as a message."""
    looked = ngettext("Looked at {n} article.", "Looked at {n} articles.", scanned.articles).format(n=scanned.articles)
    found = ngettext("{n} new pair.", "{n} new pairs.", scanned.found).format(n=scanned.found)
    desk.message_user(request, f"{looked} {found}", messages.SUCCESS if scanned.found else messages.INFO)
