"""Which words of a page are its article: trafilatura's or readability's, by a rule. Pure.

Says words only, and loses much of what stands around them, as captions and numbers: placing.py finds them in the page.
"""

from __future__ import annotations

import logging
from copy import copy

import trafilatura
from lxml.etree import LxmlError
from lxml.html import HtmlElement, document_fromstring
from readability import Document
from readability.readability import Unparseable

from newsreader.intake.extraction.runs import Run, letters

# Both say at length on the log what they make of a page that is no article; we say it in a sentence
for _name in ("trafilatura", "readability", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_ENOUGH = 0.5
_SHORT = 200  # letters: of so few, more may be in a script of the page
_FAR_FROM_THE_TEXT = ("nav", "footer", "aside", "form")


def chosen_text(tree: HtmlElement, runs: list[Run]) -> str:
    """The article's words, "" if none are found.

    trafilatura's precise choice has the fewest strangers in it, and where it has half of the page's open text it is
    taken at once. Else it is compared with its broader choice, which is taken where it has twice the words, and that
    with readability's, which finds text in pages that are all boxes.
    """
    precise = _trafilatura(tree, favor_precision=True)
    enough = max(_SHORT, _ENOUGH * _open_text(runs))
    if len(letters(precise)) > enough:
        return precise
    broad = _trafilatura(tree, fast=True)
    best = precise if _words(precise) * 2 > _words(broad) else broad
    if len(letters(broad)) > enough:
        return best
    other = _readability(tree)
    return other if _words(other) > 2 * _words(broad) else best


def _open_text(runs: list[Run]) -> int:
    """How many letters of the page stand neither in links nor in its furniture."""
    return sum(
        len(run.folded) - run.linked
        for run in runs
        if run.linked < len(run.folded) and next(run.block.iterancestors(*_FAR_FROM_THE_TEXT), None) is None
    )


def _words(text: str) -> int:
    return len(text.split())


def _trafilatura(tree: HtmlElement, *, favor_precision: bool = False, fast: bool = False) -> str:
    found = trafilatura.bare_extraction(tree, favor_precision=favor_precision, fast=fast, include_comments=False)
    return found.text or "" if isinstance(found, trafilatura.settings.Document) else ""


def _readability(tree: HtmlElement) -> str:
    try:
        return " ".join(document_fromstring(Document(copy(tree)).summary()).itertext())
    except (Unparseable, LxmlError, ValueError):
        return ""
