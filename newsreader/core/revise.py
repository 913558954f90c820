"""Carry passages from one text to its next version. Pure: no database. Says lost rather than guess.

Words are aligned once for all passages (see `align`); a passage that did not survive in its place is looked
for among the words that are new in this version, and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Literal

from newsreader.core.fold import tokens, whole
from newsreader.core.moves import moves
from newsreader.core.passages import Span
from newsreader.core.project import FLANK, Hit, View, lines
from newsreader.core.sentence import Sentence

Status = Literal["kept", "edited", "moved", "lost"]

# The share of a passage that must survive, by how many of its sides (none, one, both) stand where they stood.
ENOUGH = (0.6, 0.5, 0.4)
ENOUGH_EQUAL = 0.34  # or a third to the letter, between two sides that stand
ENOUGH_MOVED = (0.75, 0.7, 0.4)
LEAST_MOVED = 4.5  # weight of the words, context included, that make a move believable: about four words
AROUND = 8  # tokens of context that are compared with a moved passage


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a passage is in the new text. A lost one has no span; the reason is for people."""

    span: Span | None
    status: Status
    score: float
    reason: str


def carry(old: str, new: str, spans: Sequence[Span]) -> list[Carried]:
    """One answer for every span of the old text, in their order. Never raises.

    Kept: the same words, to the letter, white space apart. Edited: in its place, with other words.
    Moved: the place was given up and the words are new elsewhere. The score is the share that survived.
    """
    return Versions(old, new).carry(spans)


def carry_offsets(old: str, new: str, offsets: Sequence[int]) -> list[int]:
    """Where places of the old text, such as how far somebody read, are in the new one. Never raises.

    The word at the offset, or else the nearest one after it (before it at the end) that is still there, decides.
    """
    versions = Versions(old, new)
    return [versions.place(offset) for offset in offsets]


class Versions:
    """Two texts, their words and what became of them: aligned once for all that is asked."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.same = old == new
        if self.same:
            return
        self.was, self.now = tokens(old), tokens(new)
        self.old_lines, self.new_lines = lines(old, self.was), lines(new, self.now)
        self.view = View(self.was.keys, self.now.keys, self.old_lines, self.new_lines)
        self.went: list[int] | None = None  # only looked for when a passage needs it
        self.runs: list[int] = []

    def carry(self, spans: Sequence[Span]) -> list[Carried]:
        """One answer for every span: see `carry`."""
        if self.same:
            return [Carried(span, "kept", 1.0, Sentence("The text is unchanged.")) for span in spans]
        return [self._carried(span) for span in spans]

    def _carried(self, span: Span) -> Carried:
        first = bisect_right(self.was.starts, span.start) - 1
        if first < 0 or self.was.ends[first] <= span.start:
            first += 1
        last = bisect_left(self.was.starts, span.end)
        if span.start >= span.end or first >= last:
            return Carried(None, "lost", 0.0, Sentence("There are no words in the passage."))
        hit = self.view.project(first, last)
        if hit.share >= ENOUGH[0] or self._stands(first, last, hit):
            return self._placed(span, first, last, hit, moved=False)
        if renamed := self._renamed(first, last):
            return self._placed(span, first, last, renamed, moved=False)
        if moved := self._moved(first, last):
            return self._placed(span, first, last, moved, moved=True)
        left = Sentence("Only {share} of the words are left in their place.", share=hit.share)
        return Carried(None, "lost", hit.share, left if hit.share else Sentence("The words were deleted."))

    def _stands(self, first: int, last: int, hit: Hit) -> bool:
        """Whether a passage of which less is left is still there, for what stands beside it is."""
        sides = self.view.sides(first, last, hit)
        return hit.share >= ENOUGH[sides] or (sides == 2 and hit.equal >= ENOUGH_EQUAL)

    def _renamed(self, first: int, last: int) -> Hit | None:
        """The passage in its place, word for word as it was but for names, each of which became another one.

        Asked of its neighbours too, and half of them on each side must be the same to the letter.
        """
        became, old, new = self.view.became, self.was.keys, self.now.keys
        a, b = max(0, first - FLANK), min(len(old), last + FLANK)
        shifts = {became[index] - index for index in (*range(a, first), *range(last, b)) if became[index] >= 0}
        if len(shifts) != 1:
            return None
        shift = shifts.pop()
        if a + shift < 0 or b + shift > len(new):
            return None
        equal = [one == other for one, other in zip(old[a:b], new[a + shift : b + shift], strict=True)]
        sides = equal[: first - a], equal[last - a :]
        if any(2 * sum(side) < len(side) for side in sides):
            return None
        if not all(same or self._name(a + index, a + index + shift) for index, same in enumerate(equal)):
            return None
        share = sum(compress(self.view.weights[first:last], equal[first - a : last - a]))
        share /= sum(self.view.weights[first:last])
        return Hit(first + shift, last + shift, share, share)

    def _name(self, was: int, now: int) -> bool:
        """Whether both words are written as names are; a capital that begins a line or a sentence says nothing."""
        if not was or self.was.keys[was - 1] in ".!?:":
            return False
        start = self.was.starts[was]
        inside = "\n" not in self.old[self.was.ends[was - 1] : start]
        return inside and self.old[start].isupper() and self.new[self.now.starts[now]].isupper()

    def place(self, offset: int) -> int:
        """The new offset of an old one: see `carry_offsets`."""
        if self.same:
            return offset
        index = bisect_right(self.was.ends, offset)
        hits, became = self.view.hits, self.view.became
        if not hits:
            return 0
        found = bisect_left(hits, index)
        if found == len(hits):
            return self.now.ends[became[hits[-1]]]
        inside = max(0, offset - self.was.starts[index]) if hits[found] == index else 0
        goal = became[hits[found]]
        return min(self.now.starts[goal] + inside, self.now.ends[goal])

    def _placed(self, span: Span, first: int, last: int, hit: Hit, *, moved: bool) -> Carried:
        start, end = self.now.starts[hit.start], self.now.ends[hit.end - 1]
        # A span that begins or ends inside of a word, or on white space, does so again where nothing changed.
        exact = self.old[span.start : span.end]
        lead = span.start - self.was.starts[first]
        if start + lead >= 0 and self.new.startswith(exact, start + lead):
            same = Span(start + lead, start + lead + len(exact))
            if whole(self.new, same.start, same.end) == (same.start, same.end):
                if moved:
                    return Carried(same, "moved", hit.share, Sentence("The words stand in another place now."))
                return Carried(same, "kept", 1.0, Sentence("The words are unchanged."))
        found = Span(*whole(self.new, start, end))
        words = self.new[found.start : found.end]
        if moved:
            return Carried(found, "moved", hit.share, Sentence("The words stand in another place now."))
        if words.split() == exact.split():
            return Carried(found, "kept", 1.0, Sentence("Only white space changed."))
        if "".join(words.split()) == "".join(exact.split()):
            return Carried(found, "edited", hit.share, Sentence("Only white space changed, between words."))
        return Carried(found, "edited", hit.share, Sentence("{share} of the words are left.", share=hit.share))

    def _moved(self, first: int, last: int) -> Hit | None:
        if self.went is None:
            self.went = moves(self.was.keys, self.now.keys, self.view.became, self.old_lines, self.new_lines)
            self.runs = _runs(self.went)
        went = self.went
        a, b = max(0, first - AROUND), min(len(went), last + AROUND)
        here = [index for index in range(a, b) if went[index] >= 0]
        if not here:
            return None
        anchor = max(here, key=self.runs.__getitem__)
        shift = went[anchor] - anchor
        if anchor <= first and anchor + self.runs[anchor] >= last:  # it moved whole, to the letter
            known = sum(self.view.weights[index] for index in here if went[index] - index == shift)
            return Hit(first + shift, last + shift, 1.0, 1.0) if known >= LEAST_MOVED else None
        c = max(0, went[anchor] - 2 * (anchor - a) - AROUND)
        d = min(len(self.now.keys), went[anchor] + 2 * (b - anchor) + AROUND)
        weights = self.view.weights[first:last]
        apart = [part for part, goal in zip(weights, went[first:last], strict=True) if goal >= 0 and not c <= goal < d]
        if sum(weights) - sum(apart) < min(ENOUGH_MOVED) * sum(weights):
            return None  # most of it moved, but not here
        left, right = self.was.keys[a:b], self.now.keys[c:d]
        view = View(left, right, _part(self.old_lines, a, b), _part(self.new_lines, c, d))
        hit = view.project(first - a, last - a)
        if sum(view.weights[index] for index in view.hits) < LEAST_MOVED:
            return None
        if hit.share < ENOUGH_MOVED[view.sides(first - a, last - a, hit)]:
            return None
        return Hit(hit.start + c, hit.end + c, hit.share, hit.equal)


def _runs(went: Sequence[int]) -> list[int]:
    """How many tokens, from each on, moved together."""
    sizes = [1] * len(went)
    for index in range(len(went) - 2, -1, -1):
        if went[index] >= 0 and went[index + 1] == went[index] + 1:
            sizes[index] = sizes[index + 1] + 1
    return sizes


def _part(starts: Sequence[int], a: int, b: int) -> list[int]:
    """The lines that begin in [a, b), counted from a, the first one 0."""
    return [0, *(start - a for start in starts[bisect_right(starts, a) : bisect_left(starts, b)])]
