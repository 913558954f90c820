"""A collection: its page, its feed, and all of it on paper."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.reading.pages.collection import Moved, shown_to
from newsreader.reading.pages.collection import feed as written

View = Callable[[HttpRequest, str], HttpResponse]


def _leading_on(name: str) -> Callable[[View], View]:
    """A former address leads to the one of now, for as long as the renaming stands: it can be taken back."""

    def decorated(view: View) -> View:
        @wraps(view)
        def found(request: HttpRequest, slug: str) -> HttpResponse:
            try:
                return view(request, slug)
            except Moved as moved:
                asked = f"?{request.GET.urlencode()}" if request.GET else ""
                to: HttpResponse = redirect(name, moved.slug)
                to["Location"] += asked
                return to

        return found

    return decorated


@open_to_visitors
@require_safe
@_leading_on("reading:collection")
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "reading/collection.html", {"shown": shown_to(request.user, slug), "place": "library"})


@open_to_visitors
@require_safe
@_leading_on("reading:print-collection")
def printed(request: HttpRequest, slug: str) -> HttpResponse:
    """Every article whole, one behind the other; with `texts=no`, only what a leaf or two hold."""
    texts = request.GET.get("texts") != "no"
    shown = shown_to(request.user, slug, with_texts=texts)
    return render(request, "reading/collection_print.html", {"shown": shown, "site": settings.URL, "texts": texts})


@open_to_visitors
@require_safe
@_leading_on("reading:collection-feed")
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Known again by its words: an undo at the desk may bring back what a date would take for old."""
    text = written(shown_to(request.user, slug), site=settings.URL)
    etag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None or answer.status_code != 304:
        answer = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    answer.headers["ETag"] = etag
    return answer
