"""The library, and a reader's state of an article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.articles import services
from newsreader.articles.models import Article
from newsreader.http import Request, fragment_or_redirect, safe_next
from newsreader.reading.forms import PositionForm, StateForm
from newsreader.reading.pages.library import Choice, library_page


@open_to_visitors
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/library.html", library_page(Choice.of(request.GET), request.user))


@require_POST
def state(request: Request, slug: str) -> HttpResponse:
    """Puts an article in a place, marks it read or unread, or makes it a favourite."""
    article = get_object_or_404(Article.objects.visible_to(request.user), slug=slug)
    form = StateForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Choose a place: inbox, later or archive.", status=422, content_type="text/plain")
    before = services.state_of(article, reader=request.user)
    undo = {name: getattr(before, name) for name in form.changes()}
    reading = services.note_state(article, reader=request.user, **form.changes())
    to = safe_next(request, article.get_absolute_url())
    context = {"article": article, "reading": reading, "undo": undo, "said": form.said(), "next": to}
    return fragment_or_redirect(request, "reading/_state_changed.html", context, to=to)


@require_POST
def position(request: Request, slug: str) -> HttpResponse:
    """How far the reader has come, in code points."""
    article = get_object_or_404(Article.objects.visible_to(request.user).defer("html", "text"), slug=slug)
    form = PositionForm(request.POST)
    if form.is_valid():
        services.note_position(article, reader=request.user, position=form.cleaned_data["position"])
    return HttpResponse(status=204)
