"""Tasks that failed by a fault of the program, or killed their workers: tried again or forgotten, by hand.

What fails for a reason that its reader or curator is told is no failure here: such a task ends well.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsreader.intake import arrivals


def again(kind: str, error: str) -> int:
    """Puts the tasks of that function that failed by that exception back into the queue; says how many."""
    count: int = _failed(kind, error).update(
        status=TaskResultStatus.READY,
        run_after=timezone.now(),
        started_at=None,
        finished_at=None,
        exception_class_path="",
        traceback="",
        worker_ids=[],  # they may kill as many workers as any other before they are given up
    )
    return count


@transaction.atomic
def forget(kind: str, error: str) -> int:
    """Lets go of them; says how many. Who waits for a page is told that it does not come."""
    failed = list(_failed(kind, error).select_for_update())
    for task in failed:
        let_go(task)
    DBTaskResult.objects.filter(pk__in=[task.pk for task in failed]).delete()
    return len(failed)


def let_go(task: DBTaskResult[Any, Any]) -> None:
    """Tells whoever waits for what this task was to bring."""
    if task.task_path == arrivals.fetch.module_path and task.args_kwargs["args"]:
        arrivals.give_up(task.args_kwargs["args"][0])


def _failed(kind: str, error: str) -> Any:
    return DBTaskResult.objects.failed().filter(task_path=kind, exception_class_path=error)
