"""One step back for what changed many things at once. The record waits in the session; an address or toast names it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from newsreader.annotations import bulk
from newsreader.annotations.models import Highlight
from newsreader.http import Request, safe_next, see_other
from newsreader.reading.pages.choice import Choice
from newsreader.reading.pages.notebook import touched

NAME = "undo"  # in the session, and in addresses


def offer(request: Request, record: dict[str, Any], said: str, *, to: str) -> HttpResponse:
    """303 to the page `to`, which says what was done and offers to take it back. Only the last one can be."""
    return see_other(_with(to, keep(request, record, said)))


def keep(request: Request, record: dict[str, Any], said: str) -> str:
    """The token that takes it back, once, until something else was kept."""
    token = get_random_string(12)
    request.session[NAME] = {"token": token, "said": said, "record": record}
    return token


def offered(request: Request) -> dict[str, str] | None:
    """What the page that is asked for has to offer."""
    kept = request.session.get(NAME)
    asked = request.GET.get(NAME)
    if not kept or kept["token"] != asked:
        return None
    return {"said": kept["said"], "token": kept["token"], "next": without(request.get_full_path())}


@require_POST
def undo(request: Request) -> HttpResponse:
    """Takes back what the form names, once. What stands where it stood comes back to htmx as it is then."""
    kept = request.session.get(NAME)
    to = safe_next(request, reverse("reading:notebook"))
    if not kept or kept["token"] != request.POST.get("token"):
        messages.error(request, _("That can’t be undone any more."))
        return HttpResponseClientRedirect(to) if request.htmx else see_other(to)
    bulk.undo(kept["record"], reader=request.user)
    del request.session[NAME]
    if request.htmx and (rows := bulk.rewritten(kept["record"])):
        ids = Highlight.objects.of(request.user).filter(pk__in=rows).values_list("public_id", flat=True)
        context = touched(list(ids), Choice.of(QueryDict(urlsplit(to).query)), request.user)
        return render(request, "reading/_many_done.html", context | {"here": to, "told": _("Undone.")})
    messages.success(request, _("Undone."))
    return HttpResponseClientRedirect(to) if request.htmx else see_other(to)


def without(address: str) -> str:
    """The same page, offering nothing."""
    return _with(address, "")


def _with(address: str, token: str) -> str:
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != NAME]
    return urlunsplit(parts._replace(query=urlencode([*query, *([(NAME, token)] if token else [])])))
