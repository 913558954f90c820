"""Dates as people type them into a search: 2023-06-17, 2023-06, 2023, today, yesterday, -2w. Pure: today is given."""

from __future__ import annotations

import re
from datetime import date, timedelta

_TYPED = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_AGO = re.compile(r"-(\d{1,4})([dwmy])", re.ASCII)
_NAMED = {"today": 0, "yesterday": 1}
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def days(typed: str, today: date = date(2000, 1, 1)) -> tuple[date, date] | None:
    """The first day that is meant, and the first one after; None for what is no date.

    A month or a year is all its days. -2w is the one day that was two weeks before `today`; a month counts 30 days.
    """
    if typed in _NAMED:
        return _one(today - timedelta(_NAMED[typed]))
    if ago := _AGO.fullmatch(typed):
        back = int(ago[1]) * _DAYS[ago[2]]
        return _one(today - timedelta(back)) if back < today.toordinal() - 1 else None
    if found := _TYPED.fullmatch(typed):
        year, month, day = (int(part) if part else None for part in found.groups())
        return _stretch(year or 0, month, day)
    return None


def _stretch(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    try:
        if day:
            return _one(date(year, month or 1, day))
        if month:
            return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        return date(year, 1, 1), date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None


def _one(day: date) -> tuple[date, date] | None:
    return (day, day + timedelta(1)) if day < date.max else None
