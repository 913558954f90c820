"""An article is edited: where its highlights go, and what is never touched."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsreader.annotations.models import Highlight
from newsreader.annotations.services import delete, highlight, revise_article
from newsreader.articles.models import Article
from newsreader.core.passages import Quote
from tests.factories import make_article, make_user, mark

pytestmark = pytest.mark.django_db


def placed_words(one):
    one.refresh_from_db()
    return Article.objects.get(pk=one.article_id).text[one.start : one.end]


def without(article, *parts):
    html = article.html
    for part in parts:
        assert part in html
        html = html.replace(part, "")
    return html


# The article


def test_an_edit_makes_a_revision_and_everything_that_follows_from_the_text(ada, article):
    before = article.content_hash
    revised = revise_article(article, html="<p>Two words.</p>", editor=ada, reason="Shorter.")
    stored = Article.objects.get(pk=article.pk)
    assert (stored.text, stored.length, stored.words) == ("Two words.", 10, 2)
    assert stored.content_hash != before
    assert (revised.revision.number, revised.revision.editor, revised.revision.reason) == (2, ada, "Shorter.")
    assert revised.revision.html == stored.html
    assert article.revisions.get(number=1).html != stored.html


def test_the_same_text_makes_no_revision_and_moves_nothing(ada, article):
    made = mark(article, ada, "forty passengers")
    revised = revise_article(article, html=article.html, title="Another title")
    made.refresh_from_db()
    assert revised.revision is None
    assert str(revised) == "The text is unchanged."
    assert article.revisions.count() == 1
    assert Article.objects.get(pk=article.pk).title == "Another title"
    assert made.reason == ""


def test_it_carries_from_the_text_that_is_stored_not_from_what_the_caller_read(ada, article):
    made = mark(article, ada, "forty passengers")
    earlier = Article.objects.get(pk=article.pk)
    revise_article(article, html="<p>Before that.</p>\n" + article.html)
    revise_article(earlier, html="<p>And before.</p>\n" + article.html)
    assert placed_words(made) == "forty passengers"
    assert Article.objects.get(pk=article.pk).revisions.count() == 3


def test_a_new_date_sorts_it_anew(article):
    when = article.dated.replace(year=2020)
    revise_article(article, published=when)
    assert Article.objects.get(pk=article.pk).dated == when


# Its highlights


def test_words_that_stay_are_kept_and_their_offsets_follow(ada, article):
    made = mark(article, ada, "forty passengers", note="mine")
    revised = revise_article(article, html="<p>Before that.</p>\n" + article.html)
    assert placed_words(made) == "forty passengers"
    assert (made.status, made.score) == ("kept", 1.0)
    assert revised.counts == {"kept": 1}
    assert "1 highlights carried over, 0 lost" in str(revised)


def test_a_paragraph_that_moved_takes_its_highlight_along(ada, article):
    words = "By noon the fog had closed over the islands & the piano was out of tune."
    made = mark(article, ada, words)
    paragraph = "<p>By noon the fog had closed over the islands &amp; the piano was out of tune.</p>"
    revise_article(article, html=f"{paragraph}\n{without(article, paragraph).strip()}")
    assert placed_words(made) == words
    assert made.start == 0
    assert made.status == "moved"


def test_words_that_go_leave_a_lost_highlight_with_all_that_was_written(ada, article):
    made = mark(article, ada, "Rope", note="strong", tags=["things"])
    revised = revise_article(article, html=without(article, "<li>Rope, <strong>two coils</strong></li>"))
    made.refresh_from_db()
    assert (made.status, made.start, made.end) == ("lost", None, None)
    assert (made.exact, made.note, made.tags.get().name) == ("Rope", "strong", "things")
    assert made.reason
    assert revised.counts["lost"] == 1


def test_a_lost_highlight_comes_back_when_its_words_do(ada, article):
    made = mark(article, ada, "Rope, two coils")
    before = article.html
    revise_article(article, html=without(article, "<li>Rope, <strong>two coils</strong></li>"))
    made.refresh_from_db()
    assert made.status == "lost"
    revise_article(article, html=before)
    assert placed_words(made) == "Rope, two coils"
    assert made.status == "kept"


def test_words_that_changed_a_little_are_edited_and_stay_so_until_accepted(ada, article):
    made = mark(article, ada, "an hour late, with forty passengers and a piano")
    revise_article(article, html=article.html.replace("forty passengers", "fifty passengers"))
    assert placed_words(made) == "an hour late, with fifty passengers and a piano"
    assert made.status == "edited"
    assert made.exact == "an hour late, with forty passengers and a piano"
    score = made.score
    revise_article(article, html=article.html.replace("Lamp oil", "Lamp oil, a can"))
    made.refresh_from_db()
    assert (made.status, made.score) == ("edited", score)
    revise_article(article, html="<p>Before that.</p>\n" + article.html)
    assert placed_words(made) == "an hour late, with fifty passengers and a piano"
    assert made.status == "edited"
    revise_article(article, html=article.html.replace("fifty passengers", "forty passengers"))
    made.refresh_from_db()
    assert (made.status, placed_words(made)) == ("kept", made.exact)


def test_a_moved_highlight_stays_moved_through_an_edit_elsewhere(ada, article):
    made = mark(article, ada, "By noon the fog had closed over the islands & the piano was out of tune.")
    paragraph = "<p>By noon the fog had closed over the islands &amp; the piano was out of tune.</p>"
    revise_article(article, html=f"{paragraph}\n{without(article, paragraph).strip()}")
    revise_article(article, html=article.html.replace("Lamp oil", "Lamp oil, a can"))
    assert placed_words(made) == made.exact
    assert made.status == "moved"


def test_highlights_in_the_bin_are_carried_too_but_not_counted(ada, article):
    made, live = mark(article, ada, "forty passengers"), mark(article, ada, "Lamp oil")
    delete(made)
    revised = revise_article(article, html="<p>Before that.</p>\n" + article.html)
    assert placed_words(made) == "forty passengers"
    assert made.deleted
    assert placed_words(live) == "Lamp oil"
    assert revised.counts.total() == 1


def test_notes_tags_colour_version_and_the_quote_are_not_touched(ada, article):
    made = mark(article, ada, "forty passengers", note="*mine*", tags=["sea"], colour="rose")
    untouched = ("exact", "prefix", "suffix", "revision_id", "note", "note_html", "colour", "version", "created", "key")
    before = [getattr(made, name) for name in untouched]
    revise_article(article, html=article.html.replace("forty passengers", "forty-one passengers"))
    made.refresh_from_db()
    assert [getattr(made, name) for name in untouched] == before
    assert made.tags.get().name == "sea"


def test_another_article_s_highlights_stay_where_they_are(ada, article):
    other = mark(make_article(), ada, "forty passengers")
    revise_article(article, html="<p>Gone.</p>")
    before = (other.start, other.status)
    other.refresh_from_db()
    assert (other.start, other.status) == before


def test_carrying_costs_the_same_number_of_queries_for_two_highlights_and_for_eighty(ada):
    taken = []
    for number in (2, 80):
        article = make_article(html="".join(f"<p>Line {n} of the log book.</p>" for n in range(number)))
        for n in range(number):
            mark(article, ada, f"Line {n} of")
        with CaptureQueriesContext(connection) as queries:
            revise_article(article, html="<p>First.</p>\n" + article.html)
        taken.append(len(queries))
        assert {placed_words(one) for one in article.highlights.all()} == {f"Line {n} of" for n in range(number)}
    assert taken[0] == taken[1]


WORDS = st.lists(
    st.sampled_from(["sea", "fog", "rope", "lamp", "mate", "oil", "🙂", "naïve", "שלום"]), min_size=3, max_size=12
)
TEXTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=5)


class TestAnyEdit(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), st.data())
    def test_after_any_edits_each_highlight_stands_on_words_or_is_lost(self, first, later, data):
        def html(paragraphs):
            return "\n".join(f"<p>{one}</p>" for one in paragraphs)

        reader, article = make_user("reader"), make_article(html=html(first))
        for _ in range(3):
            start = data.draw(st.integers(0, article.length - 1))
            exact = article.text[start : data.draw(st.integers(start + 1, article.length))]
            if exact.strip():
                highlight(article, reader=reader, quote=Quote(exact, "", "", start))
        for text in later:
            revise_article(article, html=html(text))
            for one in Highlight.objects.all():
                if one.status == "lost":
                    assert one.span is None
                    continue
                stands = article.text[one.start : one.end]
                assert 0 <= one.start < one.end <= article.length
                assert stands.strip()
                if one.status == "kept":
                    assert stands.split() == one.exact.split()
