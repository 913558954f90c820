"""What articles, topics and collections have in common as they go out and come in.

A row is judged before anything is written: new, changed, the same, or wrong with a sentence. A cell that says what an
export would say changes nothing, whatever its letter; a column that isn't there stays as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.desk.exchange.cells import as_cell, lines, one_line, parted, plain
from newsreader.desk.exchange.files import Cell, Row
from newsreader.desk.exchange.models import ImportRow
from newsreader.desk.journal import Way

T = TypeVar("T")
BATCH = 100
MOST_NAMES = 1_000
Values = dict[str, Any]


class Wrong(ValueError):
    """A cell that can't be taken, in words."""


class Meanwhile(ValueError):
    """A row that can't be written as it was shown, since something changed; in words."""


@dataclass(slots=True)
class Seen:
    """What earlier rows of the same file are, so that none is there twice, and what they will make."""

    keys: dict[tuple[str, Any], int] = field(default_factory=dict)
    makes: dict[str, dict[str, None]] = field(default_factory=dict)

    def claim(self, number: int, *keys: tuple[str, Any]) -> None:
        """Raises Wrong where another row has one of them."""
        for key in keys:
            if (other := self.keys.setdefault(key, number)) != number:
                raise Wrong(_("it is the same as row {n}").format(n=other))


@dataclass(slots=True)
class Written:
    """What was written, and the ways back."""

    name: str
    by: User | None
    new: list[models.Model] = field(default_factory=list)
    changed: list[models.Model] = field(default_factory=list)
    made: list[models.Model] = field(default_factory=list)
    named: dict[tuple[str, str], Any] = field(default_factory=dict)
    labels: dict[tuple[str, int, bool], list[int]] = field(default_factory=dict)
    before: dict[str, Values] = field(default_factory=dict)
    after: dict[str, Values] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    lost: int = 0

    @property
    def reason(self) -> str:
        return _("Imported from {file}").format(file=self.name)[:300]

    def note(self, row: models.Model, before: Values, after: Values) -> None:
        """That these columns of a row were changed."""
        differ = [name for name in before if before[name] != after[name]]
        if differ:
            self.before[str(row.pk)] = {name: before[name] for name in differ}
            self.after[str(row.pk)] = {name: after[name] for name in differ}


class Kind:
    """One of the three. `columns` go out in this order; `known` come in, `told` of them are only for reading."""

    model: ClassVar[type[models.Model]]
    columns: ClassVar[tuple[str, ...]]
    told: ClassVar[frozenset[str]] = frozenset()
    also: ClassVar[frozenset[str]] = frozenset()  # that come in and never go out
    several: ClassVar[frozenset[str]] = frozenset()  # with a list of names in each cell
    long: ClassVar[frozenset[str]] = frozenset()  # of more than one line
    ordered: ClassVar[frozenset[str]] = frozenset()

    @property
    def known(self) -> frozenset[str]:
        return frozenset(self.columns) | self.also

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def all(self) -> models.QuerySet[Any]:
        """Every row that there is for the desk."""
        return self.model._default_manager.all()

    def exported(self, keys: Sequence[int]) -> Iterator[Values]:
        """The rows with these keys, in this order, by column. A fixed number of queries."""
        raise NotImplementedError

    def judge(self, rows: Sequence[Row], seen: Seen) -> list[ImportRow]:
        """What these rows would do. A fixed number of queries, but for texts that readers have highlighted."""
        raise NotImplementedError

    def write(self, rows: Sequence[ImportRow], into: Written) -> list[tuple[ImportRow, str]]:
        """Writes what was judged; those that can't be written any more as they were shown, and why."""
        raise NotImplementedError

    # What a cell says

    def is_same(self, column: str, cell: Cell, shown: Any) -> bool:
        """Whether it says what is there already."""
        if isinstance(cell, list):
            shown = shown or []
            return cell == shown if column in self.ordered else set(cell) == set(shown)
        return lines(cell) == lines(as_cell(shown))

    def value(self, column: str, cell: Cell) -> Any:
        """What is to be kept, as JSON has it. Raises Wrong."""
        if column in self.several:
            names = names_in(cell)
            if len(names) > MOST_NAMES:
                raise Wrong(_("more than {n} names in one cell").format(n=MOST_NAMES))
            return names
        if isinstance(cell, list):
            raise Wrong(_("a text is expected, not a list"))
        return self.field(column, plain(cell) if column in self.long else one_line(cell))

    def field(self, column: str, text: str) -> Any:
        """As the model's own field takes it."""
        try:
            return self.model._meta.get_field(column).clean(text, None)  # type: ignore[union-attr]
        except ValidationError as error:
            raise Wrong(" ".join(error.messages)) from error

    def compare(self, row: Row, shown: Values, skip: Iterable[str], found: ImportRow) -> list[str]:
        """Puts what is different into `found`; gives what is wrong, in sentences. `shown` is empty for a new one."""
        wrong = []
        for column in self.columns:
            if column not in row.cells or column in self.told or column in skip:
                continue
            cell = row.cells[column]
            if not (shown or cell):
                continue
            if shown and self.is_same(column, cell, shown[column]):
                continue
            try:
                value = self.value(column, cell)
            except Wrong as error:
                wrong.append(said(column, error))
                continue
            same = shown and (value == shown[column] or self.is_same(column, as_listed(value), shown[column]))
            if not same:
                found.values[column] = value
                if shown:
                    found.before[column] = shown[column]
        return wrong


def as_listed(value: Any) -> Cell:
    return value if isinstance(value, list) else as_cell(value)


def said(column: str, error: Exception) -> str:
    return _("{column}: {why}").format(column=column, why=str(error))


def judged(found: ImportRow, wrong: Sequence[str]) -> ImportRow:
    """With its verdict."""
    if wrong:
        found.verdict, found.notes = ImportRow.Verdict.WRONG, list(wrong)
        found.values, found.before, found.html = {}, {}, ""
    elif found.target is None:
        found.verdict = ImportRow.Verdict.NEW
    else:
        found.verdict = ImportRow.Verdict.CHANGED if found.values else ImportRow.Verdict.SAME
    return found


def state(model: Any, text: str) -> str:
    named = {str(label).casefold(): str(value) for value, label in model.State.choices}
    codes = {value: value for value in named.values()}
    try:
        return {**named, **codes}[text.casefold()]
    except KeyError:
        told = _("“{given}” is no state; there are {states}")
        raise Wrong(told.format(given=text[:60], states=", ".join(codes))) from None


def names_in(cell: Cell) -> list[str]:
    """Each once, in order."""
    if isinstance(cell, str):
        return parted(cell)
    return list(dict.fromkeys(name for one in cell if (name := one_line(one))))


def text_in(row: Row, column: str) -> str:
    """A cell's words on one line, or nothing."""
    cell = row.cells.get(column, "")
    return one_line(cell) if isinstance(cell, str) else ""


def batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of so many."""
    those = iter(rows)
    while batch := list(islice(those, size)):
        yield batch
