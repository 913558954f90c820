"""An import whose worker is killed in the middle: afterwards each row is there once, and whole."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Reading, Revision
from newsreader.intake.imports import services
from newsreader.intake.models import Import, ImportRow, Worker
from newsreader.intake.work.reaper import reap
from newsreader.intake.work.worker import drain

ROOT = Path(__file__).resolve().parents[2]
MANY = 60


def library():
    """Pages with their text and a passage each: nothing is left to fetch."""
    return json.dumps(
        [
            {
                "url": f"https://harbour.example/{number}",
                "title": f"Tide {number}",
                "is_archived": 0,
                "is_starred": 1,
                "content": f"<p>The tide of day {number} kept its own book.</p>",
                "annotations": [{"quote": f"day {number} kept", "text": "So it did.", "ranges": []}],
            }
            for number in range(MANY)
        ]
    ).encode()


def worker():
    """A process of its own, on the database of this test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    environment["DATABASE_URL"] = f"sqlite:///{connection.settings_dict['NAME']}"
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "worker", "--threads=1"], env=environment, cwd=ROOT
    )


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("undone", [False, True], ids=["taken in", "undone"])
def test_after_a_kill_in_the_middle_each_row_is_there_once_and_whole(ada, undone):
    run = services.look("wallabag.json", library(), reader=ada)
    services.start(run)
    outcomes = ("added",)
    if undone:
        services.finish(run)
        services.undo(run)
        outcomes = ("removed",)
    process = worker()
    done = ImportRow.objects.filter(run=run, outcome__in=outcomes)
    while done.count() < 3:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert 3 <= done.count() < MANY
    Worker.objects.update(seen=timezone.now() - dt.timedelta(minutes=1))
    reap()
    drain()
    run.refresh_from_db()
    assert run.state == (Import.State.UNDONE if undone else Import.State.DONE)
    assert done.count() == MANY
    there = 0 if undone else MANY
    for model in (Article, Highlight, Reading, Revision):
        assert model.objects.count() == there
    assert all(
        one.article.text[one.start : one.end] == one.exact for one in Highlight.objects.select_related("article")
    )
