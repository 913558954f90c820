"""Feeds read: every format, every encoding, and what is no feed refused in a sentence. No database."""

import datetime as dt
import json

import pytest

from newsreader.core.clean import clean
from newsreader.intake.confined import Overran, confined
from newsreader.intake.feeds.decoding import decoded
from newsreader.intake.feeds.discovery import feeds_of, usual_places
from newsreader.intake.feeds.parsing import read_feed
from newsreader.intake.shape import Refused

URL = "https://harbour.example/news/feed.xml"
LONG = "The ferry left the harbour at six, an hour late, and nobody on the quay could say why. " * 20

RSS = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Harbour &amp; Sea</title><link>/</link><language>en-GB</language>
<item><title>The ferry</title><link>ferry.html</link><guid isPermaLink="false">f-1</guid>
<pubDate>Tue, 03 Mar 2026 06:00:00 +0100</pubDate><dc:creator>Ada Byron</dc:creator><category>Ships</category>
<description>It left late.</description><content:encoded><![CDATA[<p>{LONG}</p><p><a href="map">Map</a></p>]]>
</content:encoded></item>
<item><title>The &lt;b&gt;tide&lt;/b&gt;</title><link>https://harbour.example/tide</link>
<description>It came in at noon and ... [read more]</description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://sea.example/a/"><title>Sea</title>
<link rel="alternate" href="."/><entry xml:base="b/"><id>tag:sea.example,2026:1</id>
<title type="html">Fog &amp;amp; ice</title>
<link rel="enclosure" href="talk.mp3"/><link href="fog"/><updated>2026-03-04T10:00:00Z</updated>
<author><name>Ben</name></author><author><name>Cleo</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Fog lay on the <em>sea</em>.</p>
<p><a href="chart">A chart</a></p></div></content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>Wind</title><link>https://wind.example/</link></channel>
<item rdf:about="https://wind.example/1"><title>Gale</title><link>https://wind.example/1</link></item></rdf:RDF>"""

CDF = """<CHANNEL HREF="https://old.example/"><TITLE>Old</TITLE>
<ITEM HREF="https://old.example/1"><TITLE>One</TITLE><ABSTRACT>Words.</ABSTRACT></ITEM></CHANNEL>"""


def read(text, **told):
    return read_feed(text.encode() if isinstance(text, str) else text, URL, **told)


def test_rss_gives_its_entries_with_all_that_is_kept():
    feed = read(RSS)
    assert (feed.title, feed.site, feed.language) == ("Harbour & Sea", "https://harbour.example/", "en-GB")
    ferry, tide = feed.entries
    assert (ferry.id, ferry.address) == ("f-1", "https://harbour.example/news/ferry.html")
    assert (ferry.title, ferry.byline, ferry.topics) == ("The ferry", "Ada Byron", ("Ships",))
    assert ferry.published == dt.datetime(2026, 3, 3, 5, tzinfo=dt.UTC)
    assert LONG in ferry.html
    assert not ferry.summary_only
    assert (tide.title, tide.id, tide.summary_only) == ("The tide", "https://harbour.example/tide", True)


def test_atom_s_base_is_where_relative_links_are_meant_from():
    feed = read(ATOM)
    assert feed.site == "https://sea.example/a/"
    (fog,) = feed.entries
    assert (fog.title, fog.byline, fog.address) == ("Fog & ice", "Ben, Cleo", "https://sea.example/a/b/fog")
    assert fog.published == dt.datetime(2026, 3, 4, 10, tzinfo=dt.UTC)
    assert 'href="https://sea.example/a/b/chart"' in clean(fog.html, base_url=fog.base)
    assert not fog.summary_only


@pytest.mark.parametrize(
    ("text", "title", "first"), [(RDF, "Wind", "https://wind.example/1"), (CDF, "Old", "https://old.example/1")]
)
def test_the_old_formats_are_read_too(text, title, first):
    feed = read(text)
    assert (feed.title, feed.entries[0].address) == (title, first)


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_a_json_feed_of_both_versions_is_read(version):
    who = {"author": {"name": "Ada"}} if version.endswith("1/1") else {"authors": [{"name": "Ada"}]}
    item = {"id": 7, "url": "/7", "title": "Seven", "content_text": "One.\n\nTwo <3", "tags": ["Sea"], **who}
    feed = read(json.dumps({"version": version, "title": "J", "items": [item, "no item"]}))
    (entry,) = feed.entries
    assert (entry.id, entry.address, entry.byline) == ("7", "https://harbour.example/7", "Ada")
    assert (entry.html, entry.topics) == ("<p>One.</p><p>Two &lt;3</p>", ("Sea",))


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("utf-8-sig", "iso-8859-1", "iso-8859-1"),  # the mark outweighs both
        ("utf-16", "", ""),
        ("utf-16-le", "", ""),
        ("utf-32-be", "", ""),
        ("windows-1251", "utf-8", "windows-1251"),  # the header outweighs the declaration
        ("iso-8859-2", "iso-8859-2", ""),
        ("shift_jis", "Shift_JIS", ""),
        ("utf-8", "iso-8859-1", ""),  # what is well-formed UTF-8 was saved again as UTF-8
        ("utf-8", "", ""),
        ("utf-8", "utf-8", "iso-8859-1"),
        ("windows-1252", "", ""),
        ("windows-1252", "utf-8", ""),
    ],
)
def test_letters_come_out_as_they_went_in(encoding, declared, charset):
    words = {
        "windows-1251": "Паром ушёл",
        "iso-8859-2": "Łódź, żółw",
        "shift_jis": "日本語の記事",
        "windows-1252": "Café “Küste” – naïve",
    }.get(encoding, "Café Łódź Паром 日本語")
    header = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = f"{header}<rss version='2.0'><channel><title>{words}</title></channel></rss>"
    assert read(text.encode(encoding), charset=charset).title == words


def test_letters_of_which_nothing_says_whose_they_are_are_refused_rather_than_guessed():
    data = "<rss><channel><title>Паром ушёл в шесть</title></channel></rss>".encode("windows-1251")
    with pytest.raises(Refused, match="encoding is not recognised"):
        read(data)


def test_one_broken_byte_costs_one_letter():
    data = "<rss><channel><title>Küste, Möwe, Fähre</title></channel></rss>".encode().replace("ö".encode(), b"\xc3")
    assert read(data).title == "Küste, M�we, Fähre"


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("Fish & chips", "Fish & chips"),
        ("Caf&eacute;&nbsp;au lait", "Café au lait"),
        ("don&#146;t", "don’t"),
        ("one &bogus; two", "one &bogus; two"),
        ("a&#0;b&#x1F;c", "abc"),
        ("1 &lt; 2", "1 < 2"),
        ("<![CDATA[R&D & more]]>", "R&D & more"),
    ],
)
def test_references_are_mended_where_xml_has_none(title, read_as):
    assert read(f"<rss version='2.0'><channel><title>{title}</title></channel></rss>").title == read_as


def test_entities_of_plain_characters_are_taken_and_bombs_are_refused():
    header = '<!DOCTYPE rss [<!ENTITY ship "ferry">%s]>'
    body = "<rss version='2.0'><channel><title>The &ship;</title></channel></rss>"
    assert read(header % "" + body).title == "The ferry"
    with pytest.raises(Refused, match="entities"):
        read(header % '<!ENTITY more "&ship;&ship;&ship;">' + body)
    outside = '<!DOCTYPE rss [<!ENTITY ship SYSTEM "file:///etc/passwd">]>'
    assert read(outside + body).title == "The &ship;"


def test_the_same_id_on_all_entries_tells_none_of_them_apart():
    items = "".join(
        f"<item><guid>x</guid><link>https://a.example/{n}</link><title>{n}</title></item>" for n in range(3)
    )
    assert len(read(f"<rss version='2.0'><channel>{items}</channel></rss>").entries) == 3


def test_the_same_entry_twice_is_one():
    item = "<item><guid>x</guid><link>https://a.example/1</link><title>One</title></item>"
    assert len(read(f"<rss version='2.0'><channel>{item}{item}</channel></rss>").entries) == 1


def test_a_feed_that_stops_in_the_middle_gives_what_came():
    assert read(RSS[: RSS.index("<item><title>The &lt;")]).entries[0].title == "The ferry"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "empty"),
        ("<!doctype html><title>Home</title><p>Hello", "web page"),
        ("<?xml version='1.0'?><note>Hello</note>", "no feed"),
        ("Hello, world", "no feed"),
        ('{"items": ', "line 1"),
        ('{"posts": []}', "no list of items"),
        ("[" * 200_000, "nested too deep"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
        (b"<rss>" + bytes(5_000), "binary"),
        ("<rss><channel>" + "<a>" * 2_000, "nested more than"),
        ("<rss>" + "x" * 10_000_001, "larger than"),
    ],
)
def test_what_is_no_feed_is_refused_in_a_sentence(data, told):
    with pytest.raises(Refused, match=told):
        read(data)


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 300_000,
        "<rss><channel>" + "<item>" * 100_000,
        "<rss><channel><item><description>" + "<" * 100_000,
        "<rss " + "a='1' " * 40_000 + "><channel>",
        "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 100_000,
        "<rss>" + "&" * 100_000,
        "<rss>" + "<![CDATA[" * 100_000,
        "<rss>" + "<!--" * 200_000,
        "{" * 1_000_000,
    ],
    ids=lambda text: text[:30],
)
def test_what_is_made_to_take_long_ends_before_it_is_killed(hostile):
    refusals = []
    try:
        confined("newsreader.intake.feeds.parsing:read_feed", hostile.encode(), URL, seconds=60)
    except Refused as refused:
        refusals.append(type(refused))
    assert Overran not in refusals


def test_the_site_s_page_names_its_feeds_and_the_usual_places_are_below_it():
    page = """<base href="/blog/"><link rel="stylesheet" href="a.css" type="text/css">
    <link rel="alternate" type="application/rss+xml" title="All &amp; more" href="feed">
    <link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="//other.example/atom">
    <link rel="alternate" type="application/json+oembed" href="/oembed?x">
    <link rel="alternate" hreflang="de" href="/de"><a type="application/feed+json" href="feed.json">JSON</a>
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">"""
    offered = feeds_of(page, "https://a.example/")
    assert [(one.address, one.title, one.kind) for one in offered] == [
        ("https://a.example/blog/feed", "All & more", "RSS"),
        ("https://other.example/atom", "", "Atom"),
        ("https://a.example/blog/feed.json", "", "JSON Feed"),
    ]
    assert "https://a.example/blog/feed.xml" in usual_places("https://a.example/blog/")
    assert "https://a.example/atom.xml" in usual_places("https://a.example/blog")


def test_line_ends_and_controls_do_not_survive_decoding():
    assert decoded(b"a\r\nb\rc\x07d") == "a\nb\ncd"
