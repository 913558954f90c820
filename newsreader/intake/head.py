"""The small lines under a headline: who wrote it, when, for whom. Only lines understood whole."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from newsreader.intake.dates import read_date
from newsreader.intake.names import JOINTS

_PARTS = re.compile(r"\s+[|·•/–—]\s+")
_BYLINE = re.compile(
    r"(?:(?:written |words |reported |story )?by|authors?:|byline:|von|par|por|door)\s+(.+)", re.IGNORECASE
)
_DATE = re.compile(r"(?:(?:first |originally )?published|posted|dated?)(?: on)?\s*:?\s+(.+)", re.IGNORECASE)
_SOURCE = re.compile(r"(?:source|publisher|publication|from)\s*:\s+(.+)", re.IGNORECASE)
_DAYS_AND_MONTHS = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|april|june|july|august"
    r"|september|october|november|december|\d.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Head:
    """What the lines under a headline have said so far."""

    byline: str = ""
    source: str = ""
    published: dt.date | dt.datetime | None = None

    def reads(self, line: str) -> Head | None:
        """This head with what `line` adds, or None where the line is something else, and so text."""
        head: Head | None = self
        for part in _PARTS.split(line) if len(line) <= 160 else [line]:
            head = head._reads_part(part.strip()) if head else None
        return head

    def _reads_part(self, part: str) -> Head | None:
        if not self.byline and (name := _name_in(part)):
            return replace(self, byline=name)
        dated = _DATE.fullmatch(part)
        if self.published is None and (moment := read_date(dated[1] if dated else part)):
            return replace(self, published=moment)
        sourced = _SOURCE.fullmatch(part)
        if not self.source and sourced and len(sourced[1]) <= 80 and not sourced[1].endswith("."):
            return replace(self, source=sourced[1])
        # "By Ada Byron, 16 June 2023": the comma stands between two things that are each understood
        left, comma, right = part.partition(", ")
        if comma and _BYLINE.fullmatch(left) and (head := self._reads_part(left)):
            return head._reads_part(right)
        return None


def _name_in(part: str) -> str:
    """The name in a byline, or "": "By Ada Byron" has one; "By the river" and "By Sunday" have none."""
    found = _BYLINE.fullmatch(part)
    if not found or len(found[1]) > 80 or re.search(r"[?!:;“”\"]|[^\W\d_]{3,}\.$|\d", found[1]):
        return ""
    words = [word for word in re.split(r"[\s,]+", found[1]) if word]
    proper = all(not word[0].islower() or word in JOINTS for word in words)
    english = re.match(r"\w* ?by\b|author|byline", part, re.IGNORECASE)
    if not proper or words[0].casefold() == "the" or words[0] in JOINTS or (not english and len(words) < 2):
        return ""
    return "" if _DAYS_AND_MONTHS.fullmatch(words[0]) else found[1].strip()
