"""Hostile input is read in a process of its own: that one is killed where it must be, and ours lives on."""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsreader.core.clean import TooDeep, clean
from newsreader.core.sentence import Sentence
from newsreader.intake import confined as module
from newsreader.intake.archives import Limits
from newsreader.intake.confined import Broke, Overran, confined
from newsreader.intake.documents import examine
from newsreader.intake.shape import Refused
from tests.intake.misdeeds import FUNCTION, Misdeed

ROOT = Path(__file__).resolve().parents[2]


def commit(what, **limits):
    return confined(FUNCTION, Misdeed(what), **limits)


def test_what_a_function_returns_comes_back():
    html = "<p>Forty <b>sacks</b> came late.<script>x</script>"
    assert confined("newsreader.core.clean:clean", html) == clean(html)
    sent = (b"---\ntitle: Sacks\ndate: 2024-03-02T10:00:00+01:00\n---\n\nForty sacks.", "a.md")
    assert confined("newsreader.intake.documents:examine", *sent) == examine(*sent)


def test_a_refusal_comes_back_as_itself():
    with pytest.raises(Refused) as refused:
        confined("newsreader.intake.documents:examine", b"", "a.txt")
    assert type(refused.value) is Refused
    said = refused.value.args[0]
    assert isinstance(said, Sentence)
    assert said == said.form == "it is empty"
    with pytest.raises(TooDeep, match="more than 50 deep"):
        confined("newsreader.core.clean:clean", "<blockquote>" * 100)
    with pytest.raises(Refused) as refused:
        confined("newsreader.intake.documents:examine", b"words " * 1_700_000, "a.txt")
    assert refused.value.args[0].values == {"limit": 5}


@pytest.mark.parametrize("what", ["sleeps", "turns", "turns_in_c"])
def test_what_takes_too_long_is_killed(what):
    with pytest.raises(Overran, match="reading it takes longer than 1 s"):
        commit(what, seconds=0.3)
    assert commit("fine") == "fine"


def test_what_takes_too_much_memory_is_stopped():
    with pytest.raises(Overran, match="more than 150 MB of memory"):
        commit("fills_memory", memory=150_000_000)
    with pytest.raises(Overran, match="too much memory"):
        commit("hides_its_hunger", memory=150_000_000)
    assert commit("fine") == "fine"


@pytest.mark.parametrize("what", ["crashes", "leaves"])
def test_what_ends_its_process_ends_no_other(what):
    with pytest.raises(Overran, match="too damaged"):
        commit(what)
    assert commit("fine") == "fine"


def test_what_nests_too_deep_is_refused():
    with pytest.raises(Overran, match="nested too deep"):
        commit("goes_deep")


def test_a_fault_of_a_functions_own_is_a_refusal_and_a_line_in_the_log(caplog):
    with pytest.raises(Broke, match="can’t be read"):
        commit("stumbles")
    assert "KeyError: 'nothing'" in caplog.text
    assert "in stumbles" in caplog.text


def test_what_it_prints_is_no_answer():
    assert commit("prints") == "printed"
    assert commit("reads_stdin") == "0"


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("connects", "PermissionError: socket"),
        ("starts_a_program", "PermissionError: subprocess"),
        ("opens_a_database", "PermissionError: sqlite3"),
        ("writes", "File too large"),
    ],
)
def test_it_reaches_nothing(what, says, caplog):
    with pytest.raises(Broke):
        commit(what)
    assert says in caplog.text


def test_it_knows_no_secrets_and_no_django(monkeypatch):
    monkeypatch.setenv("NEWSREADER_SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://reader:secret@db/news")
    for cell in module._resting:
        cell.rests = float("-inf")
    allowed = {*module._KEPT, *module._ENVIRONMENT, "LC_CTYPE"}
    assert set(commit("tells_its_environment").split()) <= allowed
    assert commit("tells_what_is_imported") == "False"


@pytest.mark.parametrize(
    "name",
    ["os:system", "newsreader.settings:flag", "newsreader.articles.services:topic_named", "newsreader.core.clean", "x"],
)
def test_only_functions_of_the_core_and_of_intake_can_be_named(name):
    with pytest.raises(LookupError, match="no function of the core or of intake"):
        confined(name)


def test_what_needs_django_or_is_not_there_is_a_fault_of_ours():
    with pytest.raises(LookupError, match="needs Django"):
        confined("newsreader.intake.receiving:most", None)
    with pytest.raises(LookupError, match="no attribute 'cleaned'"):
        confined("newsreader.core.clean:cleaned", "")


def test_only_plain_data_comes_back(caplog):
    with pytest.raises(Broke):
        confined("newsreader.core.sentence:Sentence", Misdeed("fine"))
    assert "tests.intake.misdeeds.Misdeed is no plain data" in caplog.text
    assert confined("newsreader.intake.archives:Limits", 5) == Limits(5)


def test_a_process_is_used_again_and_one_that_was_ended_is_replaced():
    first = commit("tells_who_it_is")
    assert commit("tells_who_it_is") == first
    os.kill(int(first), signal.SIGKILL)
    assert commit("tells_who_it_is") not in ("", first)


def test_a_process_that_gave_no_memory_back_is_not_used_again():
    assert commit("keeps_memory") != commit("tells_who_it_is")


def test_a_process_that_rested_long_is_not_used_again():
    first = commit("tells_who_it_is")
    (cell,) = [cell for cell in module._resting if str(cell._process.pid) == first]
    cell.rests = float("-inf")
    assert commit("tells_who_it_is") != first
    assert cell._process.returncode is not None


def test_many_threads_share_them():
    names = [f"{number}\n" for number in range(60)]
    with ThreadPoolExecutor(20) as threads:
        assert list(threads.map(lambda name: confined(FUNCTION, name), names)) == [f"{n}\\n" for n in range(60)]
    assert len(module._resting) <= module.MOST


def test_one_that_takes_long_holds_up_no_other():
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(commit, "sleeps", seconds=2)
        assert [commit("fine") for _ in range(20)] == ["fine"] * 20
        assert not slow.done()
        assert isinstance(slow.exception(), Overran)


def asks_in_a_fork(pipe):
    pipe.send(commit("tells_who_it_is"))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_has_processes_of_its_own():
    ours = commit("tells_who_it_is")
    here, there = multiprocessing.Pipe()
    fork = multiprocessing.get_context("fork").Process(target=asks_in_a_fork, args=[there])
    fork.start()
    assert here.poll(60)
    assert here.recv() != ours
    fork.join()
    assert commit("tells_who_it_is") == ours


PARENT = """
from newsreader.intake.confined import confined
from tests.intake.misdeeds import FUNCTION, Misdeed
confined(FUNCTION, Misdeed({what!r}, {tell!r}), seconds=600)
input()
"""


@pytest.mark.parametrize("what", ["sleeps", "turns_in_c", "fine"])
def test_it_dies_with_its_parent(what, tmp_path):
    tell = tmp_path / "pipe"
    os.mkfifo(tell)
    code = PARENT.format(what=what, tell=str(tell))
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE) as parent:
        watched = os.pidfd_open(int(tell.read_text()))  # it is at it now
        parent.kill()
    ended = threading.Event()
    threading.Thread(target=lambda: (wait_for(watched), ended.set()), daemon=True).start()
    assert ended.wait(30)
    os.close(watched)


def wait_for(descriptor):
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    waiting.poll()
