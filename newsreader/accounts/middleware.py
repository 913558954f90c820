"""Every page asks for an account unless its view opts out; htmx gets a 401 that the page can answer with a dialog."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """A redirect would be followed by htmx, and the sign-in page swapped into the middle of an article."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse("Sign in again to go on.", status=401, content_type="text/plain")
        return super().handle_no_permission(request, view_func)
