"""Subscription lists (OPML 1.0 and 2.0, http://opml.org/spec2.opml) to what is followed, and back. Pure.

Reading what was written gives the same list: order, folders and titles. A broken file is refused with its line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from newsreader.core.sentence import Sentence
from newsreader.core.xml import writable
from newsreader.intake.feeds.decoding import decoded
from newsreader.intake.feeds.mending import mended
from newsreader.intake.shape import Refused

MOST = 5_000
_DEEPEST = 20
_FEEDS = frozenset({"rss", "atom", "feed", "rss1", "rss2"})
_LONGEST = 300  # characters of a title
# A value ends at the mark behind which the next attribute begins, or the tag ends.
_QUOTED = re.compile(r"""([\w:.-]{1,60})\s*=\s*"([^\n]{0,5000}?)"(?=\s+[\w:.-]{1,60}\s*=\s*["']|\s*/?>)""")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of a list: `folders` from the outermost to the one it is in; `line` is where it stands in the file."""

    address: str
    title: str = ""
    site: str = ""
    folders: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    line: int = 0


def read_opml(data: bytes) -> list[Subscription]:
    """The feeds of the list, in its order. Raises `Refused`, naming the line, for a file that is broken or no list."""
    text = mended(decoded(data))
    try:
        reader = _read(text)
    except expat.ExpatError as error:
        try:
            reader = _read(_QUOTED.sub(_requoted, text))
        except expat.ExpatError:
            what = expat.ErrorString(error.code)
            said = Sentence("line {line}: it is no well-formed XML ({what})", line=str(error.lineno), what=what)
            raise Refused(said) from error
    if not reader.in_body and not reader.ended:
        raise Refused(Sentence("line {line}: the list ends without a body", line=str(reader.parser.CurrentLineNumber)))
    return reader.found


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.parser.Parse(text.encode(), True)
    return reader


def _requoted(found: re.Match[str]) -> str:
    """An attribute in whose value quotation marks and brackets stand as they are, as many programs write them."""
    value = found[2].replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return f'{found[1]}="{value}"'


class _Reader:
    """Takes the outlines of the body as they come."""

    def __init__(self) -> None:
        # Without namespaces: a prefix that nobody declares is no reason to refuse a list.
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.found: list[Subscription] = []
        self.in_body = self.ended = False
        self._open: list[str] = []
        self._root = ""

    def _start(self, name: str, given: dict[str, str]) -> None:
        name, line = name.lower(), str(self.parser.CurrentLineNumber)
        if not self._root:
            self._root = name
            if name not in {"opml", "outlinedocument"}:
                raise Refused(Sentence("line {line}: it is no subscription list (OPML)", line=line))
        if name == "body":
            self.in_body = True
        if name != "outline" or not self.in_body:
            return
        said = {key.lower(): " ".join(value.split()) for key, value in given.items()}
        address = said.get("xmlurl") or (said.get("url", "") if said.get("type", "rss").lower() in _FEEDS else "")
        if address:
            self._take(address, said, int(line))
        # What has a feed's address may still hold others.
        self._open.append("" if address else (said.get("text") or said.get("title") or "")[:_LONGEST])
        if len(self._open) > _DEEPEST:
            raise Refused(
                Sentence("line {line}: its folders are nested more than {levels} deep", line=line, levels=_DEEPEST)
            )

    def _take(self, address: str, said: dict[str, str], line: int) -> None:
        if len(self.found) >= MOST:
            raise Refused(Sentence("line {line}: it has more than {limit} feeds", line=str(line), limit=MOST))
        title = said.get("title") or said.get("text") or ""
        topics = (part.strip() for part in said.get("category", "").split(","))
        self.found.append(
            Subscription(
                address=address,
                title="" if title == address else title[:_LONGEST],
                site=said.get("htmlurl", ""),
                folders=tuple(folder for folder in self._open if folder),
                topics=tuple(topic for topic in topics if topic),
                line=line,
            )
        )

    def _end(self, name: str) -> None:
        if name.lower() == "outline" and self._open:
            self._open.pop()
        elif name.lower() == "body":
            self.in_body, self.ended = False, True


def write_opml(subscriptions: Iterable[Subscription], *, title: str, made: dt.datetime) -> bytes:
    """The list as a file that other readers take: OPML 2.0 in UTF-8."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_text(title)}</title><dateCreated>{format_datetime(made)}</dateCreated></head>",
        "  <body>",
    ]
    inside: tuple[str, ...] = ()
    for one in subscriptions:
        lines += _between(inside, one.folders)
        inside = one.folders
        told = {
            "type": "rss",
            "text": one.title or one.address,
            "title": one.title,
            "xmlUrl": one.address,
            "htmlUrl": one.site,
            "category": ",".join(one.topics),
        }
        named = " ".join(f"{name}={_quoted(value)}" for name, value in told.items() if value)
        lines.append(f"{'  ' * (len(inside) + 2)}<outline {named}/>")
    lines += [*_between(inside, ()), "  </body>", "</opml>", ""]
    return "\n".join(lines).encode()


def _between(one: tuple[str, ...], other: tuple[str, ...]) -> list[str]:
    """The folders that end and begin from the one place to the other."""
    same = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    same = min(len(one), len(other)) if same is None else same
    ends = [f"{'  ' * (depth + 2)}</outline>" for depth in range(len(one) - 1, same - 1, -1)]
    begins = [f"{'  ' * (depth + 2)}<outline text={_quoted(other[depth])}>" for depth in range(same, len(other))]
    return ends + begins


def _text(words: str) -> str:
    return escape(writable(words))


def _quoted(words: str) -> str:
    return quoteattr(writable(words))
