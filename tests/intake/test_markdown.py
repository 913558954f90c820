"""Markdown documents: their front matter, what is said twice, and what is refused."""

import datetime as dt

import pytest

from newsreader.core.text import text_of
from newsreader.intake.documents import Document, Refused, read


def md(text: str) -> Document:
    return read(text.encode(), "a.md")


def test_front_matter_says_what_an_article_needs():
    document = md(
        "---\ntitle: The Last Bus\nstandfirst: It was a good bus.\n"
        "authors: [Ada Byron, Ben Lee]\nsource: Harbour Post\n"
        "date: 2023-06-16\nlang: en_GB\ntags: [Buses, Hens, Buses]\n---\n\n# The last bus\n\nIt has *gone*.\n"
    )
    assert document == Document(
        title="The Last Bus",
        standfirst="It was a good bus.",
        byline="Ada Byron, Ben Lee",
        source="Harbour Post",
        published=dt.date(2023, 6, 16),
        language="en-GB",
        html="<p>It has <em>gone</em>.</p>",
        topics=("Buses", "Hens"),
    )


@pytest.mark.parametrize(("key", "field"), [("standfirst", "standfirst"), ("description", "standfirst")])
@pytest.mark.parametrize("value", ["summary", '"no: a colon"', "No", "2023-06-16", "12:30"])
def test_values_are_the_words_that_were_written(key, field, value):
    document = md(f"---\ntitle: {value}\n{key}: {value}\n---\nText.\n")
    assert (document.title, getattr(document, field)) == (value.strip('"'), value.strip('"'))


@pytest.mark.parametrize("text", ["# The last bus\n\nIt has gone.", "The last bus\n===\n\nIt has gone."])
def test_without_front_matter_the_first_heading_is_the_title(text):
    document = md(text)
    assert (document.title, document.html) == ("The last bus", "<p>It has gone.</p>")


def test_without_any_title_the_first_words_are_one_and_the_text_is_whole():
    document = md("It has gone. It will not be back.")
    assert (document.title, text_of(document.html)) == ("It has gone", "It has gone. It will not be back.")


def test_a_heading_that_says_something_else_stays():
    assert "<h2>Oake</h2>" in md("---\ntitle: The last bus\n---\n# Oake\n\nIt has gone.").html


def test_a_summary_that_only_begins_the_text_gives_way_to_it():
    document = md("---\ntitle: Bus\nsummary: It has gone, and…\n---\nIt has gone, and it will not be back.")
    assert document.standfirst == ""


@pytest.mark.parametrize("text", ["---\n\nIt rained.\n\n---\n\nIt stopped.", "---\n***\nIt rained. It stopped."])
def test_a_rule_at_the_top_is_not_front_matter(text):
    assert text_of(md(text).html).split() == ["It", "rained.", "It", "stopped."]


def test_tables_lists_quotations_footnotes_and_code_are_kept():
    html = md("T\n=\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- x\n\n> q\n\nn[^1]\n\n```\ncode\n```\n\n[^1]: foot\n").html
    assert all(f"<{tag}" in html for tag in ("table", "ul", "blockquote", "sup", "pre"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: x\nbyline: [a\n---\nText.", "line [34]"),
        ("---\ntitle: x\n\tbyline: a\n---\nText.", "line 3"),
        ("---\ntitle: a: b\n---\nText.", "line 2"),
        ("---\ntitle: x\n\nText.", "never closed"),
        ("---\n? [a, b]\n: c\n---\nText.", "line 2"),
        ("---\ntitle: {a: b}\n---\nText.", "“title” must be words"),
        ("---\nauthors: [[a]]\n---\nText.", "“authors” must be words"),
        ("---\na: &a [x]\nb: [*a, *a]\n---\nText.", "line 3: aliases"),
        ("---\n- a\n- b\n---\nText.", "a list"),
        ("---\ndate: 03/04/2023\n---\nText.", "03/04/2023"),
        ("---\ntitle: " + "[" * 3000 + "\n---\nText.", "front matter can't be read"),
        ("---\ntitle: " + "x" * 60_000 + "\n---\nText.", "front matter is longer"),
        ("---\ntitle: " + "x" * 501 + "\n---\nText.", "its title is longer than 500"),
        ("---\ntitle: x\n---\n", "no text"),
        ("# Title\n", "no text"),
        ("<!-- nothing -->", "no text"),
        ("> " * 200 + "deep", "nested"),
    ],
)
def test_what_can_not_be_read_is_refused_with_the_place(text, says):
    with pytest.raises(Refused, match=says):
        md(text)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2023-06-16", dt.date(2023, 6, 16)),
        ("16 June 2023", dt.date(2023, 6, 16)),
        ("16.6.2023", dt.date(2023, 6, 16)),
        (
            "2010-10-22 11:33:15 -0400",
            dt.datetime(2010, 10, 22, 11, 33, 15, tzinfo=dt.timezone(dt.timedelta(hours=-4))),
        ),
        ("2023-06-16T10:00:00Z", dt.datetime(2023, 6, 16, 10, tzinfo=dt.UTC)),
        ("2023-06-16 10:00", dt.datetime(2023, 6, 16, 10)),
    ],
)
def test_dates_are_read_as_people_and_sites_write_them(written, read_as):
    assert md(f"---\ndate: {written}\n---\nText.").published == read_as


@pytest.mark.parametrize("written", ["2023-02-30", "9999-12-31", "0001-01-01", "31 June 2023", "yesterday"])
def test_impossible_dates_are_refused(written):
    with pytest.raises(Refused, match="date"):
        md(f"---\ndate: {written}\n---\nText.")


def test_an_unknown_kind_of_file_is_refused():
    with pytest.raises(Refused, match="no known kind"):
        read(b"text", "a.xyz")
    with pytest.raises(Refused, match=r".docx is not read here: save it as .txt"):
        read(b"text", "a.docx")
