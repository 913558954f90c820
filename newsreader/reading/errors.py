"""Pages for what goes wrong, in the voice of the rest. They ask the database for nothing."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _page(status: int, heading: str, words: str) -> HttpResponse:
    page = render_to_string("error.html", {"status": status, "heading": heading, "words": words})
    return HttpResponse(page, status=status)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        404,
        "There is no page at this address.",
        "The link may have been cut off when it was copied, or the article is no longer in the library.",
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(403, "This page is not yours to open.", "Ask the person who runs this library for access.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(400, "The server could not read that request.", "Go back, reload the page and try again.")


def broken(request: HttpRequest) -> HttpResponse:
    return _page(
        500,
        "Something broke on our side.",
        "Nothing that was saved is lost. Try again in a minute; if it stays broken, tell the person who runs "
        "this library: the server’s log says what happened.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form older than the present session, most often from a page that stood open while signing in."""
    return _page(
        403,
        "This form is too old to be sent.",
        "You signed in or out since it was opened. Go back, reload the page and send it again.",
    )
