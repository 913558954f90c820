"""The search language: what is typed, as a value and back."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.query import MAX_LENGTH, MAX_WORDS, Query, Term, parse, unparse

LETTERS = st.characters(exclude_categories=("Cs",))
TYPED = st.one_of(
    st.text(LETTERS),
    st.text(st.sampled_from('ab é本\u0301 -"“”«»_:+\0\t\u00a0\U0001f642'), max_size=60),
)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", []),
        ("host country", [Term("host"), Term("country")]),
        ('"host country"', [Term("host country", phrase=True)]),
        ("“host  country”", [Term("host country", phrase=True)]),
        ("„host country“ «pays hôte»", [Term("host country", phrase=True), Term("pays hôte", phrase=True)]),
        ("consent -France", [Term("consent"), Term("France", excluded=True)]),
        ('-"host country" x', [Term("host country", phrase=True, excluded=True), Term("x")]),
        ("well-known", [Term("well-known")]),
        ("--help", [Term("help")]),
        ("C++ don't a:b", [Term("C++"), Term("don't"), Term("a:b")]),
        ("NOT NOT", [Term("NOT"), Term("NOT")]),
        ('"', []),
        ('a lone " mark', [Term("a"), Term("lone"), Term("mark")]),
        ("nul\0byte", [Term("nul"), Term("byte")]),
        ("rock - roll & soul", [Term("rock"), Term("roll"), Term("soul")]),
    ],
)
def test_what_is_typed_reads_as(typed, terms):
    assert parse(typed) == Query(tuple(terms))


@given(TYPED)
def test_what_was_read_reads_the_same_when_written_down(typed):
    query = parse(typed)
    assert parse(unparse(query)) == query


@given(st.text(st.characters()))
def test_nothing_raises_and_every_term_has_something_to_look_for(typed):
    assert all(term.words for term in parse(typed).terms)


def test_the_words_of_a_term_are_its_letters_and_digits():
    assert Term("don't").words == ("don", "t")
    assert Term("snake_case").words == ("snake", "case")


def test_more_words_than_a_search_can_hold_are_cut_and_the_reader_is_told():
    query = parse("word " * 10_000)
    assert len(query.terms) <= MAX_WORDS
    assert f"first {MAX_WORDS} words" in query.hints[0]
    assert not parse("word " * MAX_WORDS).hints


def test_a_phrase_counts_as_its_words():
    (term,) = parse('"' + "word " * 50 + '"').terms
    assert len(term.words) == MAX_WORDS


def test_a_huge_word_is_cut():
    (term,) = parse("x" * 100_000).terms
    assert len(term.text) <= MAX_LENGTH


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("tag:to-check", "“tag:” is not a filter; searched for the words “tag to check”."),
        ("🙂 tea", "“🙂” has no letters or digits to look for, and was left out."),
        ("-tea", "This only says what to leave out. Add a word to look for."),
        ("記事", "In writing without spaces between words, only a whole run of characters is found, not a part of it."),
    ],
)
def test_the_hint_says_how_it_was_read(typed, hint):
    assert parse(typed).hints == (hint,)


@pytest.mark.parametrize("typed", ["plain words", "10:30", "https://example.org/", '"tag:x"', "rock – roll"])
def test_what_needs_no_explaining_gets_no_hint(typed):
    assert parse(typed).hints == ()


def test_what_was_typed_twice_is_wanted_once():
    assert parse("tea tea -milk -milk").wanted == (Term("tea"),)
    assert parse("tea tea -milk -milk").unwanted == (Term("milk", excluded=True),)


@pytest.mark.parametrize("hostile", ["(" * 100_000, '"' * 100_000, "-" * 100_000, "a:" * 50_000, '" ' * 50_000])
def test_a_hostile_text_is_read_at_once(hostile):
    begin = perf_counter()
    parse(hostile)
    assert perf_counter() - begin < 0.1
