"""Saves pages of the web on a reader's shelf."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsreader.accounts.models import User
from newsreader.accounts.names import fold
from newsreader.intake.saving import Refused, save_page
from newsreader.intake.web import Failed, Web
from newsreader.language import worded


class Command(BaseCommand):
    help = "Fetches pages of the web and puts them on a reader's own shelf."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help="As in https://example.org/story.")
        parser.add_argument("--reader", required=True, help="The name that the reader signs in with.")

    def handle(self, *args: Any, **options: Any) -> None:
        reader = User.objects.filter(folded=fold(options["reader"]), is_active=True).first()
        if reader is None:
            raise CommandError(f"Nobody here signs in as {options['reader']}.")
        web, failed = Web(settings.FETCH_ALLOW), 0
        for address in options["addresses"]:
            try:
                saved = save_page(address, reader=reader, web=web)
            except (Failed, Refused) as error:
                failed += 1
                self.stderr.write(f"{address}: {worded(error)}")
            else:
                told = "saved" if saved.new else "was there already"
                self.stdout.write(f"{saved.article.title}: {told}, {settings.URL}{saved.article.get_absolute_url()}")
        if failed:
            raise CommandError(f"{failed} of {len(options['addresses'])} could not be saved.")
