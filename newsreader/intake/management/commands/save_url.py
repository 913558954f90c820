"""Saves pages of the web on a reader's shelf."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsreader.accounts.models import User
from newsreader.accounts.names import fold
from newsreader.intake import addressing
from newsreader.intake.arrivals import expect, fail, get
from newsreader.intake.models import Arrival
from newsreader.intake.shape import Refused
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
        web = Web(settings.FETCH_ALLOW)
        failed = sum(not self._save(address, reader, web) for address in options["addresses"])
        if failed:
            raise CommandError(f"{failed} of {len(options['addresses'])} could not be saved.")

    def _save(self, address: str, reader: User, web: Web) -> bool:
        """Whether it is there now. A page that can't be fetched stays on the shelf, with the reason."""
        try:
            arrival = expect(address, reader=reader, queued=False).arrival
        except addressing.Refused as error:
            self.stderr.write(f"{address}: {worded(error)}")
            return False
        there = arrival.state == Arrival.State.DONE
        try:
            article = arrival.article if there else get(arrival, web=web)
        except (Failed, Refused) as error:
            fail(arrival, error)
            self.stderr.write(f"{address}: {worded(error)}")
            return False
        told = "was there already" if there else "saved"
        self.stdout.write(f"{article.title}: {told}, {settings.URL}{article.get_absolute_url()}")
        return True
