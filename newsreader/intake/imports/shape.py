"""What an export holds, whichever application wrote it. Pure data, and plain values that a database keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from newsreader.core.sentence import Sentence

Place = Literal["inbox", "later", "archive"]
COLOURS = ("yellow", "green", "blue", "rose", "violet")


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage that was marked, or, without `words`, a note on the whole; `at` says where it stood in a book."""

    words: str
    prefix: str = ""
    suffix: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    colour: str = ""
    made: dt.datetime | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was kept there. `html` is as the export has it, not cleaned; times are aware.

    `place`, `unread` and `favourite` are None where the export doesn't say.
    """

    where: str
    address: str = ""
    title: str = ""
    byline: str = ""
    source: str = ""
    standfirst: str = ""
    language: str = ""
    added: dt.datetime | None = None
    published: dt.datetime | None = None
    place: Place | None = None
    unread: bool | None = None
    favourite: bool | None = None
    tags: tuple[str, ...] = ()
    html: str = ""
    marked: tuple[Marked, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be taken, where it stands, and why, in words."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was understood: whose it is, by its key and in words, and everything in it, in its own order."""

    kind: str
    name: str
    rows: tuple[Item | Unread, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """What can be taken."""
        return tuple(row for row in self.rows if isinstance(row, Item))


def line(number: int) -> Sentence:
    """Where something stands in a file of lines."""
    return Sentence("line {line}", line=number)


def entry(number: int) -> Sentence:
    """Where something stands in a file of entries."""
    return Sentence("entry {entry}", entry=number)


def merged(first: Item, again: Item) -> Item:
    """One item of two with the same address: nothing that one of them knows is lost."""
    return replace(
        first,
        title=first.title or again.title,
        standfirst=first.standfirst or again.standfirst,
        place=again.place if again.place == "archive" else first.place or again.place,
        unread=first.unread and again.unread,
        favourite=first.favourite or again.favourite,
        tags=tuple(dict.fromkeys((*first.tags, *again.tags))),
        html=first.html or again.html,
        marked=tuple(dict.fromkeys((*first.marked, *again.marked))),
    )


def as_plain(item: Item) -> dict[str, Any]:
    """The item as JSON has it; what is empty is left out."""
    return _without_empty(asdict(item))


def from_plain(plain: Mapping[str, Any]) -> Item:
    """The item of `as_plain`."""
    marks = plain.get("marked", ())
    return Item(**{**_known(plain), "marked": tuple(Marked(**{"words": "", **_known(mark)}) for mark in marks)})


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if value is False or value not in ("", None, ()):
            kept[name] = _plain(value)
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return _without_empty(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _known(plain: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: dt.datetime.fromisoformat(plain[name]) for name in ("added", "published", "made") if name in plain}
    tags = {"tags": tuple(plain["tags"])} if "tags" in plain else {}
    return {**{name: value for name, value in plain.items() if name != "marked"}, **times, **tags}
