"""Prints the link that makes the first account, as long as there is none."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from newsreader.accounts.services import claim_key


class Command(BaseCommand):
    help = "Prints a one-time link that makes the owner's account. Prints nothing when there is an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base", default=settings.URL, help="Where the library is reached.")

    def handle(self, *args: Any, **options: Any) -> None:
        if key := claim_key():
            self.stdout.write(options["base"].rstrip("/") + reverse("accounts:claim", args=[key]))
