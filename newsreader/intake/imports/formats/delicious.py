"""Bookmarks as JSON: Delicious, and Pinboard, which took its names over."""

from __future__ import annotations

from collections.abc import Iterator

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import ROWS, Opened, too_many
from newsreader.intake.imports.shape import Item, Unread, entry
from newsreader.intake.imports.words import STANDFIRST, TITLE, address_of, moment, tags_of, truth, words_of

KIND, NAME = "delicious", "Delicious"


def claims(file: Opened) -> bool:
    keys = file.keys()
    return {"url", "title", "tags", "created"} <= keys or {"href", "description", "extended", "tags"} <= keys


def read(file: Opened) -> Iterator[Item | Unread]:
    for number, one in enumerate(file.json if isinstance(file.json, list) else [file.json], 1):
        if number > ROWS:
            raise too_many()
        if not isinstance(one, dict) or not (address := address_of(one.get("url") or one.get("href"))):
            yield Unread(entry(number), Sentence("it has no web address"))
            continue
        pinned = "href" in one
        waits = truth(one.get("toread", ""))
        tags = one.get("tags") or ()
        yield Item(
            entry(number),
            address=address,
            title=words_of(one.get("description" if pinned else "title"), TITLE),
            standfirst=words_of(one.get("extended" if pinned else "description"), STANDFIRST),
            added=moment(one.get("time" if pinned else "created")),
            tags=tags_of(tags.split() if isinstance(tags, str) else tags),
            place=("inbox" if waits else "archive") if "toread" in one else None,
            unread=waits if "toread" in one else None,
        )
