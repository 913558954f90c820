"""A text that somebody pastes, to a document: plain text, Markdown or HTML, by its looks where nobody says which. Pure.

A title that its reader gave is the document's; a heading that stands in the text all the same stays in it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from newsreader.core.clean import clean
from newsreader.core.text import text_of
from newsreader.intake.documents import examine_as
from newsreader.intake.headline import fold
from newsreader.intake.shape import Document

LONGEST = 1_000_000  # characters: what is longer is a file
KINDS = {"text": ".txt", "markdown": ".md", "html": ".html"}

_LOOKED_AT = 20_000
_HTML = re.compile(
    r"\s*(?:<!doctype\s+html|<!--|<(?:html|head|body|main|article|section|header|div|p|h[1-6]|ul|ol|table|blockquote|figure)[\s>])",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(
    r"\A---[ \t]*\n\s*[A-Za-z][\w-]*:"  # front matter
    r"|^#{1,6} +\S"
    r"|^(?:```|~~~)"
    r"|^> ?\S"
    r"|\[[^\]\n]+\]\((?:https?://|/|#)[^)\s]*\)"
    r"|(?<!\*)\*\*[^\s*][^*\n]*\*\*",
    re.MULTILINE,
)


def recognised(text: str) -> str:
    """What `text` looks like: a key of KINDS. In doubt it is plain text, in which every sign stays as it is."""
    begins = text[:_LOOKED_AT].replace("\r\n", "\n")
    if _HTML.match(begins):
        return "html"
    return "markdown" if _MARKDOWN.search(begins) else "text"


def read_pasted(text: str, kind: str = "", title: str = "") -> Document:
    """The document in `text`. `kind` is a key of KINDS, or "" to go by its looks. Raises `Refused`."""
    document, _ = examine_as(KINDS[kind or recognised(text)], text.encode("utf-8", "replace"), "utf-8")
    if not title or fold(title) == fold(document.title):
        return document
    said = document.title.rstrip("…")
    if fold(said) and fold(said) not in fold(text_of(document.html)):
        document = replace(document, html=clean(f"<h2>{escape(said)}</h2>") + "\n" + document.html)
    return replace(document, title=title)
