"""The keyboard map, for everybody: what a key does is no secret of the library."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.reading.pages.keys import GROUPS


@open_to_visitors
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/keys.html", {"groups": GROUPS})
