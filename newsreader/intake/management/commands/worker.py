"""manage.py worker: works behind the pages until it is stopped. Thin: the work is in newsreader.intake.work."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from newsreader.intake.work.worker import drain, work


class Command(BaseCommand):
    help = "Fetches pages, polls feeds and takes in libraries, until it is stopped. make run starts one by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, default=settings.WORKER_THREADS, help="How much at once.")
        parser.add_argument("--once", action="store_true", help="Do what is due, and end.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            drain()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        work(threads=max(1, options["threads"]), stop=stop)
