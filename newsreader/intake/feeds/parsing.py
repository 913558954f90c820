"""A feed's bytes to its entries: RSS, Atom, RDF and CDF by feedparser, JSON Feed by our own reader. Pure.

feedparser gets mended UTF-8 and never an address, so that it neither fetches nor guesses an encoding. To be run where
it can be killed (`intake.confined`): what is built to take long takes long.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from calendar import timegm
from typing import Any

import feedparser

from newsreader.core.sentence import Sentence
from newsreader.intake.feeds.decoding import decoded
from newsreader.intake.feeds.entries import Found, address_in, feed_of, line, paragraphs, tag, words_of
from newsreader.intake.feeds.json_feed import read_json
from newsreader.intake.feeds.mending import mended
from newsreader.intake.feeds.shape import MOST, Entry, Feed
from newsreader.intake.shape import Refused

__all__ = ["Entry", "Feed", "read_feed"]

_IS_PAGE = re.compile(r"\s*(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_FEED_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)
_DEEPEST = 500  # elements inside each other; feedparser is made for tens
_TAG = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<(/?)[A-Za-z_][^<>]*?(/?)>", re.DOTALL)


def read_feed(data: bytes, url: str, media_type: str = "", charset: str = "") -> Feed:
    """The feed that was fetched from `url`, with the media type and the charset of its answer ("" where it is silent).

    A feed without entries is a feed. Raises `Refused`, with a sentence, for what is none or can't be read.
    """
    text = decoded(data, charset)
    if media_type.endswith("json") or text.lstrip()[:1] in ("{", "["):
        return read_json(text, url)
    if _IS_PAGE.match(text):
        raise Refused(Sentence("it is a web page, and no feed"))
    text = mended(text).lstrip()
    if not _FEED_ROOT.search(text):
        raise Refused(Sentence("it is no feed: neither RSS nor Atom, RDF, CDF or JSON Feed"))
    _refuse_depth(text)
    parsed = feedparser.parse(
        io.BytesIO(text.encode()),
        sanitize_html=False,  # all of it is cleaned in core.clean
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
    )
    cdf = re.match(r"(?:(?><!--.*?-->)\s*+)*+<channel\b", text, re.IGNORECASE | re.DOTALL)
    if not parsed.version and not parsed.entries and not parsed.feed.get("title") and not cdf:
        raise Refused(Sentence("it is no feed: neither RSS nor Atom, RDF, CDF or JSON Feed"))
    language = tag(parsed.feed.get("language"))
    return feed_of(
        title=_plain(parsed.feed, "title"),
        site=address_in(parsed.feed.get("link"), url),
        language=language,
        icon=address_in(parsed.feed.get("icon") or parsed.feed.get("image", {}).get("href"), url),
        found=[_entry(one, url) for one in parsed.entries[:MOST]],
    )


def _refuse_depth(text: str) -> None:
    depth = 0
    for found in _TAG.finditer(text):
        if found[1] is None or found[2]:
            continue
        depth += -1 if found[1] else 1
        if depth > _DEEPEST:
            raise Refused(Sentence("its elements are nested more than {levels} deep", levels=_DEEPEST))


def _entry(one: Any, url: str) -> Found:
    html, whole, base, language = _words(one, url)
    return Found(
        id=line(one.get("id")),
        # What a service put in between, to count, says where it leads.
        address=address_in(one.get("feedburner_origlink"), url) or address_in(_link(one), url),
        title=_plain(one, "title"),
        byline=_byline(one),
        published=_moment(one),
        html=html,
        whole=whole,
        topics=[line(label.get("label") or label.get("term")) for label in one.get("tags", ())],
        base=base,
        language=language,
    )


def _link(one: Any) -> str:
    """Its page: feedparser's choice, unless that is something else of it, as a recording."""
    links = [(str(link["href"]), link.get("rel", "alternate")) for link in one.get("links", ()) if link.get("href")]
    chosen, pages = str(one.get("link") or ""), [href for href, rel in links if rel == "alternate"]
    beside = {href for href, rel in links if rel != "alternate"} - set(pages)
    return pages[0] if pages and (not chosen or chosen in beside) else chosen


def _words(one: Any, url: str) -> tuple[str, bool, str, str]:
    """(HTML, whether the feed calls it the content, base, language) of what has the most words."""
    parts = [(part, True) for part in one.get("content", ())]
    if summary := one.get("summary_detail"):
        parts.append((summary, False))
    elif one.get("summary"):
        parts.append(({"value": one["summary"], "type": "text/html"}, False))
    html, whole, base, language, most = "", False, url, "", 0
    for part, is_content in parts:
        written = _as_html(part)
        length = len(words_of(written))
        # The summary is taken where it says far more than what is called the content.
        if length > (most if not whole or is_content else 2 * most):
            base, language = part.get("base") or url, tag(part.get("language"))
            html, whole, most = written, is_content, length
    return html, whole, base, language


def _as_html(part: Any) -> str:
    value, kind = str(part.get("value") or ""), str(part.get("type") or "text/html")
    if kind == "text/plain":
        return paragraphs(value)
    return value if kind.startswith("text/") or kind.endswith(("html", "xml")) else ""


def _plain(one: Any, name: str) -> str:
    """A title's words: markup is markup only where the feed says so, or where it looks like it."""
    value, detail = one.get(name) or "", one.get(f"{name}_detail") or {}
    return line(value) if detail.get("type") == "text/plain" else line(words_of(value))


def _byline(one: Any) -> str:
    names = [author.get("name") for author in one.get("authors", ()) if author.get("name")]
    found = [line(name) for name in names or [one.get("author_detail", {}).get("name") or one.get("author")]]
    return ", ".join(dict.fromkeys(name for name in found if name and "@" not in name))


def _moment(one: Any) -> dt.datetime | None:
    for name in ("published", "updated", "created"):
        if parsed := one.get(f"{name}_parsed"):
            try:
                return dt.datetime.fromtimestamp(timegm(parsed), dt.UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None
