"""Every page asks for an account unless its view opts out; htmx gets a 401 that the page can answer with a dialog."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def open_to_visitors(view: View) -> View:
    """Marks a view that reads published articles: it asks for no account unless NEWSREADER_OPEN_READING is false."""
    view.open_to_visitors = True  # type: ignore[attr-defined]
    return view


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """A redirect would be followed by htmx, and the sign-in page swapped into the middle of an article."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if settings.OPEN_READING and getattr(view_func, "open_to_visitors", False):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse("Sign in again to go on.", status=401, content_type="text/plain")
        if request.method not in {"GET", "HEAD"}:
            # An address that only takes a POST is no page to come back to: the one with its form is.
            return redirect_to_login(_page_it_came_from(request))
        return super().handle_no_permission(request, view_func)


def _page_it_came_from(request: HttpRequest) -> str:
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return str(resolve_url(settings.LOGIN_REDIRECT_URL))
    return page.path + (f"?{page.query}" if page.query else "")
