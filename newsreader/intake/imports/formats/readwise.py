"""Readwise's table of highlights: one row each, of books and articles without their addresses."""

from __future__ import annotations

from collections.abc import Iterator

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import Opened, refuse_open_quotes, table
from newsreader.intake.imports.shape import COLOURS, Item, Marked, Unread, line
from newsreader.intake.imports.words import BYLINE, TITLE, address_of, lines_of, moment, tags_of, words_of

KIND, NAME = "readwise", "Readwise"
_COLOURS = {"pink": "rose", "red": "rose", "orange": "yellow", "purple": "violet"}


def claims(file: Opened) -> bool:
    return {"highlight", "book title"} <= set(file.columns)


def read(file: Opened) -> Iterator[Item | Unread]:
    """One item for each book, in the order of their first rows."""
    refuse_open_quotes(file.text)
    books: dict[tuple[str, str, str], tuple[int, list[Marked], list[str]]] = {}
    for row in table(file.text):
        if isinstance(row, Unread):
            yield row
            continue
        at, cells = row
        mark = _mark(cells)
        if not mark.words and not mark.note:
            yield Unread(line(at), Sentence("it has no words: a picture was marked, perhaps"))
            continue
        book = (
            words_of(cells["book title"], TITLE),
            words_of(cells.get("book author"), BYLINE),
            address_of(cells.get("source url") or cells.get("url")),
        )
        _, marks, tags = books.setdefault(book, (at, [], []))
        marks.append(mark)
        tags += tags_of(cells.get("document tags", ""))
    for (title, author, address), (at, marks, tags) in books.items():
        yield Item(
            line(at), address=address, title=title, byline=author, tags=tuple(dict.fromkeys(tags)), marked=tuple(marks)
        )


def _mark(cells: dict[str, str]) -> Marked:
    colour = words_of(cells.get("color")).casefold()
    colour = _COLOURS.get(colour, colour)
    location = words_of(cells.get("location"), 40)
    return Marked(
        lines_of(cells["highlight"]),
        note=lines_of(cells.get("note")),
        tags=tags_of(cells.get("tags", "")),
        colour=colour if colour in COLOURS else "",
        made=moment(cells.get("highlighted at")),
        at=f"{words_of(cells.get('location type'), 40)} {location}".strip() if location else "",
    )
