"""Find a quoted passage in a text. Pure: no HTML, no database. Says Lost rather than guess."""

from __future__ import annotations

from functools import lru_cache

from newsreader.core.fold import Squeezed, squeeze, whole
from newsreader.core.hunt import beside, between, hits, places
from newsreader.core.looks import Look, Sought, common, inspect, judge, prepare
from newsreader.core.quotes import Lost, Placed, Quote, Span, quote_at, tidy
from newsreader.core.verdict import choose

__all__ = ("Lost", "Placed", "Quote", "Span", "locate", "occurrences", "quote_at", "stands_at", "tidy")


def locate(text: str, quote: Quote) -> Placed | Lost:
    """The place of the quote in the text, or Lost with candidates. Never raises."""
    if quote.hint is not None and stands_at(text, quote, quote.hint):
        return Placed(Span(quote.hint, quote.hint + len(quote.exact)), "exact", 1.0)
    sought = prepare(quote)
    if not sought.low:
        return Lost()
    folded = _folded(text)
    ranges = between(folded.low, sought.before, sought.low, sought.after)
    looks = _exact(folded, text, quote, sought)
    if len(looks) == 1 and looks[0].before == looks[0].after == 1.0 and len(ranges) <= 1:
        return looks[0].placed
    looks += inspect(text, folded, ranges, sought, inside=True)
    if not any(look.words >= 0.5 and min(look.before, look.after) >= 0.9 for look in looks):
        sides = beside(folded.low, sought.before, sought.low, sought.after)
        rough = places(folded.low, sought.before, sought.low, sought.after, quote.hint)
        looks += inspect(text, folded, sides, sought, inside=True)
        looks += inspect(text, folded, rough, sought, inside=False)
    return choose(text, looks, quote, sought)


def occurrences(text: str, words: str) -> list[Span]:
    """Every place where the words stand, in order; kinds of white space, quotation marks, dashes are alike."""
    sought = squeeze(words).plain.strip()
    folded = _folded(text)
    return [
        Span(folded.origin(place), folded.origin(place + len(sought) - 1) + 1) for place in hits(folded.plain, sought)
    ]


_folded = lru_cache(maxsize=4)(squeeze)


def stands_at(text: str, quote: Quote, start: int) -> bool:
    """Whether the quote is right there, to the letter, context and all."""
    end = start + len(quote.exact)
    return (
        start >= 0
        and bool(quote.exact)
        and text.startswith(quote.exact, start)
        and text.startswith(quote.suffix, end)
        and text.startswith(quote.prefix, start - len(quote.prefix), start)
        and start >= len(quote.prefix)
    )


def _exact(folded: Squeezed, text: str, quote: Quote, sought: Sought) -> list[Look]:
    """The places with the same words and the same context; or else the best places with the same words."""
    size = len(sought.low)
    found = list(hits(folded.low, sought.low))
    whole_context = [
        place
        for place in found
        if folded.low.endswith(sought.before, 0, place) and folded.low.startswith(sought.after, place + size)
    ]
    if len(whole_context) != 1 and quote.hint is not None:
        hint = quote.hint
        found.sort(key=lambda place: abs(folded.origin(place) - hint))
        whole_context.sort(key=lambda place: abs(folded.origin(place) - hint))
    if not whole_context:
        found.sort(key=lambda place: -_joined(folded.low, place, size, sought))
    looks = []
    for place in (whole_context or found)[:5]:
        span = Span(folded.origin(place), folded.origin(place + size - 1) + 1)
        same = folded.plain[place : place + size] == sought.plain
        if not whole_context and (wider := Span(*whole(text, span.start, span.end))) != span:
            span, same = wider, False
        looks.append(judge(text, span, 1.0, sought, same, known=bool(whole_context)))
    return looks


def _joined(text: str, place: int, size: int, sought: Sought) -> int:
    """How many characters of the context go on from the place without a difference."""
    end = place + size
    before = common(text[max(0, place - len(sought.before)) : place][::-1], sought.before[::-1])
    return before + common(text[end : end + len(sought.after)], sought.after)
