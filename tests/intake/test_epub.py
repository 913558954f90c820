"""A book is one document: what it says of itself, and its chapters in reading order. Nothing in it is believed."""

import datetime as dt

import pytest

from newsreader.core.clean import clean
from newsreader.core.text import text_of
from newsreader.intake.documents import examine
from newsreader.intake.shape import Refused
from tests.intake.books import CONTAINER, METADATA, PACKAGE, XHTML, chapter, epub, packed


def read(data):
    return examine(data, "book.epub").document


def refusal(data):
    with pytest.raises(Refused) as refused:
        read(data)
    return str(refused.value)


def item(name, href, kind=XHTML, **attributes):
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<item id="{name}" href="{href}" media-type="{kind}"{more}/>'


def test_a_book_says_what_it_is():
    book = read(epub("<h1>One</h1><p>Forty sacks.</p>", "<h1>Two</h1><p>Came late.</p>"))
    assert (book.title, book.byline, book.source) == ("The Lock", "Ben Rowe", "Pier Press")
    assert (book.published, book.language) == (dt.date(2020, 3, 4), "en-GB")
    assert book.html == "<h2>One</h2>\n<p>Forty sacks.</p>\n<h2>Two</h2>\n<p>Came late.</p>"


def test_a_book_of_the_third_edition_refines_what_it_says():
    metadata = (
        '<dc:title id="s">A canal in winter</dc:title><meta refines="#s" property="title-type">subtitle</meta>'
        '<dc:title id="t">The Lock</dc:title><meta refines="#t" property="title-type">main</meta>'
        '<dc:creator id="i">Ida Ink</dc:creator><meta refines="#i" property="role">ill</meta>'
        '<dc:creator id="a">Ben Rowe</dc:creator><meta refines="#a" property="role">aut</meta>'
        "<dc:creator>Cleo Fry</dc:creator><dc:language>de_AT</dc:language>"
        '<dc:date>2019-05-06T07:08:09Z</dc:date><meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>'
    )
    book = read(epub("<p>Forty sacks.</p>", metadata=metadata, version="3.0"))
    assert (book.title, book.standfirst, book.byline) == ("The Lock", "A canal in winter", "Ben Rowe, Cleo Fry")
    assert (book.published, book.language, book.source) == (
        dt.datetime(2019, 5, 6, 7, 8, 9, tzinfo=dt.UTC),
        "de-AT",
        "",
    )


def test_a_book_that_says_nothing_has_its_first_heading_for_a_title():
    book = read(epub("<h1>The Lock</h1><p>Forty sacks came late.</p>", metadata=""))
    assert (book.title, book.html) == ("The Lock", "<p>Forty sacks came late.</p>")
    assert read(epub("<p>Forty sacks came late. Then more came.</p>", metadata="")).title == "Forty sacks came late"


def test_a_day_of_publication_is_taken_before_others():
    dates = "".join(
        f"<dc:date{event}>{day}</dc:date>"
        for event, day in (
            (' opf:event="modification"', "2024-01-02"),
            (' opf:event="publication"', "2001-02-03"),
            ("", "2010-10-10"),
        )
    )
    assert read(epub("<p>Words.</p>", metadata=dates)).published == dt.date(2001, 2, 3)


def test_a_byline_names_as_many_authors_as_it_holds():
    names = "".join(f"<dc:creator>Author Number {number} of Many</dc:creator>" for number in range(40))
    byline = read(epub("<p>Words.</p>", metadata=names)).byline
    assert byline.startswith("Author Number 0 of Many, Author Number 1")
    assert byline.endswith("of Many")
    assert len(byline) <= 300


def test_chapters_come_in_reading_order_each_once_and_what_stands_beside_them_last():
    data = epub(
        "<p>Note.</p>",
        "<p>First.</p>",
        "<p>Second.</p>",
        beside=[1],
        linear=['<itemref idref="c2"/>', '<itemref idref="c2"/>'],
    )
    assert text_of(read(data).html) == "First.\nSecond.\nNote."


def test_links_between_chapters_lead_to_footnotes_and_back():
    book = read(
        epub(
            '<p id="p">Forty sacks<a epub:type="noteref" id="r" href="2.xhtml#n%C3%BC">1</a> came.</p>'
            '<p id="not">Late.</p>',
            '<aside epub:type="footnote" id="n%C3%BC"><p>Or so.<a href="../text/1.xhtml#r">back</a></p></aside>'
            '<p><a href="1.xhtml">Begin</a>, <a href="gone.xhtml">gone</a>, <a href="https://a.b">away</a></p>',
        )
    )
    assert book.html == (
        '<p><span id="fn-1">Forty sacks<a id="fn-2" href="#fn-3">1</a> came.</span></p>\n<p>Late.</p>\n'
        '<p><span id="fn-3">Or so.<a href="#fn-2">back</a></span></p>\n'
        '<p><a href="#fn-1">Begin</a>, gone, <a href="https://a.b" rel="nofollow noopener noreferrer">away</a></p>'
    )


def test_lists_of_contents_and_numbers_of_pages_are_left_out():
    contents = '<nav epub:type="toc"><ol><li><a href="1.xhtml">One</a></li></ol></nav>'
    book = epub(
        '<p>Forty <span epub:type="pagebreak" title="12">12</span>sacks<a id="x"/> came.</p>' + contents,
        version="3.0",
        more=[item("nav", "nav.xhtml", properties="nav"), item("toc", "toc.xhtml")],
        linear=['<itemref idref="nav"/>', '<itemref idref="toc"/>'],
        guide='<guide><reference type="toc" href="toc.xhtml#top"/></guide>',
        files={"OEBPS/nav.xhtml": chapter(contents), "OEBPS/toc.xhtml": chapter("<p>1. One</p>")},
    )
    assert read(book).html == "<p>Forty sacks came.</p>"


def test_what_xml_closes_in_itself_is_closed():
    body = '<h1/><p>Forty <i/><b class="a/b" title="x > y"/>sacks<br/>came.</p><div/><script src="a.js"/><p>Late.</p>'
    assert read(epub(body)).html == "<p>Forty sacks<br>\ncame.</p>\n<p>Late.</p>"
    assert text_of(read(epub("<p>a<![CDATA[<b> & ]]>c</p><p>d<![CDATA[ unclosed</p>")).html).startswith("a<b> & c\nd")


def test_chapters_are_read_in_their_own_encodings():
    declared = '<?xml version="1.0" encoding="{0}"?>' + chapter("<p>Der Zug fährt früh.</p>")
    for encoding in ("utf-8", "iso-8859-1", "windows-1252", "utf-16"):
        assert read(epub(declared.format(encoding).encode(encoding))).html == "<p>Der Zug fährt früh.</p>"
    assert read(epub(chapter("<p>Zug&nbsp;&auml;lter</p>").encode())).html == "<p>Zug\u00a0älter</p>"


def test_a_chapter_in_another_form_has_one_that_can_be_read_and_a_mere_picture_is_left_behind():
    book = epub(
        more=[
            item("drawn", "drawn.svg", "image/svg+xml"),
            item("spoken", "a.smil", "application/x-book", fallback="told"),
            item("told", "told.xhtml"),
        ],
        linear=['<itemref idref="drawn"/>', '<itemref idref="spoken"/>'],
        files={"OEBPS/drawn.svg": "<svg/>", "OEBPS/told.xhtml": chapter("<p>Words.</p>")},
    )
    assert read(book).html == "<p>Words.</p>"


def test_scrambled_fonts_are_no_protection():
    listed = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{}"/><CipherData><CipherReference '
        'URI="OEBPS/font.otf"/></CipherData></EncryptedData></encryption>'
    )
    fonts = listed.format("http://www.idpf.org/2008/embedding")
    assert read(epub("<p>Words.</p>", files={"META-INF/encryption.xml": fonts})).html == "<p>Words.</p>"
    aes = listed.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert "protected against copying (DRM)" in refusal(epub("<p>Words.</p>", files={"META-INF/encryption.xml": aes}))


def test_a_long_book_is_one_article():
    sentence = "Forty sacks came late, and nobody <em>knew</em> why they had come at all. "
    book = read(epub(*(f"<h1>{n}</h1>" + f"<p>{sentence}</p>" * 350 for n in range(1, 31))))
    assert text_of(book.html).count("\n") == 30 * 351 - 1  # more tags than any other document may have


def opf(metadata=METADATA, manifest="", spine="", guide=""):
    return PACKAGE.format(version="3.0", metadata=metadata, manifest=manifest, spine=spine, guide=guide)


OUT = {
    "container": {"META-INF/container.xml": CONTAINER.format(path="../../etc/passwd")},
    "absolute": {"META-INF/container.xml": CONTAINER.format(path="/etc/passwd")},
    "manifest": {"OEBPS/book.opf": opf(manifest=item("c", "../../etc/passwd"), spine='<itemref idref="c"/>')},
    "escaped": {"OEBPS/book.opf": opf(manifest=item("c", "%2e%2e/%2e%2e/passwd"), spine='<itemref idref="c"/>')},
    "backslash": {"OEBPS/book.opf": opf(manifest=item("c", "..\\..\\passwd"), spine='<itemref idref="c"/>')},
}


@pytest.mark.parametrize("replace", OUT.values(), ids=OUT)
def test_paths_that_lead_out_are_refused(replace):
    assert "leads out of the book" in refusal(epub("<p>Words.</p>", replace=replace))


def test_entries_that_lead_out_are_refused():
    assert "leads out of the archive" in refusal(epub("<p>Words.</p>", files={"../evil.xhtml": "x"}))


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BROKEN = {
    "no zip": (b"PK\x03\x04 and no more", "no zip archive, or a damaged one"),
    "empty": (b"", "no zip archive"),
    "no container": (epub("<p>x", replace={"META-INF/container.xml": None}), "it is no EPUB: “META-INF/container.xml”"),
    "names no book": (epub("<p>x", replace={"META-INF/container.xml": "<container/>"}), "names no book"),
    "no package": (epub("<p>x", replace={"OEBPS/book.opf": None}), "“OEBPS/book.opf” is missing in it"),
    "no XML": (epub("<p>x", replace={"OEBPS/book.opf": "<package><metadata>"}), "no well-formed XML"),
    "no words in XML": (epub("<p>x", replace={"OEBPS/book.opf": b"\xff\xfe\x00"}), "no well-formed XML"),
    "no chapter": (epub("<p>x", replace={"OEBPS/text/1.xhtml": None}), "“OEBPS/text/1.xhtml” is missing in it"),
    "no item": (epub("<p>x", linear=['<itemref idref="gone"/>']), "names “gone”, which is not listed"),
    "no pages": (epub(), "it has a title, but no text"),
    "no text": (epub("<p> </p>", metadata=""), "there is no text in it"),
    "elsewhere": (
        epub(more=[item("far", "https://example.org/1.xhtml")], linear=['<itemref idref="far"/>']),
        "a part of it is elsewhere: https://example.org/1.xhtml",
    ),
    "of no kind": (
        epub(more=[item("pdf", "a.pdf", "application/pdf")], linear=['<itemref idref="pdf"/>']),
        "of a kind that is not read: application/pdf",
    ),
    "falls back on itself": (
        epub(more=[item("a", "a.x", "x/x", fallback="a")], linear=['<itemref idref="a"/>']),
        "of a kind that is not read: x/x",
    ),
    "binary": (epub(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "not a text but a binary file"),
    "entities in the package": (
        epub("<p>x", replace={"OEBPS/book.opf": ENTITIES + opf("<dc:title>&b;</dc:title>").partition("?>")[2]}),
        "“OEBPS/book.opf” in it defines entities",
    ),
    "entities in a chapter": (epub((ENTITIES + chapter("<p>&b;</p>")).encode()), "“OEBPS/text/1.xhtml” in it defines"),
    "deep package": (
        epub("<p>x", replace={"OEBPS/book.opf": "<a>" * 100_000 + "</a>" * 100_000}, squeeze=False),
        "too large or nested too deep",
    ),
    "deep chapter": (epub("<blockquote>" * 100_000 + "x", squeeze=False), "nested more than 50 deep"),
    "many tags": (epub("<p><i>x</i></p>" * 40_000, squeeze=False), "too many tags"),
    "bomb": (epub("<p>x", files={"OEBPS/text/1.xhtml": b"<p>" + b" " * 4_900_000}), "unpacks to more than 100 times"),
    "large chapter": (epub(b"x" * 5_000_001), "larger than 5 MB"),
    "long book": (epub(*["words " * 200_000] * 5, squeeze=False), "larger than 5 MB"),
    "twice": (packed({"a": "x", "./a": "y"}), "two files in it have the name “a”"),
}


@pytest.mark.parametrize(("data", "says"), BROKEN.values(), ids=BROKEN)
def test_what_can_not_be_read_is_refused_in_a_sentence(data, says):
    assert says in refusal(data)


def test_a_book_is_canonical():
    html = read(
        epub("<h1>One</h1><p id='x'>Forty<sup><a href='#x'>1</a></sup></p><table><tr><td>a</td></tr></table>")
    ).html
    assert clean(html) == html
