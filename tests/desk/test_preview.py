"""Before an edit is saved: what it does to readers' highlights, in numbers, with nothing written and nothing told."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsreader.annotations import services as annotations
from newsreader.annotations.forecast import Forecast, forecast
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Revision
from newsreader.core.clean import clean
from newsreader.desk.preview import cleaning, foretold
from tests.desk.pages import desk, form_of, open_article, save_article, told
from tests.factories import HARBOUR, make_article, mark

LAST = "<p>By noon the fog had closed over the islands &amp; the piano was out of tune.</p>"
FIRST = "<p>The ferry left the harbour at six, an hour late, with forty passengers and a piano.</p>"


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.fixture
def marked(ada, ben, article):
    """Ada and Ben have marked words of it, with what only they may read."""
    mark(article, ada, "an hour late, with forty passengers and a piano", note="My private guess", tags=["secret-tag"])
    mark(article, ben, "Lamp oil", note="Bens own words")
    mark(article, ben, "the piano was out of tune")
    annotations.delete(mark(article, ada, "Nobody had asked about the piano."))
    return article


def edited(body, *changes):
    """A form's text after each (old, new)."""
    for old, new in changes:
        assert old in body
        body = body.replace(old, new)
    return body


def press(client, article, button, sent):
    return client.post(desk("articles_article_change", article.pk), {**sent, button: "1"})


def panel(page):
    return page.content.decode().split('id="preview"')[1].split("</section>")[0]


def everything():
    """All that an edit could write."""
    return [list(model.objects.order_by("pk").values_list()) for model in (Article, Revision, Highlight, LogEntry)]


# The forecast


def test_it_counts_what_is_kept_edited_moved_and_lost_and_how_many_readers(ada, ben, article):
    for reader, words in ((ada, "Nobody had asked"), (ada, "with forty passengers and a piano"), (ben, "Lamp oil")):
        mark(article, reader, words)
    mark(article, ben, "By noon the fog had closed over the islands & the piano was out of tune.")
    new = HARBOUR.replace("forty", "fifty").replace("<li>Lamp oil</li>", "").replace(LAST, "")
    assert forecast(article, clean(LAST + new)) == Forecast(kept=1, edited=1, moved=1, lost=1, readers=2)


def test_it_is_what_the_edit_then_does(marked):
    html = clean(HARBOUR.replace("forty", "fifty").replace("<li>Lamp oil</li>", ""))
    said = forecast(marked, html)
    assert annotations.revise_article(marked, html=html).did == said
    assert said == Forecast(kept=1, edited=1, lost=1, readers=2)


def test_what_is_in_the_bin_counts_for_nothing(ada, article):
    annotations.delete(mark(article, ada, "Lamp oil"))
    assert forecast(article, clean(FIRST)) == Forecast()


def test_those_lost_before_are_not_lost_by_this_edit_and_may_come_back(ada, article):
    mark(article, ada, "Lamp oil")
    mark(article, ada, "By noon the fog had closed")
    annotations.revise_article(article, html=clean(FIRST))
    mark(article, ada, "forty passengers")
    assert forecast(article, clean(FIRST + LAST)) == Forecast(kept=1, readers=1, back=1, gone=1)


def test_a_passage_that_an_earlier_edit_changed_is_kept_by_one_that_leaves_it_alone(ada, article):
    mark(article, ada, "with forty passengers and a piano")
    annotations.revise_article(article, html=clean(HARBOUR.replace("forty", "fifty")))
    again = clean(HARBOUR.replace("forty", "fifty") + "<p>A correction.</p>")
    assert forecast(article, again) == Forecast(kept=1, readers=1)


def test_it_is_one_query_that_asks_for_no_note_and_writes_nothing(marked):
    before = everything()
    with CaptureQueriesContext(connection) as queries:
        forecast(marked, clean(FIRST))
    assert len(queries) == 1
    assert "note" not in queries[0]["sql"]
    assert everything() == before


def test_it_says_so_in_a_sentence():
    assert foretold(Forecast(kept=9, edited=1, moved=1, lost=1, readers=3)) == [
        "Of 12 highlights of 3 readers: 9 kept, 1 edited, 1 moved, 1 lost."
    ]
    assert foretold(Forecast(lost=1, readers=1, back=1, gone=2)) == [
        "Of 1 highlight of 1 reader: 0 kept, 0 edited, 0 moved, 1 lost.",
        "1 lost before comes back with this text.",
        "2 lost before stay lost.",
    ]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("<p>Same.</p>", "changes nothing"),
        ("<p>One.</p><p>Two.</p>", "only tidies"),
        ("<h1 onclick=x>Head</h1><script>x</script><!-- y --><p>One.</p>", "<h1>, <script>, comments, onclick."),
        ("".join(f"<x-{n}>w</x-{n}>" for n in range(20)), "and 8 more"),
    ],
)
def test_it_says_what_cleaning_takes_out(raw, words):
    assert words in cleaning(raw, clean(raw))


# The button


def test_the_preview_says_the_numbers_and_keeps_everything_typed(curator, marked):
    sent = open_article(curator, marked)
    del sent["csrfmiddlewaretoken"]  # another one on every page
    sent |= {"title": "Typed title", "reason": "Typed reason"}
    sent["body"] = edited(sent["body"], ("forty", "fifty"), ("<li>Lamp oil</li>", ""))
    page = press(curator, marked, "_preview", sent)
    assert "Of 3 highlights of 2 readers: 1 kept, 1 edited, 0 moved, 1 lost." in panel(page)
    back = form_of(page, "article_form")
    assert {name: back[name] for name in sent} == sent


@pytest.mark.parametrize("button", ["_preview", "_read"])
@pytest.mark.parametrize("loses", [True, False])
def test_looking_writes_nothing(curator, marked, button, loses):
    sent = open_article(curator, marked)
    before, body = everything(), FIRST if loses else FIRST + sent["body"]
    press(curator, marked, button, sent | {"body": body, "title": "Another", "state": "withdrawn"})
    assert everything() == before


@pytest.mark.parametrize("who", ["cleo", "operator"])
@pytest.mark.parametrize("button", ["_preview", "_read", "_save"])
def test_nobody_at_the_desk_is_told_words_notes_tags_or_whose_they_are(request, signed_in, marked, who, button):
    client = signed_in(request.getfixturevalue(who))
    sent = open_article(client, marked) | {"body": "<p>Nothing of it is left.</p>", "reason": "x"}
    page = press(client, marked, button, sent).content.decode()
    for private in ("private guess", "Bens own", "secret-tag", "out of tune", "Lamp oil", "Ada", "ben"):
        assert private not in page
    assert not [one.public_id for one in Highlight.objects.all() if one.public_id in page]


def test_it_costs_the_same_queries_for_1_highlight_as_for_100(curator, ada):
    taken = []
    for number in (1, 100):
        article = make_article(html="".join(f"<p>Line {n} of the log book.</p>" for n in range(number)))
        for n in range(number):
            mark(article, ada, f"Line {n} of")
        sent = open_article(curator, article)
        with CaptureQueriesContext(connection) as queries:
            page = press(curator, article, "_preview", sent | {"body": "<p>First.</p>" + sent["body"]})
        assert f"{number} kept" in panel(page)
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_a_preview_of_an_unchanged_text_says_so(curator, marked):
    page = press(curator, marked, "_preview", open_article(curator, marked) | {"title": "Another"})
    assert "The text is unchanged" in panel(page)


def test_a_preview_of_a_form_with_a_mistake_shows_the_mistake_and_the_numbers(curator, marked):
    sent = open_article(curator, marked)
    page = press(curator, marked, "_preview", sent | {"title": "", "body": FIRST})
    assert "Of 3 highlights" in panel(page)
    assert page.context["adminform"].form.errors["title"]


def test_a_text_that_can_not_be_taken_has_no_preview(curator, marked):
    page = press(curator, marked, "_preview", open_article(curator, marked) | {"body": "<script>x</script>"})
    assert 'id="preview"' not in page.content.decode()
    assert "No words are left" in page.content.decode()


def test_the_text_is_read_as_readers_will_see_it_cleaned_and_without_marks(curator, marked):
    sent = open_article(curator, marked) | {
        "title": "Typed <b>title</b>",
        "body": "<p onclick=x>New.</p><script>y</script>",
    }
    page = press(curator, marked, "_read", sent)
    shown = page.content.decode()
    assert "desk/as_read.html" in [template.name for template in page.templates]
    assert '<p id="b-0">New.</p></article>' in shown
    assert "Typed &lt;b&gt;title&lt;/b&gt;" in shown
    assert "onclick" not in shown
    assert "hl-ref" not in shown


def test_a_new_article_has_no_preview(curator):
    page = curator.get(desk("articles_article_add")).content.decode()
    assert "_preview" not in page


def test_a_reader_gets_the_same_404_for_a_preview_as_for_anything_at_the_desk(signed_in, ben, ada, curator, marked):
    sent = {"_preview": "1", "body": FIRST}
    assert signed_in(ben).post(desk("articles_article_change", marked.pk), sent).status_code == 404
    copy = make_article("Adas clipping", owner=ada)
    assert curator.post(desk("articles_article_change", copy.pk), sent).status_code == 404


# Asking once


def losing(curator, article):
    sent = open_article(curator, article)
    return sent | {"body": edited(sent["body"], ("<li>Lamp oil</li>", ""))}


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_the_first_save_of_an_edit_that_loses_a_highlight_asks_and_writes_nothing(curator, marked, button):
    sent, before = losing(curator, marked), everything()
    page = press(curator, marked, button, sent)
    assert "Not saved yet: this edit loses 1 highlight" in panel(page)
    assert "Save anyway" in page.content.decode()
    assert "Please correct" not in page.content.decode()
    assert everything() == before


def test_saving_it_anyway_goes_through(curator, marked):
    asked = save_article(curator, marked, losing(curator, marked))
    page = save_article(curator, marked, form_of(asked, "article_form"))
    assert "Highlights carried over: 2, lost: 1." in told(page)
    assert Highlight.objects.get(exact="Lamp oil").status == "lost"
    assert "seen" not in LogEntry.objects.get().get_change_message().lower()


def test_what_was_previewed_is_not_asked_again(curator, marked):
    seen = form_of(press(curator, marked, "_preview", losing(curator, marked)), "article_form")
    assert "lost: 1." in told(save_article(curator, marked, seen))


def test_another_text_than_the_one_previewed_is_asked_again(curator, marked):
    seen = form_of(press(curator, marked, "_preview", losing(curator, marked)), "article_form")
    page = save_article(curator, marked, seen | {"body": FIRST})
    assert "Not saved yet: this edit loses 2 highlights" in panel(page)


def test_a_highlight_made_since_the_preview_that_would_be_lost_too_asks_again(curator, ben, marked):
    seen = form_of(press(curator, marked, "_preview", losing(curator, marked)), "article_form")
    mark(marked, ben, "Lamp")
    assert "Not saved yet: this edit loses 2 highlights" in panel(save_article(curator, marked, seen))


def test_an_edit_that_loses_nothing_is_saved_at_once(curator, marked):
    sent = open_article(curator, marked)
    page = save_article(curator, marked, sent | {"body": edited(sent["body"], ("forty", "fifty"))})
    assert "Highlights carried over: 3, lost: 0." in told(page)
    assert marked.revisions.count() == 2


def test_a_title_is_changed_without_a_question_where_highlights_were_lost_before(curator, marked):
    annotations.revise_article(marked, html=clean(FIRST))
    page = save_article(curator, marked, open_article(curator, marked) | {"title": "Another"})
    assert "The text is unchanged" in told(page)
    sent = open_article(curator, marked)
    page = save_article(curator, marked, sent | {"body": sent["body"] + "<p>More.</p>"})
    assert "Highlights carried over: 1, lost: 0. Lost before, and still: 2." in told(page)


def test_a_second_editor_sees_both_texts_and_what_theirs_does_and_is_asked_no_more(curator, marked):
    first, second = open_article(curator, marked), losing(curator, marked)
    save_article(curator, marked, first | {"title": "First title"})
    page = save_article(curator, marked, second)
    assert "saved since you opened it" in page.content.decode()
    assert "Of 3 highlights of 2 readers: 2 kept, 0 edited, 0 moved, 1 lost." in panel(page)
    assert marked.revisions.count() == 1
    save_article(curator, marked, form_of(page, "article_form"))
    assert marked.revisions.count() == 2


def test_a_preview_on_an_article_saved_meanwhile_says_so_too(curator, marked):
    first, second = open_article(curator, marked), losing(curator, marked)
    save_article(curator, marked, first | {"body": FIRST + LAST, "seen": ""})
    save_article(curator, marked, form_of(save_article(curator, marked, first | {"body": FIRST}), "article_form"))
    page = press(curator, marked, "_preview", second)
    assert "saved since you opened it" in page.content.decode()
    assert "Of 1 highlight of 1 reader" in panel(page)
