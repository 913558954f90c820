"""The table of a Readwise Reader library. What came from its feeds and was not saved is left there."""

from __future__ import annotations

from collections.abc import Iterator

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import Opened, refuse_open_quotes, table
from newsreader.intake.imports.shape import Item, Place, Unread, line
from newsreader.intake.imports.words import TITLE, address_of, moment, tags_of, truth, words_of

KIND, NAME = "readwise-reader", "Readwise Reader"
_PLACES: dict[str, Place] = {"later": "later", "shortlist": "later", "archive": "archive"}


def claims(file: Opened) -> bool:
    return {"title", "url", "saved date", "reading progress", "location"} <= set(file.columns)


def read(file: Opened) -> Iterator[Item | Unread]:
    refuse_open_quotes(file.text)
    for row in table(file.text):
        if isinstance(row, Unread):
            yield row
            continue
        at, cells = row
        location = words_of(cells["location"]).casefold()
        if not (address := address_of(cells["url"])):
            yield Unread(line(at), Sentence("it has no web address"))
        elif location == "feed":
            yield Unread(line(at), Sentence("it came from a feed there and was not saved"))
        else:
            yield Item(
                line(at),
                address=address,
                title=words_of(cells["title"], TITLE),
                added=moment(cells["saved date"]),
                place=_PLACES.get(location, "inbox"),
                unread=location != "archive" and not _begun(cells["reading progress"]) and not truth(cells.get("seen")),
                favourite=location == "shortlist" or None,
                tags=tags_of(cells.get("document tags", "").strip("[]")),
            )


def _begun(progress: str) -> bool:
    try:
        return float(progress) > 0
    except ValueError:
        return False
