"""A feed's entry to the document that it becomes. Pure, and to be run where it can be killed (`intake.confined`)."""

from __future__ import annotations

import hashlib
from html import escape
from urllib.parse import urlsplit

from newsreader.core.clean import TooDeep, TooLarge, clean
from newsreader.core.sentence import Sentence
from newsreader.core.text import text_of
from newsreader.intake.blocks import first_paragraph, without_repeats
from newsreader.intake.feeds.shape import Entry
from newsreader.intake.headline import fold
from newsreader.intake.language import guess_language
from newsreader.intake.plain import excerpt
from newsreader.intake.shape import Document, Refused

_TITLE, _BYLINE, _TOPIC = 500, 300, 100  # characters, as an article keeps them


def document_of(entry: Entry) -> Document:
    """The entry as an article. Of one that is only a link, that link is its text. Raises `Refused`."""
    try:
        html = clean(entry.html, base_url=entry.base)
    except (TooLarge, TooDeep) as error:
        raise Refused(error.args[0]) from error
    html, _ = without_repeats(html, entry.title, "") if entry.title else (html, "")
    if not fold(text_of(html)):
        if not entry.address:
            raise Refused(Sentence("there is no text in it"))
        called = entry.title or entry.address
        html = clean(f'<p><a href="{escape(entry.address)}">{escape(called)}</a></p>')
    text = text_of(html)
    title = entry.title or excerpt(first_paragraph(html) or " ".join(text.split()))
    return Document(
        title=_cut(title, _TITLE),
        standfirst="",
        byline=_cut(entry.byline, _BYLINE),
        source="",
        published=entry.published,
        language=entry.language or guess_language(text),
        html=html,
        topics=tuple(topic for topic in entry.topics if len(topic) <= _TOPIC),
    )


def key_of(entry: Entry) -> str:
    """By which the entry is known again."""
    return _digest(entry.id)


def digest_of(entry: Entry) -> str:
    """Of all that would change its article."""
    return _digest(entry.title, entry.byline, entry.address, entry.html)


def page_of(address: str) -> str:
    """By which entries of one page are seen to be of it, however it is fetched; "" for a site's first page."""
    parts = urlsplit(address)
    if not parts.path.strip("/") and not parts.query:
        return ""
    query = "&".join(sorted(part for part in parts.query.split("&") if part and not part.lower().startswith("utm_")))
    host = (parts.netloc.lower()).removeprefix("www.")
    return _digest(host, parts.path.rstrip("/"), query)


def headline_of(title: str) -> str:
    """By which entries are found that may tell the same; "" for a headline that says too little."""
    folded = fold(title)
    return _digest(folded) if len(folded) >= 12 else ""


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
