"""Canonical HTML as Markdown: read back it is the same HTML, and it is Markdown that one can work with."""

import pytest
from hypothesis import example, given

from newsreader.core.clean import TooDeep, TooLarge, clean
from newsreader.core.prose import render_document
from newsreader.intake.as_markdown import LONGEST, as_markdown
from tests.core.strategies import article_html, hostile_html


def cleaned(html):
    try:
        return clean(html)
    except (TooDeep, TooLarge):
        return ""


@given(article_html)
@example("<p>a<br>- b<br>1. c<br># d<br>&gt; e<br>===<br>: f<br>~~~<br>| g |</p>")
@example(
    "<p>wow!<a href='https://x.example/(a)?a=1&amp;copy=2'>a [link]</a>[1](x) [^1]</p><p>&amp;copy; &lt;b> _x_ *</p>"
)
@example("<ul><li>a<ul><li>b<ol start=3><li>c<li>d</ol></ul><li><p>x</p><p>y</p></ul>")
@example("<p>x<sup id=a><a href='#b'>1</a></sup></p><ol><li id=b>note <a href='#a'>back</a></li></ol>")
@example("<pre><code>a\n\n```\n  b</code></pre><h2>C#</h2><p lang=de>Hallo</p><hr><p>2024. A year</p>")
def test_what_is_said_in_markdown_reads_back_as_the_same(html):
    canonical = cleaned(html)
    said = as_markdown(canonical)
    assert said is None or render_document(said) == canonical


@given(hostile_html)
def test_what_a_stranger_sends_is_said_or_not_and_never_otherwise(html):
    canonical = cleaned(html)
    said = as_markdown(canonical)
    assert said is None or render_document(said) == canonical


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>Head</h2><p>One.<br>Two.</p>", "## Head\n\nOne.  \nTwo.\n"),
        (
            "<p>An <em>old <strong>piano</strong> tune</em> &amp; <code>x_1</code>.</p>",
            "An *old **piano** tune* & `x_1`.\n",
        ),
        ("<p><a href='https://a.example/?x=1&amp;y=2'>here</a></p>", "[here](https://a.example/?x=1&y=2)\n"),
        ("<ul><li>Rope<li>Oil</ul><ol start=3><li>c<li>d</ol>", "- Rope\n- Oil\n\n3. c\n4. d\n"),
        ("<blockquote><p>One.</p><p>Two.</p></blockquote>", "> One.\n>\n> Two.\n"),
        ("<pre><code>x = 1</code></pre><hr>", "```\nx = 1\n```\n\n* * *\n"),
        ("<dl><dt>Ferry<dd>A boat</dl>", "Ferry\n:   A boat\n"),
        (
            "<table><thead><tr><th>Port<th>Hour</thead><tbody><tr><td>A | B<td>six</tbody></table>",
            "| Port | Hour |\n| --- | --- |\n| A \\| B | six |\n",
        ),
    ],
)
def test_it_is_said_with_the_signs_of_markdown(html, markdown):
    assert as_markdown(clean(html)) == markdown


def test_words_of_a_newspaper_keep_their_signs_plain():
    text = "AT&T said on 5 May [sic] that snake_case costs < 10 % – “really” (it’s 3 > 2)! See https://a.example/b_c."
    assert as_markdown(clean(f"<p>{text.replace('&', '&amp;').replace('< ', '&lt; ')}</p>")) == f"{text}\n"


def test_what_markdown_has_no_signs_for_stands_in_it_as_html():
    html = clean('<p lang="de">Hallo</p><p>H<sub>2</sub>O</p><figure><figcaption>A piano</figcaption></figure>')
    assert as_markdown(html).split("\n\n")[0] == '<p lang="de">Hallo</p>'
    assert "H<sub>2</sub>O" in as_markdown(html)


def test_a_text_beyond_the_limit_is_not_tried():
    assert as_markdown(f"<p>{'x' * LONGEST}</p>") is None
