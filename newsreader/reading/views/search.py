"""The search page: one box over articles and the reader's own passages and notes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.reading.pages.search import Asked, search_page


@open_to_visitors
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`q` is what to look for, `kind` narrows to one kind, `after` is where the page before ended, `rows` how many."""
    page = search_page(Asked.of(request.GET), request.user, counts="counts" in request.GET)
    return render(request, "reading/search.html", page)


@open_to_visitors
@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The same answer alone, for a page that has its box already: asked for with each rest of the reader's typing."""
    return render(request, "reading/search_found.html", search_page(Asked.of(request.GET), request.user))
