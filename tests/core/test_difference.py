"""What changed, word by word and block by block: properties first, then what a person should see."""

import time

import regex
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.clean import clean
from newsreader.core.difference import Piece, blocks, words
from newsreader.core.text import text_of

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


def test_paragraphs_are_paired_and_long_unchanged_stretches_are_folded() -> None:
    same = [f"<p>Paragraph number {number} stays as it is.</p>" for number in range(14)]
    then = "\n".join([*same, "<h2>Budget</h2>", "<p>The mayor promised an answer by spring.</p>", *same[:1]])
    now = "\n".join([*same, "<h2>Budget</h2>", "<p>The mayor promised an answer by autumn.</p>", *same[:1]])
    changes = blocks(then, now)
    assert [(change.kind, change.tag, change.count) for change in changes] == [
        ("folded", "p", 14),
        ("same", "h2", 1),
        ("changed", "p", 1),
        ("same", "p", 1),
    ]
    assert changes[2].pieces[1:3] == (Piece("removed", "spring"), Piece("added", "autumn"))


PARAGRAPHS = st.lists(TEXTS.map(lambda text: " ".join(text.split()) or "x"), min_size=1, max_size=6)


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_block_of_both_revisions_is_told_or_counted(then: list[str], now: list[str]) -> None:
    old, new = ("\n".join(f"<p>{text}</p>" for text in texts) for texts in (then, now))
    changes = blocks(old, new)
    both = sum(change.count for change in changes if change.kind in ("same", "styled", "changed", "folded"))
    assert both + sum(change.kind == "removed" for change in changes) == len(then)
    assert both + sum(change.kind == "added" for change in changes) == len(now)
    for change in changes:
        if change.kind != "folded":
            for span, text, kind in ((change.then, text_of(old), "removed"), (change.now, text_of(new), "added")):
                assert joined(list(change.pieces), kind) == (text[span.start : span.end] if span else "")


def test_items_rows_and_quotations_are_blocks_of_their_own() -> None:
    then = clean("<ul><li>One</li><li>Two<ol><li>Deep</li></ol></li></ul><table><tr><td>A</td><td>1</td></tr></table>")
    now = clean(
        "<ul><li>One</li><li>Three<ol><li>Deep</li></ol></li></ul><table><tr><td>A</td><td>2</td></tr></table><hr>"
        "<blockquote><p>So it is.</p></blockquote><pre>a\nb</pre>"
    )
    told_of = [(change.kind, change.tag, change.within, change.pieces) for change in blocks(then, now)]
    assert told_of[1][:3] == ("changed", "p", ("ul", "li"))
    assert told_of[2][:3] == ("same", "li", ("ul", "li", "ol"))
    assert ("changed", "tr") in [row[:2] for row in told_of]
    assert ("added", "hr", (), ()) in told_of
    assert ("added", "blockquote", (), (Piece("added", "So it is."),)) in told_of
    assert ("added", "pre", (), (Piece("added", "a\nb"),)) in told_of


def test_other_formatting_of_the_same_words_is_told_as_such() -> None:
    kinds = [change.kind for change in blocks("<p>So <em>it</em> is.</p>", "<p>So it is.</p>")]
    assert kinds == ["styled"]
    assert [change.kind for change in blocks("<p>Harbours</p>", "<h2>Harbours</h2>")] == ["styled"]


def test_a_footnote_that_was_only_numbered_anew_is_the_same() -> None:
    then = '<p>A claim.<a href="#fn-1">1</a></p>'
    assert [change.kind for change in blocks(then, then.replace("fn-1", "fn-2"))] == ["same"]


def test_a_book_of_changed_paragraphs_is_compared_in_linear_time() -> None:
    def taken(size: int) -> float:
        line = " ".join(f"w{n % 97}" for n in range(80))
        then = "\n".join(f"<p>{n} {line} {n * 7}</p>" for n in range(size))
        start = time.process_time()
        changes = blocks(then, then.replace(" w5 ", " w6 "))
        assert len(changes) == size
        return time.process_time() - start

    taken(10)
    assert taken(2_000) < 12 * taken(500) + 0.5


def test_a_paragraph_of_a_million_letters_is_told_from_end_to_equal_end() -> None:
    line = "the river rose again " * 17_000
    then = f"<p>{line}in spring {line}in spring {line}.</p>"
    changes = blocks(then, then.replace("spring", "autumn"))
    assert [piece.kind for piece in changes[0].pieces] == ["same", "removed", "added", "same"]
    assert changes[0].pieces[1].text == f" spring {line}in spring"
