"""Find a quoted passage in a text. Pure: no HTML, no database. Says Lost rather than guess.

Spans are in code points of the text (W3C Web Annotation Data Model 4.2.5), quotes as in its 4.2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import regex

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


def locate(text: str, quote: Quote) -> Placed | Lost:
    """The place of the quote in the text, or Lost with candidates. Never raises."""
    exact, hint = quote.exact, quote.hint
    if not exact.strip():
        return Lost()
    if hint is not None and hint >= 0 and _stands_at(text, quote, hint):
        return Placed(Span(hint, hint + len(exact)), "exact", 1.0)
    ranked = sorted(
        occurrences(text, exact),
        key=lambda span: (-_context(text, quote, span), abs(span.start - (hint or 0))),
    )
    placed = [Placed(span, "exact", 0.5 + _context(text, quote, span) / 2) for span in ranked[:5]]
    if len(ranked) == 1 or (placed and placed[0].score > placed[1].score):
        return placed[0]
    return Lost(tuple(placed))


def quote_at(text: str, span: Span) -> Quote:
    """The quote that describes the span, with 32 code points of context. Raises ValueError outside of the text."""
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
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        raise ValueError("There are no words in the span.")
    return Span(start, end)


def occurrences(text: str, words: str) -> list[Span]:
    """Every place where the words stand, in order; white space, quotation marks and dashes are alike."""
    parts = words.split()
    if not parts:
        return []
    pattern = r"\s+".join(regex.escape(part) for part in parts)
    return [Span(*found.span()) for found in regex.finditer(pattern, text)]


def _stands_at(text: str, quote: Quote, start: int) -> bool:
    end = start + len(quote.exact)
    return (
        text.startswith(quote.exact, start)
        and text.startswith(quote.suffix, end)
        and text.endswith(quote.prefix, 0, start)
    )


def _context(text: str, quote: Quote, span: Span) -> float:
    """How much of the context is there, 0 to 1."""
    before = text[max(0, span.start - len(quote.prefix)) : span.start]
    after = text[span.end : span.end + len(quote.suffix)]
    wanted = len(quote.prefix) + len(quote.suffix)
    return (
        (_shared(before[::-1], quote.prefix[::-1]) + _shared(after, quote.suffix)) / wanted if wanted else 1.0
    )


def _shared(left: str, right: str) -> int:
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length
