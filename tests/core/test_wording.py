"""What changed between two texts, word by word: properties first, then what a person should see."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.wording import ROOM, Piece, words

LETTERS = st.sampled_from(
    [
        *"ab c d.\n ,",
        "the ",
        "river ",
        "council ",
        "é",
        "e\u0301",
        "\u0301",
        "\u00a0",
        "”",
        "漢",
        "字",
        "🇫🇷",
        "👩‍🚀",
        "\r\n",
    ]
)
TEXTS = st.lists(LETTERS, max_size=60).map("".join)


def told(then: str, now: str) -> str:
    """The diff on one line: [-removed-] {+added+}."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[piece.kind].format(piece.text) for piece in words(then, now))


def joined(pieces: list[Piece], kind: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in ("same", kind))


def borders(text: str) -> set[int]:
    return {0, *(cluster.end() for cluster in regex.finditer(r"\X", text))}


@given(TEXTS, TEXTS)
def test_the_pieces_joined_are_the_two_texts(then: str, now: str) -> None:
    pieces = words(then, now)
    assert joined(pieces, "removed") == then
    assert joined(pieces, "added") == now
    assert all(piece.text for piece in pieces)


@given(TEXTS, TEXTS)
def test_no_piece_begins_or_ends_inside_a_grapheme(then: str, now: str) -> None:
    pieces = words(then, now)
    for text, kind in ((then, "removed"), (now, "added")):
        at, allowed = 0, borders(text)
        for piece in pieces:
            if piece.kind in ("same", kind):
                at += len(piece.text)
                assert at in allowed


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert words(text, text) == ([Piece("same", text)] if text else [])


def test_a_changed_word_is_changed_as_a_whole() -> None:
    assert told("a well-known place, he said", "a well-known palace, he said") == (
        "a well-known [-place-]{+palace+}, he said"
    )


def test_numbers_and_contractions_are_words() -> None:
    assert told("It cost 1,200.50 and they don't pay", "It cost 1,300.50 and they didn't pay") == (
        "It cost [-1,200.50-]{+1,300.50+} and they [-don't-]{+didn't+} pay"
    )


def test_an_added_word_brings_its_space() -> None:
    assert told("the fox jumps", "the quick fox jumps high") == "the {+quick +}fox jumps{+ high+}"
    assert told("the quick fox jumps high", "the fox jumps") == "the [-quick -]fox jumps[- high-]"


def test_a_short_word_between_two_changes_belongs_to_them() -> None:
    assert told("We met the cat in hats at noon", "We met the dog in boots at noon") == (
        "We met the [-cat in hats-]{+dog in boots+} at noon"
    )


def test_what_was_rewritten_is_removed_and_added_whole() -> None:
    then = "The mayor promised the council an answer by spring"
    now = "Nobody at all expects the new library to open soon"
    assert [piece.kind for piece in words(then, now)] == ["removed", "added"]


def test_a_few_common_words_do_not_make_one_text_of_two() -> None:
    then = "We walked along the river in the old town while children threw bread to swans"
    now = "A fire destroyed eleven houses in the old town before anybody could ring bells"
    assert [piece.kind for piece in words(then, now)] == ["removed", "added"]


def test_flags_and_families_are_changed_as_a_whole() -> None:
    assert told("under a flag 🇫🇷 they sail", "under a flag 🇫🇮 they sail") == "under a flag [-🇫🇷-]{+🇫🇮+} they sail"
    assert told("the crew 👩‍🚀 they said", "the crew 👩‍🔧 they said") == "the crew [-👩‍🚀-]{+👩‍🔧+} they said"


def test_scripts_without_spaces_change_by_the_letter() -> None:
    assert told("我们在港口等船等了一天", "我们在港口等车等了一天") == "我们在港口等[-船-]{+车+}等了一天"


def test_texts_too_long_for_words_are_compared_by_lines() -> None:
    lines = [f"Line {number} of a very long story." for number in range(ROOM // 20)]
    then = "\n".join(lines)
    now = then.replace("Line 7 of a very", "Line 7 of an even")
    assert words(then, now)[1:3] == [Piece("removed", lines[7]), Piece("added", "Line 7 of an even long story.")]
    assert joined(words(then, now), "added") == now
