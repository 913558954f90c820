"""The kinds of documents, by the endings of their names: those that are read, and what is said of the others."""

from __future__ import annotations

from pathlib import PurePath

from newsreader.core.sentence import Sentence
from newsreader.intake.shape import SIZE_LIMIT, Refused

TEXTS = (".txt", ".md", ".markdown", ".html", ".htm")
BOOKS = (".epub",)
KNOWN = TEXTS + BOOKS
BOOK_LIMIT = 50_000_000
"""The largest book, in bytes: most of them are its pictures."""

_WORD_PROCESSORS = frozenset({".doc", ".docx", ".mobi", ".odt", ".pages", ".pdf", ".rtf"})


def kind_of(name: str) -> str:
    """The ending of a file's name, in small letters and with its dot: one of KNOWN where it is read."""
    return PurePath(name).suffix.casefold()


def not_read(kind: str) -> Refused:
    """The refusal of a file of a kind that isn't read."""
    if kind in _WORD_PROCESSORS:
        return Refused(Sentence("{kind} is not read here: save it as .txt, .md or .html", kind=kind))
    return Refused(Sentence("it is of no known kind; known are {kinds}", kinds=", ".join(KNOWN)))


def largest(kind: str) -> int:
    """How many bytes a document of that kind may have."""
    return BOOK_LIMIT if kind in BOOKS else SIZE_LIMIT
