"""Markdown and plain text -> canonical HTML, cleaned after rendering, never before.

A note is a stranger's: what would be slow to render is refused before Markdown sees it. A document is a curator's.
"""

import re
from html import escape

import markdown
from markdown.extensions import Extension

from newsreader.core.clean import TooDeep, TooLarge, clean, clean_note

LONGEST_NOTE = 10_000  # characters


class Unreadable(ValueError):
    """The note is too large or too costly to render; says so in a sentence for a person."""


def render_note(markdown_text: str) -> str:
    """A note in Markdown -> canonical HTML. HTML in it is shown as it was typed.

    Raises Unreadable for more than LONGEST_NOTE characters, and for what would take long to render.
    """
    if len(markdown_text) > LONGEST_NOTE:
        raise Unreadable(f"The note is longer than {LONGEST_NOTE:,} characters.")
    _refuse_what_is_slow(markdown_text)
    try:
        return clean_note(_markdown(_NOTE_EXTENSIONS).convert(markdown_text))
    except (RecursionError, TooDeep, TooLarge) as error:
        raise Unreadable("Its lists or quotations are nested too deep.") from error


def render_document(markdown_text: str) -> str:
    """A Markdown document, HTML in it allowed, -> canonical HTML with tables, footnotes and code.

    Raises TooLarge and TooDeep as `clean` does.
    """
    try:
        html = markdown.markdown(markdown_text, extensions=_DOCUMENT_EXTENSIONS, output_format="html")
    except RecursionError as error:
        raise TooDeep("Its lists or quotations are nested too deep.") from error
    return clean(html)


def from_plain(paragraphs: list[str]) -> str:
    """Paragraphs of plain text -> canonical HTML; a line break inside a paragraph is kept as one."""
    lines = (escape(paragraph, quote=False).strip().splitlines() for paragraph in paragraphs)
    return clean("".join(f"<p>{'<br>'.join(paragraph)}</p>" for paragraph in lines))


class _NoHtml(Extension):
    """HTML in a note is text."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (Markdown's name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")


_DOCUMENT_EXTENSIONS = ["tables", "footnotes", "fenced_code", "def_list", "sane_lists"]
_NOTE_EXTENSIONS: list[Extension | str] = ["nl2br", "fenced_code", "sane_lists", _NoHtml()]


def _markdown(extensions: list[Extension | str]) -> markdown.Markdown:
    return markdown.Markdown(extensions=extensions, output_format="html")


_COSTLY = re.compile(r"[\[\]<>`*_!&\\]")


def _refuse_what_is_slow(text: str) -> None:
    if len(_COSTLY.findall(text)) > 400:
        raise Unreadable("It has too many brackets, stars and other signs of Markdown to be rendered quickly.")
