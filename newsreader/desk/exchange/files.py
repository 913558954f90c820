"""A file's bytes to rows, CSV or JSON. Whatever is in them: rows, or Broken with a sentence that says where."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NoReturn

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from newsreader.desk.exchange.cells import lines, one_line, restored
from newsreader.intake.decode import decoded
from newsreader.intake.shape import Refused
from newsreader.language import worded

MOST_ROWS = 50_000
MOST_COLUMNS = 200
DELIMITERS = (",", ";", "\t")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
Cell = str | list[str]

# The module's own limit, one for the whole process, is below the length of many an article. Ours is the file's.
csv.field_size_limit(2**31 - 1)


class Broken(ValueError):
    """A file that can't be taken, in a sentence for a person."""


@dataclass(slots=True)
class Row:
    """`cells` by column, of those that are known; `problem` says why they can't be read."""

    number: int
    cells: dict[str, Cell] = field(default_factory=dict)
    problem: str = ""


class Rows:
    """The rows of a file, read one after the other; `unknown` columns are found on the way."""

    def __init__(self, data: bytes, known: frozenset[str]) -> None:
        limit = settings.IMPORT_LIMIT
        if len(data) > limit:
            told = _("The file is larger than {n} MB. Divide it, and import one part after the other.")
            raise Broken(told.format(n=limit // 1_000_000))
        if data.startswith(_WORKBOOKS):
            raise Broken(_("This is a workbook of a spreadsheet. Save it there as CSV (UTF-8), and choose that file."))
        try:
            text = decoded(data) if data.strip() else ""
        except Refused as error:
            raise Broken(_("The file can’t be read: {why}.").format(why=worded(error))) from error
        self.text = text.removeprefix("\ufeff")
        self.known = known
        self.unknown: dict[str, None] = {}
        if not self.text.strip():
            raise Broken(_("The file is empty."))
        if "\0" in self.text:
            raise Broken(_("The file is not a text but a binary file. Save it as CSV or JSON."))
        self.is_json = self.text.lstrip()[:1] in {"[", "{"}

    def __iter__(self) -> Iterator[Row]:
        rows = self._of_json() if self.is_json else self._of_csv()
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                told = _("The file has more than {n} rows. Divide it, and import one part after the other.")
                raise Broken(told.format(n=number_format(MOST_ROWS, force_grouping=True)))
            yield row
        if not count:
            raise Broken(_("There are no rows in the file."))

    # CSV

    def _of_csv(self) -> Iterator[Row]:
        text, delimiter = self.text, ""
        if said := re.match(r"sep=(.)\r?\n", text):  # Excel's own line
            text, delimiter = text[said.end() :], said[1]
        columns, delimiter = self._columns(text, delimiter)
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            for number, record in enumerate(records, 1):
                if number > 1 and any(record):
                    yield self._row(number, columns, record)
        except csv.Error as error:
            _say_where(self.text, len(self.text) - len(text), delimiter, str(error))

    def _columns(self, text: str, delimiter: str) -> tuple[list[str], str]:
        """The first row, parted by what makes it the most columns that are known."""
        best: tuple[int, int, list[str], str] = (-1, -1, [], ",")
        for one in (delimiter,) if delimiter else DELIMITERS:
            try:
                first = next(csv.reader(io.StringIO(text, newline=""), delimiter=one, strict=True), [])
            except (csv.Error, TypeError):
                continue
            names = [_name(cell) for cell in first[: MOST_COLUMNS + 1]]
            best = max(best, (len(self.known & set(names)), len(names), names, one), key=lambda found: found[:2])
        known, many, columns, delimiter = best
        if many < 0:
            _say_where(self.text, len(self.text) - len(text), ",", "")
        if many > MOST_COLUMNS:
            raise Broken(_("The first row has more than {n} columns.").format(n=MOST_COLUMNS))
        if not known:
            told = _("No column of the file is known. Its first row has to name them: {columns}.")
            raise Broken(told.format(columns=", ".join(sorted(self.known))))
        if twice := next((name for name in columns if name and columns.count(name) > 1), ""):
            raise Broken(_("The column “{name}” is there twice.").format(name=twice[:100]))
        self._not_known(columns)
        return columns, delimiter

    def _row(self, number: int, columns: list[str], record: list[str]) -> Row:
        while len(record) > len(columns) and not record[-1]:
            record.pop()
        if len(record) != len(columns):
            told = _("It has {n} cells where the first row has {columns}.")
            return Row(number, problem=told.format(n=len(record), columns=len(columns)))
        cells = {name: restored(cell) for name, cell in zip(columns, record, strict=True) if name in self.known}
        return Row(number, dict(cells))

    # JSON

    def _of_json(self) -> Iterator[Row]:
        for number, item in enumerate(_items(self.text), 1):
            if not isinstance(item, dict):
                yield Row(number, problem=_("It is no object with names and values."))
                continue
            named = {_name(key): value for key, value in islice(item.items(), MOST_COLUMNS)}
            self._not_known(list(named))
            row = Row(number)
            for name in self.known & named.keys():
                try:
                    row.cells[name] = _cell(named[name])
                except ValueError:
                    told = _("{column}: a text is expected, or a list of texts.")
                    row.problem = row.problem or told.format(column=name)
            yield row

    def _not_known(self, names: list[str]) -> None:
        for name in names:
            if name and name not in self.known and len(self.unknown) < MOST_COLUMNS:
                self.unknown[name[:100]] = None


def _name(key: str) -> str:
    """A column's name, as it can be stored and shown: half of a surrogate pair can't."""
    return one_line(key.encode(errors="replace").decode()).casefold()


def _items(text: str) -> Iterator[Any]:
    """The elements of a list, or one object after the other, without ever holding all of them."""
    decoder = json.JSONDecoder(
        parse_int=str, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_once, strict=False
    )
    at = _next(text, 0)
    listed = text[at] == "["
    at = _next(text, at + 1) if listed else at
    try:
        while at < len(text) and not (listed and text[at] == "]"):
            item, at = decoder.raw_decode(text, at)
            yield item
            at = _next(text, at)
            if listed and at < len(text) and text[at] == ",":
                at = _next(text, at + 1)
                if text[at : at + 1] == "]":
                    raise json.JSONDecodeError("nothing follows the comma", text, at)
            elif listed and at < len(text) and text[at] != "]":
                raise json.JSONDecodeError("a comma or ] is expected", text, at)
        if listed and (at >= len(text) or (after := _next(text, at + 1)) < len(text)):
            at = len(text) if at >= len(text) else after
            raise json.JSONDecodeError("the list is not closed" if at == len(text) else "text follows it", text, at)
    except json.JSONDecodeError as error:
        _fail(error.lineno, error.colno, error.msg)
    except RecursionError:
        _fail(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), _("it is nested too deep"))
    except ValueError as error:  # what our hooks refuse
        _fail(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), str(error))


_SPACE = re.compile(r"[ \t\r\n]*")


def _next(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(_("{name} is no value").format(name=name))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        [(twice, _times)] = Counter(name for name, _value in pairs).most_common(1)
        raise ValueError(_("“{name}” is there twice").format(name=_name(twice)[:100]))
    return found


def _cell(value: Any) -> Cell:
    if isinstance(value, list) and len(value) <= 10_000:
        return [_words(one) for one in value]
    return _words(value)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    value.encode()  # half of a surrogate pair is a ValueError, too
    return value


# Where it is broken

_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')


def _say_where(text: str, at: int, delimiter: str, said: str) -> NoReturn:
    """Goes through the cells once more, for the place that csv does not tell."""
    unquoted = re.compile(f"[^{re.escape(delimiter)}\r\n]*+")
    while at < len(text):
        quoted = _QUOTED.match(text, at) if text[at] == '"' else None
        if text[at] == '"' and not quoted:
            _fail(*_place(text, at), _("a quote opens here and is never closed"))
        end = quoted.end() if quoted else unquoted.match(text, at).end()  # type: ignore[union-attr]
        if quoted and text[end : end + 1] not in {delimiter, "\r", "\n", ""}:
            _fail(*_place(text, end), _("a quoted cell ends before this; inside one, quotes are doubled"))
        at = end + 1
    _fail(lines(text).count("\n") + 1, 1, said)


def _place(text: str, at: int) -> tuple[int, int]:
    before = lines(text[:at])
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _fail(line: int, column: int, why: str) -> NoReturn:
    told = _("The file can’t be read at line {line}, column {column}: {why}.")
    raise Broken(told.format(line=line, column=column, why=why))
