"""Rows to a file, chunk by chunk: only one chunk is ever held."""

import csv
import json
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.desk import journal
from newsreader.desk.exchange.cells import as_cell, defused
from newsreader.desk.exchange.kinds import BATCH, Kind, Values, batches
from newsreader.desk.models import Deed

Format = Literal["csv", "json"]
TYPES: dict[str, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class _Line:
    """A file of one line, which is handed on instead of kept."""

    def write(self, line: str) -> str:
        return line


def written(kind: Kind, keys: Sequence[int], form: str) -> Iterator[str]:
    """The rows with these keys, in this order, as a file. What is deleted meanwhile is left out."""
    rows = (row for chunk in batches(keys, BATCH) for row in kind.exported(chunk))
    return _json(rows) if form == "json" else _csv(rows, kind.columns)


def _csv(rows: Iterator[Values], columns: Sequence[str]) -> Iterator[str]:
    """With a byte order mark: without it Excel reads UTF-8 as something else; LibreOffice takes it either way."""
    line = csv.writer(_Line(), quoting=csv.QUOTE_ALL).writerow
    yield "\ufeff" + line(columns)
    for row in rows:
        yield line([defused(as_cell(row[column])) for column in columns])


def _json(rows: Iterator[Values]) -> Iterator[str]:
    """A list with one row to a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def noted(kind: Kind, number: int, form: str, *, by: User | None, of: str = "") -> Any:
    """Writes into the journal that so many were exported; `of` says which, as the list's address does."""
    about = str(kind.model._meta.verbose_name_plural)
    told = " ".join(part for part in (form.upper(), of[:1000]) if part)
    return journal.record(Deed.EXPORTED, by=by, about=about, told=told, kind=kind.label, number=number)


def file_name(kind: Kind, form: str) -> str:
    return f"{kind.model._meta.model_name}s-{timezone.localdate().isoformat()}.{form}"


def unknown_format(form: str) -> str:
    return _("“{given}” is no format; there are csv and json.").format(given=form[:20])
