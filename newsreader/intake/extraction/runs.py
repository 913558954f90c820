"""A page's runs of text: what stands in one line of thought between two blocks or line breaks. Pure.

A run knows its slots (the text nodes that it is made of) and the block around it. Scripts and the like are in none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml.html import HtmlElement

from newsreader.core.vocabulary import DISCARDED, INLINE

_UNSEEN = DISCARDED | {"button", "head", "input", "math", "meter", "progress", "title"}
_INLINE = (INLINE - {"br"}) | {
    *("acronym", "big", "font", "label", "mark", "nobr", "strike", "tt", "wbr", "img", "ins", "picture", "source"),
}
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


class Slot(NamedTuple):
    """A text node: the text that an element begins with, or its tail."""

    element: HtmlElement
    is_tail: bool


@dataclass(slots=True)
class Run:
    """One run of text in its block; `folded` is its letters and digits, `linked` how many of them are links'."""

    number: int
    block: HtmlElement
    slots: list[Slot] = field(default_factory=list)
    text: str = ""
    folded: str = ""
    linked: int = 0
    is_hidden: bool = False


def letters(text: str) -> str:
    """The letters and digits of `text`, without case: what two tools agree on, whatever they do with the rest."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).casefold())


def runs_of(body: HtmlElement) -> list[Run]:
    """All runs of a page that have a letter or a sign in them, in order."""
    reader = _Reader(body)
    reader.read(body)
    return reader.runs


class _Reader:
    def __init__(self, body: HtmlElement) -> None:
        self.runs: list[Run] = []
        self._blocks = [body]
        self._slots: list[Slot] = []
        self._texts: list[str] = []
        self._linked: list[str] = []
        self._links = 0
        self._hidden = 0

    def read(self, body: HtmlElement) -> None:
        """The parser bounds the depth, so recursion would do; a stack does it without its cost."""
        stack = [(body, iter(body), self._enter(body))]
        while stack:
            element, children, was_hidden = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._leave(element)
                self._hidden -= was_hidden
                if stack:
                    self._take(element, element.tail, is_tail=True)
            elif child.tag in _UNSEEN:
                self._take(child, child.tail, is_tail=True)
            else:
                stack.append((child, iter(child), self._enter(child)))
        self._end()

    def _enter(self, element: HtmlElement) -> bool:
        """Take what the element begins with; whether it is hidden."""
        tag = element.tag
        if tag not in _INLINE:
            self._end()
            if tag != "br":
                self._blocks.append(element)
        elif tag == "a":
            self._links += 1
        is_hidden = hidden(element)
        self._hidden += is_hidden
        self._take(element, element.text, is_tail=False)
        return is_hidden

    def _leave(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag not in _INLINE:
            self._end()
            if tag != "br":
                self._blocks.pop()
        elif tag == "a":
            self._links -= 1

    def _take(self, element: HtmlElement, text: str | None, *, is_tail: bool) -> None:
        if text:
            self._slots.append(Slot(element, is_tail))
            self._texts.append(text)
            if self._links:
                self._linked.append(text)

    def _end(self) -> None:
        if not self._slots:
            return
        if text := " ".join("".join(self._texts).split()):
            run = Run(len(self.runs), self._blocks[-1], self._slots, text, letters(text))
            run.linked = len(letters("".join(self._linked))) if self._linked else 0
            run.is_hidden = self._hidden > 0
            self.runs.append(run)
        self._slots, self._texts, self._linked = [], [], []


def hidden(element: HtmlElement) -> bool:
    """Whether the page itself says that it isn't shown."""
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and bool(_HIDDEN.search(style)))
