"""Did you mean: words that this reader's rows have, as they are written there, and nobody else's."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from newsreader.annotations import services
from newsreader.core.asked import Query, Words
from newsreader.core.query import parse, unparse
from newsreader.search.service import search
from newsreader.search.spelling import LONGEST, begun, doubtful, nearest, real_word, respelt
from newsreader.search.sqlite import nearby
from tests.factories import make_article, mark

NOBODY = AnonymousUser()
only_sqlite = pytest.mark.only_on("sqlite", "PostgreSQL has its own vocabulary")


def meant(typed, user=NOBODY, **asked):
    return search(typed, user=user, **asked).meant


class Shelf:
    """A Speller that knows a few words."""

    def __init__(self, *words):
        self.words = words

    def has(self, words):
        return words.text in self.words

    def nearby(self, words):
        return nearest(words.text, [(word, 1) for word in self.words], 2)

    def finds(self, query):
        return all(leaf.text in self.words for leaf in query.leaves() if isinstance(leaf, Words))


# What is exchanged


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("harbuor", "harbour"),
        ("harbuor ferry", "harbour ferry"),
        ("ferry title:harbuor is:unread -wind sort:newest", "ferry title:harbour is:unread -wind sort:newest"),
        ("(harbuor OR pier) ferry", "(harbour OR pier) ferry"),
        ("harbuor fery", "harbour ferry"),
        ("harbour ferry", ""),
        ("harbuor zzyzx", ""),
        ('"harbuor"', ""),
        ("harbu*", ""),
        ("-harbuor", ""),
        ("h4rbour", ""),
    ],
)
def test_only_unknown_plain_words_are_exchanged_and_all_else_stays(typed, expected):
    found = respelt(parse(typed), Shelf("harbour", "ferry", "pier", "wind"))
    assert (unparse(found) if found else "") == expected


@given(st.text(max_size=80))
def test_whatever_was_typed_a_spelling_can_be_written_down(typed):
    class Everything(Shelf):
        def nearby(self, words):
            return ["harbour"]

        def finds(self, query):
            return True

    query = parse(typed)
    found = respelt(query, Everything())
    assert bool(found) == (0 < len(doubtful(query.root)) <= LONGEST)
    if found:
        assert "harbour" in unparse(found)


def test_a_word_that_rows_have_stays_whatever_is_near_it():
    assert unparse(respelt(parse("harbour fery"), Shelf("harbour", "harbours", "ferry"))) == "harbour ferry"


def test_the_nearest_word_wins_then_the_commonest():
    words = [("harbours", 9), ("harbour", 1), ("arbour", 99), ("harbor", 7)]
    assert nearest("harbuor", words, 2) == ["harbor", "harbour", "arbour", "harbours"]
    assert nearest("pear", [("peer", 1), ("bear", 5), ("year", 9)], 1) == ["year", "bear", "peer"]
    assert nearest("pear", [("pear", 1), ("peers", 1)], 1) == []


def test_a_word_that_was_cut_shorter_is_told_by_its_beginning():
    assert begun("generalisations", [("gener", 1), ("genus", 9), ("gen", 9), ("genetic", 9)], 1) == ["gener"]


def test_a_word_is_shown_as_a_text_writes_it():
    text = "Libraries, the Library. Librarians"
    assert real_word("libary", [text], lambda word: word.lower().startswith("librar")) == ("library", 1)
    assert real_word("libary", [text], lambda word: False) is None


# What a reader is told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("libary", "library"), ("librery", "library"), ("lbirary", "library"), ("ilbrary", "library")),
        *(("kibrary", "library"), ("ibrary", "library"), ("recieved", "received"), ("Zepelin", "zeppelin")),
        *(("teh", "the"), ("quite", ""), ("lib", ""), ("libraryx", "library")),
    ],
)
def test_a_slip_is_mended(typed, expected):
    make_article("At night", "<p>A zeppelin was received over the library.</p>", standfirst="")
    assert meant(typed) == expected


@pytest.mark.django_db
def test_what_is_meant_is_found_with_all_else_that_was_asked(ada):
    make_article("Old", "<p>The harbour library, by the ferry.</p>", published="2020-01-02T00:00Z")
    make_article("New", "<p>The harbour museum.</p>", published="2024-01-02T00:00Z")
    assert meant("harbour libary") == "harbour library"
    assert meant("harbour libary before:2021 -museum") == "harbour library before:2021 -museum"
    assert meant("museum libary") == ""
    assert meant("libary after:2023") == ""
    assert meant("title:libary") == ""
    assert search("harbour library", user=NOBODY).meant == ""


@pytest.mark.django_db
def test_it_is_a_word_of_a_row_and_not_its_stem(ada):
    article = make_article(
        "At night", "<p>Generalizations of happiness abounded in those libraries.</p>", standfirst=""
    )
    mark(article, ada, "happiness", note="Zeppelins!")
    assert meant("libaries") == "libraries"
    assert meant("hapiness") == "happiness"
    assert meant("generalisations") == "generalizations"
    assert meant("zepelins", ada) == "zeppelins"


@pytest.mark.django_db
def test_of_its_forms_the_one_nearest_to_what_was_typed_is_shown():
    make_article("Old", "<p>The library.</p>", standfirst="")
    make_article("New", "<p>Those libraries.</p>", standfirst="")
    assert (meant("libary"), meant("librareis")) == ("library", "libraries")
    make_article("Miss", "<p>She will miss it.</p>", standfirst="")
    assert meant("misspeltt") == ""


@pytest.mark.django_db
def test_nobody_is_told_words_of_another_reader_s_notes_shelf_or_drafts(ada, ben, cleo):
    article = make_article("At night", "<p>Nothing of note.</p>", standfirst="")
    mark(article, ben, "Nothing", note="Only xylophone holds the word")
    make_article("A marimba draft", "<p>x</p>", state="draft")
    make_article("A celesta withdrawn", "<p>x</p>", state="withdrawn")
    make_article("A glockenspiel of ben", "<p>x</p>", owner=ben)
    for typed in ("xylophon", "xylofone", "marimab", "celseta", "glockenspeil"):
        for user in (ada, cleo, NOBODY):
            page = search(typed, user=user)
            assert (page.meant, page.results) == ("", ())
    assert meant("xylofone", ben) == "xylophone"
    assert meant("glockenspeil", ben) == "glockenspiel"
    # The right word itself is unknown to her, and what is near to it is her own.
    make_article("Megaphone", "<p>A xylophane.</p>", owner=ada)
    assert meant("xylophone", ada) == "xylophane"


@pytest.mark.django_db
def test_a_deleted_note_offers_no_words(ada, article):
    made = mark(article, ada, "forty passengers", note="xylophone")
    assert meant("xylofone", ada) == "xylophone"
    services.delete(made)
    assert meant("xylofone", ada) == ""


@pytest.mark.django_db
def test_of_two_words_as_near_the_one_that_more_rows_have_is_meant():
    make_article("One", "<p>peer</p>", standfirst="")
    for number in range(3):
        make_article(f"More {number}", "<p>year</p>", standfirst="")
    assert meant("pear") == "year"


@only_sqlite
@pytest.mark.django_db
def test_looking_ends_when_time_is_up(monkeypatch):
    make_article("At night", "<p>the library</p>")
    monkeypatch.setattr(nearby, "PATIENCE", -1.0)
    assert meant("libary") == "library"  # begins as it was typed
    assert meant("ilbrary") == ""


@only_sqlite
@pytest.mark.django_db
def test_long_searches_of_unknown_words_are_not_spelt_anew(ada, article):
    mark(article, ada, "forty passengers", note="Count them")
    with CaptureQueriesContext(connection) as asked:
        assert meant(" ".join(f"pasengers{letter}x" for letter in "abcdefghijklmnopqrstuvwxyz")) == ""
    assert len(asked) < 30


def test_a_query_of_no_words_is_left_alone():
    assert respelt(Query(), Shelf("harbour")) is None


def test_a_long_question_is_not_spelt_anew():
    """All of its words hardly stand together; looking for each took half a second."""

    class Nobody:
        def has(self, words):
            raise AssertionError("asked")

    assert respelt(parse("which of the small harbours had a ferry before"), Nobody()) is None
