"""What a document becomes, and how one is refused. Pure data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SIZE_LIMIT = 5_000_000
"""The largest document, in bytes."""


class Refused(ValueError):
    """A document that is not taken. Its text is one sentence for a person, without the document's name."""


@dataclass(frozen=True)
class Document:
    """One document as it will be read. `html` is canonical; everything else is plain text, "" where unknown.

    `published` is a date, or a time (aware only where its zone is named); `language` is a BCP 47 tag.
    """

    title: str
    standfirst: str
    byline: str
    source: str
    published: dt.date | dt.datetime | None
    language: str
    html: str
    topics: tuple[str, ...] = ()
