"""What is done behind the pages, as curators see it: numbers of what is readers', each run of what is the library's."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsreader.articles.models import Source
from newsreader.intake.addresses import Allowed
from newsreader.intake.arrivals import expect
from newsreader.intake.feeds.polling import visit_all
from newsreader.intake.models import Arrival, Feed, Worker
from newsreader.intake.work.reaper import DEAD
from newsreader.intake.work.worker import drain
from tests.desk.pages import desk, told

pytestmark = pytest.mark.django_db

SECRET = "http://127.0.0.1:9/a-private-letter"


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


def shown(client):
    return client.get(desk("queue")).content.decode()


def row(page, name):
    """The numbers that the table has for a kind."""
    cells = page.partition(f'<th scope="row">{name}</th>')[2].partition("</tr>")[0]
    return [int(cell.partition("</td>")[0]) for cell in cells.split("<td>")[1:]]


@pytest.fixture
def saved(ada, settings):
    """A page that ada saved, to be fetched from where nobody answers."""
    settings.FETCH_ALLOW = Allowed.of(["127.0.0.1:9"])
    expect(SECRET, reader=ada, title="A private letter")
    return DBTaskResult.objects.get()


def broken(task, error="builtins.KeyError", said="KeyError: 'http://127.0.0.1:9/a-private-letter'"):
    DBTaskResult.objects.filter(pk=task.pk).update(
        status=TaskResultStatus.FAILED,
        started_at=timezone.now() - dt.timedelta(seconds=2),
        finished_at=timezone.now(),
        exception_class_path=error,
        traceback=f"Traceback\n  File\n{said}",
        worker_ids=["a/0", "b/0", "c/0"],
    )


def test_readers_pages_are_numbers_and_nothing_else(curator, saved):
    assert row(shown(curator), "Pages that readers saved") == [1, 0, 0, 0]
    drain()
    page = shown(curator)
    assert row(page, "Pages that readers saved") == [0, 1, 0, 1]
    assert "Readers wait for 1 pages; 0 could not be had" in page
    broken(saved)
    page = shown(curator)
    assert "1 task, KeyError" in page
    assert "private" not in page
    assert "127.0.0.1" not in page


def test_each_round_of_the_feeds_is_told(curator):
    visit_all.enqueue()
    drain()
    page = shown(curator)
    assert row(page, "Rounds of the feeds") == [0, 0, 0, 1]
    assert "<td>Rounds of the feeds</td>" in " ".join(page.split())
    task = visit_all.enqueue()
    broken(DBTaskResult.objects.get(pk=task.id), said="KeyError: 'guid'")
    page = shown(curator)
    assert "KeyError: &#x27;guid&#x27;" in page
    assert "<td>failed</td>" in page


def test_feeds_that_can_not_be_read_say_why(curator):
    source = Source.objects.create(name="The Ferry Post", slug="ferry")
    plain = {"form": "The server answers {status}.", "values": {"status": "500"}}
    Feed.objects.create(source=source, address="https://ferry.example/feed", failures=3, told=plain, due=timezone.now())
    page = shown(curator)
    assert "<bdi>The Ferry Post</bdi>" in page
    assert "The server answers 500." in page
    assert "3 times in a row" in page


def test_what_failed_is_tried_again(curator, saved):
    broken(saved)
    answer = curator.post(desk("queue_again"), {"kind": saved.task_path, "error": "builtins.KeyError"}, follow=True)
    assert told(answer) == "1 task is in the queue again."
    saved.refresh_from_db()
    assert (saved.status, saved.worker_ids, saved.traceback) == (TaskResultStatus.READY, [], "")
    drain()
    assert Arrival.objects.get().tries == 1


def test_what_failed_is_forgotten_and_who_waited_is_told(curator, saved):
    broken(saved)
    other = visit_all.enqueue()
    broken(DBTaskResult.objects.get(pk=other.id))
    answer = curator.post(desk("queue_forget"), {"kind": saved.task_path, "error": "builtins.KeyError"}, follow=True)
    assert told(answer) == "1 task is forgotten."
    assert [str(task.pk) for task in DBTaskResult.objects.all()] == [str(other.id)]
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.why) == ("failed", "It could not be read, by a fault of this program.")


def test_what_did_not_fail_is_neither(curator, saved):
    for way in ("queue_again", "queue_forget"):
        answer = curator.post(desk(way), {"kind": saved.task_path, "error": ""}, follow=True)
        assert told(answer) == "There was nothing of it left."
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


def test_a_curator_is_told_when_nobody_is_at_work(curator):
    assert "No worker is at work." in shown(curator)
    assert "No worker is at work:" in curator.get(desk("index")).content.decode()
    worker = Worker.objects.create(name="w", seen=timezone.now())
    assert "A worker is at work" in shown(curator)
    assert "No worker is at work" not in curator.get(desk("index")).content.decode()
    Worker.objects.filter(pk=worker.pk).update(seen=timezone.now() - DEAD)
    assert "No worker is at work; the last sign of one:" in shown(curator)


def test_the_queues_own_pages_which_tell_all_are_not_there(client, operator):
    client.force_login(operator)
    assert client.get("/desk/django_tasks_database/dbtaskresult/").status_code == 404
    assert "dbtaskresult" not in client.get(desk("index")).content.decode()


def test_it_costs_the_same_for_many_as_for_few(curator, ada):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            shown(curator)
        return len(captured)

    visit_all.enqueue()
    drain()
    broken(DBTaskResult.objects.get(pk=visit_all.enqueue().id))
    few = statements()
    for number in range(12):
        expect(f"{SECRET}/{number}", reader=ada)
        broken(DBTaskResult.objects.get(pk=visit_all.enqueue().id), error=f"builtins.Error{number}")
    assert statements() == few
