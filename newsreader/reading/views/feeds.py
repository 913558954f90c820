"""Feeds of saved searches: no session, only the secret that the address is."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsreader.search import feeds
from newsreader.search.limits import TooCostly

LATER = 15 * 60  # seconds, for whoever asks for a search that takes too long


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed at that address; 304 to whoever has it as it is."""
    saved = feeds.at_address(secret)
    with translation.override(saved.reader.language or settings.LANGUAGE_CODE):
        try:
            now = feeds.state(saved)
        except TooCostly:
            said = _("That search took too long. Add a rarer word, or leave some out.")
            return _private(HttpResponse(said, status=503, headers={"Retry-After": LATER}, content_type="text/plain"))
        same = get_conditional_response(request, etag=now.etag, last_modified=int(now.changed.timestamp()))
        if same is not None and same.status_code == 304:
            return _private(same, now)
        text = "" if request.method == "HEAD" else feeds.feed(saved, site=settings.URL)
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    return _private(response, now)


def _private(response: HttpResponse, now: feeds.State | None = None) -> HttpResponse:
    if now:
        response.headers["ETag"] = now.etag
        response.headers["Last-Modified"] = http_date(now.changed.timestamp())
    response.headers["Cache-Control"] = "private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
