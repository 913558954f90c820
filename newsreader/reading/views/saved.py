"""Saved searches: kept from the search page, listed, named anew, ordered, pinned, deleted and taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsreader.http import Request, fragment_or_redirect, safe_next, see_other
from newsreader.reading.pages import saved as pages
from newsreader.search import saved as services
from newsreader.search.models import SavedSearch


@require_http_methods(["GET", "HEAD", "POST"])
def saved(request: Request) -> HttpResponse:
    """The list. A POST keeps the search `q` of a `kind` under a `name`; `deleted` names one to take back."""
    if request.method == "POST":
        return _save(request)
    gone = request.GET.get("deleted", "")
    number = int(gone) if gone.isascii() and gone.isdigit() and len(gone) < 18 else 0
    return _page(request, gone=_deleted(request).filter(pk=number).first())


def _save(request: Request) -> HttpResponse:
    q, kind, name = (request.POST.get(field, "") for field in ("q", "kind", "name"))
    kind = kind if kind in SavedSearch.Kind.values else "all"
    try:
        kept = services.save(q, reader=request.user, name=name, kind=kind)
    except services.Refused as refusal:
        status = 409 if isinstance(refusal, services.Taken) else 422
        asked = {"q": q, "kind": kind, "save_as": name, "refused": str(refusal), "can_save": True, "saved": None}
        if request.htmx:
            return render(request, "reading/_search_save.html", asked, status=status)
        return _page(request, status=status, saving=asked)
    context = {"q": q, "kind": kind, "saved": kept, "now": True} | pages.addresses(kept)
    if not request.htmx:
        messages.success(request, _("{name} is kept.").format(name=kept.name))
    return fragment_or_redirect(request, "reading/_saved_now.html", context, to=kept.get_absolute_url())


@require_safe
def pinned(request: Request) -> HttpResponse:
    """What the library shows of the searches that are pinned there: comes after its page."""
    return render(request, "reading/_saved_pinned.html", {"pinned": pages.pinned(request.user)})


@require_POST
def rename(request: Request, search: int) -> HttpResponse:
    one = _mine(request, search)
    before = one.name
    try:
        services.rename(one, request.POST.get("name", ""))
    except services.Refused as refusal:
        status = 409 if isinstance(refusal, services.Taken) else 422
        return _page(request, status=status, renaming=one.pk, typed=request.POST.get("name", ""), said=str(refusal))
    messages.success(request, _("{before} is called {name} now.").format(before=before, name=one.name))
    return see_other(reverse("reading:saved"))


@require_POST
def move(request: Request, search: int) -> HttpResponse:
    """One place `to` “up” or “down”."""
    one = _mine(request, search)
    services.move(one, by=-1 if request.POST.get("to") == "up" else 1)
    return _rows(request, at=one)


@require_POST
def pin(request: Request, search: int) -> HttpResponse:
    """Puts it on the library page, or, with `on` “false”, takes it off."""
    one = _mine(request, search)
    try:
        services.pin(one, on=request.POST.get("on") != "false")
    except services.Refused as refusal:
        return _rows(request, at=one, status=409, said=str(refusal))
    return _rows(request, at=one)


@require_POST
def renew(request: Request, search: int) -> HttpResponse:
    """Another address for its feed; the one before leads nowhere from now on."""
    one = services.renew(_mine(request, search))
    messages.success(
        request, _("The feed of {name} has a new address. The old one leads nowhere.").format(name=one.name)
    )
    return see_other(reverse("reading:saved"))


@require_POST
def delete(request: Request, search: int) -> HttpResponse:
    one = _mine(request, search)
    services.delete(one)
    return see_other(f"{reverse('reading:saved')}?deleted={one.pk}")


@require_POST
def restore(request: Request, search: int) -> HttpResponse:
    one = get_object_or_404(_deleted(request), pk=search)
    try:
        messages.success(request, _("{name} is back.").format(name=services.undelete(one).name))
    except services.Refused as refusal:
        return _page(request, status=409, said=str(refusal))
    return see_other(reverse("reading:saved"))


def _page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "reading/saved.html", pages.saved_page(request.user) | more, status=status)


def _rows(request: Request, *, at: SavedSearch, status: int = 200, **more: Any) -> HttpResponse:
    """The list anew, to htmx; where a refusal has to be read, the page."""
    if not request.htmx and not more:
        return see_other(safe_next(request, reverse("reading:saved")))
    page = pages.saved_page(request.user) | {"told": _place(at)} | more
    template = "reading/_saved_rows.html" if request.htmx else "reading/saved.html"
    return render(request, template, page, status=status)


def _place(at: SavedSearch) -> str:
    names = list(SavedSearch.objects.of(at.reader).values_list("pk", flat=True))
    said = _("{name}: {place} of {count}")
    return said.format(name=at.name, place=names.index(at.pk) + 1, count=len(names))


def _mine(request: Request, search: int) -> SavedSearch:
    one: SavedSearch = get_object_or_404(SavedSearch.objects.of(request.user), pk=search)
    return one


def _deleted(request: Request) -> Any:
    return SavedSearch.objects.filter(reader=request.user, deleted__isnull=False)
