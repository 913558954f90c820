"""A seed document's bytes to a Document, by the kind that its name says. Pure: no Django, no database.

Nothing of a document's words is lost and nothing is there twice; what can't be read is refused in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from newsreader.core.clean import TooDeep, TooLarge
from newsreader.intake.decode import decode
from newsreader.intake.markdown import read_markdown
from newsreader.intake.page import read_page
from newsreader.intake.plain import read_plain
from newsreader.intake.shape import Document, Refused

__all__ = ["KINDS", "Document", "Refused", "read"]

KINDS: dict[str, Callable[[str], Document]] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_page,
    ".htm": read_page,
}
"""What is read, by the name's ending in small letters."""

_LONGEST = {"title": 500, "byline": 300, "source": 200}
_TOPIC = 100
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


def read(data: bytes, name: str) -> Document:
    """Return the document in `data`; `name` is its file name, whose ending says what kind it is.

    Raises `Refused`: of no known kind, empty, over 5 MB, binary, without text, too costly to clean, in an encoding
    or with front matter that can't be read, or with a title, byline, source or topic longer than an article's.
    """
    kind = PurePath(name).suffix.casefold()
    if kind not in KINDS:
        raise Refused(f"it is of no known kind; known are {', '.join(KINDS)}")
    try:
        return _fitting(KINDS[kind](decode(data, markup=kind.startswith(".htm"))))
    except (TooLarge, TooDeep) as error:
        says = str(error).rstrip(".")
        raise Refused(says[:1].lower() + says[1:]) from error


def _fitting(document: Document) -> Document:
    for field, longest in _LONGEST.items():
        if len(getattr(document, field)) > longest:
            raise Refused(f"its {field} is longer than {longest} characters")
    if any(len(topic) > _TOPIC for topic in document.topics):
        raise Refused(f"one of its topics is longer than {_TOPIC} characters")
    # A language that is no tag helps no screen reader; the document is good without it
    stated = document.language if _LANGUAGE.fullmatch(document.language) else ""
    return replace(document, language=stated)
