"""What two sequences have in common: runs of equal items, in rising order. Pure; near linear for long ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, count, groupby, pairwise
from operator import ne

from rapidfuzz.distance import Indel

Gap = tuple[int, int, int, int]  # old[a:b] against new[c:d]
Block = tuple[int, int, int]  # old[i:i+n] is new[j:j+n]

SMALL = 4_000_000  # cells of a gap that may be compared all with all: a few milliseconds
WINDOW = 1_500


def gaps(became: Sequence[int], size: int) -> Iterator[Gap]:
    """The stretches between matches where both versions have something."""
    at = to = 0
    for start, end in runs(became):
        if start > at and became[start] > to:
            yield at, start, to, became[start]
        at, to = end, became[end - 1] + 1
    if at < len(became) and to < size:
        yield at, len(became), to, size


def runs(became: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches [start, end) of old tokens that became tokens one after the other."""
    shifts = [goal - index if goal >= 0 else None for index, goal in enumerate(became)]
    found = []
    start = 0
    for shift, group in groupby(shifts):
        size = len(list(group))
        if shift is not None:
            found.append((start, start + size))
        start += size
    return found


def blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Common runs of two sequences, in rising order: the longest common subsequence where that is cheap."""
    a, b, c, d = trimmed(old, new, (0, len(old), 0, len(new)))
    head, tail = a, len(old) - b
    found = [(0, 0, head)] if head else []
    if a < b and c < d:
        found += [(i + a, j + c, n) for i, j, n in _inner_blocks(old[a:b], new[c:d])]
    if tail:
        found.append((b, d, tail))
    return found


def trimmed(old: Sequence[str], new: Sequence[str], gap: Gap) -> Gap:
    """The gap without the items at its beginning and its end that are the same in both."""
    a, b, c, d = gap
    head = shared(old, new, a, c, min(b - a, d - c))
    a, c = a + head, c + head
    left, right = old[a:b][::-1], new[c:d][::-1]
    tail = shared(left, right, 0, 0, min(len(left), len(right)))
    return a, b - tail, c, d - tail


def shared(old: Sequence[str], new: Sequence[str], i: int, j: int, most: int) -> int:
    """How many items from old[i] and new[j] on are the same, at most `most`; in steps that double, then halve."""
    size, step = 0, 1
    while size < most and old[i + size : i + size + step] == new[j + size : j + size + step]:
        size += step
        step *= 2
    while step > 1:
        step //= 2
        if size + step <= most and old[i + size : i + size + step] == new[j + size : j + size + step]:
            size += step
    return min(size, most)


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs (sorted by their first) in which the second rises too."""
    if all(one[1] < other[1] for one, other in pairwise(pairs)):
        return list(pairs)
    tops: list[int] = []
    piles: list[int] = []
    before = [-1] * len(pairs)
    for index, (_, second) in enumerate(pairs):
        pile = bisect_left(tops, second)
        if pile:
            before[index] = piles[pile - 1]
        tops[pile : pile + 1] = [second]
        piles[pile : pile + 1] = [index]
    longest = []
    index = piles[-1] if piles else -1
    while index >= 0:
        longest.append(pairs[index])
        index = before[index]
    return longest[::-1]


def grams(keys: Sequence[str], size: int) -> Iterator[int]:
    """A number for every run of `size` keys: equal runs have the same, others hardly ever."""
    return map(hash, zip(*(keys[shift:] for shift in range(size)), strict=False))


def unique_pairs(old: Sequence[str], new: Sequence[str], gap: Gap, size: int) -> list[tuple[int, int]]:
    """Where runs of `size` tokens begin that stand once in the gap on each side, in the order of the old ones."""
    a, b, c, d = gap
    numbers = list(grams(new[c:d], size))
    there = dict(zip(numbers, count(c), strict=False))  # the last place of each
    for number in set(compress(numbers, map(ne, map(there.__getitem__, numbers), count(c)))):
        del there[number]
    goals = list(map(there.get, grams(old[a:b], size)))
    pairs = [(place, goal) for place, goal in enumerate(goals, a) if goal is not None]
    last = {goal: place for place, goal in pairs}
    if len(last) == len(pairs):
        return pairs
    twice = {goal for place, goal in pairs if last[goal] != place}
    return [(place, goal) for place, goal in pairs if goal not in twice]


def _inner_blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    if len(old) * len(new) <= SMALL:
        return _lcs(old, new)
    left, right = Counter(old), Counter(new)
    places = {key: place for place, key in enumerate(new) if right[key] == 1 and left[key] == 1}
    anchors = rising([(place, places[key]) for place, key in enumerate(old) if key in places])
    found: list[Block] = []
    at, to = 0, 0
    for i, j in [*anchors, (len(old), len(new))]:
        if i > at and j > to:
            found += [(x + at, y + to, n) for x, y, n in _windows(old[at:i], new[to:j])]
        if i < len(old):
            found.append((i, j, 1))
        at, to = i + 1, j + 1
    return found


def _windows(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The common subsequence window by window: linear where nothing stands once; misses far shifts."""
    found: list[Block] = []
    at, to = 0, 0
    while at < len(old) and to < len(new):
        part = _lcs(old[at : at + WINDOW], new[to : to + WINDOW])
        last = at + WINDOW >= len(old) and to + WINDOW >= len(new)
        kept = part if last else [block for block in part if max(block[0], block[1]) < WINDOW // 2]
        found += [(i + at, j + to, n) for i, j, n in kept]
        if last:
            break
        if kept:
            i, j, n = kept[-1]
            at, to = at + i + n, to + j + n
        else:
            at, to = at + WINDOW // 2, to + WINDOW // 2
    return found


def _lcs(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    return [
        (op.src_start, op.dest_start, op.src_end - op.src_start) for op in Indel.opcodes(old, new) if op.tag == "equal"
    ]
