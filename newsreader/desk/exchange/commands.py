"""The same on the command line: `export_articles`, `import_articles` and their sisters are a line each."""

import sys
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsreader.desk.exchange import importing, looking, writing
from newsreader.desk.exchange.files import Broken
from newsreader.desk.exchange.kinds import Kind
from newsreader.desk.exchange.models import Import, ImportRow


class Export(BaseCommand):
    """Writes all of them to standard output, oldest first."""

    kind: ClassVar[Kind]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=sorted(writing.TYPES), default="csv")

    def handle(self, **options: Any) -> None:
        keys = list(self.kind.all().order_by("pk").values_list("pk", flat=True))
        writing.noted(self.kind, len(keys), options["format"], by=None)
        for part in writing.written(self.kind, keys, options["format"]):
            self.stdout.write(part, ending="")


class ImportFile(BaseCommand):
    """Reads a file, says what each row does, and does it, unless --dry-run: all of it or nothing."""

    kind: ClassVar[Kind]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="CSV or JSON; - reads standard input")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--leave-out", action="store_true", help="leave wrong rows out, and import the others")

    def handle(self, **options: Any) -> None:
        name, data = _read(options["file"])
        try:
            job = looking.look(self.kind, data, name, owner=None)
        except Broken as error:
            raise CommandError(str(error)) from error
        try:
            self._tell(job)
            if not options["dry_run"]:
                done = importing.carry_out(self.kind, job, by=None, leave_out=options["leave_out"])
                self.stdout.write(done.told)
        except importing.Refused as error:
            raise CommandError(str(error)) from error
        finally:
            job.delete()

    def _tell(self, job: Import) -> None:
        shown = job.rows.exclude(verdict=ImportRow.Verdict.SAME).defer("html").order_by("number")
        for row in shown.iterator(chunk_size=500):
            columns = "" if row.verdict == ImportRow.Verdict.NEW else ", ".join(row.values)
            said = " ".join(filter(None, [columns, *row.notes]))
            self.stdout.write(f"{row.number}\t{row.verdict}\t{_printable(row.title)}\t{_printable(said)}")
        totals = looking.totals(job)
        self.stdout.write(", ".join(f"{totals[verdict]} {verdict}" for verdict in ImportRow.Verdict.values))


def _read(path: str) -> tuple[str, bytes]:
    most = looking.limit() + 1
    if path == "-":
        return "-", sys.stdin.buffer.read(most)
    try:
        with Path(path).open("rb") as file:
            return Path(path).name, file.read(most)
    except OSError as error:
        raise CommandError(f"{path} can't be read ({error.strerror}).") from error


def _printable(text: str) -> str:
    """On one line of a terminal, whatever is in it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
