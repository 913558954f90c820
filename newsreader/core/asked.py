"""What a search asks for, as values: words and filters, and how they are joined. Pure.

`core.query` reads them from what was typed, and writes them down again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsreader.core.sentence import Sentence

WORD = re.compile(r"[^\W_]+")
# Signs that name something else than the word alone does: C++, C#, .NET, #ferry, @ada.
_SIGNED = re.compile(r"(?:[.#@](?=\w).*|.*\w(?:\+{1,2}|#))")


@dataclass(frozen=True, slots=True)
class Words:
    """A word, a phrase (words side by side) or a beginning of words, anywhere or in one field of text."""

    text: str
    phrase: bool = False
    prefix: bool = False
    field: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The letters and digits in it, apart from the signs between them: don't -> don, t."""
        return tuple(WORD.findall(self.text))

    @property
    def signed(self) -> str:
        """The word with its signs where they are part of its meaning (C++), else "". No index holds signs."""
        bare = self.text.rstrip("?!,;:.")
        return bare if not (self.phrase or self.prefix) and _SIGNED.fullmatch(bare) else ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A field and what it must be: `is:unread`. The value is one that the field has, in its plain spelling."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class All:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    nodes: tuple[Node, ...]


Node = Words | Filter | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for, in which order. `hints` say in sentences how it was read where that may surprise."""

    root: Node | None = None
    sort: str = "relevance"
    hints: tuple[Sentence, ...] = field(default=(), compare=False)

    def leaves(self) -> Iterator[Words | Filter]:
        """All words and filters, in order, those that must not occur too."""
        return leaves(self.root)

    @property
    def has_words(self) -> bool:
        """Whether there are words that results can be ranked by."""
        return any(isinstance(leaf, Words) for leaf in self.leaves())

    @property
    def empty(self) -> bool:
        """Whether it says nothing of what to look for: only, if anything, what to leave out."""
        return self.root is None or not _wants(self.root)


def conjunction(nodes: list[Node]) -> Node | None:
    """All of the nodes as one; None for none."""
    flat = [part for node in nodes for part in (node.nodes if isinstance(node, All) else (node,))]
    flat = list(dict.fromkeys(flat))  # without what was typed twice
    return All(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def disjunction(nodes: list[Node]) -> Node | None:
    """Any of the nodes as one; None for none."""
    flat = [part for node in nodes for part in (node.nodes if isinstance(node, Any) else (node,))]
    flat = list(dict.fromkeys(flat))
    return Any(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def negation(node: Node) -> Node:
    """What is not the node."""
    return node.node if isinstance(node, Not) else Not(node)


def leaves(node: Node | None) -> Iterator[Words | Filter]:
    """The words and filters of a node, in order."""
    match node:
        case Words() | Filter():
            yield node
        case Not(inner):
            yield from leaves(inner)
        case All(nodes) | Any(nodes):
            for inner in nodes:
                yield from leaves(inner)


def _wants(node: Node) -> bool:
    match node:
        case Not(inner):
            return isinstance(inner, Filter)
        case All(nodes):
            return any(map(_wants, nodes))
        case Any(nodes):
            return all(map(_wants, nodes))
    return True
