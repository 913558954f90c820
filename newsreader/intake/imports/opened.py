"""An export's bytes, opened once for every format to look at: table, JSON, markup, lines or zip. Pure.

Refuses what is no whole file in a sentence that names the place.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from newsreader.core.sentence import Sentence
from newsreader.intake.archives import Limits, Part, Room, unpack
from newsreader.intake.decode import decoded
from newsreader.intake.imports.shape import Unread, line
from newsreader.intake.shape import Refused

SIZE = 50_000_000
"""The largest export, in bytes."""
ROWS = 50_000
_ZIPPED = Limits(
    document=20_000_000,
    documents=20_000,
    entries=20_000,
    unpacked=150_000_000,
    seconds=15,
    kinds=frozenset({".json", ".html", ".htm", ".md", ".csv", ".txt", ".pdf", ".xml"}),
)
_WIDEST = 10_000_000  # characters of one cell of a table


class Opened:
    """One file. Each way to see it is worked out when it is asked for first."""

    def __init__(self, name: str, data: bytes) -> None:
        if not data.strip():
            raise Refused(Sentence("it is empty"))
        if len(data) > SIZE:
            raise Refused(Sentence("it is larger than {limit} MB", limit=SIZE // 1_000_000))
        self.name = name
        self._data = data

    @property
    def is_zip(self) -> bool:
        return self._data.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    @cached_property
    def parts(self) -> list[Part]:
        """What is in the zip; empty where it is none."""
        return unpack(io.BytesIO(self._data), Room(_ZIPPED)).parts if self.is_zip else []

    @cached_property
    def text(self) -> str:
        """Its characters; "" for a zip. The bytes are let go: in characters they take up to four times as much room."""
        if self.is_zip:
            return ""
        data, self._data = self._data, self._data[:4]
        return decoded(data, markup=data[:1_000].lstrip()[:1] == b"<")

    @cached_property
    def is_markup(self) -> bool:
        return self.text[:1_000].lstrip("\ufeff \t\r\n").startswith("<")

    @cached_property
    def is_json(self) -> bool:
        return self.text[:1_000].lstrip("\ufeff \t\r\n")[:1] in ("[", "{")

    @cached_property
    def json(self) -> Any:
        """What it says as JSON, None where it begins as none. Raises `Refused` with the line where it breaks off."""
        return read_json(self.text) if self.is_json else None

    @cached_property
    def first(self) -> Any:
        """The first of a list in JSON, or what it is else."""
        return (self.json[0] if self.json else None) if isinstance(self.json, list) else self.json

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names in a table's first line, in small letters; empty where it is markup or JSON."""
        if self.is_zip or self.is_markup or self.is_json:
            return ()
        return columns_of(self.text)

    def keys(self) -> frozenset[str]:
        """The names in the first object of JSON."""
        return frozenset(map(str, self.first)) if isinstance(self.first, dict) else frozenset()


def read_json(text: str) -> Any:
    """Raises `Refused`, with the line."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        said = Sentence("it is not whole, or no JSON: line {line} can’t be read", line=error.lineno)
        raise Refused(said) from error
    except RecursionError as error:
        raise Refused(Sentence("it is nested too deep")) from error
    except ValueError as error:  # a number of thousands of digits
        raise Refused(Sentence("one of its numbers is too long to be read")) from error


def columns_of(text: str) -> tuple[str, ...]:
    """The names in the first line."""
    head = text[:20_000].lstrip("\ufeff")
    try:
        return tuple(name.strip().casefold() for name in next(csv.reader(io.StringIO(head, newline="")), []))
    except csv.Error:
        return ()


def table(text: str) -> Iterator[tuple[int, dict[str, str]] | Unread]:
    """The rows below the first, each with the line on which it begins. A row of too few or many cells is no row."""
    csv.field_size_limit(_WIDEST)
    columns = columns_of(text)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    began = 0
    try:
        for number, cells in enumerate(reader):
            at, began = began + 1, reader.line_num
            if number > ROWS:
                raise too_many()
            if not number or not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                says = Sentence(
                    "it has {cells} columns, the first line has {columns}", cells=len(cells), columns=len(columns)
                )
                yield Unread(line(at), says)
                continue
            yield at, dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        raise Refused(Sentence("line {line} can’t be read: it is no row of a table", line=began + 1)) from error


def refuse_open_quotes(text: str) -> None:
    """A quotation mark that is never closed swallows the rest of a table: that file is not whole."""
    csv.field_size_limit(_WIDEST)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    began = 0
    try:
        for _ in reader:
            began = reader.line_num
    except csv.Error as error:
        if "unexpected end" in str(error):
            says = Sentence("it is not whole: the quotation mark on line {line} is never closed", line=began + 1)
            raise Refused(says) from error


def too_many() -> Refused:
    return Refused(Sentence("it has more than {limit} rows: take it in parts", limit=ROWS))
