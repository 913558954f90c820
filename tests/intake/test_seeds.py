"""load_seeds: what it adds, changes, leaves alone and refuses, and that a killed run can be run again."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsreader.annotations import services as annotations
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Revision, Source
from newsreader.core.passages import Quote
from newsreader.intake.seeds import load

ROOT = Path(__file__).parents[2]
TEXT = (
    "The last bus\n\nThe last bus left the square at ten past six with four passengers.\n\nNobody claimed the hens.\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "bus.txt").write_text(TEXT)
    (tmp_path / "deep" / "ferry.md").write_text("---\ntitle: Ferry\nsource: Harbour Post\ntags: [Sea]\n---\nIt sailed.")
    (tmp_path / "deep" / "deeper" / "tram.HTML").write_text("<h1>Tram</h1><p>It stopped.</p>")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("Hidden")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("Hidden")
    return tmp_path


def run(*args, code=0):
    """(stdout, stderr) of the command, which must end with `code`."""
    out, err = StringIO(), StringIO()
    ended = 0
    try:
        call_command("load_seeds", *map(str, args), stdout=out, stderr=err)
    except SystemExit as ending:
        ended = ending.code
    assert ended == code
    return out.getvalue(), err.getvalue()


def table(out):
    return {line.split()[0]: int(line.split()[1]) for line in out.splitlines()[-4:]}


@pytest.mark.django_db
def test_the_projects_own_seeds_fill_a_new_library():
    out, err = run()
    assert err == ""
    assert table(out) == {"added": 4, "updated": 0, "unchanged": 0, "refused": 0}
    mali = Article.objects.get(document="000_a91c50fb5893294a.txt")
    assert mali.title == "Mali asks UN to withdraw peacekeeping mission ‘immediately’"
    assert [source.name for source in mali.sources.all()] == ["Al Jazeera English"]
    assert set(Article.objects.values_list("state", flat=True)) == {"published"}
    assert {"en-GB", "de"} <= set(Article.objects.values_list("language", flat=True))


@pytest.mark.django_db
def test_folders_are_read_to_the_bottom_and_hidden_files_are_not(folder):
    assert load([folder]).names("added") == ["bus.txt", "deep/deeper/tram.HTML", "deep/ferry.md"]
    ferry = Article.objects.get(document="deep/ferry.md")
    assert [source.name for source in ferry.sources.all()] == ["Harbour Post"]
    assert [topic.name for topic in ferry.topics.all()] == ["Sea"]
    assert load([folder / "bus.txt"]).names("unchanged") == ["bus.txt"]


@pytest.mark.django_db
def test_a_second_run_writes_nothing(folder, django_assert_num_queries):
    load([folder])
    with django_assert_num_queries(1) as queries:
        assert load([folder]).count("unchanged") == 3
    assert queries.captured_queries[0]["sql"].startswith("SELECT")


@pytest.mark.django_db
def test_a_changed_file_makes_a_revision_and_keeps_every_highlight(folder, ada):
    load([folder])
    bus = Article.objects.get(document="bus.txt")
    for words in ("four passengers", "Nobody claimed the hens."):
        annotations.highlight(bus, reader=ada, quote=Quote(words, "", "", None))
    text = TEXT.replace("left the square", "left the old market square").replace("Nobody claimed the hens", "It rained")
    (folder / "bus.txt").write_text(text.replace("The last bus\n", "The very last bus\n", 1))
    report = load([folder])
    assert report.names("updated") == ["bus.txt"]
    bus.refresh_from_db()
    assert bus.title == "The very last bus"
    assert Revision.objects.filter(article=bus).count() == 2
    kept, lost = Highlight.objects.order_by("pk")
    assert bus.text[kept.start : kept.end] == "four passengers"
    assert (lost.status, lost.exact) == ("lost", "Nobody claimed the hens.")
    assert load([folder]).count("unchanged") == 3


@pytest.mark.django_db
def test_an_unchanged_file_does_not_undo_what_a_curator_did(folder):
    load([folder])
    bus = Article.objects.get(document="bus.txt")
    annotations.revise_article(bus, html="<p>Corrected.</p>", title="Corrected", state=Article.State.WITHDRAWN)
    load([folder])
    bus.refresh_from_db()
    assert (bus.title, bus.html, bus.state) == ("Corrected", "<p>Corrected.</p>", "withdrawn")


@pytest.mark.django_db
def test_a_changed_file_keeps_state_further_sources_and_what_it_does_not_state(folder):
    load([folder])
    ferry = Article.objects.get(document="deep/ferry.md")
    now = timezone.now()
    annotations.revise_article(ferry, state=Article.State.WITHDRAWN, language="cy", published=now)
    ferry.sources.add(Source.objects.create(name="Second", slug="second"))
    (folder / "deep" / "ferry.md").write_text("---\ntitle: Ferry\nsource: Third\ntags: [Ships]\n---\nIt sank.")
    load([folder])
    ferry.refresh_from_db()
    assert (ferry.state, ferry.language, ferry.published, ferry.text) == ("withdrawn", "cy", now, "It sank.")
    assert {source.name for source in ferry.sources.all()} == {"Harbour Post", "Second", "Third"}
    assert {topic.name for topic in ferry.topics.all()} == {"Sea", "Ships"}


@pytest.mark.django_db
def test_a_corrected_source_replaces_the_wrong_one(folder):
    load([folder])
    (folder / "deep" / "ferry.md").write_text("---\ntitle: Ferry\nsource: Harbor Post\n---\nIt sailed.")
    load([folder])
    sources = Article.objects.get(document="deep/ferry.md").sources
    assert [source.name for source in sources.all()] == ["Harbor Post"]


@pytest.mark.django_db
def test_drafts_stay_drafts_and_a_named_source_is_for_those_without_one(folder):
    load([folder], draft=True, source="Oake News")
    assert set(Article.objects.values_list("state", flat=True)) == {"draft"}
    named = {article.document: [s.name for s in article.sources.all()] for article in Article.objects.all()}
    assert named == {
        "bus.txt": ["Oake News"],
        "deep/ferry.md": ["Harbour Post"],
        "deep/deeper/tram.HTML": ["Oake News"],
    }


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing(folder):
    (folder / "empty.txt").write_text("")
    with CaptureQueriesContext(connection) as queries:
        out, err = run(folder, "--dry-run", code=1)
    assert table(out) == {"added": 3, "updated": 0, "unchanged": 0, "refused": 1}
    assert "empty.txt: it is empty." in err
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
    assert table(run(folder, code=1)[0]) == table(out)


@pytest.mark.django_db
def test_what_is_refused_gets_one_line_and_the_others_still_load(folder):
    (folder / "big.txt").write_bytes(b"x" * 5_000_001)
    (folder / "binary.txt").write_bytes(bytes(range(256)))
    (folder / "broken.md").write_text("---\ntitle: [\n---\nText.")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "a\nb.txt").write_text("")
    (folder / "caf\udce9.txt").write_text("Not UTF-8 in its name.")
    out, err = run(folder, folder / "missing.txt", folder / "picture.png", code=1)
    assert table(out) == {"added": 3, "updated": 0, "unchanged": 0, "refused": 9}
    lines = err.splitlines()
    assert len(lines) == 9
    for name, reason in {
        "big.txt": "larger than 5 MB",
        "binary.txt": "binary",
        "broken.md": "line",
        "gone.txt": "no such file",
        "pipe.txt": "not a file",
        r"a\nb.txt": "empty",
        r"caf\udce9.txt": "not UTF-8",
        "missing.txt": "no such file",
        "picture.png": "no known kind",
    }.items():
        assert any(line.startswith(f"{name}: ") and reason in line for line in lines), (name, lines)


@pytest.mark.django_db
def test_links_into_the_folder_itself_load_nothing_twice(folder):
    (folder / "deep" / "up").symlink_to(folder)
    (folder / "deep" / "here").symlink_to(folder / "deep")
    (folder / "again").symlink_to(folder / "deep")
    outside = folder.parent / f"{folder.name}-outside"
    outside.mkdir()
    (outside / "note.txt").write_text(TEXT)
    (outside / "back").symlink_to(folder)
    (folder / "linked").symlink_to(outside)
    assert load([folder]).names("added") == ["bus.txt", "deep/deeper/tram.HTML", "deep/ferry.md", "linked/note.txt"]


@pytest.mark.django_db
def test_the_same_document_under_two_names_is_two_articles(folder):
    shutil.copy(folder / "bus.txt", folder / "copy.txt")
    load([folder])
    assert set(Article.objects.filter(title="The last bus").values_list("slug", flat=True)) == {
        "the-last-bus",
        "the-last-bus-2",
    }


@pytest.mark.django_db
def test_two_documents_of_one_name_do_not_overwrite_each_other(folder):
    report = load([folder, folder / "deep" / ".." / "bus.txt"])
    assert report.names("refused") == ["bus.txt"]
    assert "before" in report.steps[-1].reason


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["🐔🐔", "عودة القطار", "C++ & <b>"])
def test_any_title_gives_an_address(tmp_path, title):
    (tmp_path / "a.txt").write_text(f"{title}\n\nIt has gone, and it will not be back.\n")
    assert load([tmp_path]).count("added") == 1
    assert Article.objects.get().slug


@pytest.mark.django_db(transaction=True)
def test_nothing_half_loaded_stays_when_the_database_fails(folder, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("newsreader.articles.services.add_revision", fail)
    with pytest.raises(OSError, match="disk full"):
        load([folder / "deep" / "ferry.md"])
    assert not Article.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_every_document_is_told_as_it_is_done(folder):
    steps = []
    load([folder], progress=steps.append)
    assert [(step.number, step.total, step.outcome) for step in steps] == [(n, 3, "added") for n in (1, 2, 3)]


class Terminal(StringIO):
    def isatty(self):
        return True


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "shown"), [(20, False), (21, True)])
def test_a_bar_is_shown_on_a_terminal_for_many_files_only(tmp_path, count, shown):
    for number in range(count):
        (tmp_path / f"{number:02}.txt").write_text(f"Bus {number}\n\n{TEXT}")
    err = Terminal()
    call_command("load_seeds", str(tmp_path), stdout=StringIO(), stderr=err)
    assert ("of 21" in err.getvalue()) == shown
    quiet = StringIO()
    call_command("load_seeds", str(tmp_path), stdout=StringIO(), stderr=quiet)
    assert quiet.getvalue() == ""


def manage(var: Path, *args: str, **options) -> subprocess.Popen:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsreader.settings",
        "NEWSREADER_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'library.sqlite3'}",
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *args], env=environment, cwd=ROOT, text=True, **options
    )


def library(var: Path) -> list[tuple]:
    with sqlite3.connect(var / "library.sqlite3") as connection:
        return connection.execute(
            "SELECT a.document, a.document_hash, a.title, a.slug, a.html, s.name, count(r.id) FROM articles_article a "
            "LEFT JOIN articles_article_sources x ON x.article_id = a.id "
            "LEFT JOIN articles_source s ON s.id = x.source_id "
            "LEFT JOIN articles_revision r ON r.article_id = a.id GROUP BY a.id ORDER BY a.document"
        ).fetchall()


def test_a_run_that_is_killed_can_simply_be_run_again(tmp_path):
    documents, killed, whole = tmp_path / "documents", tmp_path / "killed", tmp_path / "whole"
    for made in (documents, killed, whole):
        made.mkdir()
    for number in range(40):
        text = f"Bus leaves for good – The Oake {number % 3} News\n\n{TEXT * 20}"
        (documents / f"{number:02}{'-' * 200}.txt").write_text(text)
    assert manage(killed, "migrate", "-v0").wait() == 0
    shutil.copy(killed / "library.sqlite3", whole / "library.sqlite3")

    # What it says about all of them is more than the pipe holds: it cannot be done before it is killed.
    process = manage(killed, "load_seeds", str(documents), "-v2", stdout=subprocess.PIPE, pipesize=4096)
    told = [next(process.stdout) for _ in range(7)]
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    assert all(line.startswith("added") for line in told)
    assert "unchanged" not in rest  # it was killed before its table
    assert 7 <= len(library(killed)) < 40
    assert all(revisions == 1 and source for *_, source, revisions in library(killed))

    again = [manage(var, "load_seeds", str(documents), stdout=subprocess.DEVNULL) for var in (killed, whole)]
    assert [one.wait() for one in again] == [0, 0]
    assert library(killed) == library(whole)
    assert len(library(whole)) == 40
