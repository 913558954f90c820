"""What a reader does about a passage whose words changed: accept, undo the move, choose other words."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from newsreader.annotations import changed as services
from newsreader.annotations.models import Highlight
from newsreader.annotations.services import Stale, Unplaced
from newsreader.http import Request
from newsreader.reading.forms import DecisionForm, WordsForm
from newsreader.reading.pages.article import Place, meant
from newsreader.reading.pages.changed import change_of, lost_passage
from newsreader.reading.views.answers import can_open, changed, elsewhere, own, parts
from newsreader.reading.views.highlights import NOT_THERE

MEANWHILE = _("This changed meanwhile in another window, or with the article. Here is how it stands now.")


@require_POST
def accept(request: Request, public_id: str) -> HttpResponse:
    """The words as they are now are what is meant."""
    return _decide(request, public_id, services.accept, event="accepted")


@require_POST
def undo_move(request: Request, public_id: str) -> HttpResponse:
    """These are not the words: the passage is lost, with its former ones."""
    return _decide(request, public_id, services.undo_move, event="undone")


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: Request, public_id: str) -> HttpResponse:
    """Other words for a passage: selected in the text, picked from what looks alike, or typed on a page."""
    mine = _changeable(request, public_id)
    if request.method != "POST":
        return _page(request, mine, {})
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _refuse(request, mine, form)
    if form.by_hand:
        found = meant(mine.article, form.cleaned_data["exact"], form.cleaned_data["hint"])
        if not found:
            form.add_error("exact", NOT_THERE)
            return _refuse(request, mine, form)
        if len(found) > 1:
            return _which(request, mine, form, found)
        form.take(found[0].start, found[0].words)
    return _choose(request, mine, form)


def _choose(request: Request, mine: Highlight, form: WordsForm) -> HttpResponse:
    former = mine.span
    try:
        services.choose(mine, quote=form.quote(), version=form.cleaned_data["version"])
    except Unplaced as refusal:
        form.add_error("exact", str(refusal))
        return _refuse(request, mine, form)
    except Stale as refusal:
        return _stale(request, refusal.current, {"form": form})
    return changed(request, mine, event="chosen", former=former, was_lost=former is None)


def _decide(request: Request, public_id: str, act: Callable[..., Highlight], *, event: str) -> HttpResponse:
    mine = _changeable(request, public_id)
    former, form = mine.span, DecisionForm(request.POST)
    # A decision is about the words that its reader saw: an article that was edited again is shown again first.
    if not form.is_valid() or form.cleaned_data["text"] not in {"", mine.article.content_hash}:
        return _stale(request, mine, {})
    try:
        act(mine, version=form.cleaned_data["version"])
    except Stale as refusal:
        return _stale(request, refusal.current, {})
    except ValueError as refusal:  # lost: there is nothing to accept
        return _stale(request, mine, {"said": str(refusal)})
    return changed(request, mine, event=event, former=former)


def _changeable(request: Request, public_id: str) -> Highlight:
    """Only where the article can be read: what it says now is shown."""
    mine: Highlight = get_object_or_404(own(request).live().select_related("revision"), public_id=public_id)
    if not can_open(request, mine.article):
        raise Http404
    return mine


def _stale(request: Request, mine: Highlight, context: dict[str, Any]) -> HttpResponse:
    """409 with what is there now: on the reader page all of its text, else the page of the passage."""
    said = context.get("said", MEANWHILE)
    if not request.htmx:
        return _page(request, mine, {"said": said} | context, status=409)
    if elsewhere(request, mine.article):
        messages.warning(request, said)
        return HttpResponseClientRedirect(reverse("reading:words", args=[mine.public_id]))
    return parts(request, mine, "reading/_changed.html", event="stale", whole=True, status=409)


def _refuse(request: Request, mine: Highlight, form: WordsForm) -> HttpResponse:
    """Says why, and keeps the words that were chosen."""
    if request.htmx:
        context = {"highlight": mine, "form": form}
        return render(request, "reading/_unplaced.html", context, status=422)
    return _page(request, mine, {"form": form}, status=422)


def _which(request: Request, mine: Highlight, form: WordsForm, found: list[Place]) -> HttpResponse:
    context = {
        "article": mine.article,
        "address": reverse("reading:words", args=[mine.public_id]),
        "kept": [(name, form[name].value()) for name in ("exact", "version")],
        "colour": mine.colour,
        "places": found,
    }
    return render(request, "reading/which.html", context)


def _page(request: Request, mine: Highlight, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context |= {
        "highlight": mine,
        "article": mine.article,
        "change": change_of(mine),
        "lost": lost_passage(mine, mine.article) if mine.span is None else None,
    }
    return render(request, "reading/words.html", context, status=status)
