"""The notebook: shown, printed, taken along as a file, and edited in place; many passages at once; the bin."""

from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsreader.annotations import bulk, services
from newsreader.annotations.exports import FORMATS
from newsreader.annotations.models import Highlight
from newsreader.annotations.querysets import BIN_DAYS
from newsreader.core.prose import Unreadable, render_note
from newsreader.http import Request, safe_next
from newsreader.language import worded
from newsreader.reading.forms import EditForm, LineEndField
from newsreader.reading.pages.asked import without_nul
from newsreader.reading.pages.choice import Choice
from newsreader.reading.pages.notebook import entry, file, notebook_page, printed_page, touched
from newsreader.reading.views.answers import own
from newsreader.reading.views.undoing import keep, offer, offered, without

BINNED = 500


@require_http_methods(["GET", "HEAD", "POST"])
def notebook(request: Request) -> HttpResponse:
    """Posted to, it does what the pressed button says to all passages that are ticked."""
    if request.method == "POST":
        return _change(request)
    page = notebook_page(Choice.of(request.GET), request.user)
    return render(request, "reading/notebook.html", {**page, "offered": offered(request)})


@require_safe
def printed(request: Request) -> HttpResponse:
    return render(request, "reading/notebook_print.html", printed_page(Choice.of(request.GET), request.user))


@require_safe
@cache_control(private=True, no_store=True)
def export(request: Request) -> StreamingHttpResponse:
    """A file of all that the notebook shows at this address; `as` names its kind."""
    kind = FORMATS.get(request.GET.get("as", "markdown"))
    if kind is None:
        raise Http404
    about, passages = file(Choice.of(request.GET), request.user)
    named = "-".join([_("notebook"), *(name.strip("#“”") for name in about.filters[:3]), f"{about.made:%Y-%m-%d}"])
    pieces = (piece.encode() for piece in kind.write(passages, about))
    response = StreamingHttpResponse(pieces, content_type=kind.kind)
    name = "".join("-" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in named)[:120]
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind.ending}") or "attachment"
    return response


# One passage, edited where it stands. Fragments only: without JavaScript its own page has the form.


@require_http_methods(["GET", "HEAD", "POST"])
def passage(request: Request, public_id: str) -> HttpResponse:
    """Its form; posted to, the passage as it is then. `as=passage` answers the passage without a change."""
    mine = get_object_or_404(own(request).live(), public_id=public_id)
    if request.method != "POST":
        return _passage(request, mine) if request.GET.get("as") == "passage" else _form(request, mine, {})
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
    return _passage(request, saved)


@require_POST
def preview(request: Request) -> HttpResponse:
    """How a note will look, from the one place that renders notes."""
    note = LineEndField(required=False).to_python(request.POST.get("note", ""))
    try:
        return render(request, "reading/_preview.html", {"html": render_note(note)})
    except Unreadable as refusal:
        return render(request, "reading/_preview.html", {"said": worded(refusal)}, status=422)


def _form(request: Request, mine: Highlight, context: dict[str, Any], status: int = 200) -> HttpResponse:
    tags = ", ".join(mine.tags.filter(deleted=None).values_list("name", flat=True))
    context |= {"highlight": mine, "colours": Highlight.Colour.choices, "tags": tags, "back": safe_next(request, "")}
    return render(request, "reading/_edit_here.html", context, status=status)


def _passage(request: Request, mine: Highlight) -> HttpResponse:
    shown = entry(mine, request.user)
    context = {"highlight": shown.highlight, "readable": shown.readable}
    context["here"] = safe_next(request, reverse("reading:notebook"))
    return render(request, "reading/_passage.html", context)


# Many passages


def _change(request: Request) -> HttpResponse:
    ids = request.POST.getlist("passage")
    if not ids:
        return _refuse(request, _("Tick the passages first that you mean."))
    if len(ids) > bulk.MOST:
        return _refuse(request, _("That is more than {most} passages at once.").format(most=bulk.MOST))
    try:
        record = _done(request, ids)
    except ValueError as refusal:
        return _refuse(request, str(refusal))
    said = _said(record, request.POST.get("tags", ""))
    if not request.htmx:
        return offer(request, record, said, to=request.get_full_path())
    here = without(request.get_full_path())
    context = touched(ids, Choice.of(request.GET), request.user)
    context |= {"here": here, "offered": {"said": said, "token": keep(request, record, said), "next": here}}
    return render(request, "reading/_many_done.html", context)


def _done(request: Request, ids: list[str]) -> bulk.Record:
    names = without_nul(request.POST).get("tags", "")[:2_000].split(",")
    match request.POST.get("do", "").split("-"):
        case ["tag"]:
            return bulk.tag(ids, reader=request.user, names=names)
        case ["untag"]:
            return bulk.untag(ids, reader=request.user, names=names)
        case ["delete"]:
            return bulk.delete(ids, reader=request.user)
        case ["paint", colour]:
            return bulk.paint(ids, reader=request.user, colour=colour)
        case _:
            raise ValueError(_("Choose what to do with them."))


def _said(record: bulk.Record, names: str) -> str:
    count, names = record["count"], names.strip(" ,")
    said = {
        "tag": ngettext("{count} passage tagged {names}.", "{count} passages tagged {names}.", count),
        "untag": ngettext("{names} taken off {count} passage.", "{names} taken off {count} passages.", count),
        "paint": ngettext("{count} passage in another colour.", "{count} passages in another colour.", count),
        "delete": ngettext("{count} passage deleted.", "{count} passages deleted.", count),
        "restore": ngettext("{count} passage is back.", "{count} passages are back.", count),
    }
    return said[record["did"]].format(count=count, names=names[:80])


def _refuse(request: Request, said: str) -> HttpResponse:
    """Why nothing happened; without htmx in the notebook as it was, with what was ticked and typed."""
    if request.htmx:
        return render(request, "reading/_many_said.html", {"said": said, "oob": True}, status=422)
    page = notebook_page(Choice.of(request.GET), request.user)
    page |= {"said": said, "ticked": request.POST.getlist("passage"), "typed": request.POST.get("tags", "")}
    return render(request, "reading/notebook.html", page, status=422)


# The bin


@require_http_methods(["GET", "HEAD", "POST"])
def bin(request: Request) -> HttpResponse:
    """Deleted passages, newest first; what is older than the bin keeps is gone with the next deletion.

    Posted to, all that are ticked go back to their words; a single one has a button and an address of its own.
    """
    if request.method != "POST":
        return _bin(request)
    ids = request.POST.getlist("passage")
    if not ids:
        return _bin(request, said=_("Tick the passages first that you mean."), status=422)
    record = bulk.restore(ids, reader=request.user)
    return offer(request, record, _said(record, ""), to=reverse("reading:bin"))


def _bin(request: Request, *, said: str = "", status: int = 200) -> HttpResponse:
    rows = Highlight.objects.of(request.user).in_the_bin().select_related("article").with_tags()
    deleted = list(rows.defer("article__html", "article__text").order_by("-deleted", "-id")[:BINNED])
    now = timezone.now()
    left = [(one, max(1, BIN_DAYS - (now - one.deleted).days)) for one in deleted]
    context = {"place": "bin", "deleted": left, "days": BIN_DAYS, "said": said, "offered": offered(request)}
    return render(request, "reading/bin.html", context, status=status)
