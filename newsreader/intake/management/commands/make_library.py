"""manage.py make_library: a library of any size, for measuring. Thin: the work is in newsreader.intake.making."""

from __future__ import annotations

import datetime as dt
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from newsreader.intake.making import Refused, Step, Wanted, make

EVERY = 2.0  # seconds between two lines of progress


class Command(BaseCommand):
    """Says how far it is, and how fast it was."""

    help = "Fills a library with text that nobody wrote, for measuring: the same for the same numbers and seed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=_number, default=1_000, metavar="N")
        parser.add_argument("--highlights", type=_number, default=0, metavar="M", help="passages, of all readers")
        parser.add_argument("--readers", type=_number, default=0, metavar="R", help="reader-1 to reader-R")
        parser.add_argument("--seed", type=_number, default=1, metavar="S", help="another seed: other articles")
        parser.add_argument("--words", type=_number, default=300, metavar="W", help="of an article, on average")
        parser.add_argument("--until", type=_day, metavar="DATE", help="the newest article's day; today if not given")
        parser.add_argument("--password", action="store_true", help="print a password with which the readers sign in")
        parser.add_argument("--add", action="store_true", help="also into a library that people use")

    def handle(self, *args: Any, **options: Any) -> None:
        self._quiet, self._began, self._shown = not options["verbosity"], monotonic(), 0.0
        self._first: dict[str, tuple[int, float]] = {}
        password = get_random_string(16) if options["password"] else ""
        wanted = Wanted(
            articles=options["articles"],
            highlights=options["highlights"],
            readers=options["readers"],
            seed=options["seed"],
            length=max(20, options["words"]),
            until=options["until"] or timezone.now().replace(hour=0, minute=0, second=0, microsecond=0),
        )
        try:
            make(wanted, add=options["add"], password=password, progress=self._show)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            raise CommandError("Stopped. What is there is whole: the same command goes on from here.") from None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # As the server does it by itself a little later; a test's transaction allows the half of it.
                cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
        if password and wanted.readers:
            self.stdout.write(f"Readers that are new have the password {password}")

    def _show(self, step: Step) -> None:
        """A line for each kind of thing when it is done, and one every EVERY seconds in between."""
        now = monotonic()
        first, began = self._first.setdefault(step.what, (step.number, now))
        done = step.number >= step.total
        if self._quiet or not step.total or (not done and now - self._shown < EVERY):
            return
        self._shown = now
        new = step.number - first
        speed = f", {new / (now - began):,.0f} a second" if new and now > began else ""
        self.stdout.write(f"{step.what:<15} {step.number:>9,} of {step.total:,}{speed}")
        self.stdout.flush()


def _number(typed: str) -> int:
    return abs(int(typed.replace(",", "").replace("_", "")))


def _day(typed: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(typed))
