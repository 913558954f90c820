"""What a feed is read into. Pure data; its HTML is as it came and still to be cleaned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MOST = 1_000
"""Entries of one feed that are looked at; they are the newest, as feeds are written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `id` is how the feed knows it, unique among its entries; everything else is "" or empty if unknown.

    `html` is raw, its relative links meant from `base`; `published` is aware. `summary_only` is a judgement: that the
    words are an appetiser for the page at `address`.
    """

    id: str
    address: str = ""
    title: str = ""
    byline: str = ""
    published: dt.datetime | None = None
    html: str = ""
    summary_only: bool = False
    topics: tuple[str, ...] = ()
    base: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: what it is called, the site that it is of, and its entries in its own order."""

    title: str
    site: str
    language: str
    icon: str
    entries: tuple[Entry, ...]
