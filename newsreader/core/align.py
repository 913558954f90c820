"""Align the words of two versions of a text: which word became which. Pure; near linear for long texts.

Paragraphs first, then runs of words that stand once in both versions (Bram Cohen's patience diff), then the
longest common subsequence in the small gaps that are left, then stray matches are dropped as in
diff-match-patch's semantic clean-up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from rapidfuzz.distance import Indel

Gap = tuple[int, int, int, int]  # old[a:b] against new[c:d]
Block = tuple[int, int, int]  # old[i:i+n] is new[j:j+n]

SMALL = 4_000_000  # cells of a gap that may be compared all with all: a few milliseconds
WINDOW = 1_500


def align(old: Sequence[str], new: Sequence[str], old_lines: Sequence[int], new_lines: Sequence[int]) -> list[int]:
    """For each old token the index of the new token it became, or -1; the indices only rise.

    `old_lines` and `new_lines` are the indices of the tokens that begin a paragraph, the first one 0.
    """
    became = [-1] * len(old)
    for gap in _line_gaps(old, new, old_lines, new_lines, became):
        _fill(old, new, gap, became)
    for gap in gaps(became, len(new)):
        _fill(old, new, gap, became)
    _drop_strays(old, new, became, ({*old_lines, len(old)}, {*new_lines, len(new)}))
    _slide(old, new, became, set(old_lines), set(new_lines))
    return became


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
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    a, b, c, d = head, len(old) - tail, head, len(new) - tail
    found = [(0, 0, head)] if head else []
    if a < b and c < d:
        found += [(i + a, j + c, n) for i, j, n in _inner_blocks(old[a:b], new[c:d])]
    if tail:
        found.append((b, d, tail))
    return found


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs (sorted by their first) in which the second rises too."""
    tops: list[int] = []
    piles: list[int] = []
    before = [-1] * len(pairs)
    for index, (_, second) in enumerate(pairs):
        pile = bisect_left(tops, second)
        if pile:
            before[index] = piles[pile - 1]
        tops[pile : pile + 1] = [second]
        piles[pile : pile + 1] = [index]
    chain = []
    index = piles[-1] if piles else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def grams(keys: Sequence[str], size: int) -> Iterator[int]:
    """A number for every run of `size` keys: equal runs have the same, others hardly ever."""
    return map(hash, zip(*(keys[shift:] for shift in range(size)), strict=False))


def once(keys: Sequence[str], start: int, end: int, size: int) -> dict[int, int]:
    """The runs of `size` tokens in keys[start:end] by their numbers: where they stand, -1 if more than once."""
    places: dict[int, int] = {}
    for place, gram in enumerate(grams(keys[start:end], size), start):
        places[gram] = -1 if gram in places else place
    return places


def _line_gaps(
    old: Sequence[str],
    new: Sequence[str],
    old_lines: Sequence[int],
    new_lines: Sequence[int],
    became: list[int],
) -> list[Gap]:
    """Match equal paragraphs, pair similar ones; answers the pairs, which are still to be filled."""
    old_ends = [*old_lines[1:], len(old)]
    new_ends = [*new_lines[1:], len(new)]
    left = ["\0".join(old[a:b]) for a, b in zip(old_lines, old_ends, strict=True)]
    right = ["\0".join(new[a:b]) for a, b in zip(new_lines, new_ends, strict=True)]
    same = [-1] * len(left)
    for i, j, n in blocks(left, right):
        same[i : i + n] = range(j, j + n)
        size = old_ends[i + n - 1] - old_lines[i]
        became[old_lines[i] : old_lines[i] + size] = range(new_lines[j], new_lines[j] + size)
    pairs: list[Gap] = []
    for a, b, c, d in gaps(same, len(right)):
        if (b - a) * (d - c) > 1:
            was = [set(grams(old[old_lines[i] : old_ends[i]], 2)) for i in range(a, b)]
            now = [set(grams(new[new_lines[j] : new_ends[j]], 2)) for j in range(c, d)]
            for i, j in _similar(was, now):
                pairs.append((old_lines[a + i], old_ends[a + i], new_lines[c + j], new_ends[c + j]))
    return pairs


def _similar(left: Sequence[set[int]], right: Sequence[set[int]]) -> list[tuple[int, int]]:
    """Pairs of paragraphs that share most of their word pairs, each with its best, in rising order."""
    places: dict[int, list[int]] = defaultdict(list)
    for index, pairs in enumerate(right):
        for pair in pairs:
            places[pair].append(index)
    best: list[tuple[float, int, int]] = []
    for index, pairs in enumerate(left):
        votes = Counter(place for pair in pairs if len(there := places.get(pair, ())) <= 4 for place in there)
        for place, shared in votes.most_common(2):
            score = 2 * shared / (len(pairs) + len(right[place]))
            if score >= 0.5:
                best.append((score, index, place))
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    chosen = []
    for _, index, place in sorted(best, key=lambda row: -row[0]):
        if index not in taken_left and place not in taken_right:
            taken_left.add(index)
            taken_right.add(place)
            chosen.append((index, place))
    return rising(sorted(chosen))


def _fill(old: Sequence[str], new: Sequence[str], gap: Gap, became: list[int], sizes: tuple[int, ...] = (5, 3)) -> None:
    """Match what can be matched inside of the gap."""
    a, b, c, d = gap
    while a < b and c < d and old[a] == new[c]:
        became[a] = c
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
        became[b] = d
    if a == b or c == d:
        return
    if not sizes:
        for i, j, n in blocks(old[a:b], new[c:d]):
            became[a + i : a + i + n] = range(c + j, c + j + n)
        return
    size = sizes[0]
    there = once(new, c, d, size)
    pairs = [
        (place, goal)
        for gram, place in once(old, a, b, size).items()
        if place >= 0 and (goal := there.get(gram, -1)) >= 0 and old[place : place + size] == new[goal : goal + size]
    ]
    at, to = a, c
    for i, j in rising(sorted(pairs)):
        skip = max(at - i, to - j, 0)  # runs overlap: what goes on from the one before is matched already
        if skip >= size or (skip and (i + skip != at or j + skip != to)):
            continue
        if i > at and j > to:
            _fill(old, new, (at, i, to, j), became, sizes[1:])
        became[i + skip : i + size] = range(j + skip, j + size)
        at, to = i + size, j + size
    if at < b and to < d:
        _fill(old, new, (at, b, to, d), became, sizes[1:])


def _inner_blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    if len(old) * len(new) <= SMALL:
        return _lcs(old, new)
    left, right = Counter(old), Counter(new)
    places = {key: place for place, key in enumerate(new) if right[key] == 1 and left[key] == 1}
    chain = rising([(place, places[key]) for place, key in enumerate(old) if key in places])
    found: list[Block] = []
    at, to = 0, 0
    for i, j in [*chain, (len(old), len(new))]:
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


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    size = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        size += 1
    return size


def _drop_strays(old: Sequence[str], new: Sequence[str], became: list[int], lines: tuple[set[int], set[int]]) -> None:
    """Unmatch short runs between long changes: a lone "the" in a rewritten paragraph means nothing.

    What begins or ends a line in both texts is no stray.
    """
    found = runs(became)
    before = (0, 0)  # where the run before ended
    for index, (start, end) in enumerate(found):
        if end - start <= 3:
            after = found[index + 1][0] if index + 1 < len(found) else len(old)
            goal = became[after] if after < len(old) else len(new)
            left = max(_letters(old, before[0], start), _letters(new, before[1], became[start]))
            right = max(_letters(old, end, after), _letters(new, became[end - 1] + 1, goal))
            held = (start in lines[0] and became[start] in lines[1]) or (
                end in lines[0] and became[end - 1] + 1 in lines[1]
            )
            if 2 * _letters(old, start, end) <= min(left, right) and not held:
                became[start:end] = [-1] * (end - start)
                continue
        before = (end, became[end - 1] + 1)


def _letters(keys: Sequence[str], start: int, end: int) -> int:
    return sum(map(len, keys[start:end])) if end - start < 200 else 200


def _slide(old: Sequence[str], new: Sequence[str], became: list[int], old_lines: set[int], new_lines: set[int]) -> None:
    """Move pure deletions and insertions to where a line or a sentence ends, when the words allow it.

    "a. b. c." without "b." is the same diff as without ". b": the first is what a person did.
    """
    for (_, end), (n, _) in pairwise(runs(became)):
        p = end - 1
        if became[p] < 0 or became[n] < 0:
            continue
        if n - p > 1 and became[n] - became[p] == 1:
            room = (_reach(became, p, -1), _reach(became, n, 1))
            shift = _best_slide(old, (p + 1, n), old_lines, room)
            goal = became[p]
            if shift < 0:
                for index in range(p, p + shift, -1):
                    became[index + n - 1 - p], became[index] = became[index], -1
            for index in range(shift):
                became[p + 1 + index], became[n + index] = goal + 1 + index, -1
        elif n - p == 1 and became[n] - became[p] > 1:
            c, d = became[p] + 1, became[n]
            room = (_reach(became, p, -1), _reach(became, n, 1))
            shift = _best_slide(new, (c, d), new_lines, room)
            for index in range(p, p + shift, -1):
                became[index] += d - c
            for index in range(n, n + shift):
                became[index] -= d - c


def _best_slide(keys: Sequence[str], change: tuple[int, int], firsts: set[int], room: tuple[int, int]) -> int:
    """By how much the change may shift, at most by `room` back and ahead, to begin and end best."""
    start, end = change
    best, shift = _border(keys, start, firsts) + _border(keys, end, firsts), 0
    for step, most in zip((-1, 1), room, strict=True):
        for index in range(most):
            a, b = (start - 1 - index, end - 1 - index) if step < 0 else (start + index, end + index)
            if keys[a] != keys[b]:
                break
            moved = step * (index + 1)
            score = _border(keys, start + moved, firsts) + _border(keys, end + moved, firsts)
            if score > best:
                best, shift = score, moved
    return shift


def _border(keys: Sequence[str], place: int, firsts: set[int]) -> int:
    """How good a place is for a change to begin or end: a line, a sentence, a clause, a word."""
    if place in firsts or place >= len(keys):
        return 3
    sign = keys[place - 1]
    return 2 if sign in ".!?\u3002\uff01\uff1f" else int(not sign[0].isalnum())


def _reach(became: Sequence[int], index: int, step: int) -> int:
    """How many matched tokens go on from here without a break, at most 40."""
    size = 1
    while (
        size < 40
        and 0 <= index + step * size < len(became)
        and became[index + step * size] == became[index] + step * size
    ):
        size += 1
    return size
