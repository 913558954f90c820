"""A passage is edited, deleted and taken back: from the margin, from a list, and without JavaScript."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from newsreader.annotations.models import Highlight
from newsreader.annotations.services import delete, edit, revise_article
from newsreader.articles.models import Article
from tests.factories import mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(signed_in, ada):
    """Ada's."""
    return signed_in(ada)


@pytest.fixture
def passage(ada, article):
    return mark(article, ada, "forty passengers", note="Count *them*.", tags=["sea", "to check"], colour="rose")


def address(passage, what=""):
    return f"/highlights/{passage.public_id}/{what}"


def form_of(response, passage, status=200):
    return parsed(response, status).one("form", id=f"edit-{passage.public_id}")


def place(passage):
    return f"{passage.article.get_absolute_url()}#h-{passage.public_id}"


# Editing


def test_the_form_stands_on_a_page_of_its_own_with_what_is_there(client, passage):
    form = form_of(client.get(address(passage)), passage)
    sent = form.fields()
    assert (sent["note"], sent["colour"], sent["version"]) == ("Count *them*.", "rose", "1")
    assert sent["tags"] == "sea, to-check"
    assert "forty passengers" in form.text
    assert form.at["action"] == address(passage)
    assert form.one("a", data_cancel="").at["href"] == place(passage)


def test_saving_without_javascript_comes_back_to_the_words(client, passage):
    sent = form_of(client.get(address(passage)), passage).fields()
    sent |= {"note": "One\r\ntwo", "tags": "sea, new", "colour": "blue"}
    response = client.post(address(passage), sent)
    assert (response.status_code, response["Location"]) == (303, place(passage))
    passage.refresh_from_db()
    assert (passage.note, passage.colour, passage.version) == ("One\ntwo", "blue", 2)
    assert {tag.name for tag in passage.tags.all()} == {"sea", "new"}


def test_saving_comes_back_to_the_list_it_was_opened_from(client, passage):
    form = form_of(client.get(address(passage), {"next": "/notebook/?tag=sea"}), passage)
    assert form.one("a", data_cancel="").at["href"] == "/notebook/?tag=sea"
    assert client.post(address(passage), form.fields())["Location"] == "/notebook/?tag=sea"


@pytest.mark.parametrize("foreign", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil"])
def test_another_site_is_no_place_to_come_back_to(client, passage, foreign):
    page = client.get(address(passage), {"next": foreign})
    assert foreign not in page.content.decode()
    sent = form_of(page, passage).fields() | {"next": foreign}
    assert client.post(address(passage), sent)["Location"] == place(passage)
    assert client.post(address(passage, "delete/"), {"next": foreign})["Location"] == passage.article.get_absolute_url()
    assert client.post(address(passage, "restore/"), {"next": foreign})["Location"] == place(passage)


def test_saving_with_script_brings_the_blocks_and_the_note(client, passage):
    sent = {"version": 1, "note": "New *note*.", "tags": "x", "colour": "violet"}
    response = client.post(address(passage), sent, headers=HTMX)
    page = parsed(response)
    assert {one.at["data-c"] for one in page.one(id="b-0").all("mark")} == {"violet"}
    note = page.one(id=f"n-{passage.public_id}")
    assert note.one("em").text == "note"
    assert note.one("a", class_="tag").text == "x"
    assert json.loads(response["HX-Trigger-After-Swap"])["saved"] == {"id": passage.public_id, "colour": "violet"}


def test_a_note_that_was_emptied_leaves_the_margin(client, passage):
    sent = {"version": 1, "note": "", "tags": "", "colour": "rose"}
    page = parsed(client.post(address(passage), sent, headers=HTMX))
    assert not page.all(class_="md")
    assert not page.all(class_="tag")


def test_another_colour_alone_leaves_note_and_tags(client, passage):
    before = (passage.note, passage.note_html, [tag.name for tag in passage.tags.all()])
    assert all(before)
    page = parsed(client.post(address(passage), {"version": 1, "colour": "violet"}, headers=HTMX))
    assert {one.at["data-c"] for one in page.one(id="b-0").all("mark")} == {"violet"}
    passage.refresh_from_db()
    assert (passage.colour, passage.version) == ("violet", 2)
    assert (passage.note, passage.note_html, [tag.name for tag in passage.tags.all()]) == before
    # The same again, since its answer got lost, changes nothing; from an older window it is refused.
    assert client.post(address(passage), {"version": 1, "colour": "violet"}, headers=HTMX).status_code == 200
    assert client.post(address(passage), {"version": 1, "colour": "blue"}, headers=HTMX).status_code == 409
    passage.refresh_from_db()
    assert (passage.colour, passage.version) == ("violet", 2)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_the_second_of_two_windows_gets_both_texts_and_nothing_is_overwritten(client, passage, headers):
    edit(Highlight.objects.get(), version=1, colour="green", note="From the *first* window.", tags=["first"])
    sent = {"version": 1, "note": "From the second\r\nwindow.", "tags": "second", "colour": "blue"}
    form = form_of(client.post(address(passage), sent, headers=headers), passage, 409)
    told = form.one(class_="edited-twice")
    assert told.at["role"] == "alert"
    assert told.one("em").text == "first"
    assert told.one("pre").text == "From the *first* window."
    kept = form.fields()
    assert (kept["note"], kept["tags"], kept["colour"]) == (sent["note"], "second", "blue")
    assert kept["version"] == "2"
    passage.refresh_from_db()
    assert passage.note == "From the *first* window."
    assert client.post(address(passage), kept, headers=headers).status_code == (200 if headers else 303)
    passage.refresh_from_db()
    assert passage.note == "From the second\nwindow."


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize("note", ["x" * 10_001, "[" * 3_000, "a\0b"], ids=["long", "costly", "NUL"])
def test_a_note_that_is_refused_stays_in_the_form(client, passage, headers, note):
    sent = {"version": 1, "note": note, "tags": "a, b", "colour": "blue"}
    form = form_of(client.post(address(passage), sent, headers=headers), passage, 422)
    (told,) = [one for one in form.all("p", class_="error-text") if "hidden" not in one.at]
    assert told.text.strip()
    kept = form.fields()
    assert (kept["note"], kept["tags"], kept["colour"]) == (note, "a, b", "blue")
    passage.refresh_from_db()
    assert (passage.note, passage.version) == ("Count *them*.", 1)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_refusal_does_not_make_the_next_try_overwrite_another_window_s_note(client, passage, headers):
    edit(Highlight.objects.get(), version=1, colour="green", note="From the first window.")
    sent = {"version": 1, "note": "x" * 10_001, "tags": "", "colour": "blue"}
    kept = form_of(client.post(address(passage), sent, headers=headers), passage, 422).fields()
    response = client.post(address(passage), kept | {"note": "Shorter."}, headers=headers)
    assert response.status_code == 409
    passage.refresh_from_db()
    assert passage.note == "From the first window."


@pytest.mark.parametrize("version", ["", "0", "x", "9" * 30])
def test_a_version_that_is_none_saves_nothing(client, passage, version):
    sent = {"version": version, "note": "y", "tags": "", "colour": "blue"}
    assert client.post(address(passage), sent).status_code in {409, 422}
    passage.refresh_from_db()
    assert passage.note == "Count *them*."


def test_a_lost_passage_is_edited_like_any_other(client, passage, article):
    revise_article(article, html="<p>Other words.</p>")
    sent = form_of(client.get(address(passage)), passage).fields() | {"note": "Still here."}
    assert client.post(address(passage), sent).status_code == 303
    assert client.post(address(passage), sent | {"version": 2}, headers=HTMX).status_code == 200
    assert "Still here." in parsed(client.get(article.get_absolute_url())).one(id="lost").text


# Deleting and taking back


def test_deleting_and_taking_back_without_javascript(client, passage, article):
    response = client.post(address(passage, "delete/"))
    assert (response.status_code, response["Location"]) == (303, article.get_absolute_url())
    page = parsed(client.get(response["Location"]))
    assert "It stays in the bin for 30 days" in page.one(id="toasts").text
    assert not page.all("mark")
    response = client.post(address(passage, "restore/"))
    assert (response.status_code, response["Location"]) == (303, place(passage))
    assert "forty passengers" in "".join(mark.text for mark in parsed(client.get(response["Location"])).all("mark"))


def test_deleting_in_the_margin_brings_the_block_without_the_mark_and_an_undo_that_brings_it_back(
    client, passage, ada, article
):
    other = mark(article, ada, "passengers and")
    response = client.post(address(passage, "delete/"), headers=HTMX)
    page = parsed(response)
    block = page.one(id="b-0")
    assert {mark.at["data-h"] for mark in block.all("mark")} == {other.public_id}
    assert not page.all(class_="note")
    undo = page.one(id="toasts").one("form")
    assert undo.at["action"] == undo.at["hx-post"] == address(passage, "restore/")
    back = client.post(undo.at["hx-post"], undo.fields(), headers=HTMX)
    page = parsed(back)
    assert any(passage.public_id in mark.at["data-h"] for mark in page.one(id="b-0").all("mark"))
    assert page.one(id=f"n-{passage.public_id}").one("em").text == "them"
    assert json.loads(back["HX-Trigger-After-Swap"])["restored"]["id"] == passage.public_id


def test_deleting_in_a_list_brings_an_undo_that_comes_back_to_the_list(client, passage):
    page = parsed(client.post(address(passage, "delete/"), {"next": "/notebook/?tag=sea"}, headers=HTMX))
    assert not page.all(id="b-0")
    undo = page.one(id="toasts").one("form")
    assert "hx-post" not in undo.at
    response = client.post(undo.at["action"], undo.fields())
    assert (response.status_code, response["Location"]) == (303, "/notebook/?tag=sea")
    assert Highlight.objects.live().get() == passage


def test_a_double_click_on_delete_and_on_undo_is_no_error(client, passage):
    for what in ("delete/", "delete/", "restore/", "restore/"):
        assert client.post(address(passage, what), headers=HTMX).status_code == 200
    assert Highlight.objects.live().get() == passage


def test_what_is_deleted_has_no_form(client, passage):
    delete(passage)
    assert client.get(address(passage)).status_code == 404
    assert client.post(address(passage), {"version": 1, "colour": "blue", "note": ""}).status_code == 404


def test_what_is_past_the_bin_is_missing(client, passage):
    Highlight.objects.update(deleted=timezone.now() - timedelta(days=31))
    for what in ("delete/", "restore/"):
        assert client.post(address(passage, what)).status_code == 404
    assert not Highlight.objects.live().exists()


# The bin


def test_the_bin_shows_what_was_deleted_newest_first_and_puts_it_back(client, passage, ada, ben, article):
    mark(article, ada, "Rope")
    delete(mark(article, ben, "an hour"))
    older = mark(article, ada, "Lamp oil", note="**Burns**.", tags=["things"])
    for one in (passage, older):
        delete(one)
    Highlight.objects.filter(pk=older.pk).update(deleted=timezone.now() - timedelta(days=29))
    page = parsed(client.get("/bin/"))
    rows = page.all("article", class_="passage")
    assert [row.one("blockquote").text for row in rows] == ["forty passengers", "Lamp oil"]
    assert rows[1].one("strong").text == "Burns"
    assert "things" in rows[1].text
    assert article.title in rows[0].text
    button = rows[0].one("button")
    response = client.post(button.at["formaction"], page.one("form", id="act").fields())
    assert (response.status_code, response["Location"]) == (303, "/bin/")
    assert passage in Highlight.objects.live()


def test_the_bin_says_how_long_each_stays_and_puts_several_back_at_once(client, passage, ada, article):
    older = mark(article, ada, "Lamp oil")
    for one in (passage, older):
        delete(one)
    Highlight.objects.filter(pk=older.pk).update(deleted=timezone.now() - timedelta(days=29, hours=1))
    page = parsed(client.get("/bin/"))
    assert [row.text.count("30 days left") for row in page.all("article", class_="passage")] == [1, 0]
    assert "1 day left" in page.text
    assert "Tick the passages" in parsed(client.post("/bin/"), 422).one(role="alert").text
    response = client.post("/bin/", {"passage": [passage.public_id, older.public_id]})
    assert Highlight.objects.live().count() == 2
    toast = parsed(client.get(response["Location"])).one(class_="toast")
    assert "2 passages are back." in toast.text
    client.post(toast.one("form").at["action"], toast.one("form").fields())
    assert Highlight.objects.live().count() == 0


def test_what_is_older_than_30_days_is_not_in_the_bin(client, passage):
    Highlight.objects.update(deleted=timezone.now() - timedelta(days=30, minutes=1))
    assert "The bin is empty." in parsed(client.get("/bin/")).text


# A withdrawn article


@pytest.fixture
def withdrawn(article, passage):
    Article.objects.filter(pk=article.pk).update(state="withdrawn")
    return article


def test_the_form_of_a_withdrawn_article_s_passage_leads_to_no_dead_link(client, passage, withdrawn):
    page = parsed(client.get(address(passage)))
    assert withdrawn.title in page.one("main").text
    assert not [link for link in page.all("a") if link.at["href"].startswith(withdrawn.get_absolute_url())]
    sent = page.one("form", id=f"edit-{passage.public_id}").fields() | {"note": "Still mine."}
    assert client.post(address(passage), sent)["Location"] == "/notebook/"
    assert client.post(address(passage, "delete/"))["Location"] == "/notebook/"
    assert client.post(address(passage, "restore/"))["Location"] == "/notebook/"
    passage.refresh_from_db()
    assert passage.note == "Still mine."


def test_a_curator_s_own_passage_still_leads_to_the_preview(signed_in, cleo, article):
    made = mark(article, cleo, "forty")
    Article.objects.update(state="withdrawn")
    assert parsed(signed_in(cleo).get(address(made))).one("main").all("a", href=place(made))
