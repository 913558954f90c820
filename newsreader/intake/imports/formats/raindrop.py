"""Raindrop.io's table, with highlights and notes. A collection of one's own is a tag here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import Opened, refuse_open_quotes, table
from newsreader.intake.imports.shape import Item, Marked, Unread, line
from newsreader.intake.imports.words import STANDFIRST, TITLE, address_of, lines_of, moment, tags_of, truth, words_of

KIND, NAME = "raindrop", "Raindrop.io"
_NO_FOLDERS = frozenset({"", "unsorted", "trash"})
_LABEL = re.compile(r"^(Highlight|Note):[ \t]*", re.IGNORECASE)


def claims(file: Opened) -> bool:
    columns = set(file.columns)
    return {"url", "title", "folder", "created"} <= columns and bool(columns & {"excerpt", "note", "cover"})


def read(file: Opened) -> Iterator[Item | Unread]:
    refuse_open_quotes(file.text)
    for row in table(file.text):
        if isinstance(row, Unread):
            yield row
            continue
        at, cells = row
        if not (address := address_of(cells["url"])):
            yield Unread(line(at), Sentence("it has no web address"))
            continue
        folders = [part.strip() for part in cells["folder"].split("/")]
        note = lines_of(cells.get("note"))
        yield Item(
            line(at),
            address=address,
            title=words_of(cells["title"], TITLE),
            standfirst=words_of(cells.get("excerpt"), STANDFIRST),
            added=moment(cells["created"]),
            favourite=truth(cells.get("favorite", cells.get("important", ""))),
            tags=tags_of(
                [
                    *tags_of(cells.get("tags", "")),
                    *(name for name in folders if name.casefold() not in _NO_FOLDERS),
                ]
            ),
            marked=(*((Marked("", note=note),) if note else ()), *_marks(cells.get("highlights", ""))),
        )


def _marks(written: str) -> Iterator[Marked]:
    """Passages, each “Highlight:” with a “Note:” below it; or one on each line."""
    rows = [row.strip() for row in lines_of(written, 100_000).split("\n") if row.strip()]
    if not any(_LABEL.match(row) for row in rows):
        yield from (Marked(row) for row in rows)
        return
    mark, noting = Marked(""), False
    for row in rows:
        label, words = _LABEL.match(row), _LABEL.sub("", row)
        if label and label[1].casefold() == "highlight":
            if mark.words:
                yield mark
            mark, noting = Marked(words), False
        elif label or noting:
            mark, noting = replace(mark, note=f"{mark.note}\n{words}".strip()), True
        else:
            mark = replace(mark, words=f"{mark.words}\n{words}".strip())
    if mark.words:
        yield mark
