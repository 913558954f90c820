"""Every page asks for an account unless its view opts out; htmx gets a 401 that the page can answer with a dialog."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.translation import gettext as _

from newsreader.accounts.alias import alias

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
            return HttpResponse(_("Sign in again to go on."), status=401, content_type="text/plain")
        if request.method not in {"GET", "HEAD"}:
            # An address that only takes a POST is no page to come back to: the one with its form is.
            return redirect_to_login(_page_it_came_from(request))
        return super().handle_no_permission(request, view_func)


class LanguageMiddleware(LocaleMiddleware):
    """The language that a reader has chosen, else what their browser asks for."""

    def process_request(self, request: HttpRequest) -> None:
        """Stands behind the middleware that knows who asks."""
        super().process_request(request)
        chosen = getattr(request.user, "language", "")
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()


class WhoseMiddleware:
    """Says whose a page is (`X-Account`), so that the service worker keeps it for nobody else.

    Only on pages that were found: those have asked for the reader already, and error pages must not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["X-Account"] = alias(request.user)
        return response


def _page_it_came_from(request: HttpRequest) -> str:
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return str(resolve_url(settings.LOGIN_REDIRECT_URL))
    return page.path + (f"?{page.query}" if page.query else "")
