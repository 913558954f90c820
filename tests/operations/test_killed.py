"""A worker that is killed in the middle of its work: after the next start each thing is there once, and whole."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.intake.fault_server import Faults, served
from tests.operations.conftest import PATIENCE, ROOT
from tests.operations.team import until

PAGES, ITEMS = 12, 60
WORDS = "The ferry left the harbour at six, an hour late, with forty passengers on board."
LONG_AGO = "2001-01-01 00:00:00"


def page(number: str) -> bytes:
    title = f"Crossing {number}"
    return f"<title>{title}</title><article><h1>{title}</h1><p>{number}: {WORDS}</p></article>".encode()


def feed() -> bytes:
    entries = "".join(
        f"<item><guid>{number}</guid><link>https://ferry.example/{number}</link><title>Crossing {number}</title>"
        f"<description>&lt;p&gt;{number}: {WORDS}&lt;/p&gt;</description></item>"
        for number in range(ITEMS)
    )
    return f'<rss version="2.0"><channel><title>Ferry</title>{entries}</channel></rss>'.encode()


def shelf() -> bytes:
    """What wallabag writes: its articles, each with a passage that its reader marked."""
    marked = [{"quote": "at six, an hour late", "text": "again", "ranges": []}]
    return json.dumps(
        [
            {
                "url": f"https://ferry.example/{number}",
                "title": f"Crossing {number}",
                "content": f"<p>{number}: {WORDS}</p>",
                "is_archived": 0,
                "is_starred": 0,
                "tags": ["ferry"],
                "annotations": marked,
            }
            for number in range(ITEMS)
        ]
    ).encode()


class Slow(Faults):
    """Gives a few pages whole, and of the others only the first half until `go`; `halves` counts those."""

    go: threading.Event
    halves: list[str]

    def do_feed(self) -> None:
        self.say(200, feed(), Content_Type="application/rss+xml")

    def do_missing(self) -> None:
        number = self.path.rpartition("/")[2]
        body = page(number)
        if int(number) < 3 or self.go.is_set():
            self.say(200, body)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:40])
        self.wfile.flush()
        self.halves.append(self.path)
        self.go.wait(PATIENCE)


@pytest.fixture
def server() -> Iterator[tuple[int, type[Slow]]]:
    with served(Slow, go=threading.Event(), halves=[]) as (port, handler):
        yield port, handler
        handler.go.set()


@pytest.fixture
def home(environment, library, server) -> "Home":
    port, _ = server
    more = {"NEWSREADER_FETCH_ALLOW": f"127.0.0.1:{port}", "DJANGO_SETTINGS_MODULE": "newsreader.settings"}
    return Home({**environment, **more}, library)


class Home:
    """A library, what is done in it, and the worker behind it."""

    def __init__(self, environment: dict[str, str], database: Path) -> None:
        self.environment, self.database = environment, database

    def do(self, code: str, sent: bytes = b"") -> None:
        """In a process of its own, as the web server would."""
        first = (
            "import sys, django; django.setup()\n"
            "from django.utils import timezone\n"
            "from newsreader.accounts.models import User\n"
            "ada = User.objects.create_user('ada')\n"
        )
        subprocess.run([sys.executable, "-c", first + code], cwd=ROOT, env=self.environment, input=sent, check=True)

    def ask(self, statement: str) -> list[tuple]:
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection:
            return connection.execute(statement).fetchall()

    def number(self, statement: str) -> int:
        return self.ask(f"SELECT count(*) FROM {statement}")[0][0]

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen]:
        command = [sys.executable, "manage.py", "worker"]
        with subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL) as process:
            try:
                yield process
            finally:
                process.kill()

    def kill_when(self, half_done: Callable[[], bool]) -> None:
        with self.worker() as process:
            until(half_done)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL

    def finish(self, done: Callable[[], bool]) -> None:
        """Time passes, in which nobody heard of the worker; another one starts, and ends in peace."""
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection, connection:
            connection.execute(f"UPDATE intake_worker SET seen = '{LONG_AGO}'")
            connection.execute(f"UPDATE intake_feed SET due = '{LONG_AGO}'")
            connection.execute("DELETE FROM intake_beat")
        with self.worker() as process:
            until(done)
            process.terminate()
            assert process.wait(PATIENCE) == 0
        assert self.number("intake_worker") == 0

    def articles(self) -> list[tuple[str, str]]:
        return self.ask("SELECT title, text FROM articles_article WHERE title LIKE 'Crossing %'")


def test_pages_that_were_being_fetched_are_on_the_shelf_once(home, server):
    port, handler = server
    home.do(
        "from newsreader.intake.arrivals import expect\n"
        f"for number in range({PAGES}): expect(f'http://127.0.0.1:{port}/{{number}}', reader=ada)"
    )
    home.kill_when(lambda: len(handler.halves) > 1)
    assert home.number("intake_arrival WHERE state = 'waiting'") > 0
    handler.go.set()
    home.finish(lambda: home.number("intake_arrival WHERE state = 'waiting'") == 0)
    assert home.number("intake_arrival WHERE state = 'done'") == PAGES
    assert sorted(home.articles()) == sorted((f"Crossing {n}", f"{n}: {WORDS}") for n in range(PAGES))
    assert home.ask("SELECT DISTINCT count(*) FROM articles_revision r JOIN articles_article a ON a.id = r.article_id "
                    "WHERE a.title LIKE 'Crossing %' GROUP BY a.id") == [(1,)]  # fmt: skip
    assert home.number("django_tasks_database_dbtaskresult WHERE status != 'SUCCESSFUL'") == 0


def test_a_library_that_was_being_taken_in_is_there_once_with_its_passages(home):
    home.do(
        "from newsreader.intake.imports import services\n"
        "assert services.start(services.look('wallabag.json', sys.stdin.buffer.read(), reader=ada))",
        shelf(),
    )
    home.kill_when(lambda: home.number("intake_importrow WHERE outcome != ''") > 4)
    assert 4 < home.number("articles_article WHERE title LIKE 'Crossing %'") < ITEMS
    home.finish(lambda: home.number("intake_import WHERE state = 'done'") == 1)
    assert sorted(home.articles()) == sorted((f"Crossing {n}", f"{n}: {WORDS}") for n in range(ITEMS))
    assert home.ask("SELECT outcome, count(*) FROM intake_importrow GROUP BY outcome") == [("added", ITEMS)]
    marked = "SELECT article_id, exact, note FROM annotations_highlight"
    assert {(exact, note) for _, exact, note in home.ask(marked)} == {("at six, an hour late", "again")}
    assert len({article for article, *_ in home.ask(marked)}) == len(home.ask(marked)) == ITEMS


def test_a_feed_that_was_being_read_brings_each_article_once(home, server):
    port, _ = server
    home.do(
        "from newsreader.articles.services import source_named\n"
        "from newsreader.intake.models import Feed\n"
        f"Feed.objects.create(source=source_named('The Ferry'), address='http://127.0.0.1:{port}/feed',"
        " due=timezone.now())"
    )
    home.kill_when(lambda: home.number("intake_entry") > 4)
    assert 4 < home.number("intake_entry") < ITEMS
    # On a busy machine a visit has no time for all of them, and the next one goes on.
    home.finish(lambda: home.number("intake_entry") == ITEMS and home.number("intake_feed WHERE polled IS NOT NULL"))
    assert sorted(home.articles()) == sorted((f"Crossing {n}", f"{n}: {WORDS}") for n in range(ITEMS))
    assert home.number("intake_entry") == home.number("intake_entry WHERE article_id IS NOT NULL") == ITEMS
    assert home.number("articles_article_sources s JOIN articles_article a ON a.id = s.article_id "
                       "WHERE a.title LIKE 'Crossing %'") == ITEMS  # fmt: skip
