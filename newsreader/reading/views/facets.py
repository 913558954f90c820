"""The counts of a search with very many results: a fragment that comes after its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.core.query import parse
from newsreader.reading.pages.facets import facet_column
from newsreader.reading.pages.search import Asked


@open_to_visitors
@require_safe
def facets(request: HttpRequest) -> HttpResponse:
    """`q` and `kind` as the search page has them."""
    asked = Asked.of(request.GET)
    page = facet_column(parse(asked.q), asked.kind, request.user, total=0, link=asked.link, now=True)
    return render(request, "reading/_facets.html", page)
