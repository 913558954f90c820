"""manage.py export_opml: all feeds as a subscription list, to the standard output."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from newsreader.intake.feeds.following import subscriptions
from newsreader.intake.feeds.opml import write_opml


class Command(BaseCommand):
    help = "Writes all feeds that are followed as a subscription list (OPML), which other readers take."

    def handle(self, *args: Any, **options: Any) -> None:
        made = write_opml(subscriptions(), title="Newsreader", made=timezone.now())
        self.stdout.write(made.decode(), ending="")
