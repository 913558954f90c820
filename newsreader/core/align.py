"""Align the words of two versions of a text: which word became which. Pure; near linear for long texts.

Paragraphs first, then runs of words that stand once in both versions (Bram Cohen's patience diff), then the
longest common subsequence in the small gaps that are left, then stray matches are dropped as in
diff-match-patch's semantic clean-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise

from newsreader.core.paragraphs import match_lines
from newsreader.core.sequences import Block, Gap, blocks, gaps, rising, runs, trimmed, unique_pairs


def align(old: Sequence[str], new: Sequence[str], old_lines: Sequence[int], new_lines: Sequence[int]) -> list[int]:
    """For each old token the index of the new token it became, or -1; the indices only rise.

    `old_lines` and `new_lines` are the indices of the tokens that begin a paragraph, the first one 0.
    """
    became = [-1] * len(old)
    for gap in match_lines(old, new, old_lines, new_lines, became):
        _fill(old, new, gap, became)
    for gap in gaps(became, len(new)):
        _fill(old, new, gap, became)
    kept = _drop_strays(old, new, became, ({*old_lines, len(old)}, {*new_lines, len(new)}))
    _slide(old, new, became, kept, (set(old_lines), set(new_lines)))
    return became


def _fill(old: Sequence[str], new: Sequence[str], gap: Gap, became: list[int], sizes: tuple[int, ...] = (5, 3)) -> None:
    """Match what can be matched inside of the gap."""
    a, b, c, d = trimmed(old, new, gap)
    became[gap[0] : a] = range(gap[2], c)
    became[b : gap[1]] = range(d, gap[3])
    if a == b or c == d:
        return
    if not sizes:
        for i, j, n in blocks(old[a:b], new[c:d]):
            became[a + i : a + i + n] = range(c + j, c + j + n)
        return
    at, to = a, c
    for i, j, n in _anchors(old, new, (a, b, c, d), sizes[0]):
        skip = max(at - i, to - j, 0)  # it overlaps the one before: what goes on from it is matched already
        if skip and (skip >= n or (i - at != j - to and skip > n - sizes[0])):
            continue
        if i + skip > at and j + skip > to:
            _fill(old, new, (at, i + skip, to, j + skip), became, sizes[1:])
        became[i + skip : i + n] = range(j + skip, j + n)
        at, to = i + n, j + n
    if at < b and to < d:
        _fill(old, new, (at, b, to, d), became, sizes[1:])


def _anchors(old: Sequence[str], new: Sequence[str], gap: Gap, size: int) -> Iterator[Block]:
    """The runs of at least `size` tokens that stand once in the gap on both sides, in rising order."""
    pairs = rising(unique_pairs(old, new, gap, size))
    first = 0
    for _, group in groupby((i - number, j - number) for number, (i, j) in enumerate(pairs)):
        i, j = pairs[first]
        many = len(list(group))
        n = many + size - 1
        if old[i : i + n] == new[j : j + n]:  # as their numbers say, hardly ever wrong
            yield i, j, n
        first += many


def _drop_strays(
    old: Sequence[str], new: Sequence[str], became: list[int], lines: tuple[set[int], set[int]]
) -> list[tuple[int, int]]:
    """Unmatch short runs between long changes: a lone "the" in a rewritten paragraph means nothing.

    What begins or ends a line in both texts is no stray. Answers the runs that stay.
    """
    found = runs(became)
    kept = []
    letters, letters_new = ([*accumulate(map(len, keys), initial=0)] for keys in (old, new))
    before = (0, 0)  # where the run before ended
    for index, (start, end) in enumerate(found):
        if end - start <= 3:
            after = found[index + 1][0] if index + 1 < len(found) else len(old)
            goal = became[after] if after < len(old) else len(new)
            left = max(letters[start] - letters[before[0]], letters_new[became[start]] - letters_new[before[1]])
            right = max(letters[after] - letters[end], letters_new[goal] - letters_new[became[end - 1] + 1])
            held = (start in lines[0] and became[start] in lines[1]) or (
                end in lines[0] and became[end - 1] + 1 in lines[1]
            )
            if 2 * (letters[end] - letters[start]) <= min(left, right) and not held:
                became[start:end] = [-1] * (end - start)
                continue
        kept.append((start, end))
        before = (end, became[end - 1] + 1)
    return kept


def _slide(
    old: Sequence[str],
    new: Sequence[str],
    became: list[int],
    kept: Sequence[tuple[int, int]],
    lines: tuple[set[int], set[int]],
) -> None:
    """Move pure deletions and insertions to where a line or a sentence ends, when the words allow it.

    "a. b. c." without "b." is the same diff as without ". b": the first is what a person did.
    """
    for (_, end), (n, _) in pairwise(kept):
        p = end - 1
        if became[p] < 0 or became[n] < 0:
            continue
        if n - p > 1 and became[n] - became[p] == 1:
            room = (_reach(became, p, -1), _reach(became, n, 1))
            shift = _best_slide(old, (p + 1, n), lines[0], room)
            goal = became[p]
            if shift < 0:
                for index in range(p, p + shift, -1):
                    became[index + n - 1 - p], became[index] = became[index], -1
            for index in range(shift):
                became[p + 1 + index], became[n + index] = goal + 1 + index, -1
        elif n - p == 1 and became[n] - became[p] > 1:
            c, d = became[p] + 1, became[n]
            room = (_reach(became, p, -1), _reach(became, n, 1))
            shift = _best_slide(new, (c, d), lines[1], room)
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
