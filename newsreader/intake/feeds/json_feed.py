"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), and what nearly is one."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from newsreader.core.sentence import Sentence
from newsreader.intake.feeds.entries import Found, address_in, feed_of, line, paragraphs, tag
from newsreader.intake.feeds.shape import MOST, Feed
from newsreader.intake.shape import Refused


def read_json(text: str, url: str) -> Feed:
    """The feed that the JSON `text` from `url` is. Raises `Refused`."""
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        said = Sentence("it is no JSON: line {line}, character {place}", line=error.lineno, place=error.colno)
        raise Refused(said) from error
    except RecursionError as error:
        raise Refused(Sentence("its values are nested too deep")) from error
    items = read.get("items") if isinstance(read, dict) else None
    if not isinstance(items, list):
        raise Refused(Sentence("it is JSON, but no JSON Feed: it has no list of items"))
    own = _names(read)
    found = [_item(item, own, url) for item in items[:MOST] if isinstance(item, dict)]
    return feed_of(
        title=line(_text(read, "title")),
        site=address_in(_text(read, "home_page_url"), url),
        language=tag(_text(read, "language")),
        icon=address_in(_text(read, "favicon") or _text(read, "icon"), url),
        found=found,
    )


def _item(item: dict[str, Any], own: str, url: str) -> Found:
    html, plain = _text(item, "content_html"), _text(item, "content_text")
    summary = _text(item, "summary")
    tags = item.get("tags")
    return Found(
        id=line(_text(item, "id")),
        address=address_in(_text(item, "url"), url) or address_in(_text(item, "external_url"), url),
        title=line(_text(item, "title")),
        byline=_names(item) or own,
        published=_moment(_text(item, "date_published")) or _moment(_text(item, "date_modified")),
        html=html or paragraphs(plain or summary),
        whole=bool(html or plain),
        topics=[line(one) for one in tags if isinstance(one, str)] if isinstance(tags, list) else [],
        base=url,
        language=tag(_text(item, "language")),
    )


def _text(item: dict[str, Any], name: str) -> str:
    """A value as text; some write numbers for ids."""
    value = item.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _names(item: dict[str, Any]) -> str:
    """The authors: a list since 1.1, one before."""
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    names = [line(_text(person, "name")) for person in people if isinstance(person, dict)]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _moment(written: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(written.strip()) if len(written) < 60 else None
    except ValueError:
        return None
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except OverflowError:
        return None
