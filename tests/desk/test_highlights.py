"""Of highlights the desk knows that they exist. No page, no address, no log tells a word of them."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from newsreader.annotations import services as annotations
from newsreader.annotations.models import Highlight, Tag
from newsreader.articles.models import Reading
from tests.desk.pages import desk, form_of, open_article, save_article
from tests.factories import make_article, mark

LIST = "annotations_highlight_changelist"
SECRETS = ("quetzal", "nocturne", "gherkin", "before-words", "after-words")


@pytest.fixture
def private(ada):
    """Its exact words, note and tag are in no title, and nowhere else."""
    text = "<p>They said before-words quetzal after-words to us.</p>"
    return mark(make_article("A ferry", text), ada, "quetzal", note="My nocturne", tags=["gherkin"])


@pytest.fixture(params=["cleo", "operator"])
def client_of_staff(request, signed_in):
    return signed_in(request.getfixturevalue(request.param))


def test_no_page_of_highlights_tells_their_words_notes_or_tags(client_of_staff, private):
    pages = [
        client_of_staff.get(desk(LIST)),
        client_of_staff.get(desk(LIST), {"q": "ferry"}),
        client_of_staff.get(desk(LIST), {"_facets": "True"}),
        client_of_staff.get(desk("annotations_highlight_change", private.pk)),
        client_of_staff.get(desk("annotations_highlight_history", private.pk)),
        client_of_staff.get(desk("index")),
    ]
    assert "A ferry" in pages[0].content.decode()
    assert "Kept" in pages[3].content.decode()
    for page in pages:
        assert page.status_code == 200
        assert not [word for word in SECRETS if word in page.content.decode()]


def test_the_words_are_not_even_loaded(client_of_staff, private):
    shown = client_of_staff.get(desk(LIST)).context["cl"].result_list[0]
    assert {"exact", "prefix", "suffix", "note", "note_html", "reason"} <= shown.get_deferred_fields()


@pytest.mark.parametrize(
    "asked",
    [
        "exact__startswith=q",
        "note__contains=n",
        "prefix__gt=a",
        "tags__name=gherkin",
        "tags=1",
        "colour=yellow",
        "article__text__contains=q",
    ],
)
def test_no_address_can_be_used_to_guess_them(client_of_staff, private, asked):
    assert client_of_staff.get(f"{desk(LIST)}?{asked}").status_code == 400


@pytest.mark.parametrize("words", SECRETS)
def test_searching_for_them_finds_nothing(client_of_staff, private, words):
    assert list(client_of_staff.get(desk(LIST), {"q": words}).context["cl"].result_list) == []


def test_a_highlight_is_neither_added_nor_changed_nor_deleted(client_of_staff, private):
    assert client_of_staff.get(desk("annotations_highlight_add")).status_code == 404
    sent = {"exact": "x", "status": "moved", "post": "yes"}
    for page in ("change", "delete"):
        assert client_of_staff.post(desk(f"annotations_highlight_{page}", private.pk), sent).status_code == 404
    client_of_staff.post(desk(LIST), {"action": "delete_selected", "_selected_action": [private.pk], "post": "yes"})
    private.refresh_from_db()
    assert (private.exact, private.status) == ("quetzal", "kept")
    assert not LogEntry.objects.exists()


def test_highlights_on_private_copies_are_missing(client_of_staff, ada):
    copy = make_article("Adas secret clipping", owner=ada)
    hidden = mark(copy, ada, "an hour late")
    assert "clipping" not in client_of_staff.get(desk(LIST)).content.decode()
    assert client_of_staff.get(desk("annotations_highlight_change", hidden.pk)).status_code == 404


def test_the_list_says_what_is_lost_and_what_is_deleted(client_of_staff, ada, private):
    annotations.revise_article(private.article, html="<p>All gone.</p>")
    other = mark(make_article(), ada, "an hour late")
    annotations.delete(other)
    found = client_of_staff.get(desk(LIST), {"status__exact": "lost"}).context["cl"].result_list
    assert [highlight.pk for highlight in found] == [private.pk]
    found = client_of_staff.get(desk(LIST), {"deleted__isempty": "0"}).context["cl"].result_list
    assert [highlight.pk for highlight in found] == [other.pk]
    found = client_of_staff.get(desk(LIST), {"article__id__exact": private.article_id}).context["cl"].result_list
    assert [highlight.pk for highlight in found] == [private.pk]


def test_the_history_of_an_edit_holds_no_words(client_of_staff, private):
    sent = open_article(client_of_staff, private.article)
    asked = save_article(client_of_staff, private.article, sent | {"body": "<p>Other words.</p>"})
    save_article(client_of_staff, private.article, form_of(asked, "article_form"))
    logged = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert logged
    assert not [word for word in SECRETS if word in logged]


def test_the_list_costs_the_same_queries_for_2_rows_as_for_30(client_of_staff, ada, ben):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client_of_staff.get(desk(LIST))
        return len(asked)

    for reader in (ada, ben):
        mark(make_article(), reader, "an hour late")
    cost()
    few = cost()
    for number in range(28):
        mark(make_article(), (ada, ben)[number % 2], "an hour late")
    assert Highlight.objects.count() == 30
    assert cost() == few


def test_tags_and_readings_have_no_page_at_the_desk():
    assert not {Tag, Reading} & set(admin.site._registry)
