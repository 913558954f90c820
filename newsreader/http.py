"""The typed request, and the two shapes of an answer: a fragment for htmx, a redirect for everybody else."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from newsreader.accounts.models import User


class Request(HttpRequest):
    """What every view gets: django-htmx's details, and our own user where the page asks for an account."""

    htmx: HtmxDetails
    user: User


def fragment_or_redirect(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, to: str, status: int = 200
) -> HttpResponse:
    """The answer to a POST: `template` to htmx, else a 303 to the address `to`."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, template, dict(context), status=status)
    return see_other(to)


def see_other(to: str) -> HttpResponseRedirect:
    """303: look there with a GET."""
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def safe_next(request: HttpRequest, default: str) -> str:
    """The `next` that the request names if it stays on this site, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and allowed else default
