"""Whatever is typed is a query, and a query can be written down again."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.asked import All, Any, Filter, Node, Not, Query, Words, conjunction, disjunction, negation
from newsreader.core.dates import days
from newsreader.core.fields import COLOURS, SORTS, STATES, TEXT_FIELDS, THINGS
from newsreader.core.query import MAX_DEPTH, MAX_LENGTH, MAX_WORDS, parse, unparse
from tests.counting import calls_of

# Pieces that mean something to the language, or would to a database's, in any order.
PIECES = st.sampled_from(
    [
        *"()\"“”„«»「」*-:—^~{}\\'<>+#.@",
        *(" ", "\t", "\n", "\x00", "\u3000", "：", "（", "－", "＊", "＂", "\ud800", "\u0301"),
        *(
            "AND",
            "OR",
            "NOT",
            "NOT NOT",
            "NEAR",
            "NEAR(",
            "title:",
            "TITLE：",
            "tag:",
            "sort:",
            "is:",
            "shape:",
            "AND:",
        ),
        *("is:unread", "is:blue", "has:passages", "has:note", "has:tags", "has:nothing", "in:articles", "in:notes"),
        *("in:“a b”", "sort:newest", "sort:oddest", "before:2023-06", "after:-2w", "on:yesterday", "on:someday"),
        *("minutes:<5", "minutes:＜5", "lang:pt-BR", "by:me", "a:b", "shape:title:x", "https://example.org/"),
        *("harbour", "café", "C++", "C#", ".NET", "東京", "don't", "-", "--", "a", "ß"),
    ]
)
TYPED = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map(" ".join)
)

PLAIN = st.text(st.sampled_from("abcdeéß東1'._+/"), min_size=1, max_size=8).filter(
    lambda text: any(map(str.isalnum, text))
)
PHRASES = st.lists(PLAIN, min_size=1, max_size=3).map(" ".join)
WORDS = st.one_of(
    st.builds(Words, PLAIN, st.just(False), st.booleans(), st.sampled_from(["", *TEXT_FIELDS])),
    st.builds(Words, PHRASES, st.just(True), st.just(False), st.sampled_from(["", *TEXT_FIELDS])),
)
FILTERS = st.one_of(
    st.builds(Filter, st.just("is"), st.sampled_from(STATES)),
    st.builds(Filter, st.just("has"), st.sampled_from(THINGS)),
    st.builds(Filter, st.just("colour"), st.sampled_from(COLOURS)),
    st.builds(Filter, st.just("lang"), st.sampled_from(["en", "pt-br"])),
    st.builds(Filter, st.just("in"), st.sampled_from(["articles", "passages", "notes"])),
    st.builds(Filter, st.sampled_from(["tag", "source", "topic", "author", "in"]), PHRASES),
    st.builds(
        Filter, st.sampled_from(["before", "after", "on"]), st.sampled_from(["2023", "2023-06", "yesterday", "-2w"])
    ),
    st.builds(Filter, st.just("minutes"), st.sampled_from(["<5", ">=10", "3-7"])),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(WORDS, FILTERS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(conjunction),
        st.lists(inner, min_size=2, max_size=3).map(disjunction),
        inner.map(negation),
    ).filter(lambda node: node is not None),
    max_leaves=12,
)


@given(TYPED)
def test_whatever_is_typed_is_read_and_what_was_read_can_be_written_down(typed: str) -> None:
    query = parse(typed)
    assert parse(unparse(query)) == query


@given(NODES, st.sampled_from(SORTS))
def test_every_query_is_read_from_its_own_text(root: Node, sort: str) -> None:
    query = Query(root, sort)
    assert parse(unparse(query)) == query


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("harbour", Words("harbour")),
        ("harbour pier", All((Words("harbour"), Words("pier")))),
        ("harbour AND pier", All((Words("harbour"), Words("pier")))),
        ("harbour harbour", Words("harbour")),
        ("“old pier”", Words("old pier", phrase=True)),
        ("harb*", Words("harb", prefix=True)),
        ("pier -wind", All((Words("pier"), Not(Words("wind"))))),
        ("pier NOT wind", All((Words("pier"), Not(Words("wind"))))),
        ("a OR b c", Any((Words("a"), All((Words("b"), Words("c")))))),
        ("(a OR b) c", All((Any((Words("a"), Words("b"))), Words("c")))),
        ("-(a OR b) c", All((Not(Any((Words("a"), Words("b")))), Words("c")))),
        ("title:pier", Words("pier", field="title")),
        ("note：“to check”", Words("to check", phrase=True, field="note")),
        ("IS:Unread", Filter("is", "unread")),
        ("is:favorite", Filter("is", "favourite")),
        ("color:Blue", Filter("colour", "blue")),
        ('tag:"to check"', Filter("tag", "to check")),
        ("in:notes", Filter("in", "notes")),
        ("minutes:<5", Filter("minutes", "<5")),
        ("minutes：＜5", Filter("minutes", "<5")),
        ("has:notes", Filter("has", "note")),
        ("has:highlights", Filter("has", "passages")),
        ("in:“Long reads”", Filter("in", "Long reads")),
        ("language:pt-BR", Filter("lang", "pt-br")),
        ("after:-2w", Filter("after", "-2w")),
        ("„alte Mole“", Words("alte Mole", phrase=True)),
        ("«vieux port»", Words("vieux port", phrase=True)),
        ("title:「old pier」", Words("old pier", phrase=True, field="title")),
        ("（a OR b） c", All((Any((Words("a"), Words("b"))), Words("c")))),
        ("NOT NOT pier wind", All((Words("pier"), Words("wind")))),
        ("a:b", Words("a:b")),
        ("-is:read", Not(Filter("is", "read"))),
        ("don't", Words("don't")),
        ("https://example.org/a", Words("https://example.org/a")),
    ],
)
def test_the_language_reads_as_its_readers_expect(typed: str, root: Node) -> None:
    query = parse(typed)
    assert query.root == root
    assert query.hints == ()


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("is:blue", "`is:blue` is not a filter; searched for the words."),
        ("has:nothing", "`has:nothing` is not a filter; searched for the words."),
        ("sort:oddest", "`sort:oddest` is not a filter; searched for the words."),
        ("before:2023-13", "`before:2023-13` is not a filter; searched for the words."),
        ("shape:round", "`shape:` is not a filter; searched for the words."),
        ("pier ?!", "“?!” has no letters or digits to look for, and was left out."),
        ("C++", "“C++” was looked for with its signs; in quotation marks it is looked for without."),
        ("NOT NOT", "This only says what to leave out. Add a word to look for."),
        ("-pier", "This only says what to leave out. Add a word to look for."),
    ],
)
def test_what_is_not_understood_is_said(typed: str, hint: str) -> None:
    assert parse(typed).hints == (hint,)


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("is:blue", All((Words("is"), Words("blue")))),
        ("-shape:round", Not(All((Words("shape"), Words("round"))))),
        ("shape:“very round”", All((Words("shape"), Words("very round", phrase=True)))),
        ("AND:x", All((Words("AND", phrase=True), Words("x")))),
        ("shape:title:x", Words("shape:title:x", phrase=True)),
        ("(" * MAX_DEPTH + "-shape:round", Not(Words("shape:round", phrase=True))),
    ],
)
def test_a_field_that_there_is_not_and_its_value_are_words(typed: str, root: Node) -> None:
    assert parse(typed).root == root
    assert parse(unparse(parse(typed))) == parse(typed)


def test_of_too_many_words_the_first_are_looked_for_and_the_reader_is_told() -> None:
    query = parse(" ".join(f"word{number}" for number in range(10_000)))
    assert len(list(query.leaves())) == MAX_WORDS
    assert "only the first 32 words" in query.hints[0]
    assert not parse("word " * MAX_WORDS).hints


def test_a_phrase_counts_as_its_words_and_a_huge_word_is_cut() -> None:
    (phrase,) = parse('"' + "word " * 50 + '"').leaves()
    (word,) = parse("x" * 100_000).leaves()
    assert isinstance(phrase, Words)
    assert len(phrase.words) == MAX_WORDS
    assert isinstance(word, Words)
    assert len(word.text) <= MAX_LENGTH


@pytest.mark.parametrize(
    "typed",
    [
        "by:" + "x" * 1_980 + " by:y" * 40,
        "is:archive " * 20 + "language:en " * 20 + "x" * 3_000,
        "a " * 31 + "https://example.org/a/b",
        "a " * 31 + "shape:title:x",
        "a " * 31 + "shape:round",
        "x" * 1_998 + " NOTHING",
        "x" * 1_997 + " title:NOTHING",
        "a* " * 31 + "OR-ange* " * 2,
        "(-a OR " * 32 + "b",
    ],
)
def test_what_was_cut_can_be_written_down_and_read_again(typed: str) -> None:
    query = parse(typed)
    assert parse(unparse(query)) == query


@pytest.mark.parametrize(
    ("typed", "signed"),
    [
        *(("C++", "C++"), ("C#?", "C#"), (".NET", ".NET"), ("#ferry", "#ferry"), ("title:C++", "C++"), ("A+.", "A+")),
        *(("harbour.", ""), ("100%", ""), ("don't", ""), ("C++*", ""), ("a+b", ""), ("...", ""), ('"C++"', "")),
    ],
)
def test_signs_that_name_something_else_belong_to_the_word(typed: str, signed: str) -> None:
    assert [leaf.signed for leaf in parse(typed).leaves() if isinstance(leaf, Words)] in ([signed], [])


def test_the_words_of_a_term_are_its_letters_and_digits() -> None:
    assert Words("don't").words == ("don", "t")
    assert Words("snake_case").words == ("snake", "case")


@pytest.mark.parametrize("typed", ["plain words", "10:30", "https://example.org/", '"tag:x"', "rock – roll", "a & b"])
def test_what_needs_no_explaining_gets_no_hint(typed: str) -> None:
    assert parse(typed).hints == ()


@pytest.mark.parametrize("hostile", ["(" * 100_000, '"' * 100_000, "-" * 100_000, "a:" * 50_000, '" ' * 50_000])
def test_a_hostile_text_is_read_at_once(hostile: str) -> None:
    assert calls_of(lambda: parse(hostile)) < 150_000  # some hundredths of a second; all of it would be ten times that


def test_brackets_without_end_are_read_for_what_is_in_them() -> None:
    assert parse("(" * 1_500 + "pier").root == Words("pier")
    assert parse("(" * 100_000).root is None


def test_the_order_is_no_part_of_what_is_looked_for() -> None:
    assert parse("pier sort:oldest") == Query(Words("pier"), "oldest")
    assert parse("sort:oldest").empty


def test_only_what_is_left_out_is_nothing_to_look_for() -> None:
    assert parse("-pier").empty
    assert parse("pier OR -wind").empty
    assert not parse("-is:read").empty


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2023-06-17", (date(2023, 6, 17), date(2023, 6, 18))),
        ("2023-12", (date(2023, 12, 1), date(2024, 1, 1))),
        ("2023", (date(2023, 1, 1), date(2024, 1, 1))),
        ("today", (date(2024, 3, 1), date(2024, 3, 2))),
        ("yesterday", (date(2024, 2, 29), date(2024, 3, 1))),
        ("-2w", (date(2024, 2, 16), date(2024, 2, 17))),
        ("2023-02-30", None),
        ("0000", None),
        ("9999", None),
        ("-9999y", None),
        ("soon", None),
    ],
)
def test_dates_are_read_as_the_days_they_mean(typed: str, expected: tuple[date, date] | None) -> None:
    assert days(typed, date(2024, 3, 1)) == expected


def test_a_query_survives_being_kept_as_text_in_json() -> None:
    typed = 'title:"old pier" (harbour OR 港) -wind* sort:newest'
    assert parse(json.loads(json.dumps(unparse(parse(typed))))) == parse(typed)
