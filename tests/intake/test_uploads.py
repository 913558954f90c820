"""What is sent is opened document by document; one bad one never stops the others."""

import io

import pytest

from newsreader.intake.uploads import Limits, opening
from tests.intake.test_archives import TEXT, zipped


def opened(*files, clock=lambda: 0.0, **limits):
    return list(opening([(name, io.BytesIO(data)) for name, data in files], Limits(**limits), clock))


def refusal(name, data, **limits):
    (one,) = opened((name, data), **limits)
    assert one.document is None
    return str(one.refused)


def test_documents_of_every_kind_are_read_and_say_their_encoding():
    found = opened(
        ("a.txt", TEXT),
        ("b.md", b"---\ntitle: Sacks\nauthor: Ben Rowe\ndate: 2024-03-02\n---\n\nForty sacks came late.\n"),
        ("c.html", '<html lang="de"><title>Zug</title><p>Der Zug fährt früh.'.encode("cp1252")),
        ("d.markdown", "# Zug\n\nDer Zug fährt früh.".encode("utf-16")),
    )
    assert [one.document.title for one in found] == ["A headline", "Sacks", "Zug", "Zug"]
    assert [one.encoding for one in found] == ["UTF-8", "UTF-8", "Windows-1252", "UTF-16"]
    assert [one.kind for one in found] == [".txt", ".md", ".html", ".markdown"]
    assert [one.document.language for one in found][2] == "de"
    assert found[1].document.byline == "Ben Rowe"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "it is empty"),
        ("spaces.md", b" \n\n", "it is empty"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not a text but a binary file"),
        ("zip.txt", zipped(("a.txt", TEXT)), "not a text but a binary file"),
        ("script.html", b"<html><script>alert('words, many words')</script></html>", "there is no text in it"),
        ("large.txt", b"words " * 1_700_000, "it is larger than 5 MB"),
        ("letter.docx", b"PK\x03\x04", ".docx is not read here: save it as .txt, .md or .html"),
        ("paper.PDF", b"%PDF-1.7", ".pdf is not read here"),
        ("noending", TEXT, "of no known kind; known are .txt, .md, .markdown, .html, .htm"),
        ("front.md", b"---\ntitle: [\n---\nText.", "front matter can't be read on line"),
        ("broken.zip", b"PK\x03\x04 and no more", "no zip archive, or a damaged one"),
    ],
)
def test_what_can_not_be_read_is_refused_in_a_sentence_and_stops_no_other(name, data, says):
    assert says in refusal(name, data)
    found = opened(("a.txt", TEXT), (name, data), ("b.txt", TEXT))
    assert [bool(one.document) for one in found] == [True, False, True]


def test_documents_in_an_archive_know_it_and_those_beside_count():
    files = (("clippings.ZIP", zipped(("x/a.txt", TEXT), ("x/b.txt", b""), ("x/logo.png", b""))), ("c.txt", TEXT))
    sent = opening([(name, io.BytesIO(data)) for name, data in files])
    assert (len(sent), sent.aside) == (3, 1)
    assert [(one.archive, one.name, bool(one.document)) for one in sent] == [
        ("clippings.ZIP", "x/a.txt", True),
        ("clippings.ZIP", "x/b.txt", False),
        ("", "c.txt", True),
    ]


def test_archives_share_what_may_be_unpacked():
    noise = bytes(range(256)) * 1500
    one, two = (zipped((name, noise)) for name in ("a.txt", "b.txt"))
    found = opened(("one.zip", one), ("two.zip", two), ("c.txt", TEXT), unpacked=500_000, ratio=1000)
    assert [one.name for one in found] == ["a.txt", "two.zip", "c.txt"]
    assert "with “b.txt” more than" in str(found[1].refused)


def test_a_limit_of_documents_takes_the_first_and_says_so_of_the_rest():
    found = opened(("a.txt", TEXT), ("b.txt", b""), ("c.txt", TEXT), ("d.txt", TEXT), documents=2)
    assert [bool(one.document) for one in found] == [True, False, True, False]
    assert str(found[3].refused) == "2 documents are taken at once: upload this one afterwards"


def test_a_smaller_limit_of_one_document_holds():
    assert refusal("a.txt", b"words " * 400_000, document=2_000_000) == "it is larger than 2 MB"


def test_what_there_is_no_time_for_is_told():
    ticks = iter([0, 1, 30])
    found = opened(("a.txt", TEXT), ("b.txt", TEXT), clock=lambda: next(ticks), seconds=20)
    assert [bool(one.document) for one in found] == [True, False]
    assert "no time left" in str(found[1].refused)


def test_a_name_stays_on_one_line():
    assert opened(("a\n\u202eb.txt", TEXT))[0].name == "a\\n\\u202eb.txt"
