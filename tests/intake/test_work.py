"""The queue, its workers, and what becomes of a task whose worker was killed."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsreader.intake.addresses import Allowed
from newsreader.intake.arrivals import expect
from newsreader.intake.models import Arrival, Beat, Worker
from newsreader.intake.work import beat, later, reaper
from newsreader.intake.work.beat import Chore, tick
from newsreader.intake.work.reaper import reap
from newsreader.intake.work.worker import drain, work


@pytest.fixture
def task(db, ada, settings):
    """One in the queue, to fetch a page of a server that does not answer."""
    settings.FETCH_ALLOW = Allowed.of(["127.0.0.1:9"])
    expect("http://127.0.0.1:9/", reader=ada)
    return DBTaskResult.objects.get()


def begun(task, *workers):
    for name in workers:
        task.claim(name)


def seen(name, ago):
    Worker.objects.create(name=name, seen=timezone.now() - dt.timedelta(seconds=ago))


def test_what_a_dead_worker_was_at_is_put_back(task):
    seen("dead", 31)
    begun(task, "dead/0")
    assert reap() == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY
    assert not Worker.objects.exists()


def test_what_nobody_knows_the_worker_of_is_put_back_too(task):
    begun(task, "gone/2")
    assert reap() == 1


def test_what_a_living_worker_is_at_stays_with_it(task):
    seen("living", 5)
    begun(task, "living/3")
    assert reap() == 0
    task.refresh_from_db()
    assert task.status == TaskResultStatus.RUNNING


def test_a_task_that_has_killed_several_workers_is_given_up(task):
    begun(task, "a/0", "b/0", "c/0")
    reap()
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED
    assert task.exception_class_path.endswith("Killed")
    assert Arrival.objects.get().state == "failed"  # nobody waits for it for ever


def test_what_was_done_long_ago_is_forgotten_and_what_waits_is_not(task, ada):
    expect("http://127.0.0.1:9/other", reader=ada)
    task.set_successful(None)
    DBTaskResult.objects.filter(pk=task.pk).update(finished_at=timezone.now() - dt.timedelta(days=15))
    reaper.sweep()
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


@pytest.mark.django_db
def test_a_chore_is_done_once_when_it_is_due_and_one_that_fails_stops_no_other(monkeypatch, caplog):
    done = []
    monkeypatch.setattr(beat, "CHORES", [Chore("bad", 60, lambda: 1 / 0), Chore("good", 60, lambda: done.append(1))])
    tick()
    tick()
    assert done == [1]
    assert "The chore bad failed" in caplog.text
    Beat.objects.update(due=timezone.now())
    tick()
    assert done == [1, 1]


def test_each_wait_is_longer_than_the_last_up_to_a_day_and_no_shorter_than_a_server_asks():
    waits = [later.wait(tries) for tries in range(1, 9)]
    assert 22 <= waits[0] <= 38
    assert waits[1] > waits[0]
    assert max(waits) <= 1.25 * 24 * 3600
    assert later.wait(1, asked=4_000) == 4_000
    assert len({later.wait(5) for _ in range(20)}) > 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_what_is_there_says_that_it_lives_and_leaves_nothing_behind(task):
    stop = threading.Event()

    def process_of_its_own():
        work(threads=2, stop=stop, name="w")
        connection.close()

    process = threading.Thread(target=process_of_its_own)
    process.start()
    while not DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.SUCCESSFUL).exists():
        assert process.is_alive()
    assert Worker.objects.get().name == "w"
    stop.set()
    process.join()
    assert not Worker.objects.exists()
    assert task.worker_ids != DBTaskResult.objects.get(pk=task.pk).worker_ids


def test_draining_does_what_is_due_and_leaves_what_is_for_later(task):
    drain()
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.READY, run_after__lte=timezone.now()).exists()
    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 1  # its next try
