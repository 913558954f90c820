"""The notebook, and the bin."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsreader.annotations.models import Highlight
from newsreader.annotations.querysets import BIN_DAYS
from newsreader.http import Request
from newsreader.reading.pages.notebook import Choice, notebook_page


@require_safe
def notebook(request: Request) -> HttpResponse:
    return render(request, "reading/notebook.html", notebook_page(Choice.of(request.GET), request.user))


@require_safe
def bin(request: Request) -> HttpResponse:
    """Deleted passages, newest first; what is older than the bin keeps is gone with the next deletion."""
    deleted = Highlight.objects.of(request.user).in_the_bin().select_related("article").with_tags()
    deleted = deleted.defer("article__html", "article__text").order_by("-deleted")[:500]
    return render(request, "reading/bin.html", {"place": "bin", "deleted": deleted, "days": BIN_DAYS})
