"""Markdown and plain text -> canonical HTML, cleaned after rendering, never before.

A note is a stranger's: what would be slow to render is refused before Markdown sees it. A document is a curator's.
"""

import re
from html import escape

import markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from newsreader.core.clean import TooDeep, TooLarge, clean, clean_note
from newsreader.core.sentence import Sentence

LONGEST_NOTE = 10_000  # characters
_SLOW_SAYS = Sentence("It has too many lines, brackets, stars or other signs of Markdown to be shown quickly.")
_NESTED_SAYS = Sentence("Its lists or quotations are nested too deep.")


class Unreadable(ValueError):
    """The note is too large or too costly to render; says so in a sentence for a person."""


def render_note(markdown_text: str) -> str:
    """A note in Markdown -> canonical HTML. HTML in it is shown as it was typed.

    Raises Unreadable for more than LONGEST_NOTE characters, and for what would take long to render.
    """
    if len(markdown_text) > LONGEST_NOTE:
        raise Unreadable(Sentence("The note is longer than {limit} characters.", limit=LONGEST_NOTE))
    markdown_text = "\n".join(line.rstrip() for line in markdown_text.splitlines())  # Markdown reads them slowly
    _refuse_what_is_slow(markdown_text)
    try:
        return clean_note(_markdown().convert(markdown_text))
    except (RecursionError, TooDeep, TooLarge) as error:
        raise Unreadable(_NESTED_SAYS) from error


def render_document(markdown_text: str, *, base_url: str = "") -> str:
    """A Markdown document, HTML in it allowed, -> canonical HTML with tables, footnotes and code.

    `base_url` is where it came from, and what is raised is TooLarge and TooDeep, both as of `clean`.
    """
    return clean(document_html(markdown_text), base_url=base_url)


def document_html(markdown_text: str) -> str:
    """A Markdown document -> HTML as Markdown makes it: not cleaned, and for nobody's eyes. Raises TooDeep."""
    try:
        return markdown.markdown(markdown_text, extensions=_DOCUMENT_EXTENSIONS, output_format="html")
    except RecursionError as error:
        raise TooDeep(_NESTED_SAYS) from error


def from_plain(paragraphs: list[str]) -> str:
    """Paragraphs of plain text -> canonical HTML; a line break inside a paragraph is kept as one."""
    lines = (escape(paragraph, quote=False).strip().splitlines() for paragraph in paragraphs)
    return clean("".join(f"<p>{'<br>'.join(paragraph)}</p>" for paragraph in lines))


class _Note(Extension):
    """HTML in a note is text, and a list needs no empty line before it."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (Markdown's name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        for pattern in ("reference", "short_reference", "image_link", "image_reference", "short_image_ref"):
            md.inlinePatterns.deregister(pattern)
        md.parser.blockprocessors.deregister("reference")
        md.preprocessors.register(_ListsAfterText(md), "lists_after_text", 20)  # after fenced code


class _ListsAfterText(Preprocessor):
    _ITEM = re.compile(r" {0,3}(?:[-*+]|[0-9]{1,2}[.]) ")
    _WITHIN = re.compile(r"\s|\Z|[-*+>] |[0-9]{1,2}[.] ")  # an item, what belongs to one, a quotation, an empty line

    def run(self, lines: list[str]) -> list[str]:
        spaced: list[str] = []
        for line in lines:
            if spaced and self._ITEM.match(line) and not self._WITHIN.match(spaced[-1]):
                spaced.append("")
            spaced.append(line)
        return spaced


_DOCUMENT_EXTENSIONS = ["tables", "footnotes", "fenced_code", "def_list", "sane_lists"]


def _markdown() -> markdown.Markdown:
    """One per call: a Markdown object keeps state and is not for several threads."""
    extensions: list[Extension | str] = ["nl2br", "fenced_code", "sane_lists", _Note()]
    return markdown.Markdown(extensions=extensions, output_format="html")


# What rendering and cleaning spend their time on: each sign may make an element, and Markdown reads on to the end of
# the paragraph from each of them, several times from brackets and backticks. Other text costs next to nothing.
MOST_SIGNS = 400
MOST_EFFORT = 1_000_000
_SIGNS = re.compile(r"[\[\]<>`*_&\\\n]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_NESTED = re.compile(r"^(?:\s*(?:[-*+>]|[0-9]+[.])(?=\s|>)){9}|^\s{33,}(?:[-*+>]|[0-9]+[.])\s|^>{9}", re.MULTILINE)


def _refuse_what_is_slow(text: str) -> None:
    effort = sum(
        len(part) * (len(_SIGNS.findall(part)) + 3 * part.count("[") + 3 * part.count("`"))
        for part in _PARAGRAPHS.split(text)
    )
    if len(_SIGNS.findall(text)) > MOST_SIGNS or effort > MOST_EFFORT or "`" * 9 in text:
        raise Unreadable(_SLOW_SAYS)
    if _NESTED.search(text):
        raise Unreadable(_NESTED_SAYS)
