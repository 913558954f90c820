"""The words of a passage with what stands beside them, and where they are. Pure values.

Spans are in code points of the text (W3C Web Annotation Data Model 4.2.5), quotes as in its 4.2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from newsreader.core.fold import whole

CONTEXT = 32


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch [start, end) of a text, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a passage, up to 32 code points of context on both sides, and where it stood."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    hint: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a quote is. The score is 1.0 for the same words in the same context, less for less."""

    span: Span
    how: Literal["exact", "edited"]
    score: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The quote is not in the text; the candidates are the best places for a person to choose from."""

    candidates: tuple[Placed, ...] = ()


def quote_at(text: str, span: Span) -> Quote:
    """The quote that describes the span, with 32 code points of context on both sides.

    Raises ValueError when the span is empty or reaches outside of the text.
    """
    if not 0 <= span.start < span.end <= len(text):
        raise ValueError("The span is empty or reaches outside of the text.")
    return Quote(
        exact=text[span.start : span.end],
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
        hint=span.start,
    )


def tidy(text: str, span: Span) -> Span:
    """The span without white space at its ends and with whole grapheme clusters.

    Raises ValueError when nothing is left or the span reaches outside of the text.
    """
    start, end = span.start, span.end
    if not 0 <= start <= end <= len(text):
        raise ValueError("The span reaches outside of the text.")
    words = text[start:end]
    end -= len(words) - len(words.rstrip())
    start += len(words) - len(words.lstrip())
    if start >= end:
        raise ValueError("There are no words in the span.")
    return Span(*whole(text, start, end))
