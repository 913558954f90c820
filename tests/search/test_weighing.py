"""How texts are weighed: properties that the formulas promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.search.sqlite.splitting import Split, terms
from newsreader.search.weighing import FIELD, K1, SHARED, Scale, Text, rarity, scores, shared


def text(key, words, field=0):
    places = {}
    for place, word in enumerate(words.split()):
        places.setdefault(word, []).append(field * FIELD + place)
    return Text(key, len(words.split()), places)


def scale(**rarities):
    return Scale((4.0, 1.0), 10.0, rarities)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_word_says_less_the_more_rows_have_it_and_never_less_than_nothing(rows, total):
    assert rarity(rows, total) >= rarity(rows + 1, total) >= 0


def test_more_of_a_word_says_more_and_less_each_time():
    one, two, three = (scale(a=1.0).words({"a": 1.0}, Text(1, 10, {"a": range(n)})) for n in (1, 2, 3))
    assert one < two < three < K1 + 1
    assert two - one > three - two


def test_a_word_in_a_long_text_says_less():
    short, long = (scale(a=1.0).words({"a": 1.0}, Text(1, length, {"a": [0]})) for length in (10, 100))
    assert short > long


def test_a_word_in_the_first_field_says_more():
    found = scores(["a"], [text(1, "a b c"), text(2, "a b c", field=1)], scale(a=1.0))
    assert found[1] > found[2]


def test_neighbours_of_the_question_count_side_by_side_then_near_then_not():
    far = "a " + "x " * 20 + "b"
    texts = [text(1, "a b" + " x" * 20), text(2, "a x b" + " x" * 19), text(3, far)]
    found = scores(["a", "b"], texts, scale(a=1.0, b=1.0))
    assert found[1] > found[2] > found[3]


def test_the_end_of_a_field_is_not_near_the_beginning_of_the_next():
    apart = Text(1, 2, {"a": [FIELD - 1], "b": [FIELD]})
    assert scale(a=1.0, b=1.0).nearness(["a", "b"], apart) > 0, "places are plain numbers"
    real = Text(1, 2, {"a": [5], "b": [FIELD]})
    assert scale(a=1.0, b=1.0).nearness(["a", "b"], real) == 0


def test_what_the_best_share_is_weighed_by_them_and_adds_up_to_one():
    best = [(text(1, "tide tide swell the 1830"), 2.0), (text(2, "tide wheat the x"), 1.0)]
    found = shared(best, lambda words: {"tide": 3, "swell": 1, "wheat": 1, "the": 90}, 100)
    assert set(found) == {"tide", "swell", "wheat"}, "no common words, numbers or letters"
    assert max(found, key=found.get) == "tide"
    assert found["swell"] > found["wheat"]
    assert sum(found.values()) == pytest.approx(1)


def test_the_best_share_a_few_words_at_most():
    best = [(text(1, " ".join(f"w{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}" for n in range(60))), 1.0)]
    assert len(shared(best, lambda words: dict.fromkeys(words, 1), 100)) == SHARED
    assert shared(best, lambda words: {}, 100) == {}
    assert shared([], lambda words: {}, 100) == {}


def test_texts_are_split_as_the_index_splits_them():
    assert terms(["Running", "CAFÉ", "don", "+++", "港口"]) == ["run", "cafe", "don", "", "港口"]
    split = Split([(7, ("The ferries", "left the ferry"))], 2)
    assert split.places(["ferri"], FIELD) == {7: {"ferri": [1, FIELD + 2]}}
    assert split.places(None, FIELD)[7]["the"] == [0, FIELD + 1]
    split.close()


def test_a_word_says_more_in_the_first_sentences_and_as_much_in_the_title_as_at_the_very_beginning():
    early, late = (Text(1, 200, {"a": [FIELD + place]}) for place in (10, 150))
    assert scale(a=1.0).leading(["a"], early) > scale(a=1.0).leading(["a"], late) > 0
    begin, title = Text(1, 200, {"a": [FIELD]}), Text(1, 200, {"a": [3, FIELD + 90]})
    assert scale(a=1.0).leading(["a"], begin) == scale(a=1.0).leading(["a"], title) == 1.0
    assert scale(a=1.0).leading(["b"], early) == 0
