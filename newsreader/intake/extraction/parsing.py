"""A page's HTML to a tree, within bounds that keep the work short. Pure.

Promises a body, no more than MOST_ELEMENTS elements, and the depth that the parser itself allows (256).
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from newsreader.core.sentence import Sentence
from newsreader.core.tame import tokens
from newsreader.intake.shape import SIZE_LIMIT, Refused

MOST_ELEMENTS = 50_000
_MOST_ATTRIBUTES = 1_000
_NO_TEXT = Sentence("there is no text in it")

# What XML has no characters for; and signs inside words that only said where another page might break its lines: they
# would keep the words from being found
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\u200b\u2060\ud800-\udfff\ufeff\ufffe\uffff]")
_BREAKS = (
    "&shy;",
    "&#173;",
    "&#xAD;",
    "&#xad;",
    "&ZeroWidthSpace;",
    "&#8203;",
    "&#x200B;",
    "&#x200b;",
    "<wbr>",
    "<wbr/>",
)


def parse(html: str) -> HtmlElement:
    """The page as a tree without comments. Raises `Refused`: too large, too many tags, nothing in it."""
    if len(html) > SIZE_LIMIT or len(html.encode(errors="replace")) > SIZE_LIMIT:
        raise Refused(Sentence("it is larger than {limit} MB", limit=SIZE_LIMIT // 1_000_000))
    html = _UNREADABLE.sub("", html)
    for written in _BREAKS:
        html = html.replace(written, "")
    if not html.strip():
        raise Refused(_NO_TEXT)
    _refuse_crowded_tags(html)
    try:
        tree = document_fromstring(html.encode(), parser=_parser())
    except (etree.LxmlError, ValueError, AssertionError):
        raise Refused(_NO_TEXT) from None
    for number, _ in enumerate(tree.iter(), 1):
        if number > MOST_ELEMENTS:
            raise Refused(Sentence("it has more than {limit} tags", limit=MOST_ELEMENTS))
    if tree.find("body") is None:
        raise Refused(_NO_TEXT)
    return tree


def _parser() -> HTMLParser:
    return HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)


def _refuse_crowded_tags(html: str) -> None:
    """The parser compares each attribute of a tag with all others: a hundred thousand would take it minutes."""
    is_suspect = html.count("=") > 20_000 or max(map(len, html.split(">"))) > 60_000
    if is_suspect and any(len(token.attributes) > _MOST_ATTRIBUTES for token in tokens(html)):
        raise Refused(Sentence("one of its tags has more than {limit} attributes", limit=_MOST_ATTRIBUTES))
