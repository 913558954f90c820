"""What the pages of imports show: a file that was looked at, row by row, how far it is, and what became of it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsreader.accounts.models import User
from newsreader.core.sentence import Sentence
from newsreader.intake.imports import services
from newsreader.intake.imports.reading import NAMES
from newsreader.intake.models import Import, ImportRow
from newsreader.language import worded
from newsreader.reading.pages.coming import told

SIZE = 50
PAUSE = 2  # seconds between two looks at one that is on its way
Outcome, State = ImportRow.Outcome, Import.State
_ORDER = (
    *(Outcome.WAITS, Outcome.ADDED, Outcome.MARKED, Outcome.THERE, Outcome.LEFT, Outcome.FAILED),
    *(Outcome.REMOVED, Outcome.STAYS),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file, in words."""

    where: str
    title: str
    address: str
    outcome: str
    is_bad: bool
    said: str
    link: str
    passages: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows came to the same, and the address of the report of only those."""

    said: str
    key: str
    number: int
    is_chosen: bool


def imports_page(user: User, **shown: Any) -> dict[str, Any]:
    """What templates/reading/import.html shows."""
    return {"place": "add", "names": sorted(set(NAMES.values()), key=str.casefold), "runs": _earlier(user), **shown}


def _earlier(user: User) -> list[dict[str, Any]]:
    runs = Import.objects.filter(reader=user)[:20]
    return [
        {"run": run, "name": NAMES.get(run.kind, run.kind), "state": capfirst(run.get_state_display())} for run in runs
    ]


def run_page(run: Import, *, page: str = "", outcome: str = "") -> dict[str, Any]:
    """What templates/reading/_import.html shows."""
    counts = services.counts(run)
    total, waits = sum(counts.values()), counts[Outcome.WAITS]
    left = waits if run.state == State.RUNNING else counts[Outcome.ADDED] + counts[Outcome.MARKED]
    under_way = run.state in (State.RUNNING, State.UNDOING)
    chosen = outcome if outcome in Outcome.values or outcome == "waits" else ""
    found = _page(_rows(run, chosen), page)
    return {
        "place": "add",
        "run": run,
        "name": NAMES.get(run.kind, run.kind),
        "takes": ngettext("{n} item can be taken in.", "{n} items can be taken in.", waits).format(n=waits),
        "waits": waits,
        "under_way": under_way,
        "stuck": services.is_stuck(run),
        "pause": PAUSE,
        "done": total - left,
        "total": total,
        "counts": _counts(counts, run, chosen),
        "chosen": chosen,
        "page": found,
        "lines": [] if under_way else _lines(list(found.object_list), run),
        "can_undo": run.state == State.RUNNING
        or (run.state == State.DONE and bool(counts[Outcome.ADDED] + counts[Outcome.MARKED])),
        "to": reverse("reading:import-run", args=[run.pk]),
    }


def _rows(run: Import, outcome: str) -> QuerySet[ImportRow]:
    rows = ImportRow.objects.filter(run=run).select_related("article").defer("article__html", "article__text")
    return rows.filter(outcome="" if outcome == "waits" else outcome) if outcome else rows


def _page(rows: QuerySet[ImportRow], number: str) -> Page[ImportRow]:
    return Paginator(rows, SIZE).get_page(number)


def _counts(counts: Any, run: Import, chosen: str) -> list[Count]:
    shown = []
    for outcome in _ORDER:
        if counts[outcome]:
            key = str(outcome) or "waits"
            says = _("to take in") if not outcome and run.state == State.LOOKED else str(Outcome(outcome).label)
            shown.append(Count(says, key, counts[outcome], key == chosen))
    return shown


def _lines(rows: list[ImportRow], run: Import) -> list[Line]:
    if run.state == State.LOOKED:
        services.forecast(rows, reader=run.reader)
    return [_line(row, run) for row in rows]


def _line(row: ImportRow, run: Import) -> Line:
    looked = run.state == State.LOOKED and row.outcome == Outcome.WAITS
    article = row.article
    return Line(
        where=capfirst(worded(Sentence.again(row.where))),
        title=article.title if article else row.title or _title(row.item),
        address=row.address,
        outcome="" if looked else capfirst(str(Outcome(row.outcome).label)),
        is_bad=row.outcome in (Outcome.LEFT, Outcome.FAILED),
        said=told(Sentence.again(row.told)) if row.told else "",
        link=article.get_absolute_url() if article and article.state != "withdrawn" else "",
        passages=len(row.item.get("marked", ())),
    )


def _title(item: dict[str, Any]) -> str:
    return next((str(mark.get("words", ""))[:80] for mark in item.get("marked", ()) if mark.get("words")), "")
