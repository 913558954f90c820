"""readability.com's JSON: what was saved there until it closed."""

from __future__ import annotations

from collections.abc import Iterator

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import ROWS, Opened, too_many
from newsreader.intake.imports.shape import Item, Unread, entry
from newsreader.intake.imports.words import STANDFIRST, TITLE, address_of, moment, truth, words_of, written

KIND, NAME = "readability", "Readability"


def claims(file: Opened) -> bool:
    first = _bookmarks(file)[:1]
    return bool(first) and isinstance(first[0], dict) and "article__url" in first[0]


def read(file: Opened) -> Iterator[Item | Unread]:
    for number, one in enumerate(_bookmarks(file), 1):
        if number > ROWS:
            raise too_many()
        if not isinstance(one, dict) or not (address := address_of(one.get("article__url"))):
            yield Unread(entry(number), Sentence("it has no web address"))
            continue
        archived = truth(one.get("archive", False))
        title = words_of(one.get("article__title"), TITLE)
        yield Item(
            entry(number),
            address=address,
            title="" if title == "No title found" else title,
            standfirst=written(one.get("article__excerpt"), STANDFIRST),
            added=moment(one.get("date_added")),
            place="archive" if archived else "inbox",
            unread=not archived,
            favourite=truth(one.get("favorite", False)),
        )


def _bookmarks(file: Opened) -> list[object]:
    found = file.json.get("bookmarks") if isinstance(file.json, dict) else None
    return found if isinstance(found, list) else []
