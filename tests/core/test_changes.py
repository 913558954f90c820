"""What changed between two revisions, block by block: properties first, then what a person should see."""

from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.changes import blocks
from newsreader.core.clean import clean
from newsreader.core.text import text_of
from newsreader.core.wording import Piece
from tests.core.test_wording import TEXTS, joined
from tests.counting import calls_of


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
    def work(size: int) -> int:
        line = " ".join(f"w{n % 97}" for n in range(80))
        then = "\n".join(f"<p>{n} {line} {n * 7}</p>" for n in range(size))
        now = then.replace(" w5 ", " w6 ")
        assert len(blocks(then, now)) == size
        return calls_of(lambda: blocks(then, now))

    assert work(400) < 6 * work(80)


def test_a_paragraph_of_a_million_letters_is_told_from_end_to_equal_end() -> None:
    line = "the river rose again " * 17_000
    then = f"<p>{line}in spring {line}in spring {line}.</p>"
    changes = blocks(then, then.replace("spring", "autumn"))
    assert [piece.kind for piece in changes[0].pieces] == ["same", "removed", "added", "same"]
    assert changes[0].pieces[1].text == f" spring {line}in spring"
