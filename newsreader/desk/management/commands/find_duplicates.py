"""Looks for near-duplicates among what came in since the last time: for cron, so that pairs wait for curators."""

from typing import Any

from django.core.management.base import BaseCommand

from newsreader.desk.duplicates import scan


class Command(BaseCommand):
    help = "Looks for near-duplicates among new and changed articles. Curators find the pairs at the desk."

    def handle(self, *args: Any, **options: Any) -> None:
        scanned = scan()
        self.stdout.write(f"articles looked at  {scanned.articles}\nnew pairs           {scanned.found}")
