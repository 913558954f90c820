"""Backup and restore: a copy is one moment of the library, and nothing is lost on the way back."""

import io
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing

import pytest

# Two rows in every transaction: a copy that holds one without the other was torn.
WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
number = 0
while True:
    database.execute("BEGIN IMMEDIATE")
    for half in ("left", "right"):
        database.execute("INSERT INTO pair VALUES (?, ?, ?)", (number, half, "words " * 2000))
    database.execute("COMMIT")
    number += 1
    print(number, flush=True)
"""


@pytest.fixture
def copy(run, library, tmp_path):
    """A copy of the library, as make backup writes it."""
    place = tmp_path / "copy.tar.gz"
    answer = run("backup", str(place))
    assert answer.returncode == 0, answer.stderr
    return place


def articles(library):
    with closing(sqlite3.connect(library)) as database:
        return database.execute("SELECT count(*) FROM articles_article").fetchone()[0]


def read(copy, name):
    with tarfile.open(copy) as archive:
        return archive.extractfile(name).read()


def test_a_copy_made_while_somebody_writes_is_one_moment(run, library, tmp_path):
    with closing(sqlite3.connect(library)) as database:
        database.execute("CREATE TABLE pair (number, half, words)")
    with subprocess.Popen([sys.executable, "-c", WRITER, library], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "1\n"
        answer = run("backup", str(tmp_path / "copy.tar.gz"))
        writer.kill()
    assert answer.returncode == 0, answer.stderr
    taken = tmp_path / "taken.sqlite3"
    taken.write_bytes(read(tmp_path / "copy.tar.gz", "newsreader.sqlite3"))
    with closing(sqlite3.connect(taken)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        pairs = database.execute("SELECT number, count(*) FROM pair GROUP BY number").fetchall()
    assert pairs
    assert {halves for _, halves in pairs} == {2}
    with closing(sqlite3.connect(library)) as database:  # and the writer went on meanwhile
        assert database.execute("SELECT max(number) FROM pair").fetchone()[0] > len(pairs) - 1


def test_a_copy_is_for_its_owner_only_and_lies_in_var_by_itself(run, var, library):
    answer = run("backup", "")
    [copy] = (var / "backups").iterdir()
    assert answer.stdout.startswith(str(copy))
    assert copy.stat().st_mode & 0o777 == 0o600
    assert read(copy, "secret_key") == (var / "secret_key").read_bytes()


def test_restoring_brings_everything_back_and_keeps_what_it_replaced(run, var, library, copy):
    wanted, key = articles(library), (var / "secret_key").read_bytes()
    with closing(sqlite3.connect(library)) as database:
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute("DELETE FROM articles_article")
        database.commit()
    (var / "secret_key").write_text("another")
    answer = run("restore", str(copy))
    assert answer.returncode == 0, answer.stderr
    assert articles(library) == wanted
    assert (var / "secret_key").read_bytes() == key
    assert (var / "secret_key").stat().st_mode & 0o777 == 0o600
    [kept] = var.glob("newsreader-replaced-*.sqlite3")
    assert str(kept) in answer.stdout
    assert articles(kept) == 0


def test_a_copy_can_be_restored_on_a_machine_without_a_library(run, library, copy, tmp_path):
    answer = run("restore", str(copy), NEWSREADER_VAR=str(tmp_path / "elsewhere"))
    assert answer.returncode == 0, answer.stderr
    assert articles(tmp_path / "elsewhere/newsreader.sqlite3") == articles(library)


def test_nothing_is_restored_while_the_library_is_open(run, var, library, copy):
    import fcntl

    with (var / "in-use").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        answer = run("restore", str(copy))
    assert answer.returncode == 1
    assert answer.stderr == "The library is open: close it with Ctrl-C, then run make restore again.\n"


def damaged(data):
    """A database whose pages after the first are overwritten."""
    return data[:4096] + b"\xff" * 4096 * 20 + data[4096 * 21 :]


def from_the_future(data):
    """A database that a newer version has migrated."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        database.execute("INSERT INTO django_migrations VALUES (9999, 'articles', '9999_later', '2040-01-01')")
        database.commit()
        return database.serialize()


@pytest.mark.parametrize(
    ("change", "reason"), [(damaged, "The copy is damaged"), (from_the_future, "articles.9999_later")]
)
def test_a_copy_that_cannot_be_trusted_changes_nothing(run, library, copy, change, reason):
    before = library.read_bytes()
    bad = copy.with_name("bad.tar.gz")
    with tarfile.open(bad, "w:gz") as archive:
        for name in ("about.json", "newsreader.sqlite3", "secret_key"):
            data = read(copy, name)
            data = change(data) if name == "newsreader.sqlite3" else data
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    answer = run("restore", str(bad))
    assert answer.returncode == 1
    assert reason in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert library.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not an archive", None])
def test_a_file_that_is_no_copy_is_one_line(run, library, copy, tmp_path, content):
    place = tmp_path / "other.tar.gz"
    place.write_bytes(copy.read_bytes()[:5000] if content is None else content)
    answer = run("restore", str(place))
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert str(place) in answer.stderr


@pytest.mark.parametrize(("place", "words"), [("", "make restore FILE="), ("nowhere.tar.gz", "There is no file")])
def test_no_file_is_one_line(run, place, words):
    answer = run("restore", place)
    assert answer.returncode == 1
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1
