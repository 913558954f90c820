"""wallabag's JSON, of its first and second version: whole articles with their annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import ROWS, Opened, too_many
from newsreader.intake.imports.ranges import beside
from newsreader.intake.imports.shape import Item, Marked, Unread, entry
from newsreader.intake.imports.words import (
    BYLINE,
    SOURCE,
    TITLE,
    address_of,
    lines_of,
    moment,
    tags_of,
    truth,
    words_of,
)

KIND, NAME = "wallabag", "wallabag"
_NO_TITLE = "no title found"
_HTML = 5_000_000


def claims(file: Opened) -> bool:
    keys = file.keys()
    return {"url", "title"} <= keys and bool(keys & {"is_archived", "is_read"})


def read(file: Opened) -> Iterator[Item | Unread]:
    for number, one in enumerate(file.json, 1):
        if number > ROWS:
            raise too_many()
        if not isinstance(one, dict) or not (address := address_of(one.get("url"))):
            yield Unread(entry(number), Sentence("it has no web address"))
            continue
        archived = truth(one.get("is_archived", one.get("is_read", False)))
        title = words_of(one.get("title"), TITLE)
        html = _html(one.get("content"), title)
        authors = one.get("published_by")
        yield Item(
            entry(number),
            address=address,
            title="" if title.casefold() == _NO_TITLE else title,
            byline=words_of(", ".join(tags_of(authors)), BYLINE),
            source=words_of(one.get("domain_name"), SOURCE).removeprefix("www."),
            language=words_of(one.get("language"), 35),
            added=moment(one.get("created_at")),
            published=moment(one.get("published_at")),
            place="archive" if archived else "inbox",
            unread=not archived,
            favourite=truth(one.get("is_starred", one.get("is_fav", False))),
            tags=tags_of(one.get("tags") or (), ","),
            html=html,
            marked=tuple(_marks(one.get("annotations"), html)),
        )


def _html(content: Any, title: str) -> str:
    """Its HTML, unless it is what wallabag says where it could not fetch a page."""
    html = lines_of(content, _HTML)
    failed = title.casefold() == _NO_TITLE or html.startswith("wallabag can't retrieve contents")
    return "" if failed else html


def _marks(annotations: Any, html: str) -> Iterator[Marked]:
    for one in annotations if isinstance(annotations, list) else ():
        if not isinstance(one, dict):
            continue
        words, note = lines_of(one.get("quote")), lines_of(one.get("text"))
        if not words and not note:
            continue
        before, after = beside(html, words, one.get("ranges"))
        yield Marked(words, before, after, note=note, made=moment(one.get("created_at")))
