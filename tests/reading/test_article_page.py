"""The article's page: the text with its marks, the notes beside it, what a visitor and a curator get."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsreader.annotations.services import delete, revise_article
from newsreader.articles.models import Reading
from newsreader.articles.services import note_state
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db

AWKWARD = """
<h2>Über 🙂 und 👩‍🚀</h2>
<p>Café naïve e\u0301 and\u00a0no-break; 5 &lt; 6 &amp;&amp; <code>a &gt; b</code>.<br>A second line</p>
<ol><li>One<ul><li>Nested <a href="https://example.org/?a=1&amp;b=2">link</a></li></ul></li><li>Two</li></ol>
<p dir="rtl" lang="ar">السلام <em>عليكم</em></p>
<pre><code>
def f():
    return 1
</code></pre>
<table><tbody><tr><th>A</th><td>B <b>bold</b></td></tr></tbody></table>
<blockquote><p>“Quoted.”</p><p>Twice.</p></blockquote>
"""


def article_page(client, article, status=200):
    return parsed(client.get(article.get_absolute_url()), status)


def text_of_page(page):
    return page.one("article", id="text").text


def marked(page, one):
    """The words of one highlight, from its segments."""
    return "".join(mark.text for mark in page.all("mark") if one.public_id in mark.at["data-h"].split())


# The text


@pytest.mark.parametrize("html", [AWKWARD, "<p>A.</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"])
def test_the_served_text_is_the_article_s_text_with_and_without_marks(signed_in, ada, html):
    article = make_article(html=html)
    client = signed_in(ada)
    assert text_of_page(article_page(client, article)) == article.text
    for start in range(0, article.length, 7):
        words = article.text[start : start + 11]
        if words.strip():
            mark(article, ada, words, note="x" if start % 2 else "")
    page = article_page(client, article)
    assert text_of_page(page) == article.text
    for one in article.highlights.all():
        assert "".join(marked(page, one).split()) == "".join(article.text[one.start : one.end].split())


def test_marks_are_woven_with_a_reference_each_that_leads_to_its_passage(signed_in, ada, article):
    one = mark(article, ada, "forty passengers and a piano", note="n", colour="rose")
    two = mark(article, ada, "passengers", colour="blue")
    page = article_page(signed_in(ada), article)
    text = page.one("article", id="text")
    assert marked(page, one) == "forty passengers and a piano"
    assert marked(page, two) == "passengers"
    for made, note in ((one, "with a note"), (two, "without a note")):
        reference = text.one("a", id=f"h-{made.public_id}")
        assert reference.at["href"] == f"/highlights/{made.public_id}/#v1"
        assert reference.at["aria-label"] == f"Passage, {made.colour}, {note}"
        assert reference.text == ""


def test_marks_go_through_lists_quotations_and_tables(signed_in, ada, article):
    start = article.text.index("two coils")
    words = article.text[start : article.text.index("North quay") + 10]
    made = mark(article, ada, words)
    page = article_page(signed_in(ada), article)
    assert "".join(marked(page, made).split()) == "".join(words.split())
    assert text_of_page(page) == article.text


def test_each_top_level_block_has_its_number(client, article):
    blocks = [child for child in article_page(client, article).one("article", id="text").children if child != "\n"]
    assert [block.at["id"] for block in blocks] == [f"b-{n}" for n in range(len(blocks))]
    assert len(blocks) == 6


# Beside it


def test_a_note_stands_beside_its_passage_with_its_tags(signed_in, ada, article):
    made = mark(article, ada, "forty passengers", note="Count **them**.", tags=["to check"], colour="rose")
    note = article_page(signed_in(ada), article).one(id=f"n-{made.public_id}")
    assert note.one("strong").text == "them"
    assert note.at["data-c"] == "rose"
    assert int(note.at["data-start"]) == made.start
    tag = note.one("a", class_="tag")
    assert (tag.text, tag.at["href"]) == ("to-check", "/notebook/?tag=to-check")
    assert "forty passengers" in note.text
    assert note.all("button", formaction=f"/highlights/{made.public_id}/delete/")


def test_notes_come_in_the_order_of_the_text(signed_in, ada, article):
    made = [mark(article, ada, words, note="n") for words in ("Lamp oil", "forty", "the fog")]
    notes = article_page(signed_in(ada), article).one(id="notes-list").all(class_="note")
    assert [note.at["id"] for note in notes] == [f"n-{made[n].public_id}" for n in (1, 0, 2)]


def test_lost_passages_are_listed_with_all_that_was_written(signed_in, ada, article):
    made = mark(article, ada, "Rope, two coils", note="*Strong*.", tags=["things"])
    revise_article(article, html=article.html.replace("<li>Rope, <strong>two coils</strong></li>", ""))
    page = article_page(signed_in(ada), article)
    lost = page.one(id="lost").one(id=f"n-{made.public_id}")
    for told in ("Rope, two coils", "Strong.", "things"):
        assert told in lost.text
    assert lost.all("a", href=f"/highlights/{made.public_id}/")
    assert not page.one("article", id="text").all("mark")


def test_without_lost_passages_there_is_no_list_of_them(signed_in, ada, article):
    assert not article_page(signed_in(ada), article).all(id="lost")


def test_deleted_passages_and_those_of_others_are_on_no_page(signed_in, ada, ben, client, article):
    delete(mark(article, ada, "forty passengers", note="Gone."))
    mark(article, ben, "Lamp oil", note="Ben's own.", tags=["bens"])
    for reader in (signed_in(ada), client):
        page = article_page(reader, article)
        assert not page.all("mark")
        for hidden in ("Gone.", "Ben's own.", "bens"):
            assert hidden not in page.text


def test_the_trace_has_a_flag_for_each_passage(signed_in, ada, article):
    mark(article, ada, "The ferry", colour="green")
    mark(article, ada, "out of tune", colour="violet")
    flags = article_page(signed_in(ada), article).one(id="trace").all("rect", class_="t-flag")
    assert [flag.at["data-c"] for flag in flags] == ["green", "violet"]
    assert flags[0].at["x"] == "0.0%"


# Who


def test_a_visitor_reads_and_is_told_to_sign_in_to_mark(client, article):
    page = article_page(client, article)
    assert text_of_page(page) == article.text
    assert page.one("h1").text == article.title
    assert page.all("a", href=f"/accounts/sign-in/?next={article.get_absolute_url()}")
    for absent in ("act", "select-pop", "mark-words"):
        assert not page.all(id=absent)
    assert "data-position-url" not in page.one("article", id="text").at


def test_a_visitor_signs_in_first_where_reading_is_not_open(client, article, settings):
    settings.OPEN_READING = False
    response = client.get(article.get_absolute_url())
    assert response.status_code == 302
    assert "/accounts/sign-in/" in response["Location"]


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_only_a_curator_opens_what_is_not_published_and_is_told_so(signed_in, ada, cleo, client, state):
    article = make_article(state=state)
    for reader in (client, signed_in(ada)):
        assert reader.get(article.get_absolute_url()).status_code == 404
    page = article_page(signed_in(cleo), article)
    assert "only curators can open this page" in page.one(class_="banner").text
    assert text_of_page(page) == article.text


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_preview_offers_nothing_that_would_be_refused(signed_in, cleo, state):
    article = make_article(state=state)
    page = article_page(signed_in(cleo), article)
    offered = {one.at[name] for one in page.walk() for name in ("action", "formaction", "data-position-url", "hx-post")
               if name in one.at}  # fmt: skip
    assert not [address for address in offered if address.startswith(article.get_absolute_url())]


def test_ada_s_own_copy_is_hers_alone(signed_in, ada, ben, cleo, client):
    article = make_article(owner=ada)
    assert text_of_page(article_page(signed_in(ada), article)) == article.text
    for other in (signed_in(ben), signed_in(cleo), client):
        assert other.get(article.get_absolute_url()).status_code == 404


def test_the_buttons_say_where_the_article_is(signed_in, ada, article):
    note_state(article, reader=ada, place="later", favourite=True)
    page = article_page(signed_in(ada), article)
    pressed = {
        button.at["aria-label"]: button.at["aria-pressed"] for button in page.one(id="state").all(aria_pressed=True)
    }
    assert pressed == {"Read later": "true", "Archive": "false", "Favourite": "true"}
    assert page.one("a", class_="back").at["href"] == "/?place=later"


def test_opening_it_marks_nothing_as_read(signed_in, ada, article):
    article_page(signed_in(ada), article)
    assert not Reading.objects.exists()


# What it costs


def test_the_number_of_queries_is_the_same_for_1_highlight_and_for_200_with_notes_and_tags(
    signed_in, django_user_model, ada
):
    article = make_article(html="".join(f"<p>Line {n} of the log book.</p>" for n in range(200)))

    def taken():
        client = signed_in(django_user_model.objects.get(pk=ada.pk))
        with CaptureQueriesContext(connection) as queries:
            article_page(client, article)
        return len(queries)

    mark(article, ada, "Line 0 of", note="n", tags=["one"])
    first = taken()
    for n in range(1, 200):
        mark(article, ada, f"Line {n} of", note="n", tags=["one", f"t{n % 7}"])
    assert taken() == first
