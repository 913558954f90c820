"""Bookmarks in the Netscape format, as browsers and bookmark services write it. Folders are tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from newsreader.core.sentence import Sentence
from newsreader.core.tame import Token, tokens
from newsreader.intake.imports.opened import ROWS, Opened, too_many
from newsreader.intake.imports.shape import Item, Place, Unread, entry, line
from newsreader.intake.imports.words import (
    STANDFIRST,
    TITLE,
    address_of,
    lines_of,
    moment,
    tags_of,
    truth,
    words_of,
    written,
)
from newsreader.intake.shape import Refused

KIND, NAME = "bookmarks", "Bookmarks"
# Folders that every browser has, by which nobody sorted anything.
_ROOTS = frozenset(
    {
        *("bookmarks", "bookmarks bar", "bookmarks menu", "bookmarks toolbar", "bookmark menu", "other bookmarks"),
        *("mobile bookmarks", "unlabeled", "favorites", "favorites bar", "unsorted bookmarks"),
    }
)


def claims(file: Opened) -> bool:
    head = file.text[:20_000].casefold()
    return file.is_markup and ("netscape-bookmark-file" in head or ("<dl" in head and "<dt" in head and "href" in head))


def read(file: Opened) -> Iterator[Item | Unread]:
    text = file.text
    if (opened := text.rfind("<")) > text.rfind(">"):
        number = text.count("\n", 0, opened) + 1
        raise Refused(Sentence("it is not whole: the tag on line {line} is never closed", line=number))
    reader = _Reader()
    for token in tokens(text):
        if reader.reads(token):
            yield reader.taken()
    if reader.link is not None:
        yield reader.taken()
    low = text.casefold()
    if low.count("<dl") > low.count("</dl"):
        yield Unread(line(text.count("\n") + 1), Sentence("the file breaks off here: its list is not closed"))
    if not reader.number:
        raise Refused(Sentence("there are no bookmarks in it"))


class _Reader:
    """Where in the file it is: in which folders, in which link, in which words below it."""

    def __init__(self) -> None:
        self.number = 0
        self.folders: list[str] = []
        self.link: dict[str, str] | None = None
        self._next: dict[str, str] | None = None
        self._words: dict[str, list[str]] = {"a": [], "dd": [], "h3": []}
        self._in = ""
        self._taken: tuple[dict[str, str], str, str] = ({}, "", "")
        self._tags: tuple[str, ...] = ()

    def reads(self, token: Token) -> bool:
        """Whether a bookmark was whole before this token: it is `taken` then."""
        if token.kind == "text":
            if self._in:
                self._words[self._in].append(token.value)
            return False
        if token.value == "a" and self._in == "dd":  # a link in the words about it
            return False
        ended = self.link is not None and token.value in ("a", "dt", "dl", "h3", "html") and self._ends(token)
        if ended:
            self._keep()
        self._enter(token)
        return ended

    def taken(self) -> Item | Unread:
        """The bookmark that was whole."""
        if self.link is not None and not self._taken[0]:
            self._keep()
        link, title, about = self._taken
        self._taken = ({}, "", "")
        self.number += 1
        if self.number > ROWS:
            raise too_many()
        return _bookmark(entry(self.number), link, title, about, self._tags)

    def _ends(self, token: Token) -> bool:
        return token.kind == "start" or token.value == "dl"

    def _keep(self) -> None:
        self._taken = (self.link or {"": ""}, "".join(self._words["a"]), "".join(self._words["dd"]))
        self._tags = tuple(self.folders)
        self.link = None

    def _enter(self, token: Token) -> None:
        name, starts = token.value, token.kind == "start"
        if name == "a":
            self._in = "a" if starts else ""
            if starts:
                self.link, self._words["a"], self._words["dd"] = token.attributes or {"": ""}, [], []
        elif name == "dd" and self.link is not None:
            self._in = "dd" if starts else ""
        elif name == "h3":
            self._in = "h3" if starts else ""
            if starts:
                self._words["h3"] = []
        elif name == "dl":
            self._in = ""
            if starts:
                self.folders.append(written("".join(self._words["h3"])))
                self._words["h3"] = []
            elif self.folders:
                self.folders.pop()
        elif name == "dt":
            self._in = ""


def _bookmark(where: str, link: dict[str, str], words: str, about: str, folders: tuple[str, ...]) -> Item | Unread:
    href = unescape(link.get("href", "")).strip()
    address, title = address_of(href), written(words, TITLE)
    text = _own_text(href, about)
    if not address and not text:
        says = Sentence("its address leads to no page of the web: {address}", address=words_of(href, 80) or "—")
        return Unread(where, says)
    place, unread = _standing(link)
    return Item(
        where,
        address=address,
        title="" if title == href else title,
        standfirst="" if text else written(about or link.get("description", ""), STANDFIRST),
        added=moment(link.get("add_date")),
        tags=tags_of(
            [
                *tags_of(unescape(link.get("tags", "")), ","),
                *(name for name in folders if name and name.casefold() not in _ROOTS),
            ]
        ),
        place=place,
        unread=unread,
        html=text,
    )


def _own_text(href: str, about: str) -> str:
    """Shaarli's own notes have no page but the words below their title."""
    if not href.startswith("?") or not about.strip():
        return ""
    return "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n[ \t]*\n", lines_of(unescape(about))))


def _standing(link: dict[str, str]) -> tuple[Place | None, bool | None]:
    if "toread" not in link:
        return None, None
    return ("inbox", True) if truth(link["toread"]) else ("archive", False)
