"""Look closely at a place where a passage may be: how much of its words and of its context is there. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Indel

from newsreader.core.fold import Squeezed, squeeze, tokens, weight, whole
from newsreader.core.project import View, lines
from newsreader.core.quotes import CONTEXT, Placed, Quote, Span

Range = tuple[int, int]

ENOUGH_BESIDE = 12  # code points of context, to the paragraph's end, that are as good as all of it


@dataclass(frozen=True, slots=True)
class Sought:
    """A quote made ready: folded strings to search for, tokens to align, words at [first, last) of them."""

    before: str
    low: str
    after: str
    plain: str
    keys: list[str]
    words: list[str]
    first: int
    paragraph: range  # the keys without what stood in another paragraph
    beside: tuple[str, str]  # the context on both sides without what stood in another paragraph
    weight: float


@dataclass(frozen=True, slots=True)
class Look:
    """A place looked at closely: the share of the words that is there, and of the context on both sides."""

    span: Span
    words: float
    before: float
    after: float
    score: float
    same: bool

    @property
    def placed(self) -> Placed:
        """The place as an answer."""
        return Placed(self.span, "exact" if self.same else "edited", round(self.score, 3))


def prepare(quote: Quote) -> Sought:
    """What is looked for, folded and cut into words once for all places."""
    words = quote.exact.strip()
    lead = quote.exact[: len(quote.exact) - len(quote.exact.lstrip())]
    trail = quote.exact[len(quote.exact.rstrip()) :]
    before, exact, after = squeeze(quote.prefix + lead), squeeze(words), squeeze(trail + quote.suffix)
    # Context is cut off in mid-word: what is left of the word at its far end is no word.
    left, middle, right = (tokens(part).keys for part in (before.low, exact.low, after.low))
    left = left[1:] if len(quote.prefix) >= CONTEXT else left
    right = right[:-1] if len(quote.suffix) >= CONTEXT else right
    # The passage may have moved without the paragraphs beside its own.
    near = (quote.prefix + lead).rpartition("\n")[2], (trail + quote.suffix).partition("\n")[0]
    start = len(left) - min(len(left), len(tokens(near[0]).keys))
    end = len(left) + len(middle) + min(len(right), len(tokens(near[1]).keys))
    return Sought(
        before=before.low,
        low=exact.low,
        after=after.low,
        plain=exact.plain,
        keys=left + middle + right,
        words=middle,
        first=len(left),
        paragraph=range(start, end),
        beside=(squeeze(near[0]).low, squeeze(near[1]).low),
        weight=sum(map(weight, middle)),
    )


def inspect(text: str, folded: Squeezed, ranges: list[Range], sought: Sought, *, inside: bool) -> list[Look]:
    """A look at each of the rough ranges of the folded text, but for those where nothing of the words is.

    Either the quote is aligned, context and all, with the range and what is around it, or the words alone with
    what is `inside` of it.
    """
    places = [(folded.origin(max(0, start)), folded.origin(max(0, end))) for start, end in ranges]
    found = [_look(text, start, end, sought, inside=inside) for start, end in places]
    return [look for look in found if look]


def judge(text: str, span: Span, words: float, sought: Sought, same: bool, *, known: bool = False) -> Look:
    """Weigh the words and the context of a place; `known`: the context is all there."""
    before = after = 1.0
    if not known:
        left = squeeze(text[max(0, span.start - 2 * CONTEXT) : span.start]).low
        right = squeeze(text[span.end : span.end + 2 * CONTEXT]).low
        before, after = _likeness(left[::-1], sought.before[::-1]), _likeness(right, sought.after)
        if left.endswith(sought.beside[0]) and len(sought.beside[0]) >= ENOUGH_BESIDE:
            before = max(before, 0.9)
        if right.startswith(sought.beside[1]) and len(sought.beside[1]) >= ENOUGH_BESIDE:
            after = max(after, 0.9)
    sides = (0.2 if sought.before else 0.0, 0.2 if sought.after else 0.0)
    score = (0.6 * words + sides[0] * before + sides[1] * after) / (0.6 + sum(sides))
    return Look(span, words, before, after, score, same)


def common(one: str, other: str) -> int:
    """How many characters are the same from the beginning on."""
    low, high = 0, min(len(one), len(other)) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _look(text: str, start: int, end: int, sought: Sought, *, inside: bool) -> Look | None:
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
    return judge(text, span, hit.share * (0.5 + 0.5 * min(1.0, sought.weight / there)), sought, same)


def _likeness(there: str, context: str) -> float:
    """How much of the context is there, 0 to 1, counted from the passage outwards."""
    if not context:
        return 0.0
    there = there[: len(context)]
    alike = 2 * Indel.normalized_similarity(there, context) - 1
    return float(max(common(there, context) / len(context), alike))
