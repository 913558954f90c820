"""When an article was published: from what its page states, shows beside the headline, or has in its address. Pure.

Never reads 03/04/2023, which is two days. An address's day corrects a moment in UTC that fell on another one there.
"""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from newsreader.intake.dates import read_date

Moment = dt.date | dt.datetime

# Names of months by their first letters, in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish
_MONTHS = (
    ("jan", "jän", "janv", "ene", "gen", "sty"),
    ("feb", "fév", "fev", "lut"),
    ("mar", "mär", "maa", "mrt"),
    ("apr", "avr", "abr", "kwi"),
    ("may", "mai", "mag", "mei", "maj"),
    ("jun", "juin", "giu", "cze"),
    ("jul", "juil", "lug", "lip"),
    ("aug", "aoû", "ago", "sie"),
    ("sep", "set", "wrz"),
    ("oct", "okt", "ott", "out", "paź"),
    ("nov", "lis"),
    ("dec", "dez", "déc", "dic", "gru"),
)
_YEAR = r"(?P<year>199\d|20\d\d)"  # before, no page was published: it is another date
_NAME = r"(?P<name>[^\W\d_]{3,12})"
_SHOWN = (
    re.compile(rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}\b"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:\.|er|º|st|nd|rd|th)?\s+(?:de\s+)?{_NAME}\.?,?\s+(?:de\s+|del\s+)?{_YEAR}\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_NAME}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"{_YEAR}\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日"),
)
_IN_ADDRESS = re.compile(
    rf"[/_-]{_YEAR}(?P<between>[/_-])(?P<month>\d{{1,2}})(?P=between)(?P<day>\d{{1,2}})(?=[/_.-]|$)"
)


def stated(text: str) -> Moment | None:
    """The moment that the whole of a machine's value says."""
    text = " ".join(text.split())
    if found := read_date(re.sub(r"(T\d\d:\d\d:\d\d)\.\d+", r"\1", text)):
        return found
    if re.match(r"[A-Z][a-z]{2}, \d", text):
        try:
            return parsedate_to_datetime(text)
        except (ValueError, IndexError):
            return None
    return read_date(text[:10])


def shown(text: str) -> dt.date | None:
    """The first day that a line of text names."""
    found = [(match.start(), day) for pattern in _SHOWN for match in pattern.finditer(text) if (day := _day(match))]
    return min(found)[1] if found else None


def in_address(address: str) -> dt.date | None:
    """The day in an address, as in /2023/11/08/."""
    found = _IN_ADDRESS.search(address)
    return _day(found) if found else None


def settled(said: list[Moment], address: str) -> Moment | None:
    """The first that is stated, unless it is another's day; in the page's own time zone where that is known."""
    first = next(iter(said), None)
    if first is None:
        return None
    if _in_utc(first):
        first = next(
            (one for one in said if isinstance(one, dt.datetime) and one.tzinfo and one == first and not _in_utc(one)),
            first,
        )
    return _checked(first, in_address(address))


def _checked(said: Moment, there: dt.date | None) -> Moment:
    if there is None:
        return said
    day = said.date() if isinstance(said, dt.datetime) else said
    apart = abs((day - there).days)
    if apart > 60:  # it states the day of something else, or of a new edition
        return there
    return there if apart == 1 and _in_utc(said) else said


def _in_utc(said: Moment) -> bool:
    return isinstance(said, dt.datetime) and said.utcoffset() == dt.timedelta(0)


def _day(match: re.Match[str]) -> dt.date | None:
    part = match.groupdict()
    month = int(part["month"]) if part.get("month") else _month(part["name"])
    try:
        return dt.date(int(part["year"]), month, int(part["day"]))
    except ValueError:
        return None


def _month(name: str) -> int:
    name = name.casefold()
    return next((number for number, starts in enumerate(_MONTHS, 1) if name.startswith(starts)), 0)
