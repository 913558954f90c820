"""Counts what failed and says when it's too many. Never sleeps; remembers keyed hashes, no name and no address.

An attempt is written down before it is judged, so that guesses sent all at once count too.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from newsreader.accounts.models import Attempt

LONGEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within so long (at most LONGEST: older ones are forgotten)."""

    failures: int
    within: timedelta


class TooMany(Exception):
    """Over a limit; `seconds` until the next attempt is heard, at least 1."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        minutes = math.ceil(self.seconds / 60)
        super().__init__(
            ngettext(
                "There were too many attempts. Wait %(minutes)d minute, then try again.",
                "There were too many attempts. Wait %(minutes)d minutes, then try again.",
                minutes,
            )
            % {"minutes": minutes}
        )


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt that counts as failed until it's taken back."""

    rows: tuple[int, ...]

    def succeeded(self, *, forget: str = "") -> None:
        """Takes the attempt back, and with it all failures of the bucket `forget`."""
        Attempt.objects.filter(pk__in=self.rows).delete()
        if forget:
            Attempt.objects.filter(bucket=forget).delete()


def bucket(*parts: str) -> str:
    """The name that a limit counts under."""
    return salted_hmac("newsreader.accounts.throttle", "\0".join(parts), algorithm="sha256").hexdigest()


def check(limits: Mapping[str, Limit], *, now: datetime | None = None) -> None:
    """Raises TooMany if one of the buckets is full. Changes nothing."""
    _check(limits, own=0, now=now or timezone.now())


def attempt(limits: Mapping[str, Limit], *, now: datetime | None = None) -> Tried:
    """Counts one attempt in every bucket. Raises TooMany, and then counts none: waiting gets nobody in deeper."""
    now = now or timezone.now()
    check(limits, now=now)  # a flood costs reads only
    with transaction.atomic():
        Attempt.objects.filter(at__lt=now - LONGEST).delete()
        rows = tuple(Attempt.objects.create(bucket=name, at=now).pk for name in limits)
    tried = Tried(rows)
    try:
        # Counted after writing: of many at once, the one that counts last sees all of them.
        _check(limits, own=1, now=now)
    except TooMany:
        tried.succeeded()
        raise
    return tried


def _check(limits: Mapping[str, Limit], *, own: int, now: datetime) -> None:
    waits = []
    for name, limit in limits.items():
        last = limit.failures - 1 + own
        newest_first = Attempt.objects.filter(bucket=name, at__gt=now - limit.within).order_by("-at", "-pk")
        # Room comes when the oldest of the last `failures` ones leaves the window.
        if full := list(newest_first.values_list("at", flat=True)[last : last + 1]):
            waits.append(full[0] + limit.within - now)
    if waits:
        raise TooMany(max(waits))
