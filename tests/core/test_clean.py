"""Untrusted HTML becomes canonical HTML: safe, stable, and with every word that was there to read."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings

from newsreader.core.canonical import canonical
from newsreader.core.clean import SIZE_LIMIT, TooDeep, TooLarge, clean, clean_note
from tests.core.strategies import article_html, hostile_html
from tests.core.strict import violations

REL = ' rel="nofollow noopener noreferrer"'


@settings(max_examples=60, deadline=None)
@given(hostile_html)
def test_whatever_comes_in_only_canonical_html_comes_out(html: str) -> None:
    assert violations(clean(html)) == []


@settings(max_examples=60, deadline=None)
@given(hostile_html)
def test_cleaning_again_changes_nothing(html: str) -> None:
    assert clean(clean(html)) == clean(html)


@settings(max_examples=60, deadline=None)
@given(article_html)
def test_cleaning_a_believable_article_again_changes_nothing(html: str) -> None:
    once = clean(html)
    assert violations(once) == []
    assert clean(once) == once


@settings(max_examples=60, deadline=None)
@given(article_html)
def test_an_articles_words_survive(html: str) -> None:
    words = [word for word in ("Mali", "naïve", "👩🏽‍🚀", "שלום", "AT&amp;T", "10\u00a0%") if word in html]
    assert [word for word in words if word not in clean(html)] == []


@settings(max_examples=60, deadline=None)
@given(hostile_html)
def test_a_notes_html_has_no_ids_tables_or_languages(html: str) -> None:
    cleaned = clean_note(html)
    assert violations(cleaned) == []
    assert not re.search("<[^>]* (id|lang|dir)=|<table|<figure", cleaned)
    assert clean_note(cleaned) == cleaned


SHAPES = [
    ("", ""),
    (" \n\t ", ""),
    ("plain", "<p>plain</p>"),
    ("<h1>Head</h1>text", "<h2>Head</h2>\n<p>text</p>"),
    ("<div><section><p>a</p></section>b</div>", "<p>a</p>\n<p>b</p>"),
    ("<div>a</div><div>b</div>", "<p>a</p>\n<p>b</p>"),
    ("<p>a<p>b", "<p>a</p>\n<p>b</p>"),
    ("<p></p><p> </p><p>&nbsp;</p><b></b><p>a<i> </i></p>", "<p>a</p>"),
    ("<p>  a \n\t b  </p>", "<p>a b</p>"),
    ("<p>10&nbsp;%</p>", "<p>10\u00a0%</p>"),
    ("<p>a <br> b<br></p>", "<p>a<br>\nb</p>"),
    ("<p>a<b><br></b>b</p>", "<p>a<br>\nb</p>"),
    ("<p>a <b> b</b> <i>c </i> d</p>", "<p>a <b>b</b> <i>c </i>d</p>"),
    ("<pre>\n\n  x\n\ty \n</pre>", "<pre>  x\n\ty</pre>"),
    ("<pre>a<br>b<div>c</div></pre>", "<pre>a\nb\nc</pre>"),
    ("<b>a<p>b</p>c</b>", "<p><b>a</b></p>\n<p><b>b</b></p>\n<p><b>c</b></p>"),
    ("<h2>a<div>b</div></h2>", "<h2>a<br>\nb</h2>"),
    ("<p>a<mark>b</mark><font color=red>c</font></p>", "<p>abc</p>"),
    ("<p>a<img src=x alt=y>b</p>", "<p>ab</p>"),
    ("<figure><img src=x><figcaption>c</figcaption></figure>", "<figure><figcaption>c</figcaption></figure>"),
    ("<figure><img src=x><p>a</p></figure>", "<p>a</p>"),
    ("<figcaption>c</figcaption>", "<p>c</p>"),
    ("<li>a<li>b", "<ul><li>a</li>\n<li>b</li></ul>"),
    ("<ul><li><p>a</p></li></ul>", "<ul><li>a</li></ul>"),
    ("<ul><li>a<ul><li>b</ul></ul>", "<ul><li><p>a</p>\n<ul><li>b</li></ul></li></ul>"),
    ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li><p>a</p>\n<ul><li>b</li></ul></li></ul>"),
    ("<ul>a<li>b</ul>", "<ul><li>a</li>\n<li>b</li></ul>"),
    ("<dt>a<dd>b", "<dl><dt>a</dt>\n<dd>b</dd></dl>"),
    ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "<dl><dt>a</dt>\n<dd>b</dd></dl>"),
    ("<blockquote>a<p>b</blockquote>", "<blockquote><p>a</p>\n<p>b</p></blockquote>"),
    (
        "<table>x<tr><td>a<th scope=row>b",
        '<p>x</p>\n<table><tbody><tr><td>a</td>\n<th scope="row">b</th></tr></tbody></table>',
    ),
    ("<table><caption>c</caption><tr><td></table>", "<p>c</p>"),
    ("<td colspan=2>a</td>", "<p>a</p>"),
    ("<table><tr><td colspan=2 rowspan=0>a</table>", '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>'),
    ("<ol start=3 type=a reversed><li>a</ol>", '<ol start="3" reversed=""><li>a</li></ol>'),
    ("<ruby>漢<rt>kan</rt></ruby>", "<p><ruby>漢<rt>kan</rt></ruby></p>"),
    ("<div lang=ar dir=RTL><p>a</p></div>", '<p lang="ar" dir="rtl">a</p>'),
    ("<div dir=rtl><div lang=ar>a</div></div>", '<p lang="ar" dir="rtl">a</p>'),
    ('<p lang="x y" dir=up>a</p>', "<p>a</p>"),
    ("<abbr title=' a  b '>c</abbr>", '<p><abbr title="a b">c</abbr></p>'),
    (
        "<q cite='http://x'>a</q><time datetime='2024-01-01' class=x>b</time>",
        '<p><q>a</q><time datetime="2024-01-01">b</time></p>',
    ),
    ("<p>a\x00\x07\ud800&#1;&#0;b</p>", "<p>ab</p>".replace("ab", "a\ufffdb")),
    ("<p>e\u0301 &lt;b&gt; &amp;amp; 1 < 2</p>", "<p>e\u0301 &lt;b&gt; &amp;amp; 1 &lt; 2</p>"),
    ("&<x>lt;b>", "<p>&amp;lt;b&gt;</p>"),
]


@pytest.mark.parametrize(("html", "canonical"), SHAPES)
def test_every_shape_has_one_form(html: str, canonical: str) -> None:
    assert clean(html) == canonical


DROPPED = [
    "<script>x</script>", "<style>x</style>", "<template>x</template>", "<noscript><p>x</noscript>", "<!-- x -->",
    "<svg><text>x</text></svg>", "<svg><style><img src=x onerror=x></style></svg>", "<iframe>x</iframe>",
    "<textarea>x</textarea>", "<select><option>x</select>", "<title>x</title>", "<video>x</video>",
    "<script>x", "<p title='x", "<![CDATA[x]]>", "<svg><![CDATA[x]]></svg>",
    "<math><annotation encoding='text/html'>x</annotation></math>",
]  # fmt: skip


@pytest.mark.parametrize("html", DROPPED)
def test_what_is_no_part_of_an_articles_words_goes_with_its_contents(html: str) -> None:
    assert clean(f"<p>a</p>{html}") == "<p>a</p>"


LINKS = [
    ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&amp;c=2"),
    ("HTTP://example.org", "http://example.org"),
    ("https://example.org/a b", "https://example.org/a%20b"),
    *(
        (href, "")
        for href in ("javascript:1", "data:1", "file:1", " java\tscript:1", "&#106;avascript:1", "vbscript:1")
    ),
    *(
        (href, "")
        for href in ("/a", "a", "//example.org/a", "?a", "#", "#gone", "http:", "http://[x", "https:/a", "", "x:y")
    ),
    *((href, "") for href in ("javascript://example.org/%0a1", "ftp://example.org", "mailto:", "http://a:b:c")),
]


@pytest.mark.parametrize(("href", "kept"), LINKS)
def test_a_link_leads_to_a_good_address_or_is_unwrapped(href: str, kept: str) -> None:
    assert clean(f'<a href="{href}">a</a>') == (f'<p><a href="{kept}"{REL}>a</a></p>' if kept else "<p>a</p>")


def test_a_link_to_a_letter_box_needs_no_rel() -> None:
    assert clean('<a href="mailto:ada@example.org">a</a>') == '<p><a href="mailto:ada@example.org">a</a></p>'


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("/a", "https://example.org/a"),
        ("b", "https://example.org/news/b"),
        ("//example.com/a", "https://example.com/a"),
        ("javascript:1", ""),
        ("http://[x", ""),
    ],
)
def test_a_relative_link_is_resolved_against_where_the_page_came_from(href: str, kept: str) -> None:
    cleaned = clean(f'<a href="{href}">a</a>', base_url="https://example.org/news/a")
    assert cleaned == (f'<p><a href="{kept}"{REL}>a</a></p>' if kept else "<p>a</p>")


def test_a_link_to_the_page_itself_stays_in_the_page() -> None:
    html = '<a href="https://example.org/a#n">1</a><ol><li id=n>note</ol>'
    assert clean(html, base_url="https://example.org/a").startswith('<p><a href="#fn-1">1</a></p>')


def test_footnotes_get_ids_anew_in_order_and_keep_both_links() -> None:
    text = 'x<sup id="fnref:1"><a href="#fn:1">1</a></sup><p id="unused">y</p>'
    notes = '<ol><li id="fn:1">n <a href="#fnref:1">↩</a></li></ol>'
    assert clean(text + notes) == (
        '<p>x<sup id="fn-1"><a href="#fn-2">1</a></sup></p>\n<p>y</p>\n'
        '<ol><li id="fn-2">n <a href="#fn-1">↩</a></li></ol>'
    )


@pytest.mark.parametrize(
    "target",
    [
        "<a id=n></a>",
        "<a name=n></a>",
        "<p id=n></p>",
        "<div id=n>",
        "<h1 id=n>a</h1>",
        "<ul id=n><li>a</ul>",
        "<hr><b id=n> </b>",
        "<b id=n>a<p>b</p></b>",
    ],
)
def test_a_footnotes_target_that_goes_leaves_its_id_to_what_comes_next(target: str) -> None:
    cleaned = clean(f"<a href=#n>1</a>{target}<p>text</p>")
    assert '<a href="#fn-1">1</a>' in cleaned
    assert cleaned.count(' id="fn-1"') == 1
    assert violations(cleaned) == []


@pytest.mark.parametrize("name", ["h-1", "n-1", "b-0", "fn-7", "a b", 'x"y'])
def test_no_id_is_kept_as_it_was(name: str) -> None:
    escaped = name.replace('"', "&quot;")
    cleaned = clean(f'<a href="#{escaped}">1</a><ul><li id="{escaped}">a</ul>')
    assert cleaned == '<p><a href="#fn-1">1</a></p>\n<ul><li id="fn-1">a</li></ul>'


def test_too_many_bytes_are_refused_before_anything_is_parsed() -> None:
    with pytest.raises(TooLarge, match="larger than 5 MB"):
        clean("é" * (SIZE_LIMIT // 2 + 1))


@pytest.mark.parametrize("unit", ["<ul><li>", "<blockquote>", "<table><tr><td>"])
def test_lists_tables_and_quotations_without_end_are_refused(unit: str) -> None:
    with pytest.raises(TooDeep, match="nested more than 50 deep"):
        clean(unit * 1000 + "x")


@pytest.mark.parametrize(
    "unit", ["<p>x", "<br>x", "<b>x</b>", "&amp;", "<a href=http://e.x>", "<b>", "<b><i><a href=x>"]
)
def test_more_tags_than_can_be_cleaned_in_reasonable_time_are_refused(unit: str) -> None:
    with pytest.raises(TooLarge, match="too many tags"):
        clean(unit * 50_000)


@pytest.mark.parametrize("unit", ["<div>", "<b>", "<b><i><a href=x>", "<font><span>", "<div><b></div>"])
def test_deep_divisions_and_formatting_are_flattened_and_their_words_kept(unit: str) -> None:
    assert "words" in clean(unit * 2000 + "words")


def test_links_that_are_never_closed_all_remain() -> None:
    assert clean("<a href=https://example.org/>a " * 60).count("<a ") == 60


def test_of_a_link_in_a_link_the_inner_one_remains() -> None:
    nested = '<a href="https://example.org/1">a<a href="https://example.org/2">b</a></a>'
    one, two = (f'<a href="https://example.org/{number}"{REL}>' for number in (1, 2))
    assert canonical(nested) == f"<p>{one}a</a>{two}b</a></p>"


def test_no_element_is_looked_up_among_its_parents_children() -> None:
    """bleach's own walker does, which makes four times as many lists take ten times as long: see clean.py."""
    looked_up = 0

    def watch(frame: object, event: str, called: object) -> None:
        nonlocal looked_up
        looked_up += event == "c_call" and getattr(called, "__name__", "") == "index"

    sys.setprofile(watch)
    try:
        clean("<ul><li>x</ul>" * 100)
    finally:
        sys.setprofile(None)
    assert looked_up < 10


def test_threads_do_not_disturb_each_other() -> None:
    pages = [f"<p>{'<b>x</b> ' * number}<a href=https://e.x/{number}>{number}</a></p>" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(clean, pages)) == [clean(page) for page in pages]
