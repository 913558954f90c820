"""Tasks whose worker was killed: put back into the queue, or given up when they killed several."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsreader.intake.models import Worker
from newsreader.intake.work.failures import let_go

DEAD = dt.timedelta(seconds=30)  # without a word: six heartbeats
ENOUGH = 3  # workers that one task may take with it
KEPT = dt.timedelta(days=14)  # what is done stays to be looked at


class Killed(Exception):
    """Every worker that began this task was killed."""


def reap() -> int:
    """Puts back what dead workers were at; says how many tasks those were."""
    Worker.objects.filter(seen__lt=timezone.now() - DEAD).delete()
    alive = set(Worker.objects.values_list("name", flat=True))
    with transaction.atomic():
        running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        left = [task for task in running.select_for_update() if _owner(task) not in alive]
        for task in left:
            if len(task.worker_ids) >= ENOUGH:
                task.set_failed(Killed(f"{len(task.worker_ids)} workers were killed at it."))
                let_go(task)
            else:
                DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.READY, started_at=None)
    return len(left)


def sweep() -> None:
    """Forgets what was done long ago."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()


def _owner(task: DBTaskResult[Any, Any]) -> str:
    """The process that began it last; a worker's threads are called after it, with a number behind a slash."""
    return str(task.worker_ids[-1]).partition("/")[0] if task.worker_ids else ""
