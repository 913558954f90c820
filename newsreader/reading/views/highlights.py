"""Highlights: made, edited, deleted and taken back. The same forms work with and without JavaScript."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from newsreader.annotations import services
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.prose import Unreadable
from newsreader.http import Request, safe_next, see_other
from newsreader.language import worded
from newsreader.reading.forms import EditForm, HighlightForm
from newsreader.reading.pages.article import known_tags, meant, reader_page
from newsreader.reading.pages.changed import change_of
from newsreader.reading.views.answers import after, can_open, changed, own, parts

NOT_THERE = gettext_lazy("These words are not in the article. Copy them from the text just as they stand.")


@require_POST
def create(request: Request, slug: str) -> HttpResponse:
    """Marks words of an article."""
    article = get_object_or_404(Article.objects.visible_to(request.user), slug=slug)
    form = HighlightForm(request.POST)
    if form.is_valid() and form.by_hand:
        return _mark_typed_words(request, article, form)
    return _mark(request, article, form)


def _mark(request: Request, article: Article, form: HighlightForm) -> HttpResponse:
    if not form.is_valid():
        return _refuse(request, article, form)
    try:
        made = services.highlight(article, reader=request.user, quote=form.quote(), **form.content())
    except services.Unplaced as refusal:
        form.add_error("exact", str(refusal))
        return _refuse(request, article, form)
    except Unreadable as refusal:
        form.add_error("note", worded(refusal))
        return _refuse(request, article, form)
    return changed(request, made, event="highlighted")


def _mark_typed_words(request: Request, article: Article, form: HighlightForm) -> HttpResponse:
    """Words that somebody typed: they must stand somewhere, and where they stand twice the reader says which."""
    found = meant(article, form.cleaned_data["exact"], form.cleaned_data["hint"])
    if not found:
        form.add_error("exact", NOT_THERE)
        return _refuse(request, article, form)
    if len(found) > 1:
        kept = [(name, form[name].value() or "") for name in ("exact", "colour", "note", "tags")]
        address = reverse("reading:create-highlight", args=[article.slug])
        context = {"article": article, "address": address, "kept": kept, "colour": form["colour"].value()}
        return render(request, "reading/which.html", context | {"places": found, "place": "library"})
    form.take(found[0].start, found[0].words)
    return _mark(request, article, form)


def _refuse(request: Request, article: Article, form: HighlightForm) -> HttpResponse:
    """Says why, and keeps all that was written."""
    if request.htmx:
        return render(request, "reading/_unsaved.html", {"article": article, "form": form}, status=422)
    return render(request, "reading/article.html", {**reader_page(article, request.user), "form": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def highlight(request: Request, public_id: str) -> HttpResponse:
    """One passage with its form: a page of its own, from which the reader page takes the form into the margin."""
    mine = get_object_or_404(own(request).live(), public_id=public_id)
    if request.method != "POST":
        return _form(request, mine, {})
    form = EditForm(request.POST)
    if not form.is_valid():
        return _form(request, mine, {"form": form}, status=422)
    try:
        saved = services.edit(mine, **form.cleaned_data)
    except services.Stale as refusal:
        return _form(request, refusal.current, {"form": form, "stale": refusal}, status=409)
    except Unreadable as refusal:
        form.add_error("note", worded(refusal))
        return _form(request, mine, {"form": form}, status=422)
    return changed(request, saved, event="saved")


@require_POST
def delete(request: Request, public_id: str) -> HttpResponse:
    """Into the bin, from where it comes back for 30 days."""
    mine = get_object_or_404(own(request).within_reach(), public_id=public_id)
    services.delete(mine)
    if not request.htmx:
        messages.success(request, _("Passage deleted. It stays in the bin for 30 days."))
        return see_other(safe_next(request, after(request, mine.article)))
    # A list names where it is; there the row goes, and the undo comes back to the list as a whole.
    to = safe_next(request, "")
    if to:
        return render(request, "reading/_deleted.html", {"highlight": mine, "next": to})
    return parts(request, mine, "reading/_deleted.html", event="deleted")


@require_POST
def restore(request: Request, public_id: str) -> HttpResponse:
    mine = get_object_or_404(own(request).within_reach(), public_id=public_id)
    services.restore(mine)
    return changed(request, mine, event="restored")


def _form(request: Request, mine: Highlight, context: dict[str, Any], status: int = 200) -> HttpResponse:
    to = safe_next(request, "")
    readable = can_open(request, mine.article)
    context |= {
        "highlight": mine,
        "readable": readable,
        "change": change_of(mine) if readable else None,
        "back": to or after(request, mine.article, at=mine),
        "colours": Highlight.Colour.choices,
        "tags": ", ".join(mine.tags.filter(deleted=None).values_list("name", flat=True)),
        "next": to,
    }
    if request.htmx and request.method == "POST":
        return render(request, "reading/_edit.html", context, status=status)
    return render(request, "reading/highlight.html", context | {"known_tags": known_tags(request.user)}, status=status)
