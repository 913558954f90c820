"""What is made to hurt whoever reads it is refused in time, and what comes after it is read."""

import gzip
import io

import pytest

from newsreader.intake.confined import Overran
from newsreader.intake.uploads import Limits, opening
from tests.intake.books import epub, packed
from tests.intake.test_archives import TEXT, zipped

ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(after)} "{f"&{chr(after - 1)};" * 10}">' for after in range(ord("b"), ord("k"))
)


def nested(depth):
    """A book in a book in a book: none is opened for the sake of another."""
    inner = epub("<p>Words.</p>")
    for _ in range(depth):
        inner = packed({"META-INF/container.xml": "<container/>", "a.epub": inner})
    return inner


def opened(*files, **limits):
    return list(opening([(name, io.BytesIO(data)) for name, data in files], Limits(**limits)))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("brackets.md", b"[" * 4_999_999),
        ("ticks.md", b"`" * 4_999_999),
        ("quotations.md", b"> " * 2_000_000 + b"x"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_takes_for_ever_is_stopped(name, data):
    (one,) = opened((name, data), each=0.5)
    assert isinstance(one.refused, Overran)
    assert str(one.refused).startswith("reading it takes")
    (after,) = opened(("a.txt", TEXT))
    assert after.document


HOSTILE = {
    "a zip bomb": (
        "a.epub",
        epub("<p>Words.</p>", files={"OEBPS/text/1.xhtml": b" " * 4_900_000}),
        "100 times its size",
    ),
    "a book in a book": ("a.epub", nested(20), "names no book"),
    "a book in a zip in a zip": ("a.zip", zipped(("a.zip", zipped(("a.epub", nested(1))))), "an archive in an archive"),
    "entities that multiply": (
        "a.epub",
        epub("<p>Words.</p>", replace={"OEBPS/book.opf": f"{ENTITIES}]><package>&j;</package>"}),
        "defines entities",
    ),
    "entities in a page": ("a.html", f"{ENTITIES}]><html>&j;</html>".encode(), None),
    "a gzip bomb": ("a.html", gzip.compress(bytes(20_000_000)), "a binary file"),
    "a deep page": ("a.html", b"<blockquote>" * 100_000 + b"x", "more than 50 deep"),
    "a deep package": (
        "a.epub",
        epub(replace={"OEBPS/book.opf": "<a>" * 100_000 + "</a>" * 100_000}, squeeze=False),
        "nested too deep",
    ),
}


@pytest.mark.parametrize(("name", "data", "says"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_made_to_burst_is_refused_and_what_comes_after_it_is_read(name, data, says):
    bad, good = opened((name, data), ("a.txt", TEXT))
    assert says is None or says in str(bad.refused)
    assert len(bad.document.html if bad.document else "") < 1000
    assert good.document


def test_memory_has_an_end():
    (one,) = opened(("a.epub", epub(b"<p>words</p><a" + b" " * 4_900_000, squeeze=False)))
    assert isinstance(one.refused, Overran)
    assert opened(("a.txt", TEXT))[0].document
