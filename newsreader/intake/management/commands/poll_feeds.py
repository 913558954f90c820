"""manage.py poll_feeds: visits feeds now, in this process. Thin: the work is in intake.feeds.polling."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from newsreader.intake.feeds.polling import due, poll
from newsreader.intake.models import Feed
from newsreader.intake.web import Web


class Command(BaseCommand):
    """The worker does it by itself; this is for who wants to see what happens."""

    help = "Visits the feeds whose turn it is, or all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="all that are followed, whenever they were visited")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            Feed.objects.filter(state=Feed.State.FOLLOWED).update(due=timezone.now())
        while feeds := due():
            for what, number in sorted(poll(feeds, web=Web(settings.FETCH_ALLOW)).items()):
                self.stdout.write(f"{what:<9} {number:>6}")
            for feed in Feed.objects.filter(pk__in=[one.pk for one in feeds]).exclude(told={}):
                self.stderr.write(f"{feed.address}: {feed.told['form'].format(**feed.told['values'])}")
