"""Words that signs make others of: C++ is not C, and .NET not a net."""

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.asked import Words
from newsreader.core.query import parse
from newsreader.search.service import search
from newsreader.search.signs import signed, with_signs
from newsreader.search.snippets import CLOSE, OPEN
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


@pytest.fixture
def shelf(ada):
    for title, text in (
        ("Plus", "Written in C++, of course."),
        ("Sharp", "Written in C#."),
        ("Plain", "Written in C, by the net. A vitamin: C."),
        ("Dotted", "It runs on .NET and ASP.NET."),
        ("Tagged", "See #ferry for the ferry."),
        ("Ferry", "See the ferry."),
    ):
        make_article(title, f"<p>{text}</p>", standfirst="")


def titles(words, user=NOBODY):
    """Of the articles that have all the words."""
    page = search(words, user=user, kind="articles")
    return sorted(result.title for result in page.whole)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("C++", ["Plus"]),
        ("c++", ["Plus"]),
        ("C#", ["Sharp"]),
        ("what C#?", []),
        ("written C#?", ["Sharp"]),
        (".NET", ["Dotted"]),
        ("#ferry", ["Tagged"]),
        ("ferry", ["Ferry", "Tagged"]),
        ('"C++"', ["Plain", "Plus", "Sharp"]),
        ("written -C++", ["Plain", "Sharp"]),
        ("written (C++ OR C#)", ["Plus", "Sharp"]),
        ("C++ OR .NET", ["Dotted", "Plus"]),
        ("text:C++", ["Plus"]),
        ("title:C++", []),
        ("C++ lang:en", ["Plus"]),
    ],
)
def test_a_word_with_signs_is_found_with_them(shelf, typed, expected):
    assert titles(typed) == expected


def test_in_passages_and_notes_too(shelf, ada):
    article = make_article("About C++", "<p>Written in C++, of course.</p>", standfirst="")
    made = mark(article, ada, "Written in C++", note="#later")
    mark(article, ada, "of course", note="later, C")
    for typed, kind in (("C++", "passages"), ("quote:C++", "passages"), ("#later", "notes"), ("note:#later", "notes")):
        (found,) = search(typed, user=ada, kind=kind).results
        assert found.highlight == made
    assert len(search("title:C++", user=ada, kind="passages").results) == 2
    assert titles("note:#later", ada) == ["About C++"]


def test_the_words_are_marked_and_the_reader_is_told(shelf):
    page = search("C++", user=NOBODY)
    assert "with its signs" in page.hints[0]
    assert [piece.text for piece in page.results[0].snippet if piece.is_hit] == ["C++"]


def test_marks_take_the_signs_along_and_leave_the_word_alone_unmarked():
    def hit(text):
        return f"{OPEN}{text}{CLOSE}"

    text = f"{hit('C')}++, {hit('c')}, {hit('C')}# and .{hit('NET')}, the {hit('net')} {hit('shelf')}"
    assert with_signs(text, ()) == text
    assert with_signs(text, ("C++", ".NET")) == f"{hit('C++')}, c, C# and {hit('.NET')}, the net {hit('shelf')}"


@given(st.text(), st.text(min_size=1))
def test_marks_with_signs_change_no_text(text, word):
    words = [leaf for leaf in parse(f"{word}+ #{word} .{word}").leaves() if isinstance(leaf, Words)]
    marked = text.replace(word, f"{OPEN}{word}{CLOSE}")
    shown = with_signs(marked, signed(words))
    assert shown.replace(OPEN, "").replace(CLOSE, "") == marked.replace(OPEN, "").replace(CLOSE, "")
    assert shown.count(OPEN) == shown.count(CLOSE)
