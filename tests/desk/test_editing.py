"""An article is written in Markdown or HTML, looked at while it is typed, and every save stands in its history."""

import pytest
from django.contrib.admin.models import LogEntry

from newsreader.annotations import services as annotations
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Revision
from newsreader.articles.services import topic_named
from newsreader.core.clean import clean
from newsreader.desk.models import Deed, Entry
from newsreader.intake.as_markdown import LONGEST
from tests.desk.pages import desk, form_of, open_article, save_article, told
from tests.factories import HARBOUR, make_article, make_user, mark

ADD = "articles_article_add"
LOOK = "articles_article_look"


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


def everything():
    """All that an edit could write."""
    kinds = (Article, Revision, Highlight, LogEntry, Entry)
    return [list(model.objects.order_by("pk").values_list()) for model in kinds]


def press(client, article, button, sent):
    return client.post(desk("articles_article_change", article.pk), {**sent, button: "1"})


def undo(client, entry):
    return client.post(desk("desk_entry_undo", entry.pk), follow=True)


# Markdown and HTML


def test_a_new_article_is_written_in_markdown_unless_its_curator_chooses_html(curator):
    form = form_of(curator.get(desk(ADD)), "article_form")
    assert form["written_in"] == "markdown"
    body = "## Head\n\nOne *word*.\n\n- Rope\n- Oil"
    curator.post(desk(ADD), {**form, "title": "In Markdown", "body": body, "state": "draft"})
    expected = "<h2>Head</h2>\n<p>One <em>word</em>.</p>\n<ul><li>Rope</li>\n<li>Oil</li></ul>"
    assert Article.objects.get(title="In Markdown").html == expected
    html = {"written_in": "html", "title": "In HTML", "body": "<p>One *star*.</p>", "state": "draft"}
    curator.post(desk(ADD), {**form, **html})
    assert Article.objects.get(title="In HTML").html == "<p>One *star*.</p>"


def test_a_link_in_markdown_is_resolved_against_the_original_address(curator):
    form = form_of(curator.get(desk(ADD)), "article_form")
    body = {"title": "Linked", "body": "[there](/more)", "state": "draft", "address": "https://paper.example/one"}
    curator.post(desk(ADD), {**form, **body})
    assert 'href="https://paper.example/more"' in Article.objects.get(title="Linked").html


def test_a_text_is_opened_as_html_and_after_a_save_in_markdown_as_markdown(curator, article):
    sent = open_article(curator, article)
    assert (sent["written_in"], sent["was_in"]) == ("html", "html")
    converted = form_of(press(curator, article, "_convert", sent | {"written_in": "markdown"}), "article_form")
    assert "- Rope, **two coils**" in converted["body"]
    save_article(curator, article, converted | {"body": f"{converted['body']}\r\n\r\nA *last* line."})
    article.refresh_from_db()
    assert article.html == clean(f"{HARBOUR}<p>A <em>last</em> line.</p>")
    again = open_article(curator, article)
    assert (again["written_in"], again["was_in"]) == ("markdown", "markdown")
    assert "A *last* line." in again["body"]


def test_opening_and_saving_in_markdown_changes_nothing(curator, article):
    sent = form_of(
        press(curator, article, "_convert", open_article(curator, article) | {"written_in": "markdown"}), "article_form"
    )
    assert "The text is unchanged" in told(save_article(curator, article, sent))
    assert article.revisions.count() == 1
    assert not Entry.objects.exists()


def test_the_button_without_script_converts_what_is_typed_and_saves_nothing(curator, article):
    sent = open_article(curator, article) | {"body": "<h1>Head</h1><p>Typed <b>so</b>.</p>", "written_in": "markdown"}
    before = everything()
    page = press(curator, article, "_convert", sent)
    form = form_of(page, "article_form")
    assert form["body"] == "## Head\r\n\r\nTyped <b>so</b>.\r\n"
    assert (form["written_in"], form["was_in"]) == ("markdown", "markdown")
    assert everything() == before
    back = form_of(press(curator, article, "_convert", form | {"written_in": "html"}), "article_form")
    assert back["body"] == "<h2>Head</h2>\r\n<p>Typed <b>so</b>.</p>"


def test_a_text_that_is_suddenly_read_otherwise_is_held_once_and_then_read_as_it_says(curator, article):
    sent = open_article(curator, article) | {"body": "# Not a heading", "written_in": "markdown"}
    page = save_article(curator, article, sent)
    assert "Not saved yet: the text is read as Markdown now" in page.content.decode()
    assert article.revisions.count() == 1
    save_article(curator, article, form_of(page, "article_form"))
    article.refresh_from_db()
    assert article.html == "<h2>Not a heading</h2>"


@pytest.mark.parametrize(
    ("was_in", "into", "typed", "body"),
    [
        ("html", "markdown", "<h2>A</h2><p>b <strong>c</strong>", "## A\n\nb **c**\n"),
        ("markdown", "html", "## A\n\nb **c**", "<h2>A</h2>\n<p>b <strong>c</strong></p>"),
        ("markdown", "html", " ", " "),
    ],
)
def test_what_is_typed_is_converted_at_an_address_of_its_own(curator, was_in, into, typed, body):
    answer = curator.post(desk("articles_article_convert"), {"from": was_in, "into": into, "body": typed})
    assert answer.json() == {"body": body}


@pytest.mark.parametrize(
    ("was_in", "typed", "words"),
    [
        ("html", f"<p>{'x' * LONGEST}</p>", "stays HTML"),
        ("html", "<blockquote>" * 2000 + "x", "nested"),
        ("markdown", "[" * 9000, "square brackets"),
        ("markdown", "x" * 5_000_001, "larger than 5"),
    ],
)
def test_what_can_not_be_converted_is_refused_in_a_sentence(curator, was_in, typed, words):
    into = "markdown" if was_in == "html" else "html"
    answer = curator.post(desk("articles_article_convert"), {"from": was_in, "into": into, "body": typed})
    assert answer.status_code == 422
    assert words in answer.json()["problem"]


def test_ways_that_there_are_not_are_missing(curator):
    assert curator.post(desk("articles_article_convert"), {"from": "rtf", "into": "html"}).status_code == 404


def test_what_cleaning_takes_out_of_markdown_is_what_was_typed(curator, article):
    body = "# Head\n\n```python\nx\n```\n\n<font color=red>Red</font> <script>x</script>"
    sent = open_article(curator, article) | {"body": body, "written_in": "markdown", "was_in": "markdown"}
    page = curator.post(desk(LOOK, article.pk), sent).content.decode()
    assert "Cleaning takes out or replaces: &lt;font&gt;, &lt;script&gt;, color." in page


# Looking while somebody types


def test_looking_answers_the_article_as_readers_will_see_it_and_what_becomes_of_highlights(curator, ada, article):
    mark(article, ada, "an hour late", note="My private guess")
    mark(article, ada, "Lamp oil")
    sent = open_article(curator, article) | {"title": "Typed <b>title</b>", "standfirst": "Typed standfirst"}
    sent["body"] = sent["body"].replace("<li>Lamp oil</li>", "")
    before = everything()
    answer = curator.post(desk(LOOK, article.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Server-Timing"].startswith("look;dur=")
    assert '<p class="deck" dir="auto" lang="en">Typed standfirst</p>' in page
    assert "Typed &lt;b&gt;title&lt;/b&gt;" in page
    assert "The Harbour Post" in page
    assert "Of 2 highlights of 1 reader: 1 kept, 0 edited, 0 moved, 1 lost." in page
    assert 'class="desk-loses"' in page
    for private in ("private guess", "Ada", "<mark", "hl-ref"):
        assert private not in page
    assert everything() == before


def test_looking_at_a_new_article_needs_no_title_and_no_text_yet(curator):
    sent = form_of(curator.get(desk(ADD)), "article_form")
    assert curator.post(desk("articles_article_look_new"), sent).status_code == 200
    page = curator.post(desk("articles_article_look_new"), sent | {"body": "A *first* line"}).content.decode()
    assert '<p id="b-0">A <em>first</em> line</p>' in page
    assert not Article.objects.exists()


def test_looking_at_what_can_not_be_taken_says_why_and_shows_nothing(curator, article):
    answer = curator.post(desk(LOOK, article.pk), open_article(curator, article) | {"body": "<script>x</script>"})
    assert answer.status_code == 422
    assert "No words are left" in answer.content.decode()
    assert 'id="leaf"' not in answer.content.decode()


def test_looking_tells_that_somebody_else_has_saved(curator, article):
    first, second = open_article(curator, article), open_article(curator, article)
    save_article(curator, article, first | {"title": "First title"})
    assert "saved since you opened it" in curator.post(desk(LOOK, article.pk), second).content.decode()


def test_adas_private_copy_can_not_be_looked_at(curator, ada):
    copy = make_article("Adas secret clipping", owner=ada)
    assert curator.post(desk(LOOK, copy.pk), {"body": "x"}).status_code == 404


def test_a_frame_may_stand_in_the_form_and_nowhere_else_and_runs_nothing(curator, article):
    form = curator.get(desk("articles_article_change", article.pk))
    assert "frame-src 'self'" in form["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in form["Content-Security-Policy"]
    assert form["X-Frame-Options"] == "DENY"
    frame = curator.get(desk("articles_article_frame"))
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert "script-src 'none'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    others = [article.get_absolute_url(), desk("index"), desk("articles_article_history", article.pk), "/"]
    for policy in (curator.get(address)["Content-Security-Policy"] for address in others):
        assert "frame-src" not in policy
        assert "frame-ancestors 'none'" in policy


# Two at once


@pytest.fixture
def overtaken(curator, article):
    """The page that the second of two curators gets."""
    first, second = open_article(curator, article), open_article(curator, article)
    save_article(curator, article, first | {"body": "<p>The first one’s text.</p>", "byline": "First"})
    mine = {"body": "<p>The second one’s text.</p>", "title": "Second", "topics": [topic_named("Ports").pk]}
    return save_article(curator, article, second | mine)


def test_the_second_sees_both_values_of_every_field_and_the_differences_of_the_texts(overtaken):
    page = overtaken.content.decode().split('id="conflict"')[1].split("</section>")[0]
    rows = {one.label: (one.present, one.typed) for one in overtaken.context["differing"]}
    assert rows == {
        "Title": ("The ferry that carried a piano", "Second"),
        "Byline": ("First", "empty"),
        "Topics": ("none", "Ports"),
    }
    assert "<del>" in page
    assert "<ins>" in page


def test_the_second_goes_on_from_the_present_text_and_finds_their_own_beside_it_and_again(curator, article, overtaken):
    before = everything()
    page = press(curator, article, "_theirs", form_of(overtaken, "article_form"))
    form = form_of(page, "article_form")
    assert (form["body"], form["byline"]) == ("<p>The first one’s text.</p>", "First")
    assert "The second one’s text." in page.content.decode().split('id="aside"')[1].split("</textarea>")[0]
    asks = press(curator, article, "_preview", form | {"body": "<p>The first one’s text, changed.</p>"})
    form = form_of(asks, "article_form")
    back = form_of(press(curator, article, "_mine", form), "article_form")
    assert (back["body"], back["title"], back["byline"]) == ("<p>The second one’s text.</p>", "Second", "")
    assert back["topics"] == [str(topic_named("Ports").pk)]
    assert everything() == before
    save_article(curator, article, back)
    article.refresh_from_db()
    assert article.title == "Second"
    assert article.revisions.count() == 3


@pytest.mark.parametrize("kept", ["", "x", "[]", '{"body": 1}', '{"other": ["x"]}'])
def test_what_was_laid_aside_and_can_not_be_read_takes_nothing_away(curator, article, kept):
    sent = open_article(curator, article) | {"body": "<p>Typed.</p>", "kept": kept}
    assert form_of(press(curator, article, "_mine", sent), "article_form")["body"] == "<p>Typed.</p>"


# Every save in the history


def test_a_save_of_everything_but_the_text_stands_in_the_journal_with_before_and_after_and_goes_back(curator, article):
    topic, changed, dated = topic_named("Ports"), "2024-05-01", article.dated
    sent = open_article(curator, article) | {"title": "Another", "topics": [topic.pk], "reason": "A better title"}
    page = save_article(curator, article, sent | {"published_0": changed, "published_1": "08:00"})
    entry = Entry.objects.get()
    assert entry.told.split("\n") == [
        "Title: “The ferry that carried a piano” → “Another”",
        "Published: empty → 1 May 2024, 08:00",
        "Topics: + Ports",
        "Reason: A better title",
    ]
    assert LogEntry.objects.get().get_change_message() == entry.told
    assert desk("desk_entry_undo", entry.pk) in page.content.decode()
    undo(curator, entry)
    article.refresh_from_db()
    assert (article.title, article.published) == ("The ferry that carried a piano", None)
    assert article.dated == dated
    assert not article.topics.exists()


def test_a_save_of_text_and_title_goes_back_with_one_button(curator, ada, article):
    mark(article, ada, "Lamp oil")
    sent = open_article(curator, article)
    sent |= {"title": "Another", "body": sent["body"].replace("six", "seven"), "language": "de"}
    save_article(curator, article, sent)
    words = Article.objects.get().words
    undo(curator, Entry.objects.get())
    article.refresh_from_db()
    assert (article.title, article.html, article.language) == (
        "The ferry that carried a piano",
        clean(HARBOUR),
        "en",
    )
    assert article.words == words
    assert article.revisions.count() == 3


def test_a_save_that_publishes_is_told_as_that(curator):
    draft = make_article("Not yet", state="draft")
    save_article(curator, draft, open_article(curator, draft) | {"state": "published"})
    assert Entry.objects.get().deed == Deed.PUBLISHED


def test_what_somebody_changed_since_stays(curator, article):
    save_article(curator, article, open_article(curator, article) | {"title": "Another"})
    save_article(curator, article, open_article(curator, article) | {"title": "A third"})
    said = told(undo(curator, Entry.objects.order_by("pk").first()))
    assert "was changed since and stays" in said
    article.refresh_from_db()
    assert article.title == "A third"


@pytest.fixture
def revised(curator, article):
    """An article with four texts."""
    for number, word in enumerate(("seven", "eight", "nine"), 2):
        sent = open_article(curator, article)
        body = clean(HARBOUR.replace("at six", f"at {word}"))
        save_article(curator, article, sent | {"body": body, "reason": f"Reason {number}"})
    return article


def shown(page):
    return page.content.decode().split('id="diff"')[1].split("</section>")[0]


def test_any_two_texts_are_compared_as_readers_see_it_with_who_and_why(curator, revised):
    page = curator.get(desk("articles_article_history", revised.pk), {"from": "1", "to": "3"})
    assert "reading/_differences.html" in [template.name for template in page.templates]
    assert "six" in shown(page).split("<del>")[1].split("</del>")[0]
    assert "eight" in shown(page).split("<ins>")[1].split("</ins>")[0]
    above = page.content.decode().split('id="differences"')[1].split('id="diff"')[0]
    assert "Cleo" in above
    assert "Reason 3" in above
    other_way = curator.get(desk("articles_article_history", revised.pk), {"from": "3", "to": "1"})
    assert shown(other_way) == shown(page)


@pytest.mark.parametrize("asked", [{}, {"from": "9", "to": "x"}, {"to": "4"}])
def test_without_two_that_there_are_the_last_two_are_compared(curator, revised, asked):
    page = curator.get(desk("articles_article_history", revised.pk), asked)
    assert (page.context["then"].number, page.context["now"].number) == (3, 4)


def test_the_history_tells_all_that_was_done_many_at_once_too(curator, revised):
    from tests.desk.pages import act

    others = [make_article() for _ in range(11)]
    act(curator, "articles_article_changelist", "withdraw", *others, revised)
    act(curator, "articles_article_changelist", "withdraw", make_article())
    save_article(curator, revised, open_article(curator, revised) | {"title": "Another"})
    page = curator.get(desk("articles_article_history", revised.pk))
    assert [entry.deed for entry in page.context["entries"]] == ["edited", "withdrawn", "edited", "edited", "edited"]
    assert "12 articles at once" in page.content.decode()
    assert "“The ferry that carried a piano” → “Another”" in page.content.decode()
    assert page.content.decode().count(">Undo<") == 5


def test_the_history_costs_the_same_queries_for_4_texts_as_for_40(curator, revised, django_assert_max_num_queries):
    page = desk("articles_article_history", revised.pk)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    curator.get(page)
    with CaptureQueriesContext(connection) as few:
        curator.get(page)
    for number in range(36):
        html = clean(HARBOUR.replace("at six", f"at {number}"))
        annotations.revise_article(revised, html=html)
    with django_assert_max_num_queries(len(few)):
        curator.get(page)


def test_adas_private_copy_has_no_history_at_the_desk(curator, ada):
    copy = make_article("Adas secret clipping", owner=ada)
    assert curator.get(desk("articles_article_history", copy.pk)).status_code == 404


# Restoring


def restore(client, article, **sent):
    return client.post(desk("articles_article_restore", article.pk), sent, follow=True)


def test_restoring_what_loses_nothing_is_done_at_once_and_can_be_undone(curator, ada, revised):
    mark(revised, ada, "Lamp oil")
    page = restore(curator, revised, revision="1")
    assert "Restored revision 1." in told(page)
    entry = Entry.objects.filter(deed=Deed.RESTORED).get()
    assert desk("desk_entry_undo", entry.pk) in page.content.decode()
    revised.refresh_from_db()
    assert "at six" in revised.text
    newest = revised.revisions.first()
    assert (newest.number, newest.editor.name, newest.reason) == (5, "Cleo", "Restored revision 1.")
    undo(curator, entry)
    revised.refresh_from_db()
    assert "at nine" in revised.text


def test_restoring_what_loses_highlights_asks_first_and_writes_nothing(curator, ada, article):
    sent = open_article(curator, article)
    save_article(curator, article, sent | {"body": sent["body"] + "<p>A new last paragraph.</p>"})
    article.refresh_from_db()
    mark(article, ada, "A new last paragraph.", note="My private guess")
    before = everything()
    page = restore(curator, article, revision="1")
    content = page.content.decode()
    assert "Not restored yet: this would lose 1 highlight" in content
    assert "Of 1 highlight of 1 reader: 0 kept, 0 edited, 0 moved, 1 lost." in content
    assert "private guess" not in content
    assert everything() == before
    assert "lost: 1" in told(restore(curator, article, revision="1", seen=page.context["seen"]))
    assert article.revisions.count() == 3


def test_a_highlight_made_since_it_was_asked_is_asked_about_again(curator, ada, article):
    sent = open_article(curator, article)
    save_article(curator, article, sent | {"body": sent["body"] + "<p>A new last paragraph.</p>"})
    article.refresh_from_db()
    mark(article, ada, "A new last")
    seen = restore(curator, article, revision="1").context["seen"]
    mark(article, ada, "last paragraph")
    assert "would lose 2 highlights" in restore(curator, article, revision="1", seen=seen).content.decode()


@pytest.mark.parametrize("revision", ["", "9", "x", "-1", "9" * 30])
def test_a_revision_that_there_is_not_is_missing(curator, article, revision):
    assert restore(curator, article, revision=revision).status_code == 404


@pytest.mark.parametrize("page", ["look", "look_new", "convert", "frame"])
def test_staff_without_the_right_to_articles_finds_nothing_to_look_at(db, signed_in, article, page):
    client = signed_in(make_user("dora", is_staff=True))
    address = desk(f"articles_article_{page}", *([article.pk] if page == "look" else []))
    answer = client.get(address) if page == "frame" else client.post(address, {"from": "html", "into": "markdown"})
    assert answer.status_code == 404
