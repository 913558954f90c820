"""Asking for many quotes at once answers what asking for each answers."""

from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.passages import Placed, Quote, Span, locate, quote_at, tidy
from newsreader.core.standing import standing

WORDS = ["ferry", "harbour", "the", "piano", "of", "a", "winter", "Ada", "naïve", "港", "—", "“", "”", ",", "."]
TEXTS = st.lists(st.sampled_from([*WORDS, "\n"]), min_size=4, max_size=40).map(" ".join).filter(str.strip)


def quotes(text: str) -> st.SearchStrategy[Quote]:
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    ends = st.tuples(st.sampled_from(places), st.sampled_from(places)).map(sorted)
    return ends.map(lambda pair: quote_at(text, tidy(text, Span(pair[0], pair[1] + 1))))


@given(TEXTS, TEXTS, st.data())
def test_each_quote_is_found_just_where_it_is_found_alone(text: str, other: str, data: st.DataObject) -> None:
    shifted = "A line before.\n" + text
    asked = data.draw(st.lists(st.one_of(quotes(text), quotes(other)), max_size=6))
    alone = [locate(shifted, quote) for quote in asked]
    assert standing(shifted, asked) == [
        place.span if isinstance(place, Placed) and place.how == "exact" else None for place in alone
    ]


def test_words_with_other_white_space_and_quotation_marks_stand_too() -> None:
    text = "She said “the harbour of the winter piano” and left."
    quote = Quote('"the harbour  of the winter piano"')
    assert standing(text, [quote]) == [Span(9, 42)]


def test_half_a_word_at_either_end_is_no_hindrance() -> None:
    text = "The harbourmaster of the winter piano works alone."
    assert standing(text, [Quote("master of the winter piano work", "The harbour", "s alone.")]) == [Span(11, 42)]
