"""Takes another application's library onto a reader's shelf."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsreader.accounts.models import User
from newsreader.accounts.names import fold
from newsreader.core.sentence import Sentence
from newsreader.intake.imports import services
from newsreader.intake.imports.reading import NAMES
from newsreader.intake.models import Import, ImportRow
from newsreader.intake.shape import Refused
from newsreader.language import worded


class Command(BaseCommand):
    help = "Takes the export of another application onto a reader's shelf. A worker then fetches the pages in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="As the other application exported it.")
        parser.add_argument("--reader", required=True, help="The name that the reader signs in with.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be done.")

    def handle(self, *args: Any, **options: Any) -> None:
        reader = User.objects.filter(folded=fold(options["reader"]), is_active=True).first()
        if reader is None:
            raise CommandError(f"Nobody here signs in as {options['reader']}.")
        file: Path = options["file"]
        try:
            run = services.look(file.name, file.read_bytes(), reader=reader)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Refused as refusal:
            raise CommandError(f"{file}: {worded(refusal)}") from refusal
        if options["dry_run"]:
            rows = list(run.rows.all())
            services.forecast(rows, reader=reader)
            self._report(run, rows)
            run.delete()
            return
        services.start(run)
        services.finish(run)
        self._report(run, list(run.rows.all()))

    def _report(self, run: Import, rows: list[ImportRow]) -> None:
        """Every row, and then how many came to what."""
        for row in rows:
            said = worded(Sentence.again(row.told)) if row.told else ""
            outcome = f"{row.get_outcome_display()}: " if row.outcome else ""
            where = worded(Sentence.again(row.where))
            self.stdout.write(f"{where}: {row.title or row.address}: {outcome}{said}".rstrip(": "))
        counts = ", ".join(f"{n} {ImportRow.Outcome(outcome).label}" for outcome, n in services.counts(run).items())
        self.stdout.write(f"{NAMES.get(run.kind, run.kind)}: {counts}")
