"""Which of many quotes stand in a text with their very words. Pure; each quote costs next to nothing where it doesn't.

For the lost highlights of an article: after an edit nearly all of them are still lost, and looking closely for each
of thousands would take minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsreader.core.fold import squeeze, tokens
from newsreader.core.passages import Placed, Quote, Span, locate, stands_at

RUN = 3  # words in a row that tell where a quote may be


def standing(text: str, quotes: Sequence[Quote]) -> list[Span | None]:
    """For each quote where `locate` finds its very words, or None. Never raises."""
    if not quotes:
        return []
    there = tokens(text)
    runs: dict[tuple[str, ...], int] = {}
    for place, run in enumerate(zip(*(there.keys[shift:] for shift in range(RUN)), strict=False)):
        runs[run] = -1 if run in runs else there.starts[place]
    low = squeeze(text).low
    return [_standing(text, low, runs, quote) for quote in quotes]


def _standing(text: str, low: str, runs: dict[tuple[str, ...], int], quote: Quote) -> Span | None:
    sought = tokens(quote.exact)
    # The first and the last may be parts of words.
    inner = range(1, len(sought.keys) - RUN)
    if not inner:
        if squeeze(quote.exact.strip()).low not in low:
            return None
    else:
        places = [runs.get(tuple(sought.keys[index : index + RUN])) for index in inner]
        if None in places:
            return None
        for index, place in zip(inner, places, strict=True):
            if place is not None and place >= 0:  # the only place where it can be
                start = place - sought.starts[index]
                if stands_at(text, quote, start):
                    return Span(start, start + len(quote.exact))
                break
    found = locate(text, quote)
    return found.span if isinstance(found, Placed) and found.how == "exact" else None
