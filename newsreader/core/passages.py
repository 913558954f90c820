"""Find a quoted passage in a text. Pure: no HTML, no database. Says Lost rather than guess.

Spans are in code points of the text (W3C Web Annotation Data Model 4.2.5), quotes as in its 4.2.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import Indel

from newsreader.core.fold import Squeezed, squeeze, tokens, weight, whole
from newsreader.core.hunt import beside, between, hits, places
from newsreader.core.project import View, lines

CONTEXT = 32
MARGIN = 0.08  # by how much the best place must be better than the next
NEEDED = (0.57, 0.8)  # score that is asked of a place with other words: where it was, and far from there
LONG_RUN = 18.0  # weight of words in a row, context included, that needs no other evidence: about 15 words
LONG_PASSAGE = 12.0  # weight of a passage of which nearly all words left are enough
FAR = 400  # code points from where it was that are far


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
    if quote.hint is not None and _stands_at(text, quote, quote.hint):
        return Placed(Span(quote.hint, quote.hint + len(quote.exact)), "exact", 1.0)
    sought = _sought(quote)
    if not sought.low:
        return Lost()
    folded = _folded(text)
    ranges = between(folded.low, sought.before, sought.low, sought.after)
    looks = _exact(folded, text, quote, sought)
    if len(looks) == 1 and looks[0].before == looks[0].after == 1.0 and len(ranges) <= 1:
        return _placed(looks[0])
    looks += _looks(text, folded, ranges, sought, inside=True)
    if not any(look.words >= 0.5 and min(look.before, look.after) >= 0.9 for look in looks):
        sides = beside(folded.low, sought.before, sought.low, sought.after)
        rough = places(folded.low, sought.before, sought.low, sought.after, quote.hint)
        looks += _looks(text, folded, sides, sought, inside=True)
        looks += _looks(text, folded, rough, sought, inside=False)
    return _choose(looks, quote, sought)


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


def occurrences(text: str, words: str) -> list[Span]:
    """Every place where the words stand, in order; kinds of white space, quotation marks, dashes are alike."""
    sought = squeeze(words).plain.strip()
    folded = _folded(text)
    return [
        Span(folded.origin(place), folded.origin(place + len(sought) - 1) + 1) for place in hits(folded.plain, sought)
    ]


@dataclass(frozen=True, slots=True)
class _Sought:
    """A quote made ready: folded strings to search for, tokens to align, words at [first, last) of them."""

    before: str
    low: str
    after: str
    plain: str
    keys: list[str]
    words: list[str]
    first: int
    weight: float


@dataclass(frozen=True, slots=True)
class _Look:
    """A place looked at closely: the share of the words that is there, and of the context on both sides."""

    span: Span
    words: float
    before: float
    after: float
    score: float
    same: bool
    strong: bool = False


_folded = lru_cache(maxsize=4)(squeeze)


def _stands_at(text: str, quote: Quote, start: int) -> bool:
    end = start + len(quote.exact)
    return (
        start >= 0
        and bool(quote.exact)
        and text.startswith(quote.exact, start)
        and text.startswith(quote.suffix, end)
        and text.startswith(quote.prefix, start - len(quote.prefix), start)
        and start >= len(quote.prefix)
    )


def _sought(quote: Quote) -> _Sought:
    words = quote.exact.strip()
    lead = quote.exact[: len(quote.exact) - len(quote.exact.lstrip())]
    trail = quote.exact[len(quote.exact.rstrip()) :]
    before, exact, after = squeeze(quote.prefix + lead), squeeze(words), squeeze(trail + quote.suffix)
    # Context is cut off in mid-word: what is left of the word at its far end is no word.
    left, middle, right = (tokens(part).keys for part in (before.low, exact.low, after.low))
    left = left[1:] if len(quote.prefix) >= CONTEXT else left
    right = right[:-1] if len(quote.suffix) >= CONTEXT else right
    return _Sought(
        before=before.low,
        low=exact.low,
        after=after.low,
        plain=exact.plain,
        keys=left + middle + right,
        words=middle,
        first=len(left),
        weight=sum(map(weight, middle)),
    )


def _exact(folded: Squeezed, text: str, quote: Quote, sought: _Sought) -> list[_Look]:
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
        looks.append(_judge(text, span, 1.0, sought, same, known=bool(whole_context)))
    return looks


def _joined(text: str, place: int, size: int, sought: _Sought) -> int:
    """How many characters of the context go on from the place without a difference."""
    end = place + size
    before = _common(text[max(0, place - len(sought.before)) : place][::-1], sought.before[::-1])
    return before + _common(text[end : end + len(sought.after)], sought.after)


def _looks(text: str, folded: Squeezed, ranges: list[tuple[int, int]], sought: _Sought, *, inside: bool) -> list[_Look]:
    looks = []
    for start, end in ranges:
        look = _look(text, folded.origin(max(0, start)), folded.origin(max(0, end)), sought, inside=inside)
        if look:
            looks.append(look)
    return looks


def _look(text: str, start: int, end: int, sought: _Sought, *, inside: bool) -> _Look | None:
    """Align the quote, context and all, with a rough place; or the words alone with what is `inside` of it."""
    slack = 0 if inside else 2 * CONTEXT + len(sought.low) // 5
    now = tokens(text, max(0, start - slack), min(len(text), end + slack))
    keys, first = (sought.words, 0) if inside else (sought.keys, sought.first)
    view = View(keys, now.keys, new_lines=lines(text, now))
    hit = view.project(first, first + len(sought.words))
    if not hit.share:
        return None
    span = Span(*whole(text, now.starts[hit.start], now.ends[hit.end - 1]))
    there = sum(map(weight, now.keys[hit.start : hit.end]))
    same = squeeze(text[span.start : span.end]).plain == sought.plain
    look = _judge(text, span, hit.share * (0.5 + 0.5 * min(1.0, sought.weight / there)), sought, same)
    return replace(look, strong=_strong(view, look, sought, first, hit.share))


def _strong(view: View, look: _Look, sought: _Sought, first: int, share: float) -> bool:
    """Whether so many words are left, one after the other, that it can't be by chance, wherever it is."""
    run, size, last = view.longest(), sought.weight, first + len(sought.words)
    if share >= 0.5 and run >= LONG_RUN:
        return True
    # One half is gone and the other is whole, with what stood beside it.
    if share >= 0.45 and run >= max(LONG_RUN / 2, 0.45 * size) and max(look.before, look.after) >= 0.95:
        return True
    if size < LONG_PASSAGE or run < LONG_RUN / 2:
        return False
    had, kept = size, share * size
    for a, b in ((0, first), (last, len(view.old))):
        side = view.project(a, b).share
        if side >= 0.4:  # else the place has other neighbours now, which says nothing about the words
            part = sum(map(weight, view.old[a:b]))
            had, kept = had + part, kept + side * part
    return kept / had >= 0.86


def _judge(text: str, span: Span, words: float, sought: _Sought, same: bool, *, known: bool = False) -> _Look:
    """Weigh the words and the context of a place; `known`: the context is all there."""
    before = after = 1.0
    if not known:
        left = squeeze(text[max(0, span.start - 2 * CONTEXT) : span.start]).low
        right = squeeze(text[span.end : span.end + 2 * CONTEXT]).low
        before, after = _likeness(left[::-1], sought.before[::-1]), _likeness(right, sought.after)
    sides = (0.2 if sought.before else 0.0, 0.2 if sought.after else 0.0)
    score = (0.6 * words + sides[0] * before + sides[1] * after) / (0.6 + sum(sides))
    return _Look(span, words, before, after, score, same)


def _likeness(there: str, context: str) -> float:
    """How much of the context is there, 0 to 1, counted from the passage outwards."""
    if not context:
        return 0.0
    there = there[: len(context)]
    alike = 2 * Indel.normalized_similarity(there, context) - 1
    return float(max(_common(there, context) / len(context), alike))


def _common(one: str, other: str) -> int:
    size = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        size += 1
    return size


def _choose(looks: list[_Look], quote: Quote, sought: _Sought) -> Placed | Lost:
    """The best place when it is good enough and clearly better than the next one."""
    best: list[_Look] = []
    for look in sorted(looks, key=lambda look: -look.score):
        if not any(look.span.start < other.span.end and other.span.start < look.span.end for other in best):
            best.append(look)
    candidates = Lost(tuple(_placed(look) for look in best[:5]))
    if not best or not _believable(best[0], quote, sought):
        return candidates
    rivals = [look for look in best[1:] if _rivals(best[0], look)]
    if not rivals:
        return _placed(best[0])
    near = _nearest([best[0], *rivals], quote.hint)
    return _placed(near) if near and _believable(near, quote, sought) else candidates


def _believable(look: _Look, quote: Quote, sought: _Sought) -> bool:
    """More is asked of short quotes, of other words, of another context, and far from where it was."""
    far = FAR if quote.hint is None else min(FAR, abs(look.span.start - quote.hint))
    if look.words >= 0.999:
        known = not sought.before and not sought.after
        near = sought.weight >= 2.5 and far <= FAR / 4
        return known or max(look.before, look.after) >= 0.3 or sought.weight >= 4.5 or near
    if look.strong:
        return True
    return look.words >= 0.34 and look.score >= NEEDED[0] + (NEEDED[1] - NEEDED[0]) * far / FAR


def _rivals(best: _Look, other: _Look) -> bool:
    """Whether the other place is nearly as good, or has the context while the best one only has the words."""
    if other.score > best.score - MARGIN:
        return best.words < 0.999 or other.words >= 0.999 or other.before + other.after > best.before + best.after
    if other.words < 0.5 or other.score < best.score - 0.25:
        return False
    gain = other.before + other.after - best.before - best.after
    return gain >= 0.5 or (gain >= -0.1 and other.before + other.after >= 1.8)


def _nearest(looks: list[_Look], hint: int | None) -> _Look | None:
    """Where words and context don't decide, only the place that is by far the nearest to the old one is taken.

    Being near is not enough for one that another has the context of, as a pull quote beside its paragraph.
    """
    if hint is None:
        return None
    first, *others = sorted(looks, key=lambda look: abs(look.span.start - hint))
    if 4 * abs(first.span.start - hint) > abs(others[0].span.start - hint):
        return None
    alone = all(first.before + first.after >= look.before + look.after - 0.1 for look in others)
    return first if alone or first.span.start == hint else None


def _placed(look: _Look) -> Placed:
    return Placed(look.span, "exact" if look.same else "edited", round(look.score, 3))
