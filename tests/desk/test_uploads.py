"""Documents come in at the desk: looked at first, then added as drafts, once, and taken back."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article, Source, Topic
from newsreader.articles.services import source_named, topic_named
from newsreader.desk import duplicates, journal, uploads
from newsreader.desk.models import Deed, Entry, Upload, UploadedDocument
from tests.desk.pages import act, desk, told
from tests.factories import make_article, mark
from tests.intake.test_archives import BAD, TEXT, zipped

UPLOAD = "articles_article_upload"
UPLOADED = "articles_article_uploaded"

MAIL = b"""---
title: The night mail
author: Ben Rowe
source: The Ledger
date: 2024-03-02
topics: [Railways]
---

The night mail came in at four, and with it forty sacks that should have been there on Tuesday.
"""
PAGE = """<html lang="de"><title>Der Zug</title><meta name="author" content="Clara Weiss">
<article><h1>Der Zug</h1><p>Der Zug verliess den Bahnhof um sechs, mit einer Stunde Versp\u00e4tung.</p></article>"""
THREE = (("ferry.txt", TEXT), ("mail.md", MAIL), ("zug.html", PAGE.encode("cp1252")))
LONG = " ".join(f"Sentence number {n} says that the ferry of quay {n * 7} left late." for n in range(40))


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


def send(client, *files, **more):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(desk(UPLOAD), {"documents": sent, **more}, follow=True)


def rows(page):
    return [row.document for row in page.context["rows"]]


def verdicts(page):
    return [document.verdict for document in rows(page)]


def add(client, page, *documents):
    keys = [document.pk for document in documents or [row.document for row in page.context["rows"] if row.ticked]]
    return client.post(desk(UPLOADED, page.context["upload"].pk), {"document": keys}, follow=True)


def words(page):
    """What is read on the page, as one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# Looking


def test_three_documents_of_different_shapes_are_looked_at_and_nothing_is_written(curator):
    page = send(curator, *THREE)
    assert verdicts(page) == ["new", "new", "new"]
    assert not Article.objects.exists()
    assert not Entry.objects.exists()
    assert not Source.objects.exists()
    shown = words(page)
    for said in (
        *("Nothing is added yet. 3 new.", "ferry.txt Text, UTF-8", "mail.md Markdown, UTF-8"),
        *("zug.html Web page, Windows-1252", "A headline", "The night mail", "Ben Rowe", "The Ledger"),
        *("2 Mar 2024", "Der Zug verliess den Bahnhof um sechs", "New draft"),
    ):
        assert said in shown
    assert [row.ticked for row in page.context["rows"]] == [True] * 3


def test_what_was_shown_is_what_is_added_as_drafts_with_a_message_and_an_undo(curator, cleo):
    ports = topic_named("Ports")
    page = send(curator, *THREE, source=source_named("The Harbour Post").pk, topics=[ports.pk])
    page = add(curator, page)
    assert told(page) == "3 drafts added."
    assert "desk-undo" in page.content.decode()
    ferry, mail, zug = Article.objects.order_by("pk")
    assert {article.state for article in (ferry, mail, zug)} == {"draft"}
    assert [one.sources.get().name for one in (ferry, mail)] == ["The Harbour Post", "The Ledger"]
    assert {topic.name for topic in mail.topics.all()} == {"Ports", "Railways"}
    assert (mail.title, mail.byline, mail.published.date()) == ("The night mail", "Ben Rowe", dt.date(2024, 3, 2))
    assert (zug.language, zug.byline) == ("de", "Clara Weiss")
    assert "Verspätung" in zug.text
    assert ferry.revisions.get().editor == cleo
    entry = Entry.objects.get()
    assert (entry.deed, entry.number, entry.actor) == (Deed.UPLOADED, 3, cleo)
    assert entry.told == "ferry.txt; mail.md; zug.html"
    for article in (ferry, mail, zug):
        assert desk("articles_article_change", article.pk) in page.content.decode()


def test_a_row_that_is_left_out_is_not_added_and_can_be_afterwards(curator):
    page = send(curator, *THREE)
    first, second, third = rows(page)
    page = add(curator, page, first, third)
    assert told(page) == "2 drafts added."
    assert [row.waits for row in page.context["rows"]] == [False, True, False]
    assert [row.ticked for row in page.context["rows"]] == [False] * 3
    assert told(add(curator, page, second)) == "1 draft added."


def test_adding_twice_adds_nothing_and_says_so(curator):
    page = send(curator, *THREE)
    add(curator, page)
    again = add(curator, page)
    assert told(again) == "3 were added already, and not again."
    assert Article.objects.count() == 3
    assert Entry.objects.count() == 1
    assert "Added: <a" in " ".join(again.content.decode().split())


def test_the_same_files_again_are_there_already_with_links(curator):
    add(curator, send(curator, *THREE))
    page = send(curator, *THREE)
    assert verdicts(page) == ["there"] * 3
    assert [document.other.title for document in rows(page)] == ["A headline", "The night mail", "Der Zug"]
    assert not page.context["waiting"]
    assert "The same text is in the library:" in words(page)
    assert told(add(curator, page, *rows(page))) == "Tick the documents to add first. Nothing was added."
    assert Article.objects.count() == 3


def test_what_came_in_meanwhile_is_not_added_a_second_time(curator, cleo):
    page = send(curator, *THREE)
    other = send(curator, THREE[0])
    add(curator, other)
    page = add(curator, page)
    assert told(page) == "2 drafts added. 1 came into the library meanwhile, and was not added."
    assert verdicts(page) == ["there", "new", "new"]
    assert Article.objects.count() == 3


def test_the_same_text_twice_among_these_is_added_once(curator):
    page = send(curator, ("a.txt", TEXT), ("b.txt", TEXT))
    assert verdicts(page) == ["new", "twice"]
    assert "The same text as a.txt" in words(page)
    assert told(add(curator, page, *rows(page))) == "1 draft added."


def test_near_duplicates_of_the_library_and_among_these_are_shown_and_not_ticked(curator):
    there = make_article("Ferries late", f"<p>{LONG}</p>")
    duplicates.scan()
    mail = " ".join(f"By {n} o'clock, {n * 3} sacks stood unopened beside the {n}th window." for n in range(40))
    page = send(
        curator,
        ("again.txt", f"Ferries late\n\n{LONG.replace('left', 'sailed', 3)}".encode()),
        ("other.txt", f"Mail\n\n{mail}".encode()),
        ("mail.txt", f"Mail\n\n{mail.replace('stood', 'lay', 3)}".encode()),
    )
    assert verdicts(page) == ["alike", "new", "alike"]
    first, second, third = rows(page)
    assert first.other == there
    assert third.twin == second
    assert [row.ticked for row in page.context["rows"]] == [False, True, False]
    assert "Nearly the same as Ferries late" in words(page)
    assert told(add(curator, page, first)) == "1 draft added."


def test_each_refusal_is_told_in_its_row_and_the_others_come_in(curator):
    page = send(
        curator,
        ("empty.txt", b""),
        ("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(300)),
        ("script.html", b"<script>let words = 1</script>"),
        ("large.txt", b"words " * 1_700_000),
        ("letter.docx", b"PK"),
        ("ferry.txt", TEXT),
    )
    assert verdicts(page) == ["refused"] * 5 + ["new"]
    shown = words(page)
    for said in (
        *("Refused: It is empty.", "It is not a text but a binary file.", "There is no text in it."),
        *("It is larger than 5 MB.", ".docx is not read here: save it as .txt, .md or .html."),
    ):
        assert said in shown
    assert told(add(curator, page)) == "1 draft added."


def test_refusals_are_said_in_the_language_of_who_looks(curator):
    page = send(curator, ("empty.txt", b""))
    (row,) = page.context["rows"]
    assert row.document.refusal == {"form": "it is empty", "values": {}}
    with translation.override("de"):
        assert row.refusal.endswith(".")


def test_a_zip_brings_its_documents_with_their_paths_and_names_what_it_refuses(curator):
    data = zipped(
        ("news/ferry.txt", TEXT),
        ("news/mail.md", MAIL),
        *((name, content) for name, content, _ in BAD),
        ("__MACOSX/._ferry.txt", b"x"),
        ("news/logo.png", b"x"),
    )
    page = send(curator, ("news.zip", data))
    assert verdicts(page) == ["new", "new"] + ["refused"] * len(BAD)
    assert page.context["upload"].aside == 2
    shown = words(page)
    assert "news.zip › news/ferry.txt" in shown
    assert f"2 new. {len(BAD)} refused. 2 files and folders in archives left aside." in shown
    assert told(add(curator, page)) == "2 drafts added."


def test_a_hostile_zip_is_one_refused_row(curator, settings):
    settings.UPLOAD_LIMITS = {**settings.UPLOAD_LIMITS, "entries": 3}
    page = send(curator, ("many.zip", zipped(*((f"{n}.txt", TEXT) for n in range(4)))), ("ferry.txt", TEXT))
    assert verdicts(page) == ["refused", "new"]
    assert "It has more than 3 entries: pack it in several archives." in words(page)


# Taking back


def test_undo_deletes_the_drafts_and_the_labels_that_came_with_them(curator):
    page = add(curator, send(curator, *THREE))
    answer = curator.post(desk("desk_entry_undo", Entry.objects.get().pk), follow=True)
    assert told(answer).startswith("Taken back:")
    assert not Article.objects.exists()
    assert not Source.objects.exists()
    assert not Topic.objects.exists()
    page = curator.get(desk(UPLOADED, page.context["upload"].pk))
    assert verdicts(page) == ["new"] * 3
    assert told(add(curator, page)) == "3 drafts added."


def test_undo_leaves_what_somebody_changed_published_highlighted_or_collected(curator, cleo, ada):
    page = add(curator, send(curator, *THREE, ("d.txt", b"Fog\n\nThe fog closed over the islands by noon.")))
    edited, published, highlighted, untouched = Article.objects.order_by("pk")
    revise_article(edited, html="<p>Corrected.</p>", editor=cleo)
    act(curator, "articles_article_changelist", "publish", published)
    mark(highlighted, ada, "um sechs")
    entry = Entry.objects.get(deed=Deed.UPLOADED)
    done = journal.undo(entry, by=cleo)
    left = set(Article.objects.values_list("pk", flat=True))
    assert left == {edited.pk, published.pk, highlighted.pk}
    assert untouched.pk not in left
    assert done.left >= 3
    page = curator.get(desk(UPLOADED, page.context["upload"].pk))
    assert [document.became_id for document in rows(page)] == [edited.pk, published.pk, highlighted.pk, None]


def test_what_came_in_is_published_in_one_go_by_the_bulk_action(curator):
    page = add(curator, send(curator, *THREE))
    drafts = page.context["drafts"]
    assert len(drafts) == 3
    sent = {"action": "publish", "index": 0, "_selected_action": drafts}
    answer = curator.post(desk("articles_article_changelist"), sent, follow=True)
    assert "3 articles published." in told(answer)
    page = curator.get(desk(UPLOADED, page.context["upload"].pk))
    assert page.context["drafts"] == []
    assert "(Published)" in words(page)


# Whole or not at all


def test_all_are_added_or_none(curator, cleo, monkeypatch):
    page = send(curator, *THREE)
    made = uploads.take_in

    def dies(document, **kept):
        if document.title == "Der Zug":
            raise MemoryError
        return made(document, **kept)

    keys = [document.pk for document in rows(page)]
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "take_in", dies)
        with pytest.raises(MemoryError):
            uploads.add(page.context["upload"], keys, by=cleo)
    assert not Article.objects.exists()
    assert not Source.objects.exists()
    assert told(add(curator, page)) == "3 drafts added."


def test_after_a_day_it_is_thrown_away_and_what_was_added_stays(curator):
    page = add(curator, send(curator, *THREE))
    address = desk(UPLOADED, page.context["upload"].pk)
    Upload.objects.update(made=timezone.now() - dt.timedelta(days=1, minutes=1))
    assert curator.get(address).status_code == 404
    send(curator, ("d.txt", b"Fog\n\nThe fog closed over the islands by noon."))
    assert Upload.objects.count() == 1
    assert UploadedDocument.objects.count() == 1
    assert Article.objects.count() == 3


# Who, and how much


def test_an_upload_is_its_curators_alone(curator, operator, ada, signed_in):
    page = send(curator, *THREE)
    address = desk(UPLOADED, page.context["upload"].pk)
    missing = desk(UPLOADED, 987654)
    for other in (operator, ada):
        client = signed_in(other)
        for method in (client.get, client.post):
            assert method(address).status_code == method(missing).status_code == 404
    assert signed_in(operator).get(desk(UPLOAD)).status_code == 200
    for method in (signed_in(ada).get, signed_in(ada).post):
        assert method(desk(UPLOAD)).status_code == 404


def test_without_files_the_form_says_what_to_do(curator):
    answer = curator.post(desk(UPLOAD), {})
    assert answer.status_code == 422
    assert "Choose one file or more first." in answer.content.decode()
    answer = curator.post(desk(UPLOAD), {"documents": SimpleUploadedFile("a.txt", TEXT), "source": "987654"})
    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_more_than_may_be_sent_is_a_413_page_for_staff_and_sooner_for_others(curator, ada, signed_in, settings):
    settings.UPLOAD_MOST, settings.READER_UPLOAD_MOST = 20_000, 5_000
    answer = curator.post(desk(UPLOAD), {"documents": SimpleUploadedFile("a.txt", b"words " * 4_000)})
    assert answer.status_code == 413
    assert "fewer files" in answer.content.decode()
    assert send(curator, ("a.txt", b"words " * 2_000)).status_code == 200
    large = {"documents": SimpleUploadedFile("a.txt", b"words " * 1_000)}
    assert signed_in(ada).post("/accounts/preferences/", large).status_code == 413


def test_more_files_than_may_be_sent_are_a_413_page(curator, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    assert send(curator, *THREE).status_code == 413


@pytest.mark.parametrize("key", ["", "x", "-1", "987654", "9" * 40])
def test_a_row_that_is_none_adds_nothing(curator, key):
    page = send(curator, *THREE)
    answer = curator.post(desk(UPLOADED, page.context["upload"].pk), {"document": key}, follow=True)
    assert "Nothing was added." in told(answer)
    assert not Article.objects.exists()


def test_rows_of_another_upload_are_not_added(curator):
    other, page = send(curator, THREE[0]), send(curator, THREE[1])
    assert "Nothing was added." in told(add(curator, page, *rows(other)))


def test_the_table_costs_as_many_queries_for_two_as_for_twenty(curator):
    def asked(number):
        files = [
            (f"{n}.txt", f"Headline {number} {n}\n\nText number {n * number}, of words.".encode())
            for n in range(number)
        ]
        page = send(curator, *files)
        address = desk(UPLOADED, page.context["upload"].pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            curator.get(address)
        return len(queries)

    assert asked(2) == asked(20) <= 10


def test_the_list_of_articles_leads_here(curator):
    assert desk(UPLOAD) in curator.get(desk("articles_article_changelist")).content.decode()


def test_sources_and_topics_are_offered_without_a_script(curator):
    source, topic = source_named("The Harbour Post"), topic_named("Ports")
    page = curator.get(desk(UPLOAD)).content.decode()
    assert f'<option value="{source.pk}">The Harbour Post</option>' in page
    assert f'<option value="{topic.pk}">Ports</option>' in page
