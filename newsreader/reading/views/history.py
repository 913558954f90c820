"""An article's history: its revisions, and what changed between two of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.articles.models import Article
from newsreader.reading.pages.history import history_page


@open_to_visitors
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Article.objects.openable_by(request.user).defer("html", "text"), slug=slug)
    page = history_page(found, request.user, request.GET.get("from", ""), request.GET.get("to", ""))
    return render(request, "reading/history.html", page)
