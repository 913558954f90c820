"""Passages carried from one text to the next: properties first, then what an editor does to a story."""

from dataclasses import replace

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from newsreader.core.passages import Span
from newsreader.core.revise import Carried, carry, carry_offsets
from tests.counting import calls_of

LETTERS = st.sampled_from(
    [*"ab c d.\n ", "the ", "river ", "council ", "é", "e\u0301", "\u00a0", "”", "漢", "字", "🇫🇷", "👩‍🚀", "İ"]
)
TEXTS = st.lists(LETTERS, max_size=80).map("".join)

ARTICLE = (
    "The council met on Tuesday to discuss the new library. Several members asked about the budget for books.\n"
    "“We have waited ten years for this,” said the librarian, Ada Moss. The mayor promised an answer by spring.\n"
    "Outside, about forty people stood in the rain with signs. One of them read: more books, fewer car parks.\n"
    "The next meeting is planned for the third of March, when the architects will show their revised drawings.\n"
    "Nobody expects the building to open before the end of the decade, and some expect it never will."
)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXTS)
    offsets = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(offsets, offsets), max_size=5))
    return text, [Span(min(pair), max(pair)) for pair in pairs]


def span_of(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def carried(old: str, new: str, words: str) -> tuple[Carried, str]:
    answer = carry(old, new, [span_of(old, words)])[0]
    return answer, new[answer.span.start : answer.span.end] if answer.span else ""


def borders(text: str) -> set[int]:
    return {0, *(cluster.end() for cluster in regex.finditer(r"\X", text))}


@given(texts_with_spans())
def test_an_unchanged_text_keeps_every_span_exactly(made: tuple[str, list[Span]]) -> None:
    text, spans = made
    answers = carry(text, text, spans)
    assert [(answer.span, answer.status, answer.score) for answer in answers] == [(span, "kept", 1.0) for span in spans]


@given(texts_with_spans(), TEXTS)
def test_carrying_to_any_text_answers_for_every_span(made: tuple[str, list[Span]], new: str) -> None:
    old, spans = made
    assume(old != new)
    answers = carry(old, new, spans)
    assert len(answers) == len(spans)
    for answer, span in zip(answers, spans, strict=True):
        assert answer.reason
        assert 0 <= answer.score <= 1
        assert (answer.span is None) == (answer.status == "lost")
        if answer.span:
            assert 0 <= answer.span.start < answer.span.end <= len(new)
        if answer.status == "kept" and answer.span:
            was, now = old[span.start : span.end], new[answer.span.start : answer.span.end]
            assert was.split() == now.split()
        if answer.status in {"edited", "moved"} and answer.span:
            assert {answer.span.start, answer.span.end} <= borders(new)


@given(st.integers(-9, 99), st.integers(-9, 99))
def test_spans_outside_of_the_text_or_backwards_are_no_accident(start: int, end: int) -> None:
    assert len(carry("some old words", "some new words", [Span(start, end)])) == 1


@given(texts_with_spans(), TEXTS)
def test_text_added_far_away_changes_no_status(made: tuple[str, list[Span]], new: str) -> None:
    old, spans = made
    assume(old != new)
    far = "\n" + " ".join(f"zebra{number}" for number in range(40))
    near = carry(old + "\nquite the end", new + "\nquite the end", spans)
    after = carry(old + "\nquite the end", new + "\nquite the end" + far, spans)
    assert [answer.status for answer in near] == [answer.status for answer in after]


def test_words_that_did_not_change_are_kept_while_the_text_around_them_does() -> None:
    new = "A headline.\n" + ARTICLE.replace("Several members", "Two members").replace("spring", "autumn")
    for words in ("for books", "Ada Moss", "in the rain", "The mayor promised an answer by"):
        answer, found = carried(ARTICLE, new, words)
        assert (answer.status, answer.score, found) == ("kept", 1.0, words)


def test_a_span_from_the_middle_of_a_word_stays_in_its_middle() -> None:
    new = "A headline.\n" + ARTICLE
    assert carried(ARTICLE, new, "rarian, Ada Mo")[1] == "rarian, Ada Mo"


def test_a_swapped_word_is_an_edit_and_the_new_word_belongs_to_the_passage() -> None:
    new = ARTICLE.replace("Ada Moss", "Ben Moss")
    answer, found = carried(ARTICLE, new, "librarian, Ada Moss")
    assert (answer.status, found) == ("edited", "librarian, Ben Moss")
    assert "%" in answer.reason


def test_a_word_replaced_at_the_edge_belongs_to_the_passage_too() -> None:
    new = ARTICLE.replace("Outside, about", "Indoors, about")
    assert carried(ARTICLE, new, "Outside, about forty people stood")[1] == "Indoors, about forty people stood"


def test_a_sentence_put_in_before_a_passage_stays_outside_of_it() -> None:
    new = ARTICLE.replace("The mayor promised", "Applause followed. The mayor promised")
    answer, found = carried(ARTICLE, new, "The mayor promised an answer by spring.")
    assert (answer.status, found) == ("kept", "The mayor promised an answer by spring.")


def test_only_white_space_changed_is_no_change_of_words() -> None:
    new = ARTICLE.replace(" rain with signs", "\u00a0rain\nwith  signs")
    answer, found = carried(ARTICLE, new, "stood in the rain with signs")
    assert (answer.status, found) == ("kept", "stood in the\u00a0rain\nwith  signs")


def test_a_moved_paragraph_takes_its_passages_with_it() -> None:
    parts = ARTICLE.split("\n")
    new = "\n".join([parts[4], *parts[:4]])
    words = "before the end of the decade"
    answer, found = carried(ARTICLE, new, words)
    assert (answer.status, found) == ("moved", words)


def test_a_moved_paragraph_that_was_edited_on_the_way_is_found() -> None:
    parts = ARTICLE.split("\n")
    new = "\n".join([parts[4].replace("the building", "that house"), *parts[:4]])
    answer, found = carried(ARTICLE, new, "Nobody expects the building to open before the end")
    assert (answer.status, found) == ("moved", "Nobody expects that house to open before the end")


def test_a_deleted_paragraph_is_lost_even_when_a_lookalike_stood_there_before() -> None:
    parts = ARTICLE.split("\n")
    lookalike = parts[2].replace("forty people", "fifty people").replace("rain", "snow")
    old = "\n".join([*parts, lookalike])
    new = "\n".join([*parts[:2], *parts[3:], lookalike])
    answer, _ = carried(old, new, "about forty people stood in the rain")
    assert (answer.span, answer.status) == (None, "lost")


def test_the_edited_original_is_preferred_to_a_new_pull_quote() -> None:
    words = "We have waited ten years for this"
    new = ARTICLE.replace(words, "We have waited nearly ten years for this") + f"\n{words}"
    answer, found = carried(ARTICLE, new, words)
    assert (answer.status, found) == ("edited", "We have waited nearly ten years for this")


def test_a_rewritten_text_loses_its_passages_and_says_so() -> None:
    new = "Rain fell on the harbour all through the night, and the boats stayed in.\nNo fish was sold."
    answer, _ = carried(ARTICLE, new, "Several members asked about the budget for books.")
    assert (answer.span, answer.status) == (None, "lost")
    assert answer.reason.endswith(".")


def test_a_restored_text_gives_the_passage_back() -> None:
    parts = ARTICLE.split("\n")
    without = "\n".join(parts[:2] + parts[3:])
    span = span_of(ARTICLE, "about forty people")
    assert carry(ARTICLE, without, [span])[0].status == "lost"
    assert carry(ARTICLE, ARTICLE, [span])[0].span == span


def test_text_without_spaces_is_carried_letter_by_letter() -> None:
    old, new = "今日は図書館で新しい本を読みました。", "昨日は図書館で古い本を読みました。"
    answer, found = carried(old, new, "図書館で新しい本")
    assert (answer.status, found) == ("edited", "図書館で古い本")


def test_a_changed_letter_is_taken_whole_with_its_marks() -> None:
    old, new = "They sat in the cafe by the river.", "They sat in the cafe\u0301 by the river."
    assert carried(old, new, "in the cafe")[1] == "in the cafe\u0301"


@pytest.mark.parametrize(("old", "new"), [("", "words"), ("words", ""), (" \n", "a"), ("a", "\u0301")])
def test_empty_texts_lose_without_a_crash(old: str, new: str) -> None:
    assert all(answer.status == "lost" for answer in carry(old, new, [Span(0, len(old))]))


def test_the_answers_stand_in_the_order_of_the_spans() -> None:
    new = "A headline.\n" + ARTICLE
    spans = [span_of(ARTICLE, "Ada Moss"), span_of(ARTICLE, "The council"), span_of(ARTICLE, "decade")]
    answers = carry(ARTICLE, new, spans)
    assert [new[a.span.start : a.span.end] for a in answers if a.span] == ["Ada Moss", "The council", "decade"]
    assert carry(ARTICLE, new, []) == []
    assert replace(answers[0], score=0.5).score == 0.5


def test_a_reading_position_goes_with_its_word_or_to_the_next_one_that_is_left() -> None:
    mayor, outside, meeting = (ARTICLE.index(words) for words in ("mayor", "Outside", "The next"))
    new = "A headline.\n" + ARTICLE.replace(ARTICLE.split("\n")[2] + "\n", "")
    places = carry_offsets(ARTICLE, new, [mayor + 2, outside, meeting, len(ARTICLE), 0])
    assert [new[place : place + 5] for place in places] == ["yor p", "The n", "The n", "", "The c"]
    assert carry_offsets(ARTICLE, ARTICLE, [7]) == [7]
    assert carry_offsets(ARTICLE, "", [7]) == [0]


@given(TEXTS, TEXTS, st.integers(-3, 400))
def test_a_reading_position_stays_inside_of_the_new_text(old: str, new: str, offset: int) -> None:
    assume(old != new)
    assert 0 <= carry_offsets(old, new, [offset])[0] <= len(new)


@pytest.mark.parametrize("gap", [" ", "\n"])
def test_thousands_of_copies_of_a_sentence_take_linear_time(gap: str) -> None:
    def work(count: int) -> int:
        parts = ["The same sentence stands here again."] * count
        old = gap.join(parts)
        for place in range(5, count, 100):
            parts[place] = "Another one."
        new, spans = gap.join(parts), [Span(start, start + 30) for start in range(0, len(old) - 30, 997)]
        return calls_of(lambda: carry(old, new, spans))

    assert work(2_000) < 5 * work(1_000)


def test_a_pull_quote_takes_nothing_from_the_edited_line_that_it_was_copied_from() -> None:
    lines = [
        "Outside, about forty people stood",
        "in the rain with home-made signs and songs",
        "until the doors were closed.",
        "The next meeting is planned for March.",
    ]
    edited = [lines[0], lines[1].replace("home-made", "painted"), *lines[2:3]]
    old = "\n".join(lines)
    for new in ([*edited, lines[1], lines[3]], [lines[1], *edited, lines[3]]):
        answer, found = carried(old, "\n".join(new), "in the rain with home-made signs")
        assert (answer.status, found) == ("edited", "in the rain with painted signs")
        assert carried(old, "\n".join(new), "about forty people")[0].status == "kept"


def test_a_line_that_gave_its_place_to_another_one_is_said_to_have_moved() -> None:
    lines = ["The first line of it.", "A story of rain and wind.", "The last line of it.", "The very end."]
    new = [lines[0], "Nobody expected such news.", lines[2], lines[1], lines[3]]
    answer, found = carried("\n".join(lines), "\n".join(new), "rain and wind")
    assert (answer.status, found) == ("moved", "rain and wind")


def test_a_copy_of_nearly_a_whole_paragraph_is_not_taken_for_it() -> None:
    words = "key figures to evaluate when selecting"
    old = f"The plan.\nDefining which {words} channels\nTools and methods."
    new = f"The plan.\nDefining which {words.replace('selecting', 'buying')} channels\n{words}\nTools and methods."
    assert carried(old, new, words)[1] == "key figures to evaluate when buying"


def test_names_replaced_by_other_names_are_an_edit_in_their_place() -> None:
    old = "A study by the Pew Research Center found that readers of the news remember little of it."
    new = old.replace("Pew Research Center", "Haverford Media Institute")
    answer, found = carried(old, new, "Pew Research Center")
    assert (answer.status, found) == ("edited", "Haverford Media Institute")
    assert carried(old, old.replace("Pew Research Center", "oldest of libraries"), "Pew Research Center")[1] == ""


def test_capitals_that_begin_a_line_or_a_sentence_are_no_names() -> None:
    old = "So said the mayor at noon.\nMusic Festival\nWe were told of it by the council."
    assert carried(old, old.replace("Music Festival", "Winter Market"), "Music Festival")[0].status == "lost"
