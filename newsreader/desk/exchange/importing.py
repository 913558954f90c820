"""The second step: what was looked at is written, in one transaction, with an entry in the journal and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsreader.accounts.models import User
from newsreader.desk import journal
from newsreader.desk.exchange.kinds import Kind, Written, batches
from newsreader.desk.exchange.models import Import, ImportRow
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry

Verdict = ImportRow.Verdict


class Refused(ValueError):
    """Nothing was written; the sentence says why."""


class _ChangedMeanwhile(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were new, changed, and left out; highlights that lost their words; the entry, if anything was."""

    new: int
    changed: int
    left: int
    lost: int
    entry: Entry | None

    @property
    def told(self) -> str:
        if not self.entry:
            said = [_("Everything in the file is there already, word for word.")] if not self.left else []
        else:
            said = [self.entry.told]
        if n := self.left:
            said.append(ngettext("{n} row was left out.", "{n} rows were left out.", n).format(n=n))
        return " ".join(said)


def carry_out(kind: Kind, job: Import, *, by: User | None, leave_out: bool = False) -> Imported:
    """Writes what `job` shows. Raises Refused where a row is wrong, or something changed since it was looked at.

    Not where `leave_out` leaves those rows as they are. Rows that can't be written any more say so afterwards.
    """
    left: list[tuple[ImportRow, str]] = []
    try:
        with transaction.atomic():
            return _carry_out(kind, job, left, by=by, leave_out=leave_out)
    except _ChangedMeanwhile:
        for row, why in left:
            row.verdict, row.notes = Verdict.WRONG, [why]
        ImportRow.objects.bulk_update([row for row, _why in left], ["verdict", "notes"], batch_size=200)
        told = ngettext(
            "{n} row can’t be written as it was shown, since something changed meanwhile. Nothing was imported.",
            "{n} rows can’t be written as they were shown, since something changed meanwhile. Nothing was imported.",
            len(left),
        )
        raise Refused(told.format(n=len(left))) from None


def _carry_out(
    kind: Kind, job: Import, left: list[tuple[ImportRow, str]], *, by: User | None, leave_out: bool
) -> Imported:
    # Of two presses of the button, one finds it done.
    if not Import.objects.filter(pk=job.pk, done=False).update(done=True):
        raise Refused(_("This file was imported already."))
    wrong = job.rows.filter(verdict=Verdict.WRONG).count()
    if wrong and not leave_out:
        told = ngettext(
            "{n} row is wrong. Nothing was imported: correct the file, or leave that row out.",
            "{n} rows are wrong. Nothing was imported: correct the file, or leave those rows out.",
            wrong,
        )
        raise Refused(told.format(n=wrong))
    written = Written(job.name, by)
    rows = job.rows.filter(verdict__in=[Verdict.NEW, Verdict.CHANGED]).order_by("number")
    for batch in batches(rows.iterator(chunk_size=100)):
        left += kind.write(batch, written)
    if left and not leave_out:
        raise _ChangedMeanwhile
    entry = _noted(kind, job, written, by=by)
    job.rows.all().delete()
    return Imported(len(written.new), len(written.changed), wrong + len(left), written.lost, entry)


def _noted(kind: Kind, job: Import, written: Written, *, by: User | None) -> Entry | None:
    rows = [*written.new, *written.changed]
    if not rows:
        return None
    if by:
        for those, flag in ((written.new, ADDITION), (written.changed, CHANGE)):
            LogEntry.objects.log_actions(by.pk, those, flag, change_message=written.reason)
    ways = list(_ways(kind, written))
    return journal.record(Deed.IMPORTED, by=by, about=job.name, rows=rows, told=_told(written), ways=ways)


def _told(written: Written) -> str:
    said = []
    if n := len(written.new):
        said.append(ngettext("{n} is new.", "{n} are new.", n).format(n=n))
    if n := len(written.changed):
        said.append(ngettext("{n} is changed.", "{n} are changed.", n).format(n=n))
    if written.made:
        named = ", ".join(str(one) for one in written.made[:5]) + (", …" if len(written.made) > 5 else "")
        said.append(_("Made on the way: {names}.").format(names=named))
    if n := written.lost:
        said.append(ngettext("{n} highlight lost its place.", "{n} highlights lost their place.", n).format(n=n))
    return " ".join(said)


def _ways(kind: Kind, written: Written) -> Iterator[Way]:
    """In the order in which things were done: they are taken back from the last to the first."""
    by_model: dict[str, list[models.Model]] = {}
    for one in [*written.made, *written.new]:
        by_model.setdefault(one._meta.label_lower, []).append(one)
    yield from (journal.made(those) for those in by_model.values())
    for (field, label, had), keys in written.labels.items():
        yield Way(kind.label, field, had, not had, keys, label)
    if written.before:
        yield Way(kind.label, "*", written.before, written.after, [int(key) for key in written.before])
    yield from written.ways
