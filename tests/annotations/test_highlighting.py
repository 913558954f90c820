"""Marking words: where they are put, what a second time does, and what is refused whole."""

import threading

import pytest
from django.db import connection

from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.services import Unplaced, delete, highlight, revise_article
from newsreader.articles.models import Article
from newsreader.core.passages import Quote
from newsreader.core.prose import Unreadable
from tests.factories import HARBOUR, make_article, mark

pytestmark = pytest.mark.django_db

SECOND = "<p>The piano left first. Then the ferry left, and the piano came back.</p>"


def words_of(one):
    """The words that stand at its offsets in the article as it is stored."""
    one.refresh_from_db()
    return Article.objects.get(pk=one.article_id).text[one.start : one.end]


# Where


def test_the_hint_says_which_of_several_places_is_meant(ada):
    article = make_article(html=SECOND)
    second = article.text.index("piano", 12)
    made = highlight(article, reader=ada, quote=Quote("piano", "", "", second))
    assert (made.start, made.end) == (second, second + 5)


def test_a_wrong_hint_is_put_right_by_the_words_around_it(ada):
    article = make_article(html=SECOND)
    second = article.text.index("piano", 12)
    made = highlight(article, reader=ada, quote=Quote("piano", "left, and the ", " came back.", 3))
    assert made.start == second


def test_it_keeps_its_words_32_characters_around_them_and_the_revision(ada, article):
    made = mark(article, ada, "forty passengers")
    assert made.exact == "forty passengers"
    assert made.prefix == article.text[made.start - 32 : made.start]
    assert made.suffix == article.text[made.end : made.end + 32]
    assert made.revision == article.revisions.get()
    assert (made.status, made.score, made.version) == ("kept", 1.0, 1)


def test_white_space_at_its_ends_is_left_out(ada, article):
    start = article.text.index(" forty passengers ")
    made = highlight(article, reader=ada, quote=Quote(" forty passengers ", "", "", start))
    assert made.exact == words_of(made) == "forty passengers"


def test_a_selection_never_cuts_through_a_letter_of_several_code_points(ada):
    article = make_article(html="<p>One 👩‍🚀 flew.</p>")
    start = article.text.index("👩")
    made = highlight(article, reader=ada, quote=Quote("👩", "One ", "\u200d🚀 flew.", start))
    assert made.exact == words_of(made) == "👩‍🚀"


def test_words_selected_before_an_edit_are_found_after_it(ada, article):
    start = article.text.index("forty passengers")
    revise_article(article, html="<p>An hour later than that.</p>\n" + article.html)
    made = highlight(article, reader=ada, quote=Quote("forty passengers", "with ", " and a piano.", start))
    assert words_of(made) == "forty passengers"


def test_an_edit_between_reading_the_article_and_marking_it_is_noticed(ada, article):
    """The view has read the article; a curator saves; then the highlight is written."""
    read_before = Article.objects.get(pk=article.pk)
    start = read_before.text.index("forty passengers")
    revise_article(article, html="<p>An hour later than that.</p>\n" + article.html)
    made = highlight(read_before, reader=ada, quote=Quote("forty passengers", "with ", " and a piano.", start))
    assert words_of(made) == "forty passengers"
    assert made.revision.number == 2
    assert read_before.text == article.text  # so that the answer is woven from the article as it is


def test_words_that_are_gone_are_refused_in_a_sentence(ada, article):
    with pytest.raises(Unplaced, match="reload it and select them again"):
        highlight(article, reader=ada, quote=Quote("a submarine of brass", "", "", 4))
    assert not Highlight.objects.exists()


def test_a_refusal_names_places_that_look_alike(ada):
    article = make_article(html="<p>The boat of the north was painted in red and left in the early morning.</p>")
    with pytest.raises(Unplaced) as refusal:
        highlight(article, reader=ada, quote=Quote("The boat of the north pole was sunk in grey ice", "", "", None))
    (place,) = refusal.value.candidates
    assert "The boat of the north" in article.text[place.span.start : place.span.end]


@pytest.mark.parametrize("nothing", [" ", "\n", "\u00a0\t"])
def test_white_space_alone_is_refused(ada, article, nothing):
    with pytest.raises(Unplaced):
        highlight(article, reader=ada, quote=Quote(nothing, "", "", article.text.find(nothing)))


# Twice


def test_the_same_key_twice_is_one_highlight(ada, article):
    first = mark(article, ada, "forty passengers", key="k1", note="once")
    second = mark(article, ada, "an hour late", key="k1", note="twice")
    assert second == first
    assert second.note == "once\n\ntwice"  # written on, while the first answer was on its way
    assert mark(article, ada, "an hour late", key="k1", note="twice").version == second.version
    assert Highlight.objects.count() == 1


def test_a_retry_is_answered_though_the_words_have_gone_meanwhile(ada, article):
    first = mark(article, ada, "Rope, two coils", key="k1")
    quote = first.quote
    revise_article(article, html=article.html.replace("<li>Rope, <strong>two coils</strong></li>", ""))
    assert highlight(article, reader=ada, quote=quote, key="k1") == first


def test_ben_may_use_the_key_that_ada_used(ada, ben, article):
    assert mark(article, ada, "forty", key="k1") != mark(article, ben, "forty", key="k1")


def test_two_highlights_may_both_have_no_key(ada, article):
    assert mark(article, ada, "forty") != mark(article, ada, "late")


def test_the_same_words_again_join_the_note_and_add_the_tags(ada, article):
    first = mark(article, ada, "forty passengers", note="Count them.", tags=["sea"], colour="rose")
    again = mark(article, ada, "forty passengers", note="Twice.", tags=["Numbers", "sea"], colour="blue")
    assert again == first
    again.refresh_from_db()
    assert again.note == "Count them.\n\nTwice."
    assert "Count them." in again.note_html
    assert "Twice." in again.note_html
    assert {tag.name for tag in again.tags.all()} == {"numbers", "sea"}
    assert again.colour == "rose"
    assert again.version == 2


def test_the_same_words_and_the_same_note_again_change_nothing(ada, article):
    first = mark(article, ada, "forty passengers", note="Count them.")
    again = mark(article, ada, "forty passengers", note="Count them.")
    again.refresh_from_db()
    assert (again, again.note, again.version) == (first, "Count them.", 1)


def test_words_in_the_bin_are_marked_anew(ada, article):
    first = mark(article, ada, "forty passengers", note="old")
    delete(first)
    second = mark(article, ada, "forty passengers", note="new")
    assert second != first
    assert second.note == "new"


def test_the_words_that_ada_marked_are_anothers_for_ben(ada, ben, article):
    assert mark(article, ada, "forty").reader == ada
    assert mark(article, ben, "forty").reader == ben
    assert Highlight.objects.count() == 2


def test_highlights_may_overlap(ada, article):
    outer = mark(article, ada, "forty passengers and a piano")
    inner = mark(article, ada, "passengers")
    assert outer != inner
    assert words_of(inner) == "passengers"


# All or nothing


def test_a_note_that_cannot_be_shown_leaves_nothing_behind(ada, article):
    with pytest.raises(Unreadable):
        mark(article, ada, "forty passengers", note="[" * 5_000, tags=["new"])
    assert not Highlight.objects.exists()
    assert not Tag.objects.exists()


def test_a_note_that_grows_too_long_by_joining_leaves_the_first_as_it_was(ada, article):
    first = mark(article, ada, "forty passengers", note="a" * 6_000)
    with pytest.raises(Unreadable):
        mark(article, ada, "forty passengers", note="b" * 6_000, tags=["new"])
    first.refresh_from_db()
    assert (first.note, first.version) == ("a" * 6_000, 1)
    assert not Tag.objects.exists()


def test_the_note_is_kept_as_written_and_as_html(ada, article):
    made = mark(article, ada, "forty", note="**Many** <b>")
    assert made.note == "**Many** <b>"
    assert "<strong>Many</strong> &lt;b&gt;" in made.note_html


# At the same moment


def at_once(number, act):
    """Runs `act(n)` in that many threads that start together; what each answered or raised."""
    gate, answers = threading.Barrier(number), [None] * number

    def run(n):
        gate.wait(10)
        try:
            answers[n] = act(n)
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_highlight(ada):
    article = make_article(html=HARBOUR)
    made = at_once(6, lambda n: mark(Article.objects.get(pk=article.pk), ada, "forty passengers", key="click").pk)
    assert set(made) == {Highlight.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_mark_the_same_words_make_one_highlight(ada):
    article = make_article(html=HARBOUR)
    made = at_once(4, lambda n: mark(Article.objects.get(pk=article.pk), ada, "forty passengers", tags=[f"t{n}"]).pk)
    assert set(made) == {Highlight.objects.get().pk}
    assert Tag.objects.count() == Highlight.objects.get().tags.count() == 4
