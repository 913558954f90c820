"""A page of the web becomes a document: its words, and the elements that they stand in."""

import pytest

from newsreader.core.text import text_of
from newsreader.intake.extraction import extract
from newsreader.intake.shape import Refused

URL = "https://paper.example/2024/05/harbour"
FIRST = "The harbour was rebuilt in three years, and nobody who had known the old one could find the way to the ferry."
SECOND = "Its new bridge carries trams, cyclists and, on Sundays, a market that sells nothing but bread and old maps."
THIRD = "What is missing is a bench, says the pilot, who has waited there for the first boat since nineteen eighty."


def page(*body, head=""):
    return f"""<!doctype html><html lang="en"><head><title>The new harbour - The Paper</title>{head}</head><body>
        <nav><ul><li><a href="/">Front page</a></li><li><a href="/world">World</a></li></ul></nav>
        <article><h1>The new harbour</h1><p>{FIRST}</p>{"".join(body)}<p>{THIRD}</p></article>
        <footer><p>Copyright of The Paper, all rights reserved, and more of the kind.</p></footer></body></html>"""


def html_of(*body, head="", url=URL):
    return extract(page(*body, head=head), url).document.html


def test_the_article_is_taken_and_what_stands_around_it_is_left():
    html = html_of(f"<p>{SECOND}</p>")
    assert html == f"<p>{FIRST}</p>\n<p>{SECOND}</p>\n<p>{THIRD}</p>"


def test_lists_stay_lists_in_their_order_and_nesting():
    inner = "<ul><li>by the first tram, which is green</li><li>by bicycle, along the old quay</li></ul>"
    html = html_of(
        f'<p>{SECOND}</p><ol start="3"><li>Cross the new bridge on foot{inner}</li><li>Wait for a pilot</li></ol>'
    )
    assert '<ol start="3">' in html
    assert html.count("<ol") == 1
    assert html.count("<ul>") == 1
    assert html.count("<li>") == 4


def test_a_table_stays_a_table_even_where_its_cells_are_short():
    rows = "".join(f"<tr><td>Bridge {n}</td><td>{n}0 m</td></tr>" for n in range(1, 5))
    html = html_of(f"<p>{SECOND}</p><table><tr><th>Name</th><th>Length</th></tr>{rows}</table>")
    assert html.count("<tr>") == 5
    assert "<th>Length</th>" in html
    assert "<td>40 m</td>" in html


def test_code_stays_code_in_lines_and_in_blocks():
    html = html_of(
        f"<p>Call <code>bridge.open()</code> before the boat comes. {SECOND}</p>",
        "<pre><code>def open():\n    lift()\n</code></pre>",
    )
    assert "<code>bridge.open()</code>" in html
    assert "def open():\n    lift()" in html
    assert "<pre>" in html


def test_a_pictures_caption_is_kept_and_the_picture_is_not():
    html = html_of(
        '<figure><img src="b.jpg"><figcaption>The bridge at night, seen from the old quay</figcaption></figure>',
        f"<p>{SECOND}</p>",
    )
    assert "<figcaption>The bridge at night, seen from the old quay</figcaption>" in html
    assert "<img" not in html


def test_a_caption_that_only_names_the_photographer_goes_with_its_picture():
    html = html_of(f'<figure><img src="b.jpg"><figcaption>Photo: A. Person</figcaption></figure><p>{SECOND}</p>')
    assert "Photo" not in html


def test_a_caption_in_a_div_becomes_one_too():
    html = html_of(
        '<div class="wp-caption"><img src="b.jpg">',
        '<p class="wp-caption-text">The bridge, a week before it was opened</p></div>',
        f"<p>{SECOND}</p>",
    )
    assert "<figcaption>The bridge, a week before it was opened</figcaption>" in html


def test_footnotes_come_with_the_article_and_are_linked_to_it():
    html = html_of(
        f'<p>{SECOND} It was dear.<sup><a href="#fn1" id="r1">1</a></sup></p>',
        '<section><ol><li id="fn1">Four millions, as the council says. <a href="#r1">Back</a></li></ol></section>',
    )
    assert 'href="#fn-2">1</a>' in html  # cleaning gives ids names of its own
    assert '<li id="fn-2">Four millions' in html


def test_headings_links_emphasis_and_quotations_stay():
    html = html_of(
        f"<h2>A bridge</h2><p>{SECOND} <em>Nothing</em> like it, says ",
        '<a href="/people/kim">Kim</a>, is <strong>known</strong>.</p>',
        "<blockquote><p>We had no plan, and it is the better for that, as all now say who had one.</p></blockquote>",
    )
    assert "<h2>A bridge</h2>" in html
    assert "<em>Nothing</em>" in html
    assert "<strong>known</strong>" in html
    assert 'href="https://paper.example/people/kim"' in html
    assert "<blockquote>" in html


def test_a_heading_at_the_end_has_lost_what_it_was_for():
    html = extract(page().replace("</article>", "<h3>Comments</h3><p>comments</p></article>"), URL).document.html
    assert html.endswith(f"{THIRD}</p>")


def test_links_are_resolved_against_the_pages_own_base():
    html = html_of(f'<p>{SECOND} <a href="kim">Kim</a></p>', head='<base href="https://paper.example/people/">')
    assert 'href="https://paper.example/people/kim"' in html


def test_soft_hyphens_do_not_break_words():
    html = html_of(f"<p>The har&shy;bour mas\u00adter agrees. {SECOND}</p>")
    assert "The harbour master agrees." in text_of(html)


def test_nothing_is_there_twice_when_the_page_has_a_hidden_copy():
    html = html_of(f'<p>{SECOND}</p><div style="display:none"><p>{SECOND}</p></div>')
    assert text_of(html).count(SECOND) == 1


def test_text_from_right_to_left_keeps_its_direction():
    words = "بنيت الميناء من جديد في ثلاث سنوات ولم يجد أحد ممن عرفوا القديم الطريق إلى العبارة"
    article = f'<article dir="rtl"><h1>الميناء</h1><p>{words}.</p><p>{words}، ثم عادوا.</p></article>'
    html = f'<html lang="ar" dir="rtl"><body>{article}</body></html>'
    document = extract(html, URL).document
    assert document.language == "ar"
    assert 'dir="rtl"' in document.html
    assert words in text_of(document.html)


def test_chinese_words_without_spaces_are_found():
    words = "新的港口用了三年时间才建成，认识旧港口的人都找不到去渡轮的路。桥上有电车和自行车，星期天还有集市。"
    html = f'<html lang="zh"><body><article><h1>新港口</h1><p>{words}</p><p>{words}他说。</p></article></body></html>'
    assert words in text_of(extract(html, URL).document.html)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   ",
        "\0\0",
        "[" * 100_000 + "]",
        "<html><body></body></html>",
        '<html><body><nav><a href="/">Front page</a> <a href="/world">World</a></nav></body></html>',
        "<html><body><script>let words = 'not to be read by anybody who reads';</script></body></html>",
    ],
)
def test_what_is_no_article_is_refused_in_a_sentence(html):
    with pytest.raises(Refused) as refused:
        extract(html, URL)
    assert str(refused.value)


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "[" * 5_000_001,
        "<p>a" * 200_000,
        "<p " + " ".join(f"a{n}=1" for n in range(30_000)) + ">x",
        "<p " + " ".join(f'a{n}=">"' for n in range(30_000)) + ">x",
    ],
)
def test_what_would_take_minutes_is_refused_at_once(html):
    with pytest.raises(Refused):
        extract(html, URL)


def test_deep_nesting_ends_in_the_article_or_in_a_refusal():
    assert "harbour" in html_of(f"<p>{SECOND}</p>" + "<span>" * 100_000 + "x")
    with pytest.raises(Refused):
        extract("<div>" * 100_000 + FIRST, URL)


def test_linked_data_that_nests_without_end_is_left_aside():
    assert "harbour" in html_of(head=f'<script type="application/ld+json">{"[" * 200_000}</script>')
