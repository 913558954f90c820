"""What fills a page where too few rows have all the words: in which order, for whom, and never in place of the rest."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsreader.core.asked import Filter, Not, Words
from newsreader.core.query import parse
from newsreader.search import filling
from newsreader.search.service import search
from newsreader.search.unspaced import is_unspaced
from newsreader.search.weighing import Text
from tests.factories import make_article, mark

NOBODY = AnonymousUser()


def question(text):
    return filling.question(parse(text).root, is_unspaced)


def filled(words, user=NOBODY, **asked):
    page = search(words, user=user, **asked)
    return [result.title for result in page.results if not result.whole]


def story(title, text, **fields):
    return make_article(title, f"<p>{text}</p>", **{"standfirst": "", **fields})


# What is optional


def test_words_side_by_side_are_optional_and_a_word_of_two_parts_is_two():
    assert question("high-speed ferry").words == (Words("high"), Words("speed"), Words("ferry"))


def test_phrases_beginnings_fields_filters_and_what_must_not_occur_stay():
    asked = question('piano ferry "host country" harb* title:fog is:unread -rain (one OR other)')
    assert asked.words == (Words("piano"), Words("ferry"))
    required = asked.required.nodes
    assert Words("host country", phrase=True) in required
    assert Words("harb", prefix=True) in required
    assert Words("fog", field="title") in required
    assert Filter("is", "unread") in required
    assert Not(Words("rain")) in required
    assert len(required) == 6


@pytest.mark.parametrize(
    "text", ["piano", '"a phrase" piano', "is:unread piano", "-piano ferry", "one OR other", "港 口"]
)
def test_a_single_word_is_not_optional(text):
    assert question(text) is None


# What is found


@pytest.mark.django_db
def test_rows_with_most_of_the_words_follow_those_with_all():
    story("All", "A piano on a ferry in the fog.")
    story("Two", "A piano on a ferry.")
    story("One", "A piano in a hall.")
    story("None", "It rained.")
    page = search("piano ferry fog", user=NOBODY)
    assert [result.title for result in page.results] == ["All", "Two", "One"]
    assert (page.filled, page.counts["all"], page.next) == (True, 1, "")
    assert [result.lacks for result in page.results] == [(), ("fog",), ("ferry", "fog")]


@pytest.mark.django_db
def test_a_rare_word_says_more_than_a_common_one():
    for number in range(6):
        story(f"Common {number}", "The ferry left.")
    story("Rare", "The zeppelin left.")
    assert filled("zeppelin ferry submarine")[0] == "Rare"


@pytest.mark.django_db
def test_words_that_stand_together_say_more_than_words_apart():
    story("Together", "Fog again. The night ferry left, and nobody was there. It was late.")
    story("Apart", "Night again. The fog was there, and nobody had left. It was a ferry.")
    assert filled("night ferry zeppelin") == ["Together", "Apart"]
    story("Apart, newer", "Night again. The fog was there, and nobody had left. It was a ferry.")
    assert filled("night ferry zeppelin")[0] == "Together"


@pytest.mark.django_db
def test_what_the_best_share_brings_like_ones_forward_but_not_before_the_best():
    for number in range(130):
        story(f"Other {number}", "Bread and flour and salt, an oven, a table, a chair, a window.")
    for number in range(10):
        story(
            f"Best {number}", f"Swell and tide at the quay. The harbour pilot knows the shoals and the tide {number}."
        )
    story("Alike", "Tide, swell and shoals: what a pilot knows of the quay is told once.")
    story("Shorter", "A pilot flies over fields.")
    found = filled("harbour pilot zeppelin", limit=30)
    assert [title.startswith("Best") for title in found] == [True] * 10 + [False] * 2
    assert found[10:] == ["Alike", "Shorter"]


@pytest.mark.django_db
def test_filters_and_what_must_not_occur_hold_for_what_fills_a_page():
    story("Wanted", "A piano in the rain.", language="de")
    story("Other language", "A piano in the rain.")
    story("Unwanted", "A piano in the fog.", language="de")
    assert filled("piano ferry lang:de -fog") == ["Wanted"]


@pytest.mark.django_db
def test_a_form_in_another_language_counts_as_the_word():
    story("Haus", "Ein Haus am Hafen.", language="de")
    assert filled("Häuser Zeppelin") == ["Haus"]


@pytest.mark.django_db
def test_no_row_comes_twice_over_all_pages():
    for number in range(2):
        story(f"All {number}", "A piano on a ferry.")
    for number in range(9):
        story(f"Some {number}", "A piano." if number % 2 else "A ferry.")
    seen, after = [], ""
    for _ in range(20):
        page = search("piano ferry", user=NOBODY, limit=3, after=after)
        seen += [result.title for result in page.results]
        if not (after := page.next):
            break
    assert sorted(seen) == [*(f"All {number}" for number in range(2)), *(f"Some {number}" for number in range(9))]
    assert all(title.startswith("All") for title in seen[:2])


@pytest.mark.django_db
def test_another_order_than_relevance_is_not_filled():
    story("One", "A piano.")
    assert filled("piano ferry sort:newest") == []


@pytest.mark.django_db
def test_the_newest_rows_fill_a_page_where_every_word_is_common(monkeypatch):
    monkeypatch.setattr(f"newsreader.search.{connection.vendor.removesuffix('ql')}.fill.BUDGET", 4)
    for number in range(12):
        story(f"Ferry {number}", "A ferry.")
    assert filled("ferry zeppelin")[0] == "Ferry 11"
    assert len(filled("ferry zeppelin")) < 12


class Held:
    """Rows in memory, each of one field (a filling.Rows)."""

    fields, length, total = (1.0,), 0.0, 1_000.0

    def __init__(self, *texts):
        self._texts = dict(enumerate(text.split() for text in texts))

    def texts(self, keys, words):
        def places(text):
            return {word: [at for at, one in enumerate(text) if one == word] for word in words or text if word in text}

        return [Text(key, len(self._texts[key]), places(self._texts[key])) for key in keys]

    def having(self, words):
        return dict.fromkeys(words, 10.0)


def test_the_two_best_by_the_words_themselves_stay_in_front():
    best = ["harbour " + "fog " * 12 + "pilot", "harbour " + "rain " * 16 + "pilot"]
    rows = Held(*best, *["harbour tide swell quay tide swell quay"] * 9)
    assert [row.pk for row in filling.ordered(["harbour", "pilot"], range(11), rows, widened=True)][:3] == [0, 1, 10]


@pytest.mark.django_db
def test_rows_with_all_the_words_stand_among_the_others_where_they_are_few():
    story(
        "In passing",
        f"{'Bread and flour. ' * 60} The harbour. {'An oven and salt. ' * 60} A pilot. {'Salt. ' * 60} Fog.",
    )
    story("About it", "The harbour pilot left. The harbour pilot came, and the harbour pilot waited.")
    page = search("harbour pilot fog", user=NOBODY)
    assert [(row.title, row.whole, row.lacks) for row in page.results] == [
        ("About it", False, ("fog",)),
        ("In passing", True, ()),
    ]
    assert page.counts["all"] == 1, "only rows with all the words are counted"


@pytest.mark.django_db
def test_where_a_page_has_all_the_words_none_lacks_any(monkeypatch):
    monkeypatch.setattr("newsreader.search.service.PAGE", 3)
    for number in range(3):
        story(f"All {number}", f"{'Bread. ' * 90} A piano. {'Flour. ' * 90} A ferry.")
    story("Some", "A piano, a piano, a piano.")
    page = search("piano ferry", user=NOBODY, limit=20)
    assert sorted(row.title for row in page.results) == ["All 0", "All 1", "All 2"]
    assert (page.filled, page.next) == (False, "")


@pytest.mark.django_db
def test_the_order_is_the_same_however_much_of_it_is_asked_for():
    for number in range(6):
        story(f"All {number}", f"A piano on a ferry{', a ferry' * number}.")
        story(f"Some {number}", f"A piano{', a piano' * number}.")
    whole = [row.title for row in search("piano ferry", user=NOBODY, limit=50).results]
    assert len(whole) == 12
    for limit in (1, 5, 10):
        assert [row.title for row in search("piano ferry", user=NOBODY, limit=limit).results] == whole[:limit]


@pytest.mark.django_db
def test_what_comes_in_between_two_pages_shows_no_row_twice_and_hides_none():
    for number in range(9):
        story(f"Some {number}", f"A piano{', and bread' * (number + 1)}.")
    first = search("piano ferry", user=NOBODY, limit=4)
    story("Best", "A piano, a piano and a ferry.")
    story("Better", "A piano, a piano, a piano.")
    second = search("piano ferry", user=NOBODY, limit=20, after=first.next)
    shown = [row.title for row in (*first.results, *second.results)]
    assert sorted(shown) == [f"Some {number}" for number in range(9)]


@pytest.mark.django_db
def test_what_a_row_lacks_is_told_by_the_index_and_not_by_the_beginning_that_is_weighed():
    story("Long", f"A piano. {'Bread and flour and salt. ' * 500} A zeppelin.")
    [row] = search("piano zeppelin submarine", user=NOBODY).results
    assert row.lacks == ("submarine",)


@pytest.mark.django_db
def test_a_row_with_the_word_but_not_its_signs_lacks_the_word_with_them():
    story("Letters", "The letter C and a piano.")
    [row] = search("C++ piano", user=NOBODY).results
    assert (row.whole, row.lacks) == (False, ("C++",))


@pytest.mark.django_db
def test_another_kind_that_answers_better_stands_first(ada):
    article = story("Bread", "A piano, a ferry and a zeppelin over the harbour of the town.")
    mark(article, ada, "a ferry", note="Bread")
    page = search("piano ferry zeppelin", user=ada)
    assert [(row.kind, row.lacks) for row in page.results] == [
        ("articles", ()),
        ("passages", ("piano", "zeppelin")),
    ]


# For whom


@pytest.mark.django_db
def test_ben_is_not_shown_what_only_ada_may_see(ada, ben):
    story("Hers", "A piano.", owner=ada)
    story("Draft", "A piano.", state="draft")
    story("Everybody's", "A piano.")
    assert sorted(filled("piano ferry", ada)) == ["Everybody's", "Hers"]
    assert filled("piano ferry", ben) == filled("piano ferry") == ["Everybody's"]


@pytest.mark.django_db
def test_passages_and_notes_are_filled_from_ones_own(ada, ben):
    article = make_article("The ferry")
    mark(article, ada, "forty passengers and a piano", note="A zeppelin would have been faster")
    mark(article, ben, "a piano", note="Another zeppelin")
    found = search("piano submarine", user=ada, kind="passages")
    assert [result.highlight.reader for result in found.results] == [ada]
    found = search("zeppelin submarine", user=ben, kind="notes")
    assert [result.highlight.note for result in found.results] == ["Another zeppelin"]


@pytest.mark.django_db
def test_words_of_what_ben_may_not_see_do_not_move_his_results(ada, ben):
    for number in range(30):
        story(f"Other {number}", "Bread and flour and salt.")
    for number in range(3):
        story(f"Best {number}", "The harbour pilot left.")
    story("Swell", "A pilot, and the swell.")
    story("Wheat", "A pilot, and the wheat.")
    before = filled("harbour pilot zeppelin", ben)
    for number in range(3):
        story(f"Hers {number}", "The harbour pilot left, and the swell, the swell.", owner=ada)
    assert filled("harbour pilot zeppelin", ben) == before
    assert filled("harbour pilot zeppelin", ada) != before


@pytest.mark.django_db
class AnyQuery(TestCase):
    """Whatever is typed is answered, and no row of an answer comes twice."""

    @classmethod
    def setUpTestData(cls):
        story("The piano", "A piano on a ferry, C++ and 港口, café.")
        story("Don't", "It didn't rain at the harbour.")

    @given(
        st.lists(
            st.sampled_from(
                [
                    "piano",
                    "ferry",
                    "C++",
                    "港口",
                    "café",
                    '"',
                    "(",
                    ")",
                    "-",
                    "OR",
                    "NOT",
                    "a:b",
                    "title:piano",
                    "don't",
                    "harb*",
                    "is:unread",
                    "\x00",
                    "ﬁ",
                    "़",
                    "🎹",
                ]
            )
            | st.text(max_size=8),
            max_size=12,
        )
    )
    @example(["piano"] * 40)
    def test_nothing_raises(self, words):
        page = search(" ".join(words), user=NOBODY)
        keys = [result.article.pk for result in page.results if result.kind == "articles"]
        assert len(keys) == len(set(keys))
