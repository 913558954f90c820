"""Readers put something on their own shelf: an address, a text, files. Every one is their own POST with its token."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from newsreader.http import Request, see_other
from newsreader.intake import addressing, own
from newsreader.intake.arrivals import Expected, expect
from newsreader.intake.models import Arrival
from newsreader.intake.shape import Refused
from newsreader.reading.forms import AddFilesForm, AddForm, TextForm
from newsreader.reading.pages.adding import adding_page, row
from newsreader.reading.pages.coming import told
from newsreader.reading.pages.library import row_icons


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """The page. It is filled by the bookmarklet and by other applications with `url`, `title` and `text`."""
    if request.method == "POST":
        return _save(request)
    response = render(request, "reading/add.html", adding_page(request, request.user))
    if request.GET.get("url"):
        # The window that the bookmarklet opens keeps its opener, which hands the page over (static/js/add.js).
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def _save(request: Request) -> HttpResponse:
    form = AddForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            expected = expect(asked["url"], reader=request.user, title=asked["title"], handed=asked["handed"])
        except addressing.Refused as refusal:
            form.add_error("url", told(refusal))
        else:
            return _saved(request, expected)
    if request.htmx:
        return render(request, "reading/_add_address.html", {"form": form}, status=422)
    return _page(request, form=form)


def _saved(request: Request, expected: Expected) -> HttpResponse:
    article, here = expected.article, expected.arrival.state == Arrival.State.DONE
    if request.htmx:
        shown = None if here else row(article.pk, request.user)
        context = {"form": AddForm(), "expected": expected, "is_here": here, "row": shown}
        return render(request, "reading/_add_saved.html", context | _around(request))
    if not expected.new and here:
        messages.info(request, _("This is on your shelf already."))
        return see_other(article.get_absolute_url())
    messages.info(request, _("Saved. Its text is being fetched."))
    return see_other(reverse("reading:library"))


@require_POST
def text(request: Request) -> HttpResponse:
    """A text that was pasted."""
    form = TextForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            added = own.paste(asked["text"], reader=request.user, title=asked["title"], kind=asked["kind"])
        except Refused as refusal:
            form.add_error("text", told(refusal))
        else:
            if not request.htmx:
                messages.info(request, _("Saved.") if added.new else _("This is on your shelf already."))
                return see_other(added.article.get_absolute_url())
            shown = row(added.article.pk, request.user) if added.new else None
            context = {"text_form": TextForm(), "added": added, "row": shown}
            return render(request, "reading/_add_pasted.html", context | _around(request))
    if request.htmx:
        return render(request, "reading/_add_text.html", {"text_form": form}, status=422)
    return _page(request, text_form=form, opened="text")


@require_POST
def files(request: Request) -> HttpResponse:
    """Files that were chosen or dropped. What is refused says why, and stops no other."""
    form = AddFilesForm(request.POST, request.FILES)
    if not form.is_valid():
        if request.htmx:
            return render(request, "reading/_add_sent.html", {"problem": form.errors["sent"][0]}, status=422)
        return _page(request, files_form=form, opened="files")
    sent = list(own.upload(((file.name or "", file.file) for file in form.cleaned_data["sent"]), reader=request.user))
    refused = any(one.refused for one in sent)
    if request.htmx:
        new = [row(one.added.article.pk, request.user) for one in sent if one.added and one.added.new]
        context = {"sent": sent, "new": [one for one in reversed(new) if one]}
        return render(request, "reading/_add_sent.html", context | _around(request), status=422 if refused else 200)
    if refused:
        return _page(request, sent=sent, opened="files")
    articles = [one.added.article for one in sent if one.added]
    new_ones = sum(one.added.new for one in sent if one.added)
    said = ngettext("{n} article added to your shelf.", "{n} articles added to your shelf.", new_ones)
    messages.info(request, said.format(n=new_ones) if new_ones else _("This is on your shelf already."))
    return see_other(articles[0].get_absolute_url() if len(articles) == 1 else reverse("reading:library"))


def _page(request: Request, **forms: Any) -> HttpResponse:
    """What was typed is still there, and what is wrong with it stands beside it."""
    return render(request, "reading/add.html", adding_page(request, request.user, **forms), status=422)


def _around(request: Request) -> dict[str, Any]:
    """What a row needs of the page that it is put on."""
    return {"icons": row_icons(), "here": request.htmx.current_url_abs_path or reverse("reading:add")}
