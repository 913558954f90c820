"""A seed document's bytes to a Document, by the kind that its name says. Pure: no Django, no database.

Nothing of a document's words is lost and nothing is there twice; what can't be read is refused in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from newsreader.core.clean import TooDeep, TooLarge
from newsreader.core.sentence import Sentence
from newsreader.intake.decode import recognise
from newsreader.intake.epub import read_epub
from newsreader.intake.kinds import KNOWN, kind_of, not_read
from newsreader.intake.markdown import read_markdown
from newsreader.intake.page import read_page
from newsreader.intake.plain import read_plain
from newsreader.intake.shape import Document, Refused

__all__ = ["Document", "Examined", "Refused", "examine", "examine_as", "read"]

_TEXTS: dict[str, Callable[[str], Document]] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_page,
    ".htm": read_page,
}
_BOOKS: dict[str, Callable[[bytes], Document]] = {".epub": read_epub}

_LONGEST = {"title": 500, "byline": 300, "source": 200}
_TOO_LONG = {
    "title": Sentence("its title is longer than {limit} characters", limit=_LONGEST["title"]),
    "byline": Sentence("its byline is longer than {limit} characters", limit=_LONGEST["byline"]),
    "source": Sentence("its source is longer than {limit} characters", limit=_LONGEST["source"]),
}
_TOPIC = 100
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


class Examined(NamedTuple):
    """A document, and what its bytes were read as."""

    document: Document
    encoding: str


def read(data: bytes, name: str) -> Document:
    """Return the document in `data`; `name` is its file name, whose ending says what kind it is. As `examine`."""
    return examine(data, name).document


def examine(data: bytes, name: str) -> Examined:
    """The document in `data`, and its encoding.

    Raises `Refused`: of no known kind, empty, too large (`kinds.largest`), binary, without text, too costly to clean,
    in an encoding or with front matter that can't be read, or with a title, byline, source or topic longer than an
    article's.
    """
    return examine_as(kind_of(name), data)


def examine_as(kind: str, data: bytes, stated: str = "") -> Examined:
    """The same for a kind, one of KNOWN; `stated` is the encoding that came beside it, as a web server says it."""
    if kind not in KNOWN:
        raise not_read(kind)
    try:
        if kind in _BOOKS:
            return Examined(_fitting(_BOOKS[kind](data)), "")
        text, encoding = recognise(data, markup=kind.startswith(".htm"), stated=stated)
        return Examined(_fitting(_TEXTS[kind](text)), encoding)
    except (TooLarge, TooDeep) as error:
        raise Refused(_inside(error)) from error


def _inside(error: Exception) -> str:
    """The core's sentence, in English as refusals are written; in other languages it stays a sentence of its own."""
    said = error.args[0] if error.args else ""
    text = str(said).rstrip(".")
    lower = str.__new__(Sentence, text[:1].lower() + text[1:])
    lower.form, lower.values = getattr(said, "form", text), getattr(said, "values", {})
    return lower


def _fitting(document: Document) -> Document:
    for field, longest in _LONGEST.items():
        if len(getattr(document, field)) > longest:
            raise Refused(_TOO_LONG[field])
    if any(len(topic) > _TOPIC for topic in document.topics):
        raise Refused(Sentence("one of its topics is longer than {limit} characters", limit=_TOPIC))
    # A language that is no tag helps no screen reader; the document is good without it
    stated = document.language if _LANGUAGE.fullmatch(document.language) else ""
    return replace(document, language=stated)
