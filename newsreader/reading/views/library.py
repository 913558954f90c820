"""The library, and a reader's state of its articles."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsreader.accounts.middleware import open_to_visitors
from newsreader.articles import services
from newsreader.articles.models import Article
from newsreader.http import Request, fragment_or_redirect, safe_next, see_other
from newsreader.reading.forms import PositionForm, StateForm, StatesForm
from newsreader.reading.pages.library import Choice, filed, led_on, library_page

UNDO_FOR = 24 * 60 * 60  # seconds


@open_to_visitors
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    choice = Choice.of(request.GET)
    if to := led_on(choice, request.user):
        return redirect(reverse("reading:library") + to)  # not for good: a renaming can be taken back
    page = library_page(choice, request.user, filters="filters" in request.GET)
    asked = request.GET.copy()
    asked["filters"] = "1"
    more = {"here": request.get_full_path(), "here_filters": f"?{asked.urlencode()}"}
    return render(request, "reading/library.html", page | more)


@require_POST
def states(request: Request) -> HttpResponse:
    """Puts several articles in a place, marks them, makes them favourites or takes one's own away; with one undo."""
    form, to = StatesForm(request.POST), safe_next(request, reverse("reading:library"))
    if not form.is_valid():
        return HttpResponse(_("Choose what to do with the articles."), status=422, content_type="text/plain")
    if not form.articles():
        messages.info(request, _("Select the articles first."))
        return see_other(to)
    if form.removes:
        former = services.remove(form.articles(), reader=request.user)
    else:
        former = services.note_states(form.articles(), reader=request.user, **form.changes())
    if not former.articles:
        raise Http404
    said = form.said(len(former.articles))
    token = signing.dumps(former, salt=_salt(request), compress=True)
    if not request.htmx:
        messages.info(request, said, extra_tags=token)
        return see_other(to)
    listed = urlsplit(to).path == reverse("reading:library")
    # Elsewhere a row stays whatever becomes of it.
    choice = Choice.of(QueryDict(urlsplit(to).query)) if listed else Choice(place="all")
    context: dict[str, Any] = filed(former.articles, choice, request.user) | {"listed": listed}
    return render(request, "reading/_filed.html", context | {"said": said, "former": token, "here": to})


@require_POST
def undo_states(request: Request) -> HttpResponse:
    """Puts back what `states` changed. Only what this reader was given here, and within a day."""
    to = safe_next(request, reverse("reading:library"))
    try:
        former = signing.loads(request.POST.get("former", ""), salt=_salt(request), max_age=UNDO_FOR)
    except signing.BadSignature:
        return HttpResponse(_("That can’t be undone any more."), status=422, content_type="text/plain")
    services.restore_states(services.Former(*former), reader=request.user)
    messages.info(request, _("Undone."))
    return see_other(to)


@require_POST
def state(request: Request, slug: str) -> HttpResponse:
    """Puts an article in a place, marks it read or unread, or makes it a favourite."""
    article = get_object_or_404(Article.objects.visible_to(request.user), slug=slug)
    form = StateForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("Choose a place: inbox, later or archive."), status=422, content_type="text/plain")
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


def _salt(request: Request) -> str:
    """One reader's undo is nothing to another."""
    return f"reading.undo.{request.user.pk}"
