"""What canonical.py works on: the parsed elements, and the blocks and leaves that it makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from newsreader.core.vocabulary import VOID


@dataclass(slots=True, eq=False)
class Element:
    """An element as parsed; the same type wraps leaves as their inline element (then without children)."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    children: list[Element | str] = field(default_factory=list)


Path = tuple[Element, ...]


@dataclass(slots=True, eq=False)
class Leaf:
    """A stretch of text, or a line break (text None), and the inline elements around it, outermost first."""

    path: Path
    text: str | None


@dataclass(slots=True, eq=False)
class Block:
    """A block of canonical HTML: it holds leaves or blocks, never both."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    made: bool = False  # a list around items that had none


def parse(html: str) -> Element:
    """Well-formed HTML (every end tag written) -> its elements below one nameless root."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.root


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.stack = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.pop("id", "")
        element = Element(tag, attributes, [name] if name else [])
        self.stack[-1].children.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.stack) - 1, 0, -1):
            if self.stack[place].tag == tag:
                del self.stack[place:]
                return

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)
