"""Other applications' libraries on a reader's shelf: taken in row by row, once, and undone."""

import json

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from newsreader.annotations import services as annotations
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Reading
from newsreader.articles.services import note_position, note_state
from newsreader.core.clean import clean
from newsreader.core.sentence import Sentence
from newsreader.intake import arrivals
from newsreader.intake.imports import services
from newsreader.intake.models import Arrival, Import
from newsreader.intake.pages import Page
from newsreader.intake.shape import Document, Refused
from newsreader.language import worded
from tests.factories import HARBOUR, make_article, mark
from tests.intake.exports import omnivore, sample

pytestmark = pytest.mark.django_db


def taken(name, data, reader):
    """The file, looked at, begun and finished."""
    run = services.look(name, data, reader=reader)
    services.start(run)
    services.finish(run)
    run.refresh_from_db()
    return run


def outcomes(run):
    return [row.outcome for row in run.rows.all()]


def shelf(reader):
    return {article.title: article for article in Article.objects.visible_to(reader).filter(owner=reader)}


def fetched(article, html):
    """What a worker does once it has fetched the article's page."""
    arrival = Arrival.objects.get(article=article)
    document = Document(article.title, "", "", "", None, "en", clean(html))
    arrivals.fill(arrival, Page(document, article.address))
    article.refresh_from_db()


def test_an_omnivore_zip_is_on_the_shelf_with_its_highlights_on_their_words(ada):
    run = taken("omnivore.zip", omnivore(), ada)
    assert run.state == Import.State.DONE
    assert outcomes(run) == ["added", "added", "left"]
    piano = shelf(ada)["The ferry that carried a piano"]
    assert (piano.byline, piano.published.year, piano.added.isoformat()) == (
        "Mara Quill",
        2023,
        "2023-11-14T22:13:20+00:00",
    )
    whole, asked, across, lost = Highlight.objects.of(ada).filter(article=piano).order_by("id")
    assert piano.text[asked.start : asked.end] == "Nobody had asked about the piano."
    assert (asked.note, sorted(tag.name for tag in asked.tags.all())) == (
        "Nobody at all?",
        ["deep-night", "ferries", "sea"],
    )
    assert piano.text[across.start : across.end] == "at six, an hour late.\nNobody had asked"
    assert (whole.note, whole.start) == ("A note on all of it.", 0)
    assert (lost.status, lost.exact) == ("lost", "words that are not in it")
    reading = Reading.objects.get(article=piano, reader=ada)
    assert (reading.place, reading.unread) == ("archive", False)


def test_what_has_no_text_is_on_its_way_behind_what_a_person_waits_for(ada):
    taken("omnivore.zip", omnivore(), ada)
    fog = Arrival.objects.get(reader=ada)
    assert (fog.address, fog.state, fog.article.title) == ("https://harbour.example/fog", "waiting", "Fog")
    assert [task.priority for task in DBTaskResult.objects.filter(task_path__endswith="arrivals.fetch")] == [0]


def test_wallabags_annotations_stand_on_the_right_one_of_several_places(ada):
    taken("wallabag.json", sample("wallabag.json"), ada)
    piano = shelf(ada)["The ferry that carried a piano"]
    whose, there, gone = Highlight.objects.of(ada).filter(article=piano).order_by("id")
    assert piano.text[: whose.start].endswith("Nobody had asked about ")
    assert piano.text[there.start : there.end] == "It was simply there."
    assert (gone.status, gone.note) == ("lost", "Gone from the text.")


@pytest.mark.parametrize(
    "name", ["wallabag.json", "hypothesis.json", "raindrop.csv", "kindle.txt", "instapaper.csv", "pocket.html"]
)
def test_the_same_file_again_adds_nothing(ada, name):
    taken(name, sample(name), ada)
    before = (Article.objects.count(), Highlight.objects.count(), Arrival.objects.count())
    again = taken(name, sample(name), ada)
    assert (Article.objects.count(), Highlight.objects.count(), Arrival.objects.count()) == before
    assert set(outcomes(again)) <= {"there", "left"}


def test_the_same_zip_again_adds_nothing_after_its_reader_wrote_on(ada):
    taken("omnivore.zip", omnivore(), ada)
    asked = Highlight.objects.get(note="Nobody at all?")
    annotations.edit(asked, version=asked.version, colour="green", note="Somebody, once.")
    annotations.delete(Highlight.objects.get(status="lost"))
    again = taken("omnivore.zip", omnivore(), ada)
    assert set(outcomes(again)) == {"there", "left"}
    asked.refresh_from_db()
    assert asked.note == "Somebody, once."
    assert Highlight.objects.of(ada).live().count() == 3


def test_ben_gets_an_article_of_his_own(ada, ben):
    taken("omnivore.zip", omnivore(), ada)
    taken("omnivore.zip", omnivore(), ben)
    assert shelf(ada)["Fog"].pk != shelf(ben)["Fog"].pk
    assert Highlight.objects.of(ben).count() == 4


def test_highlights_of_a_page_stand_on_a_stub_until_it_is_fetched(ada):
    taken("hypothesis.json", sample("hypothesis.json"), ada)
    page = shelf(ada)["The ferry that carried a piano"]
    tuned, whole = Highlight.objects.of(ada).order_by("id")
    assert page.text == "the piano\n…"
    assert page.text[tuned.start : tuned.end] == "the piano"
    fetched(page, HARBOUR)
    for highlight in (tuned, whole):
        highlight.refresh_from_db()
    assert page.text[: tuned.start].endswith("over the islands & ")
    assert (tuned.status, tuned.note, tuned.version) == ("kept", "Who tuned it?", 1)
    assert (whole.start, whole.note) == (0, "A page to keep.")
    assert page.text[whole.start : whole.end] == whole.exact


def test_words_of_a_stub_that_are_not_in_the_page_are_lost_with_their_note(ada):
    data = [
        {
            "uri": "https://harbour.example/piano",
            "text": "Still mine.",
            "tags": [],
            "document": {},
            "target": [{"selector": [{"type": "TextQuoteSelector", "exact": "a cello in the fog"}]}],
        }
    ]
    taken("h.json", json.dumps(data).encode(), ada)
    lost = Highlight.objects.get()
    fetched(lost.article, HARBOUR)
    lost.refresh_from_db()
    assert (lost.status, lost.exact, lost.note) == ("lost", "a cello in the fog", "Still mine.")


def test_one_word_that_stands_often_is_not_guessed_at(ada):
    data = [
        {
            "uri": "https://harbour.example/piano",
            "text": "",
            "tags": [],
            "document": {},
            "target": [{"selector": [{"type": "TextQuoteSelector", "exact": "the"}]}],
        }
    ]
    taken("h.json", json.dumps(data).encode(), ada)
    fetched(Article.objects.get(), HARBOUR)
    assert Highlight.objects.get().status == "lost"


def test_readwises_highlights_find_the_article_of_that_title(ada):
    article = make_article("The ferry that carried a piano", owner=ada)
    row = '"It was simply there, under a tarpaulin",The ferry that carried a piano,,Whose?'
    table = f"Highlight,Book Title,Book Author,Note\n{row}\n"
    run = taken("readwise.csv", table.encode(), ada)
    assert outcomes(run) == ["marked"]
    highlight = Highlight.objects.get()
    assert article.text[highlight.start : highlight.end] == "It was simply there, under a tarpaulin"


def test_a_books_next_clippings_are_added_below(ada):
    told = "- Your Highlight on page {page} | Added on 26 March 2016 14:59:39"
    head = f"The Quay (Mara Quill)\n{told}\n\n{{words}}\n==========\n"
    first = head.format(page=1, words="The tide kept its own book.")
    second = first + head.format(page=2, words="Nobody read it.")
    taken("My Clippings.txt", first.encode(), ada)
    run = taken("My Clippings.txt", second.encode(), ada)
    assert outcomes(run) == ["marked"]
    (book,) = shelf(ada).values()
    assert book.text == "The tide kept its own book.\nNobody read it."
    assert [h.status for h in Highlight.objects.of(ada)] == ["kept", "kept"]


def test_what_is_on_the_shelf_keeps_its_text_and_state(ada):
    article = make_article("Mine", owner=ada, address="https://harbour.example/piano")
    note_state(article, reader=ada, place="later", favourite=True)
    run = taken("omnivore.zip", omnivore(), ada)
    assert outcomes(run) == ["marked", "added", "left"]
    assert Article.objects.get(pk=article.pk).text == article.text
    assert Reading.objects.get(article=article).place == "later"


def test_looking_adds_nothing_and_says_what_would_be_done(ada):
    make_article("Mine", owner=ada, address="https://harbour.example/fog")
    run = services.look("omnivore.zip", omnivore(), reader=ada)
    rows = list(run.rows.all())
    services.forecast(rows, reader=ada)
    assert [worded(Sentence.again(row.told)) for row in rows] == [
        "It is added, with its passages (4).",
        "It is on your shelf already.",
        "it has no web address",
    ]
    assert Article.objects.filter(owner=ada).count() == 1


def test_a_broken_file_leaves_nothing_behind(ada):
    with pytest.raises(Refused, match="line 9"):
        services.look("w.json", sample("wallabag.json")[:700], reader=ada)
    assert not Import.objects.exists()


def test_undo_takes_away_what_came_and_leaves_what_was_there(ada):
    mine = make_article("Mine", owner=ada, address="https://harbour.example/fog")
    run = taken("omnivore.zip", omnivore(), ada)
    services.undo(run)
    services.finish(run)
    run.refresh_from_db()
    assert run.state == Import.State.UNDONE
    assert list(Article.objects.filter(owner=ada)) == [mine]
    assert not Highlight.objects.exists()
    assert outcomes(taken("omnivore.zip", omnivore(), ada)) == ["added", "there", "left"]


def test_undo_leaves_what_was_read_or_written_on_and_says_so(ada):
    run = taken("omnivore.zip", omnivore(), ada)
    asked = Highlight.objects.get(note="Nobody at all?")
    annotations.edit(asked, version=asked.version, colour="green", note="Mine now.")
    note_position(shelf(ada)["Fog"], reader=ada, position=0)
    services.undo(run)
    services.finish(run)
    assert outcomes(run) == ["stays", "stays", "left"]
    assert list(Highlight.objects.all()) == [asked]
    told = [str(Sentence.again(row.told)) for row in run.rows.all()]
    assert told[:2] == ["Passages in it were changed since.", "It was read, or put elsewhere, since."]


def test_undo_leaves_an_article_with_a_passage_of_its_reader(ada):
    run = taken("omnivore.zip", omnivore(), ada)
    own = mark(shelf(ada)["The ferry that carried a piano"], ada, "islands")
    services.undo(run)
    services.finish(run)
    assert outcomes(run)[0] == "stays"
    assert list(Highlight.objects.all()) == [own]


def test_a_row_that_fails_by_a_fault_of_ours_keeps_none_of_the_others(ada):
    run = services.look("omnivore.zip", omnivore(), reader=ada)
    bad = run.rows.first()
    bad.item["marked"] = [{"nonsense": 1}]
    bad.save()
    services.start(run)
    services.finish(run)
    assert outcomes(run) == ["failed", "added", "left"]


def test_a_row_is_done_once_however_often_it_is_asked_for(ada):
    run = services.look("omnivore.zip", omnivore(), reader=ada)
    services.start(run)
    services.step(run, 1)
    services.step(run, 1)
    assert outcomes(run)[0] == "added"
    assert run.rows.get(number=1).made["article"]
    assert Article.objects.filter(owner=ada).count() == 1
    assert not services.start(run)


def test_the_command_says_what_it_would_do_and_then_does_it(ada, tmp_path, capsys):
    file = tmp_path / "omnivore.zip"
    file.write_bytes(omnivore())
    call_command("import_library", str(file), "--reader=ada", "--dry-run")
    assert "It is added, with its passages (4)." in capsys.readouterr().out
    assert not Article.objects.filter(owner=ada).exists()
    assert not Import.objects.exists()
    call_command("import_library", str(file), "--reader=ada")
    assert "2 added" in capsys.readouterr().out
    assert Article.objects.filter(owner=ada).count() == 2


@pytest.mark.parametrize(
    ("name", "reader", "says"),
    [("missing.zip", "ada", "No such file"), ("words.txt", "ada", "no export"), ("words.txt", "eve", "Nobody here")],
)
def test_the_command_says_why_not(ada, tmp_path, name, reader, says):
    (tmp_path / "words.txt").write_text("just some words\n")
    with pytest.raises(CommandError, match=says):
        call_command("import_library", str(tmp_path / name), f"--reader={reader}")
