"""The stretch that is shown of a long text, and its pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.search.snippets import CLOSE, OPEN, SIZE, Piece, pieces, window
from tests.counting import calls_of


def hit(word):
    return f"{OPEN}{word}{CLOSE}"


FILLER = "some words that nobody looked for " * 20


def test_a_short_text_is_shown_whole():
    assert window(f"a {hit('b')} c") == f"a {hit('b')} c"


def test_a_text_without_a_hit_shows_its_beginning():
    assert window(FILLER).startswith("some words")
    assert window(FILLER).endswith(" …")


def test_the_stretch_with_most_different_hits_wins():
    text = f"{hit('host')} {hit('host')} {hit('host')} {FILLER} {hit('host')} {hit('country')} {FILLER}"
    shown = window(text)
    assert f"{hit('host')} {hit('country')}" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_among_equals_the_first_wins():
    text = f"{FILLER} first {hit('host')} {FILLER} second {hit('host')} {FILLER}"
    assert f"first {hit('host')}" in window(text)


def test_it_begins_with_its_paragraph_where_that_is_near():
    text = f"{FILLER}\nA new one with the {hit('host')} in it. {FILLER}"
    assert window(text).startswith("A new one")


@given(st.lists(st.sampled_from(["word", hit("a"), hit("b c"), "\n", "x" * 30]), min_size=1, max_size=400))
def test_it_is_a_stretch_of_the_text_with_a_hit_in_it_and_not_much_longer_than_asked(words):
    text = " ".join(words)
    shown = window(text)
    assert shown.removeprefix("… ").removesuffix(" …") in text
    assert (OPEN in text) == (OPEN in shown)
    assert shown.count(OPEN) == shown.count(CLOSE)
    assert len(shown) <= SIZE + 4


def test_of_a_megabyte_of_hits_only_the_first_are_weighed():
    text = f"{hit('the')} " * 200_000
    assert len(window(text)) <= SIZE + 4
    assert calls_of(lambda: window(text)) < 20_000


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("", ()),
        ("plain\n text", (Piece("plain text", False),)),
        (f"a {hit('b')} c", (Piece("a ", False), Piece("b", True), Piece(" c", False))),
        (f"{hit('a')} {hit('b')}", (Piece("a b", True),)),
        (f"stray {CLOSE} mark", (Piece("stray  mark", False),)),
        (f"open {OPEN}end", (Piece("open ", False), Piece("end", True))),
    ],
)
def test_a_marked_text_falls_into_pieces(marked, expected):
    assert pieces(marked) == expected
