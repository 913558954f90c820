"""Quotes are found where they are, or said to be lost. Properties first, then cases a person would think of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.passages import Lost, Placed, Quote, Span, locate, occurrences, quote_at, tidy
from tests.counting import calls_of

# Letters of several scripts, marks that join, emoji of several code points, every kind of quotation mark and space.
LETTERS = st.sampled_from(
    [*"abcd e.,\n\n  ", "é", "e\u0301", "\u00a0", "“", "”", "—", "漢", "字", "ש", "🇫🇷", "👩‍🚀", "İ", "ß", "ﬁ"]
)
TEXTS = st.lists(LETTERS, min_size=1, max_size=120).map("".join)

ARTICLE = (
    "The council met on Tuesday to discuss the new library. Several members asked about the budget for books.\n"
    "“We have waited ten years for this,” said the librarian, Ada Moss. The mayor promised an answer by spring.\n"
    "Outside, about forty people stood in the rain with signs. One of them read: more books, fewer car parks.\n"
    "The next meeting is planned for the third of March, when the architects will show their revised drawings."
)


def span_of(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@given(texts_with_spans())
def test_any_span_comes_back_exactly_from_its_own_text(made: tuple[str, Span]) -> None:
    text, span = made
    assert locate(text, quote_at(text, span)) == Placed(span, "exact", 1.0)


@given(texts_with_spans())
def test_words_that_are_unique_with_their_context_are_found_without_a_hint(made: tuple[str, Span]) -> None:
    text, span = made
    quote = quote_at(text, span)
    words = text[span.start : span.end]
    whole = quote.prefix + quote.exact + quote.suffix
    folded = " ".join(text.lower().split())
    if words.strip() != words or not words or folded.count(" ".join(whole.lower().split())) != 1:
        return
    found = locate(text, Quote(quote.exact, quote.prefix, quote.suffix))
    assert not isinstance(found, Placed) or found.span == span


@given(texts_with_spans(), TEXTS)
def test_locating_in_any_other_text_answers_and_stays_inside_of_it(made: tuple[str, Span], other: str) -> None:
    text, span = made
    found = locate(other, quote_at(text, span))
    for place in [found] if isinstance(found, Placed) else found.candidates:
        assert 0 <= place.span.start < place.span.end <= len(other)
        assert 0 <= place.score <= 1


@given(texts_with_spans())
def test_a_tidy_span_is_tidy_already(made: tuple[str, Span]) -> None:
    text, span = made
    try:
        tidied = tidy(text, span)
    except ValueError:
        assert not text[span.start : span.end].strip()
        return
    assert tidy(text, tidied) == tidied or text[tidied.start].isspace()


@given(TEXTS, TEXTS)
def test_occurrences_are_in_order_and_read_like_the_words(text: str, words: str) -> None:
    found = occurrences(text, words)
    assert found == sorted(found, key=lambda span: span.start)
    assert all(0 <= span.start < span.end <= len(text) for span in found)


def test_words_that_stand_twice_are_told_apart_by_their_context() -> None:
    text = "One day a fox came by. Another day a fox came by."
    found = locate("It was late. " + text, quote_at(text, Span(35, 40)))
    assert isinstance(found, Placed)
    assert found.span == Span(48, 53)


def test_copies_with_the_same_context_are_not_guessed_between() -> None:
    text = "It rained all day and we stayed in.\n" * 9
    quote = quote_at(text, Span(36 * 4, 36 * 4 + 20))
    found = locate("Words before.\n" + text, Quote(quote.exact, quote.prefix, quote.suffix))
    assert isinstance(found, Lost)
    assert found.candidates


def test_an_edited_sentence_is_found_with_whole_words_at_its_ends() -> None:
    quote = quote_at(ARTICLE, span_of(ARTICLE, "Several members asked about the budget for books."))
    new = ARTICLE.replace("Several members asked about the budget", "Some members asked twice about the budget")
    found = locate(new, quote)
    assert isinstance(found, Placed)
    assert found.how == "edited"
    assert new[found.span.start : found.span.end] == "Some members asked twice about the budget for books."


def test_the_original_is_preferred_to_a_pull_quote_with_its_exact_words() -> None:
    words = "said the librarian, Ada Moss"
    quote = quote_at(ARTICLE, span_of(ARTICLE, words))
    new = ARTICLE.replace(words, "said the town's librarian, Ada Moss") + "\n" + words
    found = locate(new, quote)
    assert isinstance(found, Placed)
    assert new[found.span.start : found.span.end] == "said the town's librarian, Ada Moss"


FERRY = (
    "The ferry leaves the old harbour at seven and takes the long way round the lighthouse in winter.\n"
    "On board they sell coffee, warm bread and the newspaper of the day before, which nobody minds.\n"
)


def test_of_two_copies_the_one_that_the_other_pushed_down_by_its_own_length_is_the_original() -> None:
    first, second = FERRY.strip().split("\n")
    old = f"{ARTICLE}\n{first}\n{second}"
    new = f"{ARTICLE}\n{second}\n{first}\n{second}"
    found = locate(new, quote_at(old, span_of(old, "sell coffee, warm bread")))
    assert isinstance(found, Placed)
    assert found.span.start == new.rindex("sell coffee")


def test_an_edited_passage_in_its_old_place_is_preferred_to_a_copy_of_its_old_paragraph() -> None:
    old = FERRY + ARTICLE
    new = old.replace("warm bread", "cold bread") + "\n" + FERRY.strip()
    found = locate(new, quote_at(old, span_of(old, "sell coffee, warm bread and the newspaper")))
    assert isinstance(found, Placed)
    assert new[found.span.start : found.span.end] == "sell coffee, cold bread and the newspaper"


def test_a_passage_that_moved_far_is_known_by_nearly_all_of_its_words() -> None:
    first, second = FERRY.strip().split("\n")
    old = f"{first}\n{second}\n" + 8 * (ARTICLE + "\n")
    new = f"{first}\n" + 8 * (ARTICLE + "\n") + second.replace("newspaper", "magazine")
    found = locate(new, quote_at(old, span_of(old, "they sell coffee, warm bread and the newspaper")))
    assert isinstance(found, Placed)
    assert new[found.span.start : found.span.end] == "they sell coffee, warm bread and the magazine"


def test_a_lookalike_far_away_is_not_taken_for_the_passage_that_is_gone() -> None:
    lookalike = "On land they drink coffee, stale bread and the gossip of the day before, which everybody minds.\n"
    old = FERRY + 8 * (ARTICLE + "\n") + lookalike
    new = 8 * (ARTICLE + "\n") + lookalike
    found = locate(new, quote_at(old, span_of(old, "warm bread and the newspaper of the day before")))
    assert isinstance(found, Lost)
    assert found.candidates


def test_context_counts_only_to_the_end_of_the_paragraph_that_the_passage_is_in() -> None:
    old = f"{ARTICLE}\nOften enough: Crossing early, the ferry is paid in cash only.\n{FERRY}"
    new = f"{ARTICLE}\nEverybody knows: Sailing late, the ferry is paid in cash only.\nOutside it rains."
    found = locate(new, quote_at(old, span_of(old, "Crossing early, the ferry")))
    assert isinstance(found, Placed)
    assert new[found.span.start : found.span.end] == "Sailing late, the ferry"


def test_a_deleted_sentence_is_lost_with_candidates_and_not_found_in_a_lookalike() -> None:
    old = ARTICLE + "\nOutside, about sixty dogs stood in the snow with coats. One of them wore: more fur, fewer bows."
    quote = quote_at(old, span_of(old, "Outside, about forty people stood in the rain with signs."))
    start = old.index("Outside, about forty")
    found = locate(old[:start] + old[old.index("The next meeting") :], quote)
    assert isinstance(found, Lost)


@pytest.mark.parametrize(
    ("quoted", "there"),
    [
        ("“We have waited ten years for this,”", '"We have waited ten years for this,"'),
        ("council met on Tuesday", "council\u00a0met  on\nTuesday"),
        ("more books, fewer", "more books,\n\n   fewer"),
    ],
)
def test_quotation_marks_and_white_space_are_folded_for_comparison(quoted: str, there: str) -> None:
    quote = quote_at(ARTICLE, span_of(ARTICLE, quoted))
    new = "A headline\n" + ARTICLE.replace(quoted, there)
    found = locate(new, quote)
    assert isinstance(found, Placed)
    assert (found.how, new[found.span.start : found.span.end]) == ("exact", there)


def test_a_quote_longer_than_the_text_is_lost() -> None:
    assert isinstance(locate("Short.", Quote(ARTICLE, "", "", 0)), Lost)


@pytest.mark.parametrize("exact", ["", "  \n "])
def test_a_quote_without_words_is_lost(exact: str) -> None:
    assert locate(ARTICLE, Quote(exact, "x", "y")) == Lost()


@pytest.mark.parametrize("hint", [-5, 10**9])
def test_a_hint_outside_of_the_text_does_no_harm(hint: int) -> None:
    quote = quote_at(ARTICLE, span_of(ARTICLE, "The mayor promised"))
    found = locate(ARTICLE, Quote(quote.exact, quote.prefix, quote.suffix, hint))
    assert isinstance(found, Placed)
    assert found.span == span_of(ARTICLE, "The mayor promised")


def test_an_edited_passage_never_splits_a_letter_and_its_mark() -> None:
    old = "They met in the old cafe by the river and talked until late."
    new = "They met in the old cafe\u0301 by the river and talked until late."
    found = locate(new, quote_at(old, span_of(old, "in the old cafe")))
    assert isinstance(found, Placed)
    assert new[found.span.start : found.span.end] == "in the old cafe\u0301"


def test_tidy_takes_white_space_off_and_whole_clusters_in() -> None:
    text = "  a 👩‍🚀 b "
    assert tidy(text, Span(0, 5)) == Span(2, 7)
    with pytest.raises(ValueError, match="no words"):
        tidy(text, Span(0, 2))
    with pytest.raises(ValueError, match="outside"):
        tidy(text, Span(0, 99))


@pytest.mark.parametrize("span", [Span(3, 3), Span(-1, 4), Span(0, 10**6)])
def test_a_quote_of_nothing_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match="empty"):
        quote_at(ARTICLE, span)


def test_every_occurrence_is_listed_whatever_its_quotation_marks() -> None:
    text = 'He said "no way" twice: “no way”, then no\u00a0way.'
    assert [text[a.start : a.end] for a in occurrences(text, "“no way”")] == ['"no way"', "“no way”"]
    assert len(occurrences(text, " no  way ")) == 3
    assert occurrences(text, " ") == []


def test_a_correct_hint_costs_next_to_nothing_in_a_long_text() -> None:
    text = "".join(f"Sentence number {number} of a long text. " for number in range(6_000))
    quote = quote_at(text, Span(150_000, 150_120))
    assert calls_of(lambda: locate(text, quote)) < 30
