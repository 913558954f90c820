"""Dates as documents write them: ISO 8601 and days with English month names. Never guesses 03/04/2023."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_ZONE = r"(?:\s*(?P<zone>gmt|utc|z|[+-]\d{2}:?\d{2}))?"
_TIME = rf"(?:(?:,|\s+at|\s*[-–])?\s+(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}}){_ZONE})?"
_WRITTEN = (
    re.compile(rf"{_WEEKDAY}{_DAY}\s+{_MONTH},?\s+{_YEAR}{_TIME}", re.IGNORECASE),
    re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_TIME}", re.IGNORECASE),
    re.compile(rf"{_DAY}\.(?P<number>\d{{1,2}})\.{_YEAR}{_TIME}", re.IGNORECASE),
)


def read_date(text: str) -> dt.date | dt.datetime | None:
    """The date or time that is the whole of `text`, or None. A time is aware where its zone is written."""
    text = " ".join(text.split())
    if not 8 <= len(text) <= 60:
        return None
    try:
        found = dt.date.fromisoformat(text) if "-" in text and len(text) == 10 else _moment(text)
    except ValueError:
        return None
    # At the ends of the calendar a time zone leads out of it
    return found if found and 1000 <= found.year < 3000 else None


def _moment(text: str) -> dt.date | dt.datetime | None:
    for pattern in _WRITTEN:
        if found := pattern.fullmatch(text):
            part = found.groupdict()
            month = int(part["number"]) if part.get("number") else _MONTHS.index(part["month"][:3].lower()) + 1
            day = dt.date(int(part["year"]), month, int(part["day"]))
            if part["hour"] is None:
                return day
            return dt.datetime.combine(day, dt.time(int(part["hour"]), int(part["minute"]), tzinfo=_zone(part["zone"])))
    if not re.match(r"\d{4}-\d{2}-\d{2}[ T]", text):  # fromisoformat alone would take any eight digits
        return None
    # Static sites write "2010-10-22 11:33:15 -0400"; ISO has no space before the zone.
    return dt.datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)", "", text))


def _zone(name: str | None) -> dt.tzinfo | None:
    if name is None:
        return None
    if name[0] not in "+-":
        return dt.UTC
    minutes = int(name[1:3]) * 60 + int(name[-2:])
    return dt.timezone(dt.timedelta(minutes=-minutes if name[0] == "-" else minutes))
