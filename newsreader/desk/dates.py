"""The dates by which the list of articles is narrowed: years, then months, then days, those that have articles.

Django's own reads every row for it. Here the rows of a short list are looked at, and of a long one the library's index,
once for each year, month or day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime, make_aware

from newsreader.articles.querysets import ArticleQuerySet

FIELD = "dated"
YEARS = 100  # that are offered at most
FIRST, LAST = 1_000, 9_998  # years that every database and time zone can be asked for


@dataclass(frozen=True, slots=True)
class Stretch:
    """A year, a month or a day; all of time, where nothing is chosen."""

    year: int = 0
    month: int = 0
    day: int = 0

    @classmethod
    def chosen(cls, params: Mapping[str, Any]) -> "Stretch":
        """What an address asks for. Raises IncorrectLookupParameters for what isn't in the calendar."""
        parts = {f"{FIELD}__{part}" for part in ("year", "month", "day")}
        if any(name.startswith(f"{FIELD}__") for name in params.keys() - parts):
            raise IncorrectLookupParameters
        typed = [str(params.get(f"{FIELD}__{part}", "")) for part in ("year", "month", "day")]
        if not all(one.isdecimal() and one.isascii() and len(one) < 5 for one in typed if one):
            raise IncorrectLookupParameters
        stretch = cls(*(int(one or 0) for one in typed))
        if not stretch.year:
            if any(typed):
                raise IncorrectLookupParameters
            return stretch
        if not FIRST <= stretch.year <= LAST or (stretch.day and not stretch.month):
            raise IncorrectLookupParameters
        try:
            stretch.bounds()
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters from error
        return stretch

    def bounds(self) -> tuple[datetime, datetime]:
        """When it begins and when it is over."""
        first = date(self.year, self.month or 1, self.day or 1)
        if self.day:
            last = first + timedelta(days=1)
        elif self.month:
            last = (first + timedelta(days=32)).replace(day=1)
        else:
            last = first.replace(year=self.year + 1)
        begin, end = (make_aware(datetime.combine(day, time.min)) for day in (first, last))
        return begin, end

    def __str__(self) -> str:
        if not self.month:
            return str(self.year)
        form = "MONTH_DAY_FORMAT" if self.day else "YEAR_MONTH_FORMAT"
        return str(capfirst(date_format(date(self.year, self.month, self.day or 1), form)))

    def asked(self) -> dict[str, int | None]:
        """As an address says it."""
        parts = {"year": self.year, "month": self.month, "day": self.day}
        return {f"{FIELD}__{name}": value or None for name, value in parts.items()}

    def around(self) -> list["Stretch"]:
        """What it lies in, widest first."""
        return [Stretch(), *([Stretch(self.year)] if self.month else []), *self._month()]

    def _month(self) -> list["Stretch"]:
        return [Stretch(self.year, self.month)] if self.day else []

    def among(self, moments: Iterable[datetime]) -> list["Stretch"]:
        """Those of its parts that the moments are in."""
        days = {localtime(moment).date() for moment in moments}
        if self.day:
            return []
        if self.month:
            return [Stretch(self.year, self.month, day) for day in sorted({day.day for day in days})]
        if self.year:
            return [Stretch(self.year, month) for month in sorted({day.month for day in days})]
        return [Stretch(year) for year in sorted({day.year for day in days})]

    def possible(self, first: int) -> list["Stretch"]:
        """Its parts, the years from `first` on."""
        if self.day:
            return []
        if self.month:
            days = (self.bounds()[1] - self.bounds()[0] + timedelta(hours=12)).days
            return [Stretch(self.year, self.month, day) for day in range(1, days + 1)]
        if self.year:
            return [Stretch(self.year, month) for month in range(1, 13)]
        now = localdate().year
        return [Stretch(year) for year in range(max(first, now - YEARS), now + 2)]


def within(rows: ArticleQuerySet, stretches: Sequence[Stretch]) -> list[ArticleQuerySet]:
    """The rows of each stretch."""
    bounds = [stretch.bounds() for stretch in stretches]
    return [rows.filter(dated__gte=begin, dated__lt=end) for begin, end in bounds]
