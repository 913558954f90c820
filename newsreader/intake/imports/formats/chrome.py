"""The file in which Chrome and its relatives keep bookmarks: JSON, folders in folders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.opened import ROWS, Opened, too_many
from newsreader.intake.imports.shape import Item, Unread, entry
from newsreader.intake.imports.words import TITLE, address_of, moment, tags_of, words_of

KIND, NAME = "chrome", "Chrome"
_DEEPEST = 100


def claims(file: Opened) -> bool:
    return isinstance(file.json, dict) and isinstance(file.json.get("roots"), dict)


def read(file: Opened) -> Iterator[Item | Unread]:
    roots = [root for root in file.json["roots"].values() if isinstance(root, dict)]
    number = 0
    for node, folders in (found for root in roots for found in _below(root, ())):
        number += 1
        if number > ROWS:
            raise too_many()
        if not (address := address_of(node.get("url"))):
            says = Sentence(
                "its address leads to no page of the web: {address}", address=words_of(node.get("url"), 80) or "—"
            )
            yield Unread(entry(number), says)
            continue
        yield Item(
            entry(number),
            address=address,
            title=words_of(node.get("name"), TITLE),
            added=_added(node.get("date_added")),
            tags=tags_of(list(folders)),
        )


def _below(node: dict[str, Any], folders: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    children = node.get("children")
    for child in children if isinstance(children, list) else ():
        if not isinstance(child, dict):
            continue
        if child.get("type") == "url" or "url" in child:
            yield child, folders
        elif len(folders) < _DEEPEST:
            yield from _below(child, (*folders, words_of(child.get("name"))))


def _added(value: Any) -> dt.datetime | None:
    """Microseconds since 1601."""
    counted = str(value).strip()
    return moment(int(counted) // 1_000_000 - 11_644_473_600) if counted.isdecimal() and len(counted) < 20 else None
