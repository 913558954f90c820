"""What is typed at the caret of a search: it never raises, and what is taken reads as what was offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.asked import Filter
from newsreader.core.completion import Slot, Taken, quoted, slot_at, take, writable
from newsreader.core.fields import FILTERS
from newsreader.core.query import parse


def at(marked):
    """The slot at the | of a text."""
    before, _, after = marked.partition("|")
    return slot_at(before + after, len(before))


def taken(marked, value):
    """The text with a | at the caret, after a value was taken."""
    text, slot = marked.replace("|", ""), at(marked)
    after = take(text, slot, value)
    return f"{after.text[: after.caret]}|{after.text[after.caret :]}"


@pytest.mark.parametrize(
    ("marked", "slot"),
    [
        ("|", Slot("", "", 0, 0)),
        ("pian|", Slot("", "pian", 0, 4)),
        ("so|urce:x", Slot("", "so", 0, 7)),
        ("piano |", Slot("", "", 6, 6)),
        ("|piano", Slot("", "", 0, 0)),
        ("source:|", Slot("source", "", 7, 7)),
        ("source:har|bour x", Slot("source", "har", 7, 14)),
        ("-source:har|", Slot("source", "har", 8, 11)),
        ("(a OR Source:har|)", Slot("source", "har", 13, 16)),
        ("site:har|", Slot("source", "har", 5, 8)),
        ("source：har|", Slot("source", "har", 7, 10)),
        ('source:"The Har| x', Slot("source", "The Har", 7, 15)),
        ('source:"The| Post" x', Slot("source", "The", 7, 17)),
        ("x source:„The Har|“", Slot("source", "The Har", 9, 18)),
        ("tag:a tag:b| tag:c", Slot("tag", "b", 10, 11)),
        ("source:𝒜|", Slot("source", "𝒜", 7, 8)),
        ("is: |", Slot("", "", 4, 4)),
        ('"host cou|ntry"', None),
        ('"host country|', None),
        ("http:har|", None),
        ("-|-x", None),
        ("- |", Slot("", "", 2, 2)),
    ],
)
def test_what_stands_at_the_caret(marked, slot):
    assert at(marked) == slot


@pytest.mark.parametrize(
    ("marked", "value", "after"),
    [
        ("so|", "source", "source:|"),
        ("so|urce:x", "sort", "sort:|x"),
        ("source:|", "Lantern", "source:Lantern |"),
        ("source:har| piano", "The Harbour Post", 'source:"The Harbour Post" |piano'),
        ('-source:"The Har|bour" piano', "The Harbour Post", '-source:"The Harbour Post" |piano'),
        ("(source:har|)", "Lantern", "(source:Lantern |)"),
        ('source:"The Har| piano', "The Harbour Post", 'source:"The Harbour Post" |piano'),
    ],
)
def test_what_is_taken_stands_there_and_typing_goes_on_behind_it(marked, value, after):
    assert taken(marked, value) == after


queries = st.lists(
    st.sampled_from([*'"“”()-:＊', " ", "  ", "OR", "NOT", "tag:", "source:", "IS:", "site:", "piano", "\0", "𝒜", "é"])
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@given(queries, st.integers(-3, 60))
def test_nothing_that_is_typed_raises(text, caret):
    slot = slot_at(text, caret)
    if slot:
        assert 0 <= slot.start <= slot.end <= len(text)
        assert slot.start <= max(0, min(caret, len(text))) <= slot.end
        after = take(text, slot, "The Post")
        assert after == Taken(after.text, after.caret)
        assert after.text.startswith(text[: slot.start])
        assert 0 <= after.caret <= len(after.text)


@given(st.sampled_from(["source", "topic", "tag", "author", "in"]), st.text(min_size=1, max_size=20), st.booleans())
def test_what_is_taken_is_read_as_the_filter_that_was_offered(field, value, more):
    value = " ".join(value.translate(dict.fromkeys(map(ord, "：（）－−＊＜＞＝"))).split())
    if not value.isprintable() or not writable(value) or not any(letter.isalnum() for letter in value):
        return
    text = f"piano {field}:" + (" organ" if more else "")
    after = take(text, slot_at(text, len(f"piano {field}:")), value)
    assert Filter(field, value) in list(parse(after.text).leaves()), after
    assert after.text.startswith(f"piano {field}:{quoted(value)} ")


@pytest.mark.parametrize("sign", ["(", '"', "-", "a:", "source:", ")", ":", 'tag:"'])
def test_a_hundred_thousand_of_a_sign_are_looked_at_in_no_time(sign):
    text = sign * 100_000
    for caret in (0, 1_000, 1_999, 50_000, 100_000):
        slot_at(text, caret)


def test_every_field_is_known():
    for field in FILTERS:
        assert at(f"{field}:|").field == field
