"""Values of exports to the words, addresses, tags and times that they mean. Pure; what means nothing is empty."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from newsreader.core import addresses
from newsreader.core.text import text_of

TITLE, BYLINE, SOURCE, STANDFIRST, TAG, LONGEST = 500, 300, 200, 2_000, 60, 20_000
_NO_WORDS = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_MONTHS = (
    "jan january januar janvier enero gennaio janeiro januari",
    "feb february februar février febrero febbraio fevereiro februari",
    "mar march märz mars marzo março maart",
    "apr april avril abril aprile",
    "may mai mayo maggio maio mei",
    "jun june juni juin junio giugno junho",
    "jul july juli juillet julio luglio julho",
    "aug august août agosto augustus",
    "sep sept september septembre septiembre settembre setembro",
    "oct october oktober octobre octubre ottobre outubro",
    "nov november novembre noviembre novembro",
    "dec december dezember décembre diciembre dicembre dezembro",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?\s?m\b)?", re.IGNORECASE)
_ASIAN = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def lines_of(value: Any, longest: int = LONGEST) -> str:
    """Words with their line ends, without white space around them and what no text needs."""
    text = value if isinstance(value, str) else "" if value is None or isinstance(value, bool) else str(value)
    text = _NO_WORDS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def context_of(value: Any) -> str:
    """What stands beside words, with the white space at its ends: that stands between it and the words."""
    return _NO_WORDS.sub("", value) if isinstance(value, str) else ""


def words_of(value: Any, longest: int = LONGEST) -> str:
    """Words on one line."""
    text = " ".join(lines_of(value, 10 * longest).split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def written(value: Any, longest: int = LONGEST) -> str:
    """Words on one line of what was written as HTML text."""
    return words_of(unescape(lines_of(value)), longest)


def address_of(value: Any) -> str:
    """A page's address, or "" where it is none."""
    found = addresses.address(lines_of(value, 3_000)) or ""
    return "" if found.startswith("mailto:") else found


def tags_of(values: Any, separators: str = ",") -> tuple[str, ...]:
    """Tags from a list, of names or of what has a name, or from words with separators; each once."""
    if isinstance(values, str):
        values = re.split(f"[{re.escape(separators)}]", values) if separators else [values]
    names: Iterable[Any] = values if isinstance(values, list | tuple) else ()
    found = (words_of(one.get("name") or one.get("label") if isinstance(one, dict) else one, TAG) for one in names)
    return tuple(dict.fromkeys(name.strip("\"' ") for name in found if name.strip("\"' ")))


def truth(value: Any) -> bool:
    """What 1, "1", true, "True" and "yes" say."""
    return str(value).strip().casefold() in {"1", "true", "yes", "y"}


def plain_words(html: str) -> str:
    """The text of cleaned HTML, its white space collapsed."""
    return " ".join(text_of(html).split())


def moment(value: Any) -> dt.datetime | None:
    """A time: seconds, milliseconds or microseconds since 1970, ISO 8601, or words with a month's name."""
    if isinstance(value, bool) or value is None:
        return None
    said = str(value).strip()
    if re.fullmatch(r"\d{1,17}(\.\d+)?", said) and not re.fullmatch(r"\d{4}", said):
        return _counted(float(said))
    if not said or len(said) > 120:
        return None
    try:
        found = dt.datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$|UTC$)", "", said).replace("UTC", "Z"))
    except ValueError:
        return _told(said)
    return _sane(found if found.tzinfo else found.replace(tzinfo=dt.UTC))


def _counted(number: float) -> dt.datetime | None:
    seconds = number / (1e6 if number >= 1e14 else 1e3 if number >= 1e11 else 1)
    return _sane(dt.datetime.fromtimestamp(seconds, dt.UTC)) if 0 < seconds < 7e9 else None


def _told(said: str) -> dt.datetime | None:
    """A day in words of a few languages, with a clock's time or without."""
    low = said.casefold()
    if asian := _ASIAN.search(low):
        year, month, day = map(int, asian.groups())
    else:
        names = [_MONTH[word] for word in re.findall(r"[^\W\d_]{3,}", low) if word in _MONTH]
        days, years = re.findall(r"(?<![\d:])\d{1,2}(?![\d:])", low), re.findall(r"(?<!\d)\d{4}(?!\d)", low)
        if not names or not days or not years:
            return None
        month, day, year = names[-1], int(days[0]), int(years[0])
    hour, minute, second = 0, 0, 0
    if clock := _CLOCK.search(low):
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        late = (clock[4] or "").startswith("p") or any(sign in low for sign in ("下午", "午後"))
        early = (clock[4] or "").startswith("a") or any(sign in low for sign in ("上午", "午前"))
        hour = hour % 12 + 12 * late if late or early else hour
    try:
        return _sane(dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC))
    except ValueError:
        return None


def _sane(found: dt.datetime) -> dt.datetime | None:
    try:
        return found if 1970 <= found.astimezone(dt.UTC).year < 2200 else None
    except (ValueError, OverflowError):
        return None
