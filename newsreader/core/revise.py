"""Carry passages from one text to its next version. Pure: no database. Says lost rather than guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from newsreader.core.passages import Placed, Span, locate, quote_at

Status = Literal["kept", "edited", "moved", "lost"]


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a passage is in the new text. A lost one has no span; the reason is for people."""

    span: Span | None
    status: Status
    score: float
    reason: str


def carry(old: str, new: str, spans: Sequence[Span]) -> list[Carried]:
    """One answer for every span, in their order. Never raises for spans inside of the old text."""
    if old == new:
        return [Carried(span, "kept", 1.0, "The text is unchanged.") for span in spans]
    return [_carry_one(old, new, span) for span in spans]


def _carry_one(old: str, new: str, span: Span) -> Carried:
    try:
        found = locate(new, quote_at(old, span))
    except ValueError:
        return Carried(None, "lost", 0.0, "There are no words in the passage.")
    if isinstance(found, Placed):
        return Carried(found.span, "kept", found.score, "The words are unchanged.")
    return Carried(None, "lost", 0.0, "The words are no longer in the text.")
