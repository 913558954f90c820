"""Export and import in the admin: a mixin for the pages of what goes in and out, with links in its list."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from newsreader.desk.base import Desk, M, whose
from newsreader.desk.exchange import importing, looking, showing, writing
from newsreader.desk.exchange.files import MOST_ROWS, Broken
from newsreader.desk.exchange.kinds import Kind
from newsreader.desk.exchange.models import Import, ImportRow

PAGE = 100
QUIET = 2_000  # rows that take more seconds to write than others should wait
MAKES = {"sources": "articles.add_source", "topics": "articles.add_topic"}
ACTIONS = {"csv": gettext_lazy("Export as CSV"), "json": gettext_lazy("Export as JSON")}
gets_and_posts = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


class Exchanged(Desk[M]):
    """A list whose rows go out and come in, as `exchange` says."""

    exchange: ClassVar[Kind]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        asked = request.GET.urlencode()
        tools = {
            "export_url": f"{self._exchange_url('export')}?{asked}" if asked else self._exchange_url("export"),
            "import_url": self._exchange_url("import") if self._may_import(request) else "",
        }
        return super().changelist_view(request, {**tools, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        views: list[tuple[str, str, Any]] = [
            ("export/", "export", self.export_view),
            ("import/", "import", self.import_view),
            ("import/<int:look>/", "import_look", self.look_view),
        ]
        site, name = self.admin_site, self._exchange_name
        ours = [path(at, site.admin_view(view), name=name(what)) for at, what, view in views]
        return [*ours, *super().get_urls()]

    # Out

    def get_actions(self, request: HttpRequest) -> Any:
        """Every list can export the rows that are chosen in it, whatever else it does with them."""
        actions = super().get_actions(request)
        if IS_POPUP_VAR not in request.GET and self.has_view_permission(request):
            for form, label in ACTIONS.items():
                actions[f"export_{form}"] = (_chosen_as(form), f"export_{form}", str(label))
        return actions

    @gets_and_posts
    def export_view(self, request: HttpRequest) -> Any:
        """What the list shows, filtered and searched as its address says: first how, then the file."""
        if not self.has_view_permission(request):
            raise Http404
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            raise Http404 from None
        form = request.POST.get("format", "")
        if request.method == "POST" and form in writing.TYPES:
            return self.export_rows(request, rows, form)
        narrowed = {name: value for name, value in request.GET.items() if name not in {"p", "o", "e", "all"}}
        context = {"number": rows.count(), "narrowed": bool(narrowed), "all_url": self._exchange_url("export")}
        title = _("Export {what}").format(what=self.opts.verbose_name_plural)
        return self._exchange_page(request, "export", {**context, "title": title}, status=422 if form else 200)

    def export_rows(self, request: HttpRequest, rows: QuerySet[Any], form: str) -> StreamingHttpResponse:
        """As a download, written while it is sent. Only the keys are held."""
        keys = list(rows.values_list("pk", flat=True))
        writing.noted(self.exchange, len(keys), form, by=whose(request), of=request.GET.urlencode())
        answer = StreamingHttpResponse(writing.written(self.exchange, keys, form), content_type=writing.TYPES[form])
        answer["Content-Disposition"] = f'attachment; filename="{writing.file_name(self.exchange, form)}"'
        return answer

    # In

    @gets_and_posts
    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A file is chosen, and looked at. Nothing is imported yet."""
        self._guard_import(request)
        problem = ""
        if request.method == "POST":
            if sent := request.FILES.get("file"):
                try:
                    read = sent.read(looking.limit() + 1)
                    job = looking.look(self.exchange, read, sent.name or "", owner=whose(request))
                except Broken as error:
                    problem = str(error)
                else:
                    return redirect(f"admin:{self._exchange_name('import_look')}", job.pk)
            else:
                problem = _("Choose a file first.")
        context = {
            "title": _("Import {what}").format(what=self.opts.verbose_name_plural),
            "problem": problem,
            "columns": [name for name in self.exchange.columns if name not in self.exchange.told],
            "also": sorted(self.exchange.also),
            "told": sorted(self.exchange.told),
            "megabytes": looking.limit() // 1_000_000,
            "rows": number_format(MOST_ROWS, force_grouping=True),
        }
        return self._exchange_page(request, "import", context, status=422 if problem else 200)

    @gets_and_posts
    def look_view(self, request: HttpRequest, look: int) -> HttpResponse:
        """What a file would do, row by row; and the button that does it."""
        self._guard_import(request)
        job = Import.objects.fresh().filter(pk=look, owner=whose(request), kind=self.exchange.label).first()
        if job is None:
            raise Http404
        if request.method == "POST":
            return self._import_now(request, job)
        if job.done:
            self.message_user(request, _("This file was imported already."), messages.INFO)
            return redirect(f"admin:{self._exchange_name('changelist')}")
        totals = looking.totals(job)
        verdict = request.GET.get("show", "")
        verdict = verdict if verdict in ImportRow.Verdict.values else showing.first(totals)
        rows = job.rows.filter(verdict=verdict).defer("html").order_by("number")
        page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
        context = {
            "title": _("Look before you import"),
            "job": job,
            "verdict": verdict,
            "tabs": showing.tabs(totals, verdict),
            "page": page,
            "rows": [showing.Shown(row) for row in page],
            "about": " ".join(showing.sentences(job)),
            "writes": totals["new"] + totals["changed"],
            "wrong": totals["wrong"],
            "many": totals["new"] + totals["changed"] > QUIET,
            "change_url": f"admin:{self._exchange_name('change')}",
            "import_url": self._exchange_url("import"),
        }
        return self._exchange_page(request, "look", context)

    def _import_now(self, request: HttpRequest, job: Import) -> HttpResponseRedirect:
        missing = [what for what, right in MAKES.items() if job.about["many"].get(what)]
        try:
            if not all(whose(request).has_perm(MAKES[what]) for what in missing):
                raise importing.Refused(_("You may not add {what}.").format(what=", ".join(missing)))
            leave_out = "leave_out" in request.POST
            imported = importing.carry_out(self.exchange, job, by=whose(request), leave_out=leave_out)
        except importing.Refused as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(f"admin:{self._exchange_name('import_look')}", job.pk)
        self.tell(request, imported.told, imported.entry)
        return redirect(f"admin:{self._exchange_name('changelist')}")

    # What they share

    def _may_import(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def _guard_import(self, request: HttpRequest) -> None:
        if not self._may_import(request):
            raise Http404

    def _exchange_name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def _exchange_url(self, what: str) -> str:
        return reverse(f"admin:{self._exchange_name(what)}")

    def _exchange_page(self, request: HttpRequest, name: str, more: dict[str, Any], status: int = 200) -> HttpResponse:
        common = {"opts": self.opts, "list_url": self._exchange_url("changelist")}
        context = {**self.admin_site.each_context(request), **common, **more}
        return TemplateResponse(request, f"desk/exchange_{name}.html", context, status=status)


def _chosen_as(form: str) -> Any:
    def export(modeladmin: Exchanged[Any], request: HttpRequest, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        return modeladmin.export_rows(request, queryset, form)

    return export
