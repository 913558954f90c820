"""What all kinds of feeds have in common: unique ids, addresses, words, and whether those are only a summary."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape, unescape

from newsreader.core.addresses import address
from newsreader.core.tame import tokens
from newsreader.intake.feeds.shape import MOST, Entry, Feed

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_TEASES = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|\[[^\]]{0,3}(?:…|\.\.\.)[^\]]{0,3}\]"
    r"|(?:read (?:more|on|the (?:rest|full \w+))|continue reading|weiterlesen|lire la suite)\W{0,4}.{0,80})\W*$",
    re.IGNORECASE,
)
_FULL = 1_500  # characters: nobody's appetiser is longer
_SHORT = 500  # what is called the content, and shorter than this, may be one
_PARAGRAPHS = re.compile(r"<p\b", re.IGNORECASE)
_NAMES = 20  # topics of one entry


@dataclass(slots=True)
class Found:
    """An entry as its format has it; `whole` where the format calls its words the content."""

    id: str = ""
    address: str = ""
    title: str = ""
    byline: str = ""
    published: dt.datetime | None = None
    html: str = ""
    whole: bool = False
    topics: list[str] = field(default_factory=list)
    base: str = ""
    language: str = ""


def feed_of(*, title: str, site: str, language: str, icon: str, found: Iterable[Found]) -> Feed:
    """The feed with its entries, each once."""
    kept = list(found)[:MOST]
    shared = Counter(one.id for one in kept)
    entries: dict[str, Entry] = {}
    for one in kept:
        # Some feeds give all entries one id.
        name = one.id if one.id and shared[one.id] == 1 else one.address or one.id
        name = name or hashlib.sha256(f"{one.title}\n{one.html}".encode()).hexdigest()
        if name in entries and not one.id and not one.address:
            name = f"{name}#{len(entries)}"
        elif name in entries and entries[name].title != one.title:
            name = f"{name}#{hashlib.sha256(one.title.encode()).hexdigest()[:16]}"
        topics = tuple(dict.fromkeys(topic for topic in one.topics if topic and "://" not in topic))[:_NAMES]
        entry = Entry(
            id=name,
            address=one.address,
            title=one.title,
            byline=one.byline,
            published=one.published if one.published and 1900 <= one.published.year < 2200 else None,
            html=one.html,
            summary_only=_is_summary(one),
            topics=topics,
            base=one.base,
            language=one.language or language,
        )
        entries.setdefault(name, entry)
    return Feed(title, site, language, icon, tuple(entries.values()))


def _is_summary(one: Found) -> bool:
    if not one.address or not one.title:
        return False  # a note without a title is all there is
    text = words_of(one.html).strip()
    if len(text) >= _FULL:
        return False
    if not text or _TEASES.search(text[-200:]):
        return True
    if one.whole:
        return len(text) < _SHORT and len(_PARAGRAPHS.findall(one.html)) < 2
    return len(_PARAGRAPHS.findall(one.html)) < 3


def words_of(html: str) -> str:
    """The text of HTML, its references decoded, a space where a tag stood in white space or between blocks."""
    if "<" not in html:
        return unescape(html)
    written = []
    for token in tokens(html):
        if token.kind == "text":
            written.append(token.value)
        elif token.value in {"br", "p", "div", "li", "tr", "td", "h1", "h2", "h3", "blockquote"}:
            written.append(" ")
    return unescape("".join(written))


def paragraphs(text: str) -> str:
    """Plain text as HTML: an empty line ends a paragraph."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{'<br>'.join(map(escape, block.split(chr(10))))}</p>" for block in blocks if block.strip())


def line(words: object) -> str:
    """On one line, trimmed."""
    return " ".join(str(words or "").split())


def address_in(href: object, base: str) -> str:
    """The absolute http address, "" for what is none."""
    found = address(str(href or ""), base) or ""
    return found if found.startswith(("http://", "https://")) else ""


def tag(language: object) -> str:
    """A BCP 47 tag, "" for what is none."""
    written = str(language or "").strip().replace("_", "-")
    return written if _LANGUAGE.fullmatch(written) and written.lower() not in {"und", "unknown", "none"} else ""
