"""The small XML files that a book is packed with, as trees. Refuses entities, and what no such file needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from newsreader.core.sentence import Sentence
from newsreader.intake.shape import Refused

_DEEPEST = 40
_MOST = 50_000  # elements


@dataclass(slots=True)
class Node:
    """An element: its name and its attributes' without their namespaces, and the words right inside it."""

    tag: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Its words, white space collapsed."""
        return " ".join("".join(self.text).split())

    def all(self, tag: str = "") -> Iterator[Node]:
        """What is below it, of that name where one is given, in the document's order."""
        for child in self.children:
            if not tag or child.tag == tag:
                yield child
            yield from child.all(tag)


def parse(data: bytes, name: str) -> Node:
    """The tree of `data`; `name` is what it is called in a refusal. Raises `Refused`."""
    reader = _Reader(name)
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(Sentence("“{entry}” in it is no well-formed XML", entry=name)) from error
    return reader.root


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.root = Node("", {})
        self._open = [self.root]
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > _DEEPEST or self._count > _MOST:
            raise Refused(Sentence("“{entry}” in it is too large or nested too deep", entry=self.name))
        node = Node(_local(tag), {_local(name): value for name, value in attributes.items()})
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].text.append(text)

    def _entity(self, *_: object) -> None:
        raise Refused(Sentence("“{entry}” in it defines entities, which are not read here", entry=self.name))


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
