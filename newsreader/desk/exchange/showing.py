"""What an import would do, as its page tells it: in words, for whoever is to press the button."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsreader.desk.exchange.articles import LABELS
from newsreader.desk.exchange.cells import as_cell
from newsreader.desk.exchange.models import Import, ImportRow

ORDER = ("wrong", "changed", "new", "same")
NAMED = 12


@dataclass(frozen=True, slots=True)
class Tab:
    verdict: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    before: str
    after: str
    replaces: bool


class Shown:
    """One row."""

    def __init__(self, row: ImportRow) -> None:
        self.number, self.title, self.target, self.notes = row.number, row.title, row.target, row.notes
        self.wrong = row.verdict == ImportRow.Verdict.WRONG
        self.changes = [_change(row, column, value) for column, value in row.values.items()]


def first(totals: Counter[str]) -> str:
    """What is shown where nothing is chosen: what needs a look most."""
    return next((verdict for verdict in ORDER if totals[verdict]), "new")


def tabs(totals: Counter[str], chosen: str) -> list[Tab]:
    labels = dict(ImportRow.Verdict.choices)
    return [Tab(verdict, str(labels[verdict]), totals[verdict], verdict == chosen) for verdict in ORDER]


def sentences(job: Import) -> list[str]:
    """What is said of the whole file."""
    said = []
    makes = {"sources": _("New sources are made: {names}."), "topics": _("New topics are made: {names}.")}
    for column in LABELS:
        if n := job.about["many"].get(column, 0):
            said.append(makes[column].format(names=_listed(job.about["makes"][column], n)))
    if unknown := job.about["unknown"]:
        told = ngettext(
            "One column is not known and is passed over: {names}.",
            "{n} columns are not known and are passed over: {names}.",
            len(unknown),
        )
        said.append(told.format(n=len(unknown), names=_listed(unknown, len(unknown))))
    return said


def _listed(names: list[str], n: int) -> str:
    told = ", ".join(names[:NAMED])
    return _("{names} and {n} more").format(names=told, n=n - NAMED) if n > NAMED else told


def _change(row: ImportRow, column: str, value: Any) -> Change:
    if column == "html":
        before = row.before.get("html")
        return Change(_("text"), _words(before["words"]) if before else "", _words(value["words"]), bool(before))
    return Change(column, as_cell(row.before.get(column)), as_cell(value), column in row.before)


def _words(n: int) -> str:
    return ngettext("{n} word", "{n} words", n).format(n=number_format(n, force_grouping=True))
