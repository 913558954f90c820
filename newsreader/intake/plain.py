"""A plain text to a document: which lines are headline, standfirst, byline and date, and which are the text.

Goes by shape alone and in doubt leaves a line in the text: no word is lost, and nothing is said twice.
"""

from __future__ import annotations

import re
from html import escape
from itertools import groupby

from newsreader.core.clean import clean
from newsreader.core.prose import from_plain
from newsreader.core.sentence import Sentence
from newsreader.intake.head import Head
from newsreader.intake.headline import fold, is_headline, split_publisher, whole_of
from newsreader.intake.language import guess_language
from newsreader.intake.lines import is_item, is_rule, paragraphs
from newsreader.intake.shape import Document, Refused

_HEAD = 6  # blocks below the headline in which it may be repeated
_STANDFIRST = 240
_STANDFIRST_BEFORE_HEAD = 400  # a byline or date line below it shows where the text begins
_DATELINE = re.compile(r"[^\W\d_]{2,}[^a-z]{0,40}?(?:\([\w ]{2,20}\)\s*)?(?:, \w+ \d{1,2})? ?[–—-] ")
_BULLET = re.compile(r"[•‣◦*+-]\s+")
_SENTENCE = re.compile(r"(?<=[.!?…。؟।])[\"'’”»)]*\s*(?=\S)")


def read_plain(text: str) -> Document:
    """Return the document that `text` (line ends "\\n") is. Raises `Refused` where there is none to read."""
    blocks = paragraphs(text)
    if not any(fold(block) for block in blocks):
        raise Refused(Sentence("there is no text in it"))
    headline, cut_off, rest = _headline(blocks)
    title, source = split_publisher(headline, from_feed=cut_off)
    head, standfirst, body = _below(title, headline, rest, Head(source=source)) if title else (Head(), "", rest)
    if not body:
        if not standfirst:
            raise Refused(Sentence("it has a headline, but no text"))
        standfirst, body = "", [standfirst]
    return Document(
        title=title or excerpt(body[0]),
        standfirst=standfirst,
        byline=head.byline,
        source=head.source,
        published=head.published,
        language=guess_language(text),
        html=_html(body),
    )


def excerpt(paragraph: str) -> str:
    """A title for a text without one: its first sentence if it is short, else its first words and “…”."""
    first = _SENTENCE.split(paragraph, maxsplit=1)[0].strip()
    if not fold(first):  # only signs before the first stop
        first = paragraph
    if len(first) <= 90:
        return first.removesuffix(".") if first.count(".") == 1 else first
    cut = first[:80]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…".replace(",…", "…")


def _headline(blocks: list[str]) -> tuple[str, bool, list[str]]:
    """(headline or "", whether a cut-off copy of it stood beside it, the blocks after it)."""
    if len(blocks) == 1 or not is_headline(blocks[0]) or is_item(blocks[0]) or not fold(blocks[0]):
        return "", False, blocks
    headline, rest, cut_off = blocks[0], blocks[1:], False
    while rest:
        if is_rule(rest[0]) and len(rest) > 1:  # the headline's underline
            rest = rest[1:]
        elif len(rest) > 1 and is_headline(rest[0]) and (whole := whole_of(headline, rest[0])):
            cut_off = cut_off or fold(headline) != fold(rest[0])
            headline, rest = whole, rest[1:]
        else:
            break
    return headline, cut_off, rest


def _below(title: str, headline: str, rest: list[str], head: Head) -> tuple[Head, str, list[str]]:
    """Reads what stands between headline and text, in any order: (head, standfirst, paragraphs)."""
    standfirst = ""
    said = {fold(title), fold(headline)}  # the headline once more, as the text's first line
    rest = [block for place, block in enumerate(rest) if place >= _HEAD or fold(block) not in said] or rest
    while len(rest) > 1:
        if further := head.reads(rest[0]):
            head = further
        elif not standfirst and _is_standfirst(rest[0], rest[1:], head):
            standfirst = rest[0]
        elif standfirst and _teases(standfirst, rest[0]):
            standfirst = ""
            break
        else:
            break
        rest = rest[1:]
    if standfirst and fold(standfirst) == fold(rest[0]) and len(rest) == 1:
        standfirst = ""
    return head, standfirst, rest


def _is_standfirst(block: str, after: list[str], head: Head) -> bool:
    """A standfirst is short, says one or two things, and is followed by paragraphs that say more."""
    if is_item(block) or is_rule(block) or is_item(after[0]) or block.endswith(":") or _DATELINE.match(block):
        return False
    if len(after) > 1 and head.reads(after[0]):
        return len(block) <= _STANDFIRST_BEFORE_HEAD
    if len(block) > _STANDFIRST or len(block.split()) < 5 or len(_SENTENCE.split(block)) > 2:
        return False
    if _teases(block, after[0]):
        return True
    usual = sum(len(text) for text in after) / len(after)
    return 1.2 * len(block) <= len(after[0]) and len(block) <= usual


def _teases(standfirst: str, paragraph: str) -> bool:
    """Whether the standfirst is only the paragraph's own beginning."""
    return len(fold(standfirst)) >= 8 and fold(paragraph).startswith(fold(standfirst))


def _html(body: list[str]) -> str:
    """Canonical HTML: paragraphs, and lists of bulleted items. Numbered items keep their numbers as text."""
    pieces = []
    for bulleted, group in groupby(body, key=lambda block: bool(_BULLET.match(block)) and not is_rule(block)):
        blocks = list(group)
        if bulleted and len(blocks) > 1:
            items = "".join(f"<li>{escape(_BULLET.sub('', block, count=1))}</li>" for block in blocks)
            pieces.append(clean(f"<ul>{items}</ul>"))
        else:
            pieces.append(from_plain(blocks))
    return "\n".join(pieces)
