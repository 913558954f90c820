"""manage.py load_seeds: documents from files into the library. Thin: the work is in newsreader.intake.seeds."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from newsreader.intake.seeds import OUTCOMES, Step, load

_MANY = 20
_BAR = 30


class Command(BaseCommand):
    """Prints a table of what happened; ends with 1 when a document was refused."""

    help = "Loads .txt, .md and .html documents (folders with all that is below them) into the library."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="files or folders; without any: seeds/")
        parser.add_argument("--source", metavar="NAME", help="who published the documents that do not say it")
        parser.add_argument("--draft", action="store_true", help="add new articles as drafts")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]

        def show(step: Step) -> None:
            bar = verbosity > 0 and step.total > _MANY and self.stderr.isatty()
            if bar:
                self.stderr.write("\r\x1b[K", ending="")
            if step.outcome == "refused":
                self.stderr.write(f"{step.name}: {step.reason}.")
            elif verbosity > 1:
                self.stdout.write(f"{step.outcome:<9}  {step.name}")
                self.stdout.flush()
            if bar and step.number < step.total:
                full = _BAR * step.number // step.total
                self.stderr.write(f"{'█' * full}{'░' * (_BAR - full)} {step.number} of {step.total}", ending="")

        report = load(
            options["paths"] or [settings.BASE_DIR / "seeds"],
            source=options["source"],
            draft=options["draft"],
            dry_run=options["dry_run"],
            progress=show,
        )
        if verbosity > 0:
            if options["dry_run"]:
                self.stdout.write("Nothing was written; this is what would happen:")
            for outcome in OUTCOMES:
                self.stdout.write(f"{outcome:<9} {report.count(outcome):>6}")
        if report.count("refused"):
            sys.exit(1)
