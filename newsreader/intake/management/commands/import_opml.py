"""manage.py import_opml: follows the feeds of a subscription list. Thin: the work is in intake.feeds.following."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsreader.intake.feeds.following import follow_all, look_at
from newsreader.intake.shape import Refused
from newsreader.language import worded


class Command(BaseCommand):
    help = "Follows the feeds of a subscription list (OPML), but for those that are followed already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE")
        parser.add_argument("--draft", action="store_true", help="what comes in is a draft until it is published")
        parser.add_argument("--full-text", action="store_true", help="fetch the pages of entries that are summaries")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            listed = look_at(options["path"].read_bytes())
        except (OSError, Refused) as error:
            raise CommandError(f"{options['path']}: {worded(error)}") from error
        for one, why in listed.refused:
            self.stderr.write(f"line {one.line}: {one.address}: {worded(why)}")
        if options["dry_run"]:
            self.stdout.write("Nothing was written; this is what would happen:")
            added = len(listed.new)
        else:
            kept = {"publish": not options["draft"], "full_text": options["full_text"]}
            added = len(follow_all(listed.new, **kept))
        for what, number in (("followed", added), ("known", len(listed.known)), ("refused", len(listed.refused))):
            self.stdout.write(f"{what:<9} {number:>6}")
