"""An article as a page to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.articles.models import Article
from newsreader.reading.pages.article import reader_page


@open_to_visitors
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Article.objects.openable_by(request.user).prefetch_related("sources"), slug=slug)
    return render(request, "reading/article.html", reader_page(found, request.user))
