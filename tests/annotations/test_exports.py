"""Files for other programs: whatever stands in a passage, it comes out of the file as it was."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsreader.annotations.exports import FORMATS, About, Passage
from newsreader.annotations.exports.markdown import escaped, tag
from newsreader.annotations.exports.table import COLUMNS, cells, defused, restored

WHEN = datetime(2026, 6, 16, 12, 30, tzinfo=UTC)
ABOUT = About("Notebook", "https://news.example/notebook/", ("#sea",), 2, WHEN)
ONE = Passage(
    id="aaaaaaaaaaaa",
    link="https://news.example/highlights/aaaaaaaaaaaa/",
    place="https://news.example/articles/ferry/#h-aaaaaaaaaaaa",
    title="The ferry",
    article="https://news.example/articles/ferry/",
    exact="forty passengers",
    prefix="with ",
    suffix=" and",
    start=57,
    end=73,
    made_start=50,
    made_end=66,
    revised=WHEN,
    colour="rose",
    note="**Who** pays?",
    status="kept",
    created=WHEN,
    updated=WHEN,
    published=WHEN,
    language="en",
    original="https://post.example/ferry",
    sources=("The Harbour Post",),
    tags=("sea", "to-check"),
)
SIGNS = st.text(st.sampled_from("ab1 .-+*_`#>[]()<>!&;=~$%^|\\{}:/'\"\n\tא") | st.characters(exclude_categories=["C"]))
words = SIGNS.filter(lambda text: text.strip() != "")


def file(name, *passages, about=ABOUT):
    return "".join(FORMATS[name].write(iter(passages), about))


# Markdown


def tokens(document):
    body = re.sub(r"\A---\n.*?\n---\n", "", document, flags=re.DOTALL)
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)


def told(token):
    """The words of a line, and what kinds of elements are in it."""
    kinds = {child.type for child in token.children} - {"text", "text_special", "softbreak"}
    return "".join(child.content for child in token.children), kinds


def test_markdown_is_a_document_with_headings_quotations_tags_and_ways_back():
    assert file("markdown", ONE, replace(ONE, exact="two\nblocks", note="", tags=())) == (
        '---\ntitle: "Notebook"\nexported: 2026-06-16T12:30:00+00:00\npassages: 2\n'
        'source: "https://news.example/notebook/"\nfilters:\n  - "#sea"\n---\n\n# Notebook\n'
        "\n## [The ferry](https://news.example/articles/ferry/)\n"
        "\nThe Harbour Post · 2026-06-16 · [https://post.example/ferry](https://post.example/ferry)\n"
        "\n> forty passengers\n\n- **Who** pays?\n"
        "\n[Rose, 2026-06-16](https://news.example/articles/ferry/#h-aaaaaaaaaaaa) #sea #to-check\n"
        "\n> two\n>\n> blocks\n"
        "\n[Rose, 2026-06-16](https://news.example/articles/ferry/#h-aaaaaaaaaaaa)\n"
    )


@given(words)
def test_signs_of_markdown_in_a_quotation_are_letters(exact):
    found = tokens(file("markdown", replace(ONE, exact=exact, note="")))
    opened = [token.type for token in found]
    start, end = opened.index("blockquote_open"), opened.index("blockquote_close")
    inside = [told(token) for token in found[start:end] if token.type == "inline"]
    assert set(opened[start + 1 : end]) <= {"paragraph_open", "inline", "paragraph_close"}
    assert all(kinds == set() for _, kinds in inside)
    assert " ".join(" ".join(line for line, _ in inside).split()) == " ".join(exact.split())
    assert opened.count("blockquote_open") == 1


@given(words, SIGNS)
def test_neither_a_title_nor_a_note_breaks_the_outline(title, note):
    note = f"{note}\n```\nnever closed\n> # x"
    found = tokens(file("markdown", replace(ONE, title=title, note=note), replace(ONE, article="https://b.example/")))
    headings = [token for token in found if token.type == "heading_open" and token.level == 0]
    assert [token.tag for token in headings] == ["h1", "h2", "h2"]
    after = found[found.index(headings[1]) + 1]
    assert told(after)[1] <= {"link_open", "link_close"}
    assert " ".join(told(after)[0].split()) == " ".join(title.split())


@pytest.mark.parametrize(
    ("name", "written"),
    [("sea", "#sea"), ("2024", "#2024_"), ("war-&-peace", "#war-peace"), ("和平", "#和平"), ("🕊", "#tag")],
)
def test_a_tag_is_one_that_obsidian_takes(name, written):
    assert tag(name) == written


def test_a_line_that_looks_like_a_list_or_a_heading_is_none():
    assert [escaped(line) for line in ("- a", "1. b", "12) c", "# d", "a - b")] == [
        r"\- a",
        r"1\. b",
        r"12\) c",
        r"\# d",
        "a - b",
    ]


# CSV


@given(st.lists(SIGNS, min_size=2, max_size=2))
def test_a_table_reads_back_to_the_same_cells_and_no_cell_is_a_formula(written):
    passage = replace(ONE, exact=written[0], note=written[1])
    text = file("csv", passage)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert rows[0] == list(COLUMNS)
    assert [restored(cell) for cell in rows[1]] == cells(passage)
    assert not [cell for cell in rows[1] if cell[:1] in set("=+-@\t\r")]
    assert text.startswith("\ufeff")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1", "'x"])
def test_a_formula_is_defused(formula):
    assert defused(formula) == f"'{formula}"
    assert restored(defused(formula)) == formula


# JSON and Web Annotation


@given(words, SIGNS, st.lists(words, max_size=3))
def test_both_kinds_of_json_say_the_words_as_they_are(exact, note, tags):
    passage = replace(ONE, exact=exact, note=note, tags=tuple(tags))
    ours = json.loads(file("json", passage, ONE))
    assert [one["exact"] for one in ours["passages"]] == [exact, ONE.exact]
    assert (ours["passages"][0]["note"], ours["passages"][0]["tags"]) == (note, tags)
    items = json.loads(file("web-annotation", passage, ONE))["first"]["items"]
    assert items[0]["target"]["selector"][0]["exact"] == exact
    said = [(body["purpose"], body["value"]) for body in items[0].get("body", [])]
    assert said == [("commenting", note)] * bool(note) + [("tagging", name) for name in tags]


def test_a_web_annotation_has_all_that_the_data_model_asks_for():
    collection = json.loads(file("web-annotation", ONE))
    page = collection["first"]
    assert collection["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (collection["type"], collection["total"]) == ("AnnotationCollection", 2)
    assert (page["type"], page["partOf"], page["startIndex"]) == ("AnnotationPage", collection["id"], 0)
    (one,) = page["items"]
    assert (one["id"], one["type"], one["motivation"]) == (ONE.link, "Annotation", "highlighting")
    assert (one["created"], one["modified"]) == ("2026-06-16T12:30:00Z", "2026-06-16T12:30:00Z")
    assert one["body"][0]["format"] == "text/markdown"
    assert one["target"]["source"]["id"] == ONE.article
    assert one["target"]["selector"] == [
        {"type": "TextQuoteSelector", "exact": "forty passengers", "prefix": "with ", "suffix": " and"},
        {
            "type": "CssSelector",
            "value": "#text",
            "refinedBy": {"type": "TextPositionSelector", "start": 57, "end": 73},
        },
    ]
    assert one["target"]["styleClass"] == "rose"
    assert ".rose" in one["stylesheet"]["value"]
    assert "state" not in one["target"]


@pytest.mark.parametrize(("status", "start", "end"), [("edited", 80, 90), ("moved", 0, 16), ("lost", None, None)])
def test_where_the_text_changed_quote_and_position_are_of_the_day_it_was_marked(status, start, end):
    changed = replace(ONE, status=status, start=start, end=end)
    target = json.loads(file("web-annotation", changed))["first"]["items"][0]["target"]
    assert target["selector"][1]["refinedBy"] == {"type": "TextPositionSelector", "start": 50, "end": 66}
    assert target["state"] == {"type": "TimeState", "sourceDate": "2026-06-16T12:30:00Z"}


# What the context http://www.w3.org/ns/anno.jsonld makes of the words that we use. A JSON-LD processor drops every
# other key without a word; what it reads as a literal can't be an address, unless it is an object with an id.
LITERAL = {"label", "name", "format", "language", "value", "exact", "prefix", "suffix", "styleClass", "dc:title"}
MOMENT = {"created", "modified", "sourceDate"}
NUMBER = {"total", "startIndex", "start", "end"}
ADDRESS = {"@context", "id", "partOf"}
NODE = {"first", "items", "body", "target", "source", "selector", "refinedBy", "state", "stylesheet", "generator"}
NODE |= {"dcterms:source"}
TYPES = {"AnnotationCollection", "AnnotationPage", "Annotation", "TextualBody", "SpecificResource", "Text", "Software"}
TYPES |= {"CssStylesheet", "TextQuoteSelector", "TextPositionSelector", "CssSelector", "TimeState"}
NAMED = {"motivation": {"highlighting"}, "purpose": {"commenting", "tagging"}, "type": TYPES}


def fits(key, value):
    """Whether the context knows the key and takes the value for what is meant."""
    if key in NODE:
        return all(isinstance(one, dict) and understood(one) for one in (value if isinstance(value, list) else [value]))
    if key in NUMBER:
        return isinstance(value, int) and value >= 0
    if key in NAMED:
        return value in NAMED[key]
    if key in ADDRESS:
        return value.startswith(("https://", "http://"))
    return (key in MOMENT and datetime.fromisoformat(value).tzinfo == UTC) or (key in LITERAL and value != "")


def understood(node):
    wrong = [(key, value) for key, value in node.items() if not fits(key, value)]
    assert wrong == []
    return True


@pytest.mark.parametrize("status", ["kept", "lost"])
def test_a_json_ld_processor_knows_every_word_and_takes_each_value_for_what_is_meant(status):
    bare = replace(ONE, note="", tags=(), language="", original="", prefix="", suffix="")
    assert understood(json.loads(file("web-annotation", replace(ONE, status=status), replace(bare, status=status))))


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_nothing_is_still_a_file(name):
    text = file(name, about=replace(ABOUT, total=0, filters=()))
    if name in {"json", "web-annotation"}:
        assert json.loads(text)
    assert text
