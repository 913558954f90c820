"""What a writer of a file gets to know: plain values, addresses in full."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as it leaves the house. `start` and `end` are where it stands now, None while it is lost;
    `made_start`, `made_end` and `revised` are where it stood in the text of that moment, when it was marked."""

    id: str
    link: str  # its own page, for good
    place: str  # its words in the article
    title: str
    article: str  # the article's page
    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None
    made_start: int
    made_end: int
    revised: datetime
    colour: str
    note: str
    status: str
    created: datetime
    updated: datetime
    published: datetime
    language: str = ""
    original: str = ""
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class About:
    """The file as a whole: its name, the address that it was asked from, what it was narrowed to, and when."""

    title: str
    address: str
    filters: tuple[str, ...]
    total: int
    made: datetime
