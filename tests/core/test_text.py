"""The text is what a browser says it is, and every run knows its place in the HTML."""

from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.text import Block, Run, layout, minutes, text_of, words

PIECES = (
    *("<p>", "</p>", "<em>", "</em>", '<a href="x>y">', "</a>", "<ul>", "</ul>", "<li>", "</li>", "<br>", "<hr>"),
    *(
        "<pre>",
        "</pre>",
        "\n",
        " ",
        "\u00a0",
        "a",
        "b c",
        "é",
        "\U0001f469",
        "&amp;",
        "&lt;",
        "&#65;",
        "&NotEqualTilde;",
    ),
    *("&nosuchname;", "&", "&#x110000;", "<", ">", '"'),
)


def soup() -> st.SearchStrategy[str]:
    """Tags and words in any order: more than canonical HTML ever holds."""
    return st.lists(st.integers(0, len(PIECES) - 1), max_size=40).map(
        lambda numbers: "".join(PIECES[number] for number in numbers)
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>one</p>\n<p>two</p>", "one\ntwo"),
        ("<p>a<br>\nb</p>", "a\nb"),
        ("<p>AT&amp;T &lt;b&gt; &quot;</p>", 'AT&T <b> "'),
        ("<p>&amp;lt; stays</p>", "&lt; stays"),
        ("<p>a\u00a0b &#160;&#x1F600;</p>", "a\u00a0b \u00a0\U0001f600"),
        ('<p title="a>b">c</p>', "c"),
        ('<p><a href="/?a=1&amp;b=<p>">c</a></p>', "c"),
        ("<pre>\nfirst\n\n second</pre>", "first\n\n second"),
        ("<pre>\n\nblank first</pre>", "\nblank first"),
        ('<pre dir="rtl">\nfirst</pre>\n<p>x</p>', "first\nx"),
        ("<pre><code>\nkept</code></pre>", "\nkept"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<hr>", "\na\nb\n\n"),
    ],
)
def test_the_text_is_what_a_browser_calls_text_content(html: str, text: str) -> None:
    assert text_of(html) == text
    assert layout(html).text == text


@given(soup())
def test_both_ways_to_the_text_agree_on_anything(html: str) -> None:
    assert layout(html).text == text_of(html)


@given(soup())
def test_each_run_is_its_words_in_text_and_html(html: str) -> None:
    laid = layout(html)
    for run in laid.runs:
        assert unescape(html[run.html_start : run.html_end]) == laid.text[run.start : run.end]
        block = laid.blocks[run.block]
        assert block.start <= run.start < run.end <= block.end
        assert block.html_start < run.html_start < run.html_end <= block.html_end


@given(soup())
def test_every_offset_in_a_run_has_its_place_in_the_html(html: str) -> None:
    laid = layout(html)
    for number, run in enumerate(laid.runs):
        places = [laid.html_at(number, offset) for offset in range(run.start, run.end + 1)]
        assert (places[0], places[-1]) == (run.html_start, run.html_end)
        assert places == sorted(places)
        assert unescape("".join(html[a:b] for a, b in pairwise(places))) == unescape(
            html[run.html_start : run.html_end]
        )
        for start, end in pairwise(places):
            assert "&" not in html[start + 1 : end], "a place lies within an entity"


@given(soup())
def test_runs_and_blocks_come_in_order_and_never_overlap(html: str) -> None:
    laid = layout(html)
    for parts in (laid.runs, laid.blocks):
        for before, after in pairwise(parts):
            assert before.end <= after.start
            assert before.html_end <= after.html_start


def test_a_layout_tells_blocks_runs_and_their_places() -> None:
    laid = layout("<p>a <em>b</em></p>\n<hr>\n<p>&amp;</p>")
    assert laid.blocks == (
        Block(0, 3, 0, 19, "p"),
        Block(4, 4, 20, 24, "hr"),
        Block(5, 6, 25, 37, "p"),
    )
    assert laid.runs == (Run(0, 2, 3, 5, 0), Run(2, 3, 9, 10, 0), Run(5, 6, 28, 33, 2))


def test_white_space_between_elements_is_text_but_in_no_run() -> None:
    laid = layout("<ul>\n<li>a\n<p>b</p>\n</li>\n</ul>\n<table><tr><td>c<br>\nd</td>\n<td> </td></tr></table>")
    assert [laid.text[run.start : run.end] for run in laid.runs] == ["a", "b", "c", "d"]


def test_white_space_between_words_and_in_code_is_in_a_run() -> None:
    laid = layout("<p><em>a</em> <em>b</em>\u00a0</p>\n<pre> \n</pre>")
    assert [laid.text[run.start : run.end] for run in laid.runs] == ["a", " ", "b", "\u00a0", " \n"]


def test_words_where_no_words_belong_are_in_no_run() -> None:
    assert layout("<ul>loose<li>a</li></ul>stray").runs == (Run(5, 6, 13, 14, 0),)


def test_a_layout_is_made_once_for_the_same_html() -> None:
    assert layout("<p>once</p>") is layout("<p>" + "once</p>")


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("", "", 0),
        (" \n—…“”", "en", 0),
        ("Don’t re-elect him, it's 3.5 %", "en", 6),
        ("naïve e\u0301te\u0301", "fr", 2),
        ("हिन्दी में", "hi", 2),
        ("漢字かなカナー", "ja", 7),
        ("読む Django を", "", 4),
        ("안녕하세요 여러분", "ko", 2),
        ("大韓民國의 國會", "ko-KR", 2),
        ("大韓", "", 2),
    ],
)
def test_words_are_counted_as_a_reader_of_that_script_would(text: str, language: str, count: int) -> None:
    assert words(text, language) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("word " * 230, 1),
        ("word " * 231, 2),
        ("字" * 400, 1),
        ("字" * 401, 2),
        ("字" * 200 + "word " * 115, 1),
        ("字" * 200 + "word " * 116, 2),
    ],
)
def test_reading_time_is_rounded_up_and_never_nothing(text: str, expected: int) -> None:
    assert minutes(text, "") == expected
