"""Pocket: the HTML list of old, the tables of part_*.csv, and the zip that holds those with its annotations."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from newsreader.core.sentence import Sentence
from newsreader.core.tame import tokens
from newsreader.intake.decode import decoded
from newsreader.intake.imports.opened import Opened, columns_of, read_json, refuse_open_quotes, table
from newsreader.intake.imports.shape import Item, Marked, Place, Unread, entry, line
from newsreader.intake.imports.words import TITLE, address_of, lines_of, moment, tags_of, words_of, written
from newsreader.intake.shape import Refused

KIND, NAME = "pocket", "Pocket"
_COLUMNS = {"title", "url", "time_added", "status"}
_NO_PAGE = Sentence("it has no web address")


def claims(file: Opened) -> bool:
    if file.is_zip:
        return any(part.name.endswith(".csv") and set(_columns(part.data)) >= _COLUMNS for part in file.parts)
    if file.is_markup:
        head = file.text[:2_000].casefold()
        return "<title>pocket export" in head or ("time_added=" in file.text[:20_000] and "<dl" not in head)
    return set(file.columns) >= _COLUMNS


def read(file: Opened) -> Iterator[Item | Unread]:
    if file.is_zip:
        yield from _zipped(file)
    elif file.is_markup:
        yield from _listed(file.text)
    else:
        yield from _tabled(file.text)


def _columns(data: bytes) -> tuple[str, ...]:
    return columns_of(data[:2_000].decode("utf-8", "replace"))


def _tabled(text: str) -> Iterator[Item | Unread]:
    refuse_open_quotes(text)
    for row in table(text):
        if isinstance(row, Unread):
            yield row
            continue
        at, cells = row
        if not (address := address_of(cells["url"])):
            yield Unread(line(at), _NO_PAGE)
            continue
        place, unread = _standing(cells["status"])
        yield Item(
            line(at),
            address=address,
            title=words_of(cells["title"], TITLE),
            added=moment(cells["time_added"]),
            tags=tags_of(cells.get("tags", ""), "|,"),
            place=place,
            unread=unread,
        )


def _standing(status: str) -> tuple[Place, bool]:
    return ("archive", False) if status.strip().casefold() in ("archive", "archived", "read", "1") else ("inbox", True)


def _listed(text: str) -> Iterator[Item | Unread]:
    """Two lists of links, the second one of what was read."""
    place, heading, number = "inbox", False, 0
    link: dict[str, str] | None = None
    words: list[str] = []
    for token in tokens(text):
        if token.kind == "text":
            if heading:
                place = "archive" if "archive" in token.value.casefold() else "inbox"
            words.append(token.value)
        elif token.value == "h1":
            heading = token.kind == "start"
        elif token.value == "a" and token.kind == "start":
            link, words = token.attributes, []
        elif token.value == "a" and link is not None:
            number += 1
            yield _linked(link, "".join(words), number, archived=place == "archive")
            link = None


def _linked(link: dict[str, str], words: str, number: int, *, archived: bool) -> Item | Unread:
    if not (address := address_of(unescape(link.get("href", "")))):
        return Unread(entry(number), _NO_PAGE)
    title = written(words, TITLE)
    return Item(
        entry(number),
        address=address,
        title="" if title == link.get("href") else title,
        added=moment(link.get("time_added")),
        tags=tags_of(unescape(link.get("tags", "")), ","),
        place="archive" if archived else "inbox",
        unread=not archived,
    )


def _zipped(file: Opened) -> Iterator[Item | Unread]:
    for part in file.parts:
        if part.refused:
            yield Unread(part.name, part.refused.args[0])
            continue
        try:
            if part.name.endswith(".csv") and set(_columns(part.data)) >= _COLUMNS:
                yield from _tabled(decoded(part.data))
            elif part.name.endswith(".json") and "annotations" in part.name:
                yield from _annotated(read_json(decoded(part.data)), part.name)
        except Refused as refused:
            yield Unread(part.name, refused.args[0])


def _annotated(entries: Any, name: str) -> Iterator[Item | Unread]:
    for number, one in enumerate(entries if isinstance(entries, list) else [], 1):
        where = Sentence("{name}, entry {entry}", name=name, entry=number)
        if not isinstance(one, dict) or not (address := address_of(one.get("url"))):
            yield Unread(where, _NO_PAGE)
            continue
        marks = (mark for mark in one.get("highlights") or () if isinstance(mark, dict))
        marked = tuple(Marked(lines_of(mark.get("quote")), made=moment(mark.get("created_at"))) for mark in marks)
        yield Item(
            where,
            address=address,
            title=words_of(one.get("title"), TITLE),
            marked=tuple(mark for mark in marked if mark.words),
        )
