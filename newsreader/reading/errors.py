"""Pages for what goes wrong, in the voice of the rest. They ask the database for nothing; the last needs no files."""

import logging
import sys
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsreader.accounts.preferences import on_this_device

logger = logging.getLogger(__name__)

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
SOON = "30"  # seconds until the database may answer again


def _page(request: HttpRequest, status: int, name: str, heading: str, words: str, **more: Any) -> HttpResponse:
    told = _context(status, name, heading, words, look=on_this_device(request), **more)
    return HttpResponse(render_to_string("error.html", told), status=status)


def _context(status: int, name: str, heading: str, words: str, **more: Any) -> Mapping[str, Any]:
    return {"status": status, "name": name, "heading": heading, "words": words, **more}


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        _("Page not found"),
        _("There is no page at this address."),
        _("The link may have been cut off when it was copied, or the article is no longer in the library."),
        search=True,
        bin=True,
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        403,
        _("Not allowed"),
        _("This page is not yours to open."),
        _("Ask the person who runs this library for access."),
        search=True,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_MUCH):
        return _page(
            request,
            413,
            _("Too much at once"),
            _("That is more than the server takes at once."),
            _("Go back and send less of it: a shorter text, or fewer files."),
        )
    return _page(
        request,
        400,
        _("Not understood"),
        _("The server could not read that request."),
        _("Go back, reload the page and try again."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form older than the present session, most often from a page that stood open while signing in."""
    return _page(
        request,
        403,
        _("Form too old"),
        _("This form is too old to be sent."),
        _("You signed in or out since it was opened. Go back, reload the page and send it again."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to an exception that nobody caught. Says so, too, where templates or static files are what broke."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        told = _context(
            503,
            _("Busy"),
            _("The library can’t be reached just now."),
            _("Its database is busy or being restarted. Nothing that was saved is lost: try again in a minute."),
            again=True,
            look=on_this_device(request),
        )
    else:
        told = _context(
            500,
            _("Broken"),
            _("Something broke on our side."),
            _(
                "Nothing that was saved is lost. Try again in a minute; if it stays broken, tell the person who runs "
                "this library: the server’s log says what happened."
            ),
            again=True,
            look=on_this_device(request),
        )
    try:
        page: str = render_to_string("error.html", told)
    except Exception:
        logger.exception("The page that says so is broken as well.")
        page = _bare(**told)
    response = HttpResponse(page, status=told["status"])
    if response.status_code == 503:
        response.headers["Retry-After"] = SOON
    return response


def _bare(*, heading: str, words: str, **more: Any) -> str:
    return format_html(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<title>{} · Newsreader</title><h1>{}</h1><p>{}</p><p><a href="/">Newsreader</a></p></html>',
        get_language(),
        heading,
        heading,
        words,
    )
