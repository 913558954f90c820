"""Instapaper's table, with and without the columns for time and tags. A folder of one's own is a tag here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import Opened, refuse_open_quotes, table
from newsreader.intake.imports.shape import Item, Marked, Unread, line
from newsreader.intake.imports.words import TITLE, address_of, lines_of, moment, tags_of, words_of

KIND, NAME = "instapaper", "Instapaper"


def claims(file: Opened) -> bool:
    return {"url", "title", "selection", "folder"} <= set(file.columns)


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
        folder = words_of(cells["folder"])
        known = folder.casefold()
        selected = lines_of(cells["selection"])
        yield Item(
            line(at),
            address=address,
            title=words_of(cells["title"], TITLE),
            added=moment(cells.get("timestamp")),
            place="archive" if known == "archive" else "inbox",
            unread=known != "archive",
            favourite=known == "starred" or None,
            tags=tags_of([*_tags(cells.get("tags", "")), *_folder(folder)]),
            marked=(Marked(selected),) if selected else (),
        )


def _folder(folder: str) -> list[str]:
    return [] if folder.casefold() in ("", "unread", "archive", "starred") else [folder]


def _tags(written: str) -> list[Any]:
    """A list in JSON, or words with commas."""
    try:
        found = json.loads(written)
    except ValueError:
        found = written.split(",")
    return found if isinstance(found, list) else []
