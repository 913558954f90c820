"""What stands for an article whose text is not there: the words that were marked in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from newsreader.core.clean import clean
from newsreader.core.prose import from_plain
from newsreader.core.sentence import Sentence
from newsreader.intake.imports.shape import Item, Marked
from newsreader.intake.plain import excerpt

_NOTE = "…"


def cleaned(html: str, address: str) -> str:
    """Canonical HTML of what an export has. Raises what `clean` raises."""
    return clean(html, base_url=address)


def stub(marks: Iterable[Marked]) -> str:
    """The marked words as paragraphs; where a note marks none, the place that it was made at."""
    return from_plain([paragraph(mark) for mark in marks])


def paragraph(mark: Marked) -> str:
    """What a passage stands on in a stub."""
    return mark.words or mark.at or _NOTE


def title_of(item: Item, *, short: str) -> str:
    """A title for what has none: its first marked words, or `short` for its address."""
    words = next((mark.words for mark in item.marked if mark.words), "")
    return item.title or short or (excerpt(" ".join(words.split())) if words else "") or Sentence("Untitled")
