"""manage.py follow_feed: a feed that the library follows from now on. Thin: the work is in intake.feeds.following."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsreader.intake.feeds.following import NoAddress, find, follow
from newsreader.intake.shape import Refused
from newsreader.intake.web import Failed, Web
from newsreader.language import worded


class Command(BaseCommand):
    help = "Follows the feed at an address; of a site, says which feeds it has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS", help="of a feed, or of a site")
        parser.add_argument("--name", default="", help="what the source is called; else as the feed is")
        parser.add_argument("--draft", action="store_true", help="what comes in is a draft until it is published")
        parser.add_argument("--full-text", action="store_true", help="fetch the pages of entries that are summaries")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = find(options["address"], web=Web(settings.FETCH_ALLOW))
            if len(found.offered) == 1:
                found = find(found.offered[0].address, web=Web(settings.FETCH_ALLOW))
            if found.offered:
                for one in found.offered:
                    self.stdout.write(f"{one.address}  {one.title}")
                raise CommandError("This is a page with several feeds: name one of them.")
            kept = {"publish": not options["draft"], "full_text": options["full_text"]}
            feed, new = follow(found.address, title=options["name"] or found.title, site=found.site, **kept)
        except (NoAddress, Failed, Refused) as error:
            raise CommandError(worded(error)) from error
        self.stdout.write(f"{feed.source}: {'followed' if new else 'was followed already'}, {feed.address}")
