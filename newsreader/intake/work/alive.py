"""Whether anybody works behind the pages, as the workers themselves say it."""

import datetime as dt

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Max
from django.utils import timezone

from newsreader.intake.models import Worker
from newsreader.intake.work.reaper import DEAD


def seen(using: str = DEFAULT_DB_ALIAS) -> dt.datetime | None:
    """When the last sign of life of any worker was; None where there is no worker."""
    last: dt.datetime | None = Worker.objects.using(using).aggregate(last=Max("seen"))["last"]
    return last


def is_at_work(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether one lives. A worker that was killed counts until it is taken for dead."""
    last = seen(using)
    return last is not None and last > timezone.now() - DEAD
