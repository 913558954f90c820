"""What the filters and the dates beside the list of articles offer, with how many each would leave.

Of a list of CAP rows at most, all are looked at. Of a longer one, each choice is counted along an index, all in one
statement. Where no index counts it (among what a search found, or is filed under something; sources and topics in a
list that is narrowed) those that were looked at are told, as “at least”: 57+.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from newsreader.articles.languages import languages
from newsreader.articles.models import Article
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.desk.capped import AtLeast, Count, capped
from newsreader.desk.dates import Stretch, within
from newsreader.desk.filters import NOTHING_SAID, OFFERED, ByLabel, ByLanguage, Column
from newsreader.desk.particulars import Label

LANGUAGES = 12  # that are offered, the commonest first
TELLING = 300


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: (key, state, language, date) of each row. `few`: that is all there is."""

    rows: Sequence[tuple[int, str, str, datetime]]
    few: bool
    searched: bool

    @property
    def total(self) -> Count:
        return Count(len(self.rows))

    def tally(self, column: Column) -> dict[str, Count]:
        """How many have each value, the commonest first."""
        number = 2 if isinstance(column, ByLanguage) else 1
        counted = Counter(str(row[number]) or NOTHING_SAID for row in self.rows)
        kind = Count if self.few else AtLeast
        return {value: kind(count) for value, count in counted.most_common()}


class Offers:
    """The choices of one view of the list; `without(column)` are its rows as if that column chose nothing."""

    def __init__(self, looked: Looked, columns: Sequence[Column], labels: Sequence[ByLabel], stretch: Stretch) -> None:
        self.looked, self.columns, self.labels, self.stretch = looked, columns, labels, stretch

    @property
    def telling(self) -> list[int]:
        """The rows that tell which sources and topics are the commonest; all, where their numbers are told, too."""
        return [row[0] for row in (self.looked.rows[:TELLING] if self.whole else self.looked.rows)]

    def make(self, changelist: Any, used: dict[str, list[Label]]) -> list[Stretch]:
        """Tells the filters what to offer, and answers the dates."""
        asked = {**self._of_columns(changelist), **self._of_labels(used), **self._of_dates()}
        counts: dict[Hashable, Count] = dict(zip(asked, capped(list(asked.values())), strict=True))
        for column in self.columns:
            column.offer(changelist, self._numbers(column, counts))
        for label in self.labels:
            kind = Count if self.looked.few else AtLeast
            known = {
                one.slug: counts.get((label.kind, one.slug), kind(one.number)) for one in used[label.kind][:OFFERED]
            }
            label.offer(changelist, used[label.kind], known, self.looked.total)
        if self.looked.few:
            return self.stretch.among(row[3] for row in self.looked.rows)
        if self.looked.searched:
            return self._possible()
        return [key for key, count in counts.items() if isinstance(key, Stretch) and count]

    def _indexed(self, column: Column) -> bool:
        """Whether its choices are counted along an index: what was looked at doesn't say it."""
        return self._countable and (bool(column.value()) or not self.looked.few)

    @property
    def _countable(self) -> bool:
        """Whether an index counts the rows of a state or language."""
        return not self.looked.searched and not any(label.value() for label in self.labels)

    @property
    def whole(self) -> bool:
        """Whether it is the whole library, and a large one."""
        narrowed = self.stretch.year or any(column.value() for column in self.columns)
        return self._countable and not self.looked.few and not narrowed

    def _of_columns(self, changelist: Any) -> dict[Hashable, QuerySet[Any]]:
        asked: dict[Hashable, QuerySet[Any]] = {}
        for column in filter(self._indexed, self.columns):
            rows = changelist.rows("narrowed", without=column)
            for value in column.values() or [language or NOTHING_SAID for language in languages()]:
                asked[(column.parameter_name, value)] = column.only(rows, value)
        return asked

    def _of_labels(self, used: dict[str, list[Label]]) -> dict[Hashable, QuerySet[Any]]:
        if not self.whole:
            return {}
        return {
            (label.kind, one.slug): label.filings(one.key)
            for label in self.labels
            for one in used[label.kind][:OFFERED]
        }

    def _of_dates(self) -> dict[Hashable, QuerySet[Any]]:
        """In the whole library: of so many rows there are some in most of them."""
        if self.looked.few or self.looked.searched:
            return {}
        stretches = self._possible()
        return dict(zip(stretches, within(_library(), stretches), strict=True))

    def _possible(self) -> list[Stretch]:
        """The parts of what is chosen, from the library's first year on."""
        first = (
            None if self.stretch.year else _library().order_by("dated", "pk").values_list("dated", flat=True).first()
        )
        return self.stretch.possible(first.year if first else 0)

    def _numbers(self, column: Column, counts: dict[Hashable, Count]) -> dict[str, Count | None]:
        """A column's choices with their numbers; None where one isn't known."""
        known: dict[str, Count | None]
        if self._indexed(column):
            name = column.parameter_name
            known = {key[1]: count for key, count in counts.items() if isinstance(key, tuple) and key[0] == name}
        elif column.value():  # the others' numbers are not known
            known = {column.value(): self.looked.total}
        else:
            known = {str(key): value for key, value in self.looked.tally(column).items()}
        if values := column.values():
            unknown = None if column.value() and not self._indexed(column) else Count(0)
            return {value: known.get(value, unknown) for value in values}
        return dict(sorted(known.items(), key=lambda one: -(one[1] or 0))[:LANGUAGES])


def _library() -> ArticleQuerySet:
    return Article.objects.filter(owner=None)
