"""Any words that can be selected can be marked: over blocks, emoji, right-to-left text, and other passages."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations.models import Highlight
from newsreader.core.text import text_of
from tests.browser.hands import FIND, bar, hold_over, marked
from tests.factories import make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

ODD = """
<p>Before 👩🏽‍🚀 and 🇲🇱, a cafe\u0301 with\u00a0two\u00a0hard spaces &amp; an &lt;entity&gt;.</p>
<p dir="rtl" lang="ar">قال القبطان إن السفينة تبحر عندما تبحر.</p>
<h2>A heading in between</h2>
<ul><li>Rope</li><li><strong>Lamp</strong> oil</li></ul>
<blockquote><p>First of the quotation.</p><p>Second of it.</p></blockquote>
<pre>two
lines</pre>
<table><tbody><tr><td>left cell</td><td>right cell</td></tr></tbody></table>
<p>The end, with <em>some <a href="https://example.org/">linked words</a> in it</em>.</p>
"""

PASSAGES = [
    "👩🏽‍🚀 and 🇲🇱, a cafe\u0301",
    "with\u00a0two\u00a0hard spaces & an <entity>",
    "القبطان إن السفينة",
    "an <entity>.\nقال القبطان",
    "A heading in between\nRope\nLamp oil\nFirst of",
    "of the quotation.\nSecond of it.\ntwo\nlines",
    "left cell\nright cell\nThe end",
    "with some linked words in",
]


@pytest.mark.parametrize("words", PASSAGES)
def test_the_words_that_were_selected_are_the_words_that_are_marked(room, ada, words):
    article = make_article(html=ODD)
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    hold_over(page, words)
    bar(page).get_by_role("button", name="Highlight in violet").click()
    expect(page.locator("#text mark").first).to_be_visible()
    expect(page.locator("#unsaved form")).to_have_count(0)
    highlight = Highlight.objects.get()
    assert highlight.exact == words
    assert article.text[highlight.start : highlight.end] == words
    # Marks stand in the words only, not in the white space between blocks, so that is left out of the comparison.
    becomes(page, lambda page: "".join(marked(page)[0].split()), "".join(words.split()))
    becomes(page, "() => document.getElementById('text').textContent", article.text)


def test_overlapping_passages_each_keep_their_words_and_the_inner_one_wins_a_click(room, ada, article):
    mark(article, ada, "at six, an hour late", colour="yellow", note="outer")
    mark(article, ada, "hour late, with forty", colour="blue", note="inner")
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    becomes(page, marked, ["at six, an hour late", "hour late, with forty"])
    page.locator("#text mark[data-o]").click()
    expect(page.get_by_label("Note, in Markdown")).to_have_value("inner")
    becomes(page, "() => document.getElementById('text').textContent", text_of(article.html))


def test_a_link_to_a_passage_lands_on_its_words(room, ada):
    article = make_article(html="".join(f"<p>Paragraph {n} of a long article about tides.</p>" for n in range(200)))
    highlight = mark(article, ada, "Paragraph 150 of")
    page = room.of(ada)
    page.goto(f"/articles/{article.slug}/#h-{highlight.public_id}")
    expect(page.locator("#text mark")).to_be_in_viewport()


def test_a_selection_that_leaves_the_article_is_cut_at_its_edge(room, ada, article):
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    page.evaluate(
        f"""() => {{
          const range = ({FIND})("The ferry left");
          range.setStart(document.querySelector("h1").firstChild, 2);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }}"""
    )
    bar(page).get_by_role("button", name="Highlight in green").click()
    expect(page.locator("#text mark")).to_have_text("The ferry left")
