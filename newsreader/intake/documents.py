"""A seed document's bytes to a Document, by the kind that its name says. Pure: no Django, no database.

Nothing of a document's words is lost and nothing is there twice; what can't be read is refused in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from newsreader.core.clean import TooDeep, TooLarge
from newsreader.core.sentence import Sentence
from newsreader.intake.decode import recognise
from newsreader.intake.markdown import read_markdown
from newsreader.intake.page import read_page
from newsreader.intake.plain import read_plain
from newsreader.intake.shape import Document, Refused

__all__ = ["KINDS", "Document", "Examined", "Refused", "examine", "examine_as", "kind_of", "not_read", "read"]

KINDS: dict[str, Callable[[str], Document]] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_page,
    ".htm": read_page,
}
"""What is read, by the name's ending in small letters."""

_LONGEST = {"title": 500, "byline": 300, "source": 200}
_TOO_LONG = {
    "title": Sentence("its title is longer than {limit} characters", limit=_LONGEST["title"]),
    "byline": Sentence("its byline is longer than {limit} characters", limit=_LONGEST["byline"]),
    "source": Sentence("its source is longer than {limit} characters", limit=_LONGEST["source"]),
}
_TOPIC = 100
_WORD_PROCESSORS = frozenset({".doc", ".docx", ".epub", ".mobi", ".odt", ".pages", ".pdf", ".rtf"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


class Examined(NamedTuple):
    """A document, and what its bytes were read as."""

    document: Document
    encoding: str


def kind_of(name: str) -> str:
    """The ending of a file's name, in small letters and with its dot: a key of KINDS where it is read."""
    return PurePath(name).suffix.casefold()


def not_read(kind: str) -> Refused:
    """The refusal of a file of a kind that isn't read."""
    if kind in _WORD_PROCESSORS:
        return Refused(Sentence("{kind} is not read here: save it as .txt, .md or .html", kind=kind))
    return Refused(Sentence("it is of no known kind; known are {kinds}", kinds=", ".join(KINDS)))


def read(data: bytes, name: str) -> Document:
    """Return the document in `data`; `name` is its file name, whose ending says what kind it is. As `examine`."""
    return examine(data, name).document


def examine(data: bytes, name: str) -> Examined:
    """The document in `data`, and its encoding.

    Raises `Refused`: of no known kind, empty, over 5 MB, binary, without text, too costly to clean, in an encoding
    or with front matter that can't be read, or with a title, byline, source or topic longer than an article's.
    """
    return examine_as(kind_of(name), data)


def examine_as(kind: str, data: bytes, stated: str = "") -> Examined:
    """The same for a kind, a key of KINDS; `stated` is the encoding that came beside it, as a web server says it."""
    if kind not in KINDS:
        raise not_read(kind)
    text, encoding = recognise(data, markup=kind.startswith(".htm"), stated=stated)
    try:
        return Examined(_fitting(KINDS[kind](text)), encoding)
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
