"""When something that failed is tried again."""

import datetime as dt
import random

from django.utils import timezone

FIRST = 30  # seconds
FACTOR = 5
LONGEST = 24 * 3600
JITTER = 0.25  # of the wait, more or less, so that what failed together does not come back together


def wait(tries: int, *, asked: int = 0, first: int = FIRST, factor: float = FACTOR, longest: int = LONGEST) -> int:
    """Seconds until the next of `tries` so far: exponential, and no sooner than a server `asked` for."""
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, keeps no secret
    return max(asked, int(min(first * factor ** max(0, tries - 1), longest) * spread))


def moment(seconds: int) -> dt.datetime:
    """That far from now."""
    return timezone.now() + dt.timedelta(seconds=seconds)
