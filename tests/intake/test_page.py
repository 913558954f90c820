"""HTML documents: where their title, standfirst and text are found, and what is left out."""

import datetime as dt
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsreader.core.text import text_of
from newsreader.intake.documents import Document, Refused, read

PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>The last bus | Harbour Post</title>
<meta name="author" content="Ada Byron"><meta property="article:published_time" content="2023-06-16T10:00:00Z">
<meta property="article:tag" content="Buses"><meta name="description" content="It was &amp; is gone."></head>
<body><nav>Home</nav><article><h1>The <em>last</em> bus</h1><p>It has <b>gone</b>.<p>It will not be back.</article>
<article><p>Other</p></article><footer>Imprint</footer><script>x("<p>no</p>")</script></body></html>"""


def page(text: str) -> Document:
    return read(text.encode(), "a.html")


def test_head_and_article_make_the_document():
    assert page(PAGE) == Document(
        title="The last bus",
        standfirst="It was & is gone.",
        byline="Ada Byron",
        source="Harbour Post",
        published=dt.datetime(2023, 6, 16, 10, tzinfo=dt.UTC),
        language="en-GB",
        html="<p>It has <strong>gone</strong>.</p>\n<p>It will not be back.</p>".replace("strong", "b"),
        topics=("Buses",),
    )


def test_marked_elements_are_facts_and_not_text():
    document = page(
        "<main><h1>The last bus</h1><p class='big standfirst'>It was a <i>good</i> bus.<p class=byline>By Ada Byron</p>"
        "<time datetime=2023-06-16>Friday</time><p>It has gone.</p></main>"
    )
    assert (document.standfirst, document.byline) == ("It was a good bus.", "Ada Byron")
    assert document.published == dt.date(2023, 6, 16)
    assert "good" not in document.html
    assert "It has gone." in document.html


@pytest.mark.parametrize(
    ("head", "title", "source"),
    [
        ("<title>The last bus - Field &amp; Ledger</title>", "The last bus", "Field & Ledger"),
        ("<title>The last bus</title><meta property=og:site_name content=Oake>", "The last bus", "Oake"),
        ("<title>x</title><meta property=og:title content='The last bus'>", "The last bus", ""),
        ("<title>The last bus – and the first</title>", "The last bus – and the first", ""),
    ],
)
def test_without_a_heading_the_head_has_the_title(head, title, source):
    document = page(f"<head>{head}</head><body><p>It has gone.</p>")
    assert (document.title, document.source) == (title, source)


def test_without_a_head_the_text_has_the_title():
    assert page("<h2>The last bus</h2><p>It has gone.").html == "<p>It has gone.</p>"
    assert page("<p>It has gone. It will not be back.").title == "It has gone"


def test_a_title_said_again_in_a_second_heading_is_said_once():
    assert page("<title>Bus leaves</title><article><h2>Bus leaves</h2><p>Gone.</p></article>").html == "<p>Gone.</p>"


def test_an_empty_article_gives_way_to_the_body():
    assert text_of(page("<body><article></article><p>It has gone.</p></body>").html) == "It has gone."


def test_nothing_that_acts_comes_through():
    html = page("<p onclick=x>a<script>b</script><a href='javascript:c'>d</a><img src=x onerror=e>").html
    assert html == "<p>ad</p>"


@pytest.mark.parametrize(
    "text", ["<p></p>", "<title>Only a title</title>", "<script>words</script>", "<nav>Home</nav>"]
)
def test_a_page_without_text_is_refused(text):
    with pytest.raises(Refused, match="no text"):
        page(text)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<p class='", "<div>", "</p>", "<b><i>", "&", "<title>", "<meta "]
)
def test_hostile_pages_are_read_or_refused_in_time(piece):
    started = time.process_time()
    with suppress(Refused):
        page("words " + piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 20


TAGS = [
    "<p>",
    "</p>",
    "<article>",
    "</article>",
    "<h1>",
    "</h1>",
    "<p class=lead>",
    "<div>",
    "</div>",
    "<nav>",
    "</nav>",
]
TAGS += ["<span class=author>", "</span>", "one ", "two ", "three "]


@settings(deadline=None)  # other programs may be busy
@given(st.lists(st.sampled_from(TAGS)))
def test_any_tangle_of_tags_is_read_or_refused(pieces):
    try:
        document = page("".join(pieces))
    except Refused:
        return
    assert document.title
    assert text_of(document.html).strip()
