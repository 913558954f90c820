"""Any string -> plain, well-nested tags that a parser reads in linear time, before a real cleaner sees them.

Promises a bound on depth and on the number of tags, one parse only (no comments, no raw text, no SVG or MathML).
Does not promise safety: that is what clean.py's two cleaners are for.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

from newsreader.core.addresses import address
from newsreader.core.sentence import Sentence
from newsreader.core.vocabulary import ATTRIBUTES, BLOCKS, DISCARDED, HEADINGS, LOOSE, NAMES, RAW, VOID

DEEPEST = 50
DEEPEST_INLINE = 24
COSTLIEST = 20_000


class TooLarge(ValueError):
    """The document is larger than we are willing to clean; says so in a sentence for a person."""


class TooDeep(ValueError):
    """The document's elements are nested deeper than we are willing to follow; says so in a sentence."""


DEEPEST_SAYS = Sentence("Its lists, tables or quotations are nested more than {levels} deep.", levels=DEEPEST)
COSTLIEST_SAYS = Sentence("It has too many tags and special characters to be cleaned in reasonable time.")

# Every character that no text needs: controls, lone surrogates, byte order marks, noncharacters
_DROPPED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_HUGE_REFERENCE = re.compile(r"&#[0-9]{8,};?")  # int() refuses very long ones
_NAME = re.compile(r"/?([A-Za-z][^\t\n\f\r />]*)")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*("[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|(?!["'])[^\s>]*))?""", re.ASCII
)
_TAG_END = re.compile(r"[\s/]*", re.ASCII)
_COMMENT_END = re.compile(r"--!?>")
_RAW_END = {tag: re.compile(rf"</{tag}(?=[\s/>])", re.ASCII | re.IGNORECASE) for tag in RAW}

_NESTING = (BLOCKS | {"div"}) - LOOSE - VOID  # counted as depth
_HOLDING = _NESTING - {"div"}  # an inline element's end tag does not reach through these


class Token(NamedTuple):
    """A stretch of text ("text", the text), or a tag ("start" or "end", its name in small letters)."""

    kind: str
    value: str
    attributes: dict[str, str]
    self_closing: bool = False


def tame(html: str, *, base_url: str = "", costliest: int = COSTLIEST) -> str:
    """The same document in plain tags; raises TooLarge or TooDeep."""
    html = _DROPPED.sub("", html.replace("\r\n", "\n").replace("\r", "\n"))
    writer = _Writer(base_url, costliest)
    discarding, depth = "", 0
    for token in tokens(html):
        if discarding:
            if token.value == discarding and token.kind != "text":
                depth += 1 if token.kind == "start" and not token.self_closing else -1
                discarding = discarding if depth > 0 else ""
        elif token.kind == "text":
            writer.text(token.value)
        elif token.kind == "end":
            writer.end(NAMES.get(token.value, ""))
        elif token.value in DISCARDED:
            if token.value not in RAW and not token.self_closing:
                discarding, depth = token.value, 1
        elif token.value in NAMES:
            writer.start(NAMES[token.value], token.attributes)
    return writer.finish()


def tokens(html: str) -> Iterator[Token]:
    """The text and tags of a document as a browser's tokeniser sees them; raw text and comments are left out.

    Text and attribute values are as written, character references not yet decoded.
    """
    at = 0
    while (opens := html.find("<", at)) >= 0:
        if opens > at:
            yield Token("text", html[at:opens], {})
        if html.startswith("<!--", opens):
            at = _after_comment(html, opens)
        elif name := _NAME.match(html, opens + 1):
            at, token = _tag(html, name)
            if at > len(html):  # the document ends inside a tag: that tag is no tag
                return
            yield token
            if token.kind == "start" and token.value in RAW:
                closes = _RAW_END[token.value].search(html, at)
                at = closes.start() if closes else len(html)
        elif html[opens + 1 : opens + 2] in ("!", "?", "/"):
            at = html.find(">", opens + 2) + 1 or len(html)
        else:
            yield Token("text", "<", {})
            at = opens + 1
    if at < len(html):
        yield Token("text", html[at:], {})


def _after_comment(html: str, opens: int) -> int:
    for empty in ("<!-->", "<!--->"):
        if html.startswith(empty, opens):
            return opens + len(empty)
    closes = _COMMENT_END.search(html, opens + 4)
    return closes.end() if closes else len(html)


def _tag(html: str, name: re.Match[str]) -> tuple[int, Token]:
    """The tag whose name was found, and where it ends: behind the end of the document if it never does."""
    at = name.end()
    attributes: dict[str, str] = {}
    while found := _ATTRIBUTE.match(html, at):
        at = found.end()
        value = found[2] or ""
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        attributes.setdefault(found[1].lower(), value)
    after = _TAG_END.match(html, at)
    at = after.end() if after else at
    kind = "end" if name[0].startswith("/") else "start"
    token = Token(kind, name[1].lower(), attributes, self_closing=html[at - 1] == "/" and kind == "start")
    return (at + 1, token) if at < len(html) else (len(html) + 1, token)


class _Writer:
    """Writes tags so that they nest, and counts what reading them will cost."""

    def __init__(self, base_url: str, costliest: int) -> None:
        self.base_url = base_url
        self.costliest = costliest
        self.out: list[str] = []
        self.stack: list[tuple[str, str]] = []  # name, start tag without its id
        self.open: Counter[str] = Counter()
        self.flattened: Counter[str] = Counter()
        self.blocks = 0
        self.cost = 0

    def text(self, text: str) -> None:
        plain = _plain(text)
        self._charge(plain.count("&") + plain.count("<") + plain.count(">") + plain.count("\u00a0"))
        self.out.append(escape(plain, quote=False))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in VOID:
            self._write(f"<{name}>")
            return
        if name == "a" and self.open["a"]:
            self.end("a")
        if name in HEADINGS and self.stack and self.stack[-1][0] in HEADINGS:
            self.end(self.stack[-1][0])
        kept = self._kept(name, attributes)
        tag = f"<{name}{''.join(kept.values())}>"
        if name in LOOSE:
            self._write(tag, len(kept))
            self.open[name] += 1
            return
        is_block = name in _NESTING
        if len(self.stack) - self.blocks >= DEEPEST_INLINE and not is_block:
            self._charge(1)
            self.flattened[name] += 1
            return
        if is_block and self.blocks >= DEEPEST:
            if name != "div":
                raise TooDeep(DEEPEST_SAYS)
            self._write("<div></div>")
            self.flattened[name] += 1
            return
        self._write(tag, len(kept))
        kept.pop("id", "")
        self._push(name, f"<{name}{''.join(kept.values())}>")

    def end(self, name: str) -> None:
        if self.flattened[name]:
            self.flattened[name] -= 1
            if name == "div":
                self._write("<div></div>")
        elif name in LOOSE:
            if self.open[name]:
                self.open[name] -= 1
                self._write(f"</{name}>")
        elif name in HEADINGS and self.stack and self.stack[-1][0] in HEADINGS:
            self._pop()
        elif self.open[name]:
            self._close(name)

    def finish(self) -> str:
        while self.stack:
            self._pop()
        return "".join(self.out)

    def _close(self, name: str) -> None:
        """Close the innermost of that name. What stood open inside an inline element goes on behind it."""
        place = len(self.stack) - 1
        while self.stack[place][0] != name:
            stops = self.stack[place][0] == "table" if name in _NESTING else self.stack[place][0] in _HOLDING
            if stops or not place:
                return
            place -= 1
        again = self.stack[place + 1 :] if name not in _NESTING else []
        while len(self.stack) > place:
            self._pop()
        for inner, tag in again:
            self._write(tag)
            self._push(inner, tag)

    def _push(self, name: str, tag: str) -> None:
        self.stack.append((name, tag))
        self.open[name] += 1
        self.blocks += name in _NESTING

    def _pop(self) -> None:
        name, _ = self.stack.pop()
        self.open[name] -= 1
        self.blocks -= name in _NESTING
        self.out.append(f"</{name}>")

    def _write(self, tag: str, attributes: int = 0) -> None:
        self._charge(1 + attributes)
        self.out.append(tag)

    def _charge(self, cost: int) -> None:
        self.cost += cost
        if self.cost > self.costliest:
            raise TooLarge(COSTLIEST_SAYS)

    def _kept(self, tag: str, attributes: dict[str, str]) -> dict[str, str]:
        """The attributes that cleaning may keep, each as it is written in a tag; addresses are resolved."""
        kept = {}
        if tag == "a" and "name" in attributes:
            attributes.setdefault("id", attributes["name"])
        for name, written in attributes.items():
            if name not in ATTRIBUTES["*"] and name not in ATTRIBUTES.get(tag, ()):
                continue
            value: str | None = _plain(written)
            if name == "href":
                value = self._address(value or "")
            if value is not None:
                kept[name] = f' {name}="{escape(value)}"'
        return kept

    def _address(self, href: str) -> str | None:
        href = href.strip()
        here, _, fragment = href.partition("#")
        if fragment and here in ("", self.base_url.partition("#")[0]):
            return f"#{fragment}"
        return address(href, self.base_url)


def _plain(written: str) -> str:
    """Written HTML text -> the characters that it means, without those that no text needs."""
    if "&" not in written:
        return written
    plain = unescape(_HUGE_REFERENCE.sub("\ufffd", written))
    return _DROPPED.sub("", plain.replace("\r", "\n"))
