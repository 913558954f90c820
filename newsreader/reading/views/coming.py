"""What is on its way to a reader's shelf: asked about while a page shows it, tried again, or pasted by hand."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from newsreader.http import Request, safe_next, see_other
from newsreader.intake import addressing, arrivals, own
from newsreader.intake.models import Arrival
from newsreader.intake.shape import Refused
from newsreader.reading.forms import TextForm
from newsreader.reading.pages.adding import row
from newsreader.reading.pages.coming import Coming, coming, told
from newsreader.reading.pages.library import row_icons

State = Arrival.State


@never_cache
@require_safe
def arrival(request: Request, pk: int) -> HttpResponse:
    """For a page that shows it in a `row`, or on its article's own page: what is new, or the next time to ask."""
    found = _mine(request, pk)
    now = coming(found)
    if found.state != State.DONE and request.GET.get("seen") == now.seen:
        return render(
            request,
            "reading/_coming_again.html",
            {"coming": now, "shown": _shown(request), "stays": request.GET.get("stays")},
        )
    return _news(request, found, now)


@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    """Tries once more what failed."""
    found = _mine(request, pk)
    if found.state == State.FAILED:
        arrivals.again(found)
    if request.htmx:
        return _news(request, found, coming(found))
    return see_other(safe_next(request, found.article.get_absolute_url()))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: Request, pk: int) -> HttpResponse:
    """The reader pastes what can't be fetched."""
    found = _mine(request, pk)
    if found.state == State.DONE:
        return see_other(found.article.get_absolute_url())
    form = TextForm(request.POST) if request.method == "POST" else TextForm(initial={"title": _title(found)})
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            article = own.paste_for(found, asked["text"], title=asked["title"], kind=asked["kind"])
        except Refused as refusal:
            form.add_error("text", told(refusal))
        else:
            return see_other(article.get_absolute_url())
    context = {"text_form": form, "coming": coming(found), "article": found.article, "place": "add"}
    return render(request, "reading/add_text.html", context, status=422 if form.is_bound else 200)


def _mine(request: Request, pk: int) -> Arrival:
    mine = Arrival.objects.of(request.user).select_related("article").defer("handed", "article__html")
    found: Arrival = get_object_or_404(mine, pk=pk)
    return found


def _title(found: Arrival) -> str:
    """What is known of it; an address in its place is no title."""
    title: str = found.article.title
    return "" if title == addressing.short(found.address) else title


def _shown(request: Request) -> dict[str, Any]:
    number = request.GET.get("row", "")
    return {"row": int(number)} if number.isascii() and number.isdigit() and len(number) < 18 else {}


def _news(request: Request, found: Arrival, now: Coming) -> HttpResponse:
    here = request.htmx.current_url_abs_path or reverse("reading:library")
    if shown := _shown(request):
        known = row(found.article_id, request.user)
        # Another address may have led to the same page: its article takes the place of this one.
        place = f"#row-{shown['row']}"
        if known is None:
            return reswap(retarget(HttpResponse(), place), "delete")
        context = {"row": known, "icons": row_icons(), "here": here}
        return reswap(retarget(render(request, "reading/_coming_row.html", context), place), "outerHTML")
    if found.state == State.DONE and not request.GET.get("stays"):
        return HttpResponseClientRedirect(found.article.get_absolute_url())
    context = {"coming": None if found.state == State.DONE else now, "article": found.article}
    context["stays"] = request.GET.get("stays")
    return reswap(retarget(render(request, "reading/_coming.html", context), "#coming"), "outerHTML")
