"""What is done every so often, by whichever worker comes first."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from newsreader.intake.feeds import polling
from newsreader.intake.models import Beat
from newsreader.intake.work import reaper

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """`does` quickly what has to be done `every` so many seconds: a queue's slow work it only puts into the queue."""

    name: str
    every: int
    does: Callable[[], object]


CHORES: list[Chore] = [
    Chore("reap", 10, reaper.reap),
    Chore("feeds", 60, polling.enqueue),
    Chore("sweep", 24 * 3600, reaper.sweep),
]


def tick() -> None:
    """Does what is due. One chore that fails keeps none of the others from being done."""
    for chore in CHORES:
        if _mine(chore):
            try:
                chore.does()
            except Exception:
                logger.exception("The chore %s failed", chore.name)


def _mine(chore: Chore) -> bool:
    """Whether it is due, and no other worker has taken it."""
    now = timezone.now()
    after = now + dt.timedelta(seconds=chore.every)
    if Beat.objects.filter(pk=chore.name, due__gt=now).exists():
        return False
    if Beat.objects.filter(pk=chore.name, due__lte=now).update(due=after):
        return True
    _, made = Beat.objects.get_or_create(pk=chore.name, defaults={"due": after})
    return made
