"""A process that works behind the pages: threads that take tasks, and a heart that beats while it lives."""

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as Hand
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from newsreader.intake.models import Worker
from newsreader.intake.work.beat import tick

HEARTBEAT = 5.0  # seconds
IDLE = 1.0  # seconds between two looks into an empty queue
PATIENCE = 10.0  # seconds that tasks under way get at the end; the reaper gives the rest to another worker

logger = logging.getLogger(__name__)


def work(*, threads: int, stop: threading.Event, name: str = "") -> None:
    """Takes tasks until `stop` is set."""
    name = name or secrets.token_hex(8)
    hands = [_hand(f"{name}/{number}") for number in range(threads)]
    with _alive(name, stop):
        at_work = [threading.Thread(target=_run, args=(hand,), daemon=True) for hand in hands]
        for thread in at_work:
            thread.start()
        while not stop.wait(HEARTBEAT):
            _quietly(tick)
        for hand in hands:
            hand.running = False
        for thread in at_work:
            thread.join(PATIENCE / len(at_work))


def drain() -> None:
    """Does what is in the queue and due, in this thread and over its connection, and comes back."""
    hand = _hand(secrets.token_hex(8))
    while task := _taken(hand.worker_id):
        hand.run_task(task)


def _taken(name: str) -> DBTaskResult[Any, Any] | None:
    with exclusive_transaction():
        task = DBTaskResult.objects.ready().get_locked()
        if task:
            task.claim(name)
    return task


def _hand(name: str) -> Hand:
    return Hand(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=IDLE,
        batch=False,
        backend_name="default",
        startup_delay=True,
        max_tasks=None,
        worker_id=name,
    )


def _run(hand: Hand) -> None:
    """A database that is away for a while ends no thread."""
    while hand.running:
        try:
            hand.run()
        except DatabaseError:
            logger.exception("The queue can’t be read")
            close_old_connections()
            threading.Event().wait(HEARTBEAT)
    connection.close()


@contextmanager
def _alive(name: str, stop: threading.Event) -> Iterator[None]:
    """Writes every few seconds that this process lives, in a thread of its own: a long task does not hide it."""
    Worker.objects.create(name=name, seen=timezone.now())
    over = threading.Event()

    def beat() -> None:
        while not over.wait(HEARTBEAT):
            _quietly(lambda: Worker.objects.update_or_create(name=name, defaults={"seen": timezone.now()}))
        connection.close()

    heart = threading.Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()
        Worker.objects.filter(name=name).delete()


def _quietly(does: object) -> None:
    try:
        does()  # type: ignore[operator]
    except DatabaseError:
        logger.exception("The database can’t be used")
    finally:
        close_old_connections()
