"""Decide between the places that were looked at: the one that is the passage, or none. Pure."""

from __future__ import annotations

from newsreader.core.fold import tokens
from newsreader.core.looks import Look, Sought, common
from newsreader.core.project import View, lines
from newsreader.core.quotes import CONTEXT, Lost, Placed, Quote, Span

MARGIN = 0.08  # by how much the best place must be better than the next
NEEDED = (0.5, 0.85)  # score that is asked of a place with other words: where it was, and far from there
LONG_RUN = 18.0  # weight of words in a row, context included, that needs no other evidence: about 15 words
# What a word that is left and one that isn't say for this passage, edited (one word in ten is another), against a
# lookalike (one in three is): the logarithms of 0.9 / 0.67 and 0.1 / 0.33; and how much is asked of their sum.
LEFT, CHANGED, LIKELY = 0.3, 1.2, 1.0
SLACK = 6  # code points by which a copy's length and a distance may differ: breaks between paragraphs
LONGEST_COPY = 20_000  # code points on each side of a place that are compared with another place's
NEAR, FAR = 100, 400  # code points from where it was: what is no distance, and what is far


def choose(text: str, looks: list[Look], quote: Quote, sought: Sought) -> Placed | Lost:
    """The best place when it is good enough and clearly better than the next one."""
    best: list[Look] = []
    for look in sorted(looks, key=lambda look: -look.score):
        if not any(look.span.start < other.span.end and other.span.start < look.span.end for other in best):
            best.append(look)
    candidates = Lost(tuple(look.placed for look in best[:5]))
    if not best or not _believable(text, best[0], quote, sought):
        return candidates
    rivals = [look for look in best[1:] if _rivals(best[0], look)]
    if not rivals:
        return best[0].placed
    near = _explained(text, [best[0], *rivals], quote.hint) or _nearest([best[0], *rivals], quote.hint)
    return near.placed if near and _believable(text, near, quote, sought) else candidates


def _believable(text: str, look: Look, quote: Quote, sought: Sought) -> bool:
    """More is asked of short quotes, of other words, of another context, and far from where it was."""
    distance = FAR if quote.hint is None else abs(look.span.start - quote.hint)
    if look.words >= 0.999:
        known = not sought.before and not sought.after
        near = sought.weight >= 2.5 and distance <= NEAR
        return known or max(look.before, look.after) >= 0.3 or sought.weight >= 4.5 or near
    if _likely(text, look, sought):
        return True
    far = min(1.0, max(0.0, (distance - NEAR) / (FAR - NEAR)))
    return look.words >= 0.34 and look.score >= NEEDED[0] + (NEEDED[1] - NEEDED[0]) * far


def _likely(text: str, look: Look, sought: Sought) -> bool:
    """Whether so much of the words and their neighbours is left that it is this passage, wherever it is now.

    A likelihood ratio test: is it the passage after an edit, or one that is like it?
    """
    now = tokens(text, max(0, look.span.start - 2 * CONTEXT), look.span.end + 2 * CONTEXT)
    view = View(sought.keys, now.keys, new_lines=lines(text, now))
    words = [index for index in sought.paragraph if sought.keys[index][0].isalnum()]
    left = sum(view.became[index] >= 0 for index in words)
    if LEFT * left - CHANGED * (len(words) - left) >= LIKELY:
        return True
    share, run = view.project(sought.first, sought.first + len(sought.words)).share, view.longest()
    if share >= 0.5 and run >= LONG_RUN:
        return True
    # One half is gone and the other is whole, with what stood beside it.
    side = max(look.before, look.after) >= 0.95
    return side and share >= 0.45 and run >= max(0.75 * LONG_RUN, 0.45 * sought.weight)


def _rivals(best: Look, other: Look) -> bool:
    """Whether the other place is nearly as good, or has the context while the best one only has the words."""
    gain = other.before + other.after - best.before - best.after
    if other.score > best.score - MARGIN and (best.words < 0.999 or other.words >= 0.999 or gain > 0):
        return True
    if other.words < 0.5 or other.score < best.score - 0.25:
        return False
    return gain >= 0.5 or (gain >= -0.1 and other.before + other.after >= 1.8)


def _explained(text: str, looks: list[Look], hint: int | None) -> Look | None:
    """The one place whose distance from the old one is just what putting in the others, as copies, accounts for.

    Nothing before it changed, or a copy came before it and moved it by the copy's own length.
    """
    if hint is None:
        return None
    found = []
    for look in looks:
        moved = look.span.start - hint
        before = [other for other in looks if other.span.start < look.span.start]
        copied = sum(_repeat(text, other.span, look.span) for other in before)
        if look.before >= 0.95 and (moved == 0 or (before and abs(moved - copied) <= SLACK)):
            found.append(look)
    return found[0] if len(found) == 1 else None


def _repeat(text: str, one: Span, other: Span) -> int:
    """The length of the stretch around two places that is the same at both, whatever the places themselves hold."""
    reach = min(one.start, LONGEST_COPY)
    left = common(text[one.start - reach : one.start][::-1], text[other.start - reach : other.start][::-1])
    right = common(text[one.end : one.end + LONGEST_COPY], text[other.end : other.end + LONGEST_COPY])
    return left + one.end - one.start + right


def _nearest(looks: list[Look], hint: int | None) -> Look | None:
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
