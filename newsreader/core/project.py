"""Ask an alignment what became of a stretch of words. Pure.

A stretch is widened over the words that replaced its first and last ones, in proportion, and never beyond them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from newsreader.core.align import align
from newsreader.core.fold import Tokens, weight

FLANK = 6  # tokens on each side of a passage that tell whether it is in its place
LIKE = 0.6  # letters two words share when one is said to be the other with a change


Match = tuple[int, int, float]  # an old token, the new one, and how alike they are


@dataclass(frozen=True, slots=True)
class Hit:
    """New tokens [start, end) for old ones; `share` of their weight survived, `equal` of it to the letter."""

    start: int
    end: int
    share: float
    equal: float


class View:
    """An alignment that can be asked what became of any stretch of the old tokens."""

    def __init__(
        self,
        old: Sequence[str],
        new: Sequence[str],
        old_lines: Sequence[int] = (0,),
        new_lines: Sequence[int] = (0,),
    ) -> None:
        self.old, self.new = old, new
        self.became = became = align(old, new, old_lines, new_lines)
        self.weights = list(map(weight, old))
        self._old_lines, self._new_lines = set(old_lines), set(new_lines)
        self.hits = [index for index, goal in enumerate(became) if goal >= 0]
        self._changed: dict[tuple[int, int], dict[int, tuple[int, float]]] = {}

    def project(self, first: int, last: int) -> Hit:
        """What became of old tokens [first, last)."""
        if first >= last:
            return Hit(0, 0, 0.0, 0.0)
        here = self.hits[bisect_left(self.hits, first) : bisect_left(self.hits, last)]
        if len(here) == last - first and self.became[last - 1] - self.became[first] == last - first - 1:
            return Hit(self.became[first], self.became[last - 1] + 1, 1.0, 1.0)
        found = [(index, self.became[index], 1.0) for index in here]
        found += self._similar(first, last)
        found.sort()
        if not found:
            return Hit(0, 0, 0.0, 0.0)
        total = sum(self.weights[first:last])
        near = self._together(found, last - first)
        first = near[0][0] if near[0] is not found[0] else first
        last = near[-1][0] + 1 if near[-1] is not found[-1] else last
        weights = [(self.weights[index], like) for index, _, like in near]
        share = sum([weight * like for weight, like in weights]) / total
        start = near[0][1] - self._edge(first, near[0][0], near[0][1], -1)
        end = near[-1][1] + 1 + self._edge(last - 1, near[-1][0], near[-1][1], 1)
        equal = sum([weight for weight, like in weights if like == 1.0]) / total
        return Hit(start, end, min(share, 1.0), equal)

    def sides(self, first: int, last: int, hit: Hit) -> int:
        """On how many sides of the stretch (0 to 2) most of the next FLANK tokens still stand there."""
        if hit.start == hit.end:
            return 0
        left = self.became[max(0, first - FLANK) : first]
        right = self.became[last : last + FLANK]
        there = (
            sum([max(0, hit.start - 2 * FLANK) <= goal < hit.start for goal in left]),
            sum([hit.end <= goal < hit.end + 2 * FLANK for goal in right]),
        )
        return sum([5 * count >= 3 * len(part) for count, part in zip(there, (left, right), strict=True)])

    def longest(self) -> float:
        """The weight of the longest run of words that stands in both, one after the other."""
        best = run = 0.0
        before = -2
        for index, goal in enumerate(self.became):
            run = (run if goal == before + 1 else 0.0) + self.weights[index] if goal >= 0 else 0.0
            best = max(best, run)
            before = goal
        return best

    def _together(self, found: list[Match], size: int) -> list[Match]:
        """The matches without a small part that much new text parts from the others."""
        if len(found) < 2 or found[-1][1] - found[0][1] < size + max(8, size):
            return found
        cut = max(range(1, len(found)), key=lambda place: found[place][1] - found[place - 1][1])
        if found[cut][1] - found[cut - 1][1] <= max(8, size):
            return found
        left, right = (sum(self.weights[i] for i, _, _ in part) for part in (found[:cut], found[cut:]))
        if len(found) - cut <= 2 and left >= 3 * right:
            return found[:cut]
        return found[cut:] if cut <= 2 and right >= 3 * left else found

    def _similar(self, first: int, last: int) -> list[Match]:
        """Unmatched tokens of the stretch that were changed but can be told: (old, new, likeness)."""
        found = []
        index = first
        while index < last:
            if self.became[index] >= 0:
                index += 1
                continue
            a, b, c, d = self._gap(index)
            if c < d:
                pairs = self._pairs(a, b, c, d)
                found += [(i, *pairs[i]) for i in range(max(a, first), min(b, last)) if i in pairs]
            index = b
        return found

    def _gap(self, index: int) -> tuple[int, int, int, int]:
        """The change around an unmatched old token: old[a:b] became new[c:d]."""
        place = bisect_left(self.hits, index)
        a = self.hits[place - 1] + 1 if place else 0
        b = self.hits[place] if place < len(self.hits) else len(self.old)
        c = self.became[a - 1] + 1 if place else 0
        d = self.became[b] if b < len(self.old) else len(self.new)
        return a, b, c, d

    def _pairs(self, a: int, b: int, c: int, d: int) -> dict[int, tuple[int, float]]:
        """Words of a change that are alike, in rising order. Long changes are not looked into."""
        known = self._changed.get((a, c))
        if known is not None:
            return known
        pairs: dict[int, tuple[int, float]] = {}
        if (b - a) * (d - c) <= 400:
            to = c
            for i in range(a, b):
                likes = [(like(self.old[i], self.new[j]), -j) for j in range(to, d)]
                best, place = max(likes, default=(0.0, 0))
                if best >= LIKE:
                    pairs[i] = (-place, best)
                    to = 1 - place
        self._changed[a, c] = pairs
        return pairs

    def _edge(self, edge: int, index: int, goal: int, step: int) -> int:
        """How many new tokens beyond `goal` stand for the old ones between `edge` and `index`."""
        inside = abs(index - edge)
        if not inside:
            return 0
        a, b, c, d = self._gap(edge)
        outside = edge - a if step < 0 else b - 1 - edge
        there = goal - c if step < 0 else d - goal - 1
        if outside:
            there = round(there * inside / (inside + outside))
        if (b == len(self.old) and d == len(self.new)) or a == c == 0:
            there = min(there, inside)  # nothing beyond was found again: don't reach further than before
        elif there > 2 * inside + 2:
            there = inside
        wordy = any(self.old[index + step * (far + 1)][0].isalnum() for far in range(inside))
        broken = any(index + step * far + (step > 0) in self._old_lines for far in range(inside))
        for far in range(there):
            place = goal + step * (far + 1)
            line = place + (step < 0) in self._new_lines
            if (line and not broken) or (not wordy and self.new[place][0].isalnum()):
                return far
        return there


def lines(text: str, found: Tokens) -> list[int]:
    """The indices of the tokens that begin a line, the first one 0."""
    starts = [0]
    firsts = found.starts
    place = text.find("\n", firsts[0], firsts[-1]) if firsts else -1
    while place >= 0:
        index = bisect_left(firsts, place)
        starts.append(index)
        place = text.find("\n", firsts[index], firsts[-1])
    return starts


def like(one: str, other: str) -> float:
    """How alike two words are, 0 to 1; signs are never like words, nor short words like long ones."""
    if one[0].isalnum() != other[0].isalnum() or 2 * min(len(one), len(other)) < LIKE * (len(one) + len(other)):
        return 0.0
    return float(Indel.normalized_similarity(one, other))
