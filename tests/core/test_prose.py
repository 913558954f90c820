"""Notes and documents in Markdown, and plain paragraphs, become canonical HTML; what would be slow is refused."""

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsreader.core.clean import TooDeep, clean
from newsreader.core.prose import LONGEST_NOTE, Unreadable, from_plain, render_document, render_note
from tests.core.strategies import hostile_html
from tests.core.strict import violations
from tests.counting import calls_of

REL = ' rel="nofollow noopener noreferrer"'
NOTES = [
    ("", ""),
    ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
    ("one\ntwo", "<p>one<br>\ntwo</p>"),
    ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
    ("see:\n- a\n- b", "<p>see:</p>\n<ul><li>a</li>\n<li>b</li></ul>"),
    ("see:\n1. a\n2. b", "<p>see:</p>\n<ol><li>a</li>\n<li>b</li></ol>"),
    ("```\na <b>\n- c\n```", "<pre><code>a &lt;b&gt;\n- c</code></pre>"),
    ("> a", "<blockquote>a</blockquote>"),
    ("# a", "<h2>a</h2>"),
    ("<b>a</b> & 1 < 2", "<p>&lt;b&gt;a&lt;/b&gt; &amp; 1 &lt; 2</p>"),
    ("<div>\n*a*\n</div>", "<p>&lt;div&gt;<br>\n<em>a</em><br>\n&lt;/div&gt;</p>"),
    ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ("[a](https://example.org/)", f'<p><a href="https://example.org/"{REL}>a</a></p>'),
    ("<https://example.org/>", f'<p><a href="https://example.org/"{REL}>https://example.org/</a></p>'),
    ("[a](javascript:1) [b](data:1) [c](/d) [e](#b-0)", "<p>a b c e</p>"),
    ("[a][b]\n\n[b]: javascript:1", "<p>[a][b]</p>\n<p>[b]: javascript:1</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("note", "html"), NOTES)
def test_a_note_shows_what_was_typed(note: str, html: str) -> None:
    assert render_note(note) == html


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        hostile_html,
        st.lists(st.sampled_from("[]()<>*_`#-+.1:\\!&\n x"), max_size=80).map("".join),
    )
)
def test_any_note_is_rendered_safely_or_refused_with_a_reason(note: str) -> None:
    try:
        html = render_note(note)
    except Unreadable as refusal:
        html, reason = "", str(refusal)
    else:
        reason = "Rendered."
    assert reason.endswith(".")
    assert violations(html) == []
    assert "id" not in re.findall(r"<[a-z0-9]+ ([a-z]+)=", html)


def test_a_long_plain_note_is_rendered() -> None:
    note = "\n\n".join(["A thought about *this* [passage](https://example.org/) and its source. " * 5] * 16)
    assert render_note(note).count("<p>") == 16


def test_a_note_that_is_too_long_is_refused() -> None:
    with pytest.raises(Unreadable, match="longer than 10,000 characters"):
        render_note("a" * (LONGEST_NOTE + 1))


SIGNS = [
    *("[", "![", "[a](", "`", "`[`", "*a", "_*", "**", "> ", "- ", "1. ", "\n- ", "---\n", "=\n", "a\n=\n", "a\n"),
    *("a\n\n", "<a@b>", "<", "&", "\\", "\n", " ", "[a]: b\n", "~~~\n"),
]


def rendered(note: str) -> None:
    with suppress(Unreadable):
        render_note(note)


@pytest.mark.parametrize("filler", ["", "x", " "])
@pytest.mark.parametrize("sign", SIGNS)
def test_ten_thousand_hostile_characters_are_rendered_in_time_or_refused(sign: str, filler: str) -> None:
    """The promise is 100 ms, which are more calls than these; without the check many of these take millions."""
    amounts = [10_000 // len(sign)] if not filler else [25, 300]
    for amount in amounts:
        note = (sign * amount).ljust(10_000, filler or "x")[:10_000]
        assert calls_of(lambda note=note: rendered(note)) < 500_000


@pytest.mark.parametrize(
    "note", ["> " * 300 + "a", "- " * 300 + "a", "\n".join(f"{'    ' * depth}- a" for depth in range(60))]
)
def test_deep_nesting_is_refused(note: str) -> None:
    with pytest.raises(Unreadable, match="nested too deep"):
        render_note(note)


def test_a_document_has_tables_footnotes_definitions_and_code() -> None:
    html = render_document("# T\n\nx[^1]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nt\n: d\n\n```\nc\n```\n\n[^1]: Note")
    assert violations(html) == []
    for part in (
        "<h2>T</h2>",
        "<th>a</th>",
        "<dt>t</dt>",
        "<pre><code>c</code></pre>",
        '<a href="#fn-2">1</a>',
        '<li id="fn-2">',
    ):
        assert part in html


def test_a_document_is_cleaned_after_it_was_rendered() -> None:
    html = render_document("<p onclick=x>a</p>\n\n<script>alert(1)</script>\n\n[b](javascript:1)")
    assert html == "<p>a</p>\n<p>b</p>"


def test_a_document_nested_without_end_is_refused() -> None:
    with pytest.raises(TooDeep, match="nested"):
        render_document("> " * 400 + "a")


def test_plain_paragraphs_keep_every_character_and_their_lines() -> None:
    assert from_plain(["a < b & c", "", " x\ny "]) == "<p>a &lt; b &amp; c</p>\n<p>x<br>\ny</p>"
    assert from_plain([]) == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_plain_paragraphs_are_canonical_at_once(paragraphs: list[str]) -> None:
    html = from_plain(paragraphs)
    assert violations(html) == []
    assert clean(html) == html
