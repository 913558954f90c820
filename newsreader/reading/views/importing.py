"""Readers take in another application's library: look at the file, begin, see how far it is, undo."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsreader.http import Request, fragment_or_redirect, see_other
from newsreader.intake.imports import services
from newsreader.intake.models import Import
from newsreader.intake.shape import Refused
from newsreader.reading.forms import ImportForm
from newsreader.reading.pages.coming import told
from newsreader.reading.pages.importing import imports_page, run_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """The page to choose a file on; a file that was sent is looked at, and nothing of it is taken in yet."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = services.look(file.name or "", file.read(), reader=request.user)
        except Refused as refusal:
            form.add_error("file", told(refusal))
        else:
            return see_other(reverse("reading:import-run", args=[run.pk]))
    status = 422 if form.is_bound else 200
    return render(request, "reading/import.html", imports_page(request.user, form=form), status=status)


@never_cache
@require_safe
def run(request: Request, run: int) -> HttpResponse:
    """One file: what would be done, how far it is, what was done; by row."""
    return render(request, "reading/import_run.html", _shown(request, _own(request, run)))


@never_cache
@require_safe
def progress(request: Request, run: int) -> HttpResponse:
    """The same as a fragment, which a page asks for while it is on its way."""
    return render(request, "reading/_import.html", _shown(request, _own(request, run)))


@require_POST
def start(request: Request, run: int) -> HttpResponse:
    mine = _own(request, run)
    services.start(mine)
    return _answer(request, mine)


@require_POST
def undo(request: Request, run: int) -> HttpResponse:
    mine = _own(request, run)
    services.undo(mine)
    return _answer(request, mine)


def _own(request: Request, pk: int) -> Import:
    return get_object_or_404(Import.objects.filter(reader=request.user), pk=pk)


def _shown(request: Request, run: Import) -> dict[str, Any]:
    return run_page(run, page=request.GET.get("page", ""), outcome=request.GET.get("outcome", ""))


def _answer(request: Request, run: Import) -> HttpResponse:
    to = reverse("reading:import-run", args=[run.pk])
    return fragment_or_redirect(request, "reading/_import.html", run_page(run), to=to)
