"""Passages as files for other programs. Each writer is a pure function: values in, the file piece by piece out."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from newsreader.annotations.exports.markdown import markdown
from newsreader.annotations.exports.plain import plain
from newsreader.annotations.exports.table import table
from newsreader.annotations.exports.values import About, Passage
from newsreader.annotations.exports.web_annotation import web_annotation

__all__ = ("FORMATS", "About", "Format", "Passage")


class Format(NamedTuple):
    """A kind of file: what it is called, its content type, and its writer."""

    ending: str
    kind: str
    write: Callable[[Iterable[Passage], About], Iterator[str]]


FORMATS = {
    "markdown": Format("md", "text/markdown; charset=utf-8", markdown),
    "csv": Format("csv", "text/csv; charset=utf-8", table),
    "json": Format("json", "application/json", plain),
    "web-annotation": Format(
        "jsonld", 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', web_annotation
    ),
}
