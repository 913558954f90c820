"""Which paragraph became which: equal ones first, then those that share most of their words. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, pairwise

from newsreader.core.sequences import Gap, blocks, gaps, grams, rising, runs

FRAME = 0.2  # what each end of a paragraph that is as it was adds to its likeness
COMMON = 8  # places of a paragraph from which on it says nothing about its neighbours


def match_lines(
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
    _give_back(left, right, same)
    for i, j in enumerate(same):
        if j >= 0:
            became[old_lines[i] : old_ends[i]] = range(new_lines[j], new_ends[j])
    pairs: list[Gap] = []
    for a, b, c, d in gaps(same, len(right)):
        if (b - a) * (d - c) > 1:
            was = [old[old_lines[i] : old_ends[i]] for i in range(a, b)]
            now = [new[new_lines[j] : new_ends[j]] for j in range(c, d)]
            for i, j in _similar(was, now):
                pairs.append((old_lines[a + i], old_ends[a + i], new_lines[c + j], new_ends[c + j]))
    return pairs


def _give_back(left: Sequence[str], right: Sequence[str], same: list[int]) -> None:
    """Let go of paragraphs that stand alone in a new place, when as many others stand where they stood.

    So a new copy, as a pull quote beside its paragraph, takes nothing from the original that was edited.
    """
    old, new = ["", *left, ""], ["", *right, ""]  # the ends of the text are neighbours too; indices are one more
    places: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(new):
        places[line].append(place)
    found = [*runs(same), (len(same), len(same))]
    low = -1  # the last goal so far
    for (start, end), (following, _) in pairwise(found):
        size, goal = end - start, same[start]
        high = same[following] if following < len(same) else len(right)
        before, after = old[start], old[end + 1]
        first = -1
        if before != new[goal] and after != new[goal + size + 1] and len(places[before]) <= COMMON:
            held = start > 0 and same[start - 1] >= 0, end < len(same) and same[end] >= 0
            options = [
                place
                for place in places[before]
                if (place - 1 == low if held[0] else place > low + bool(start))
                and (place + size == high if held[1] else place + size <= high - (end < len(same)))
                and new[place + size + 1] == after
            ]
            if len(options) == 1:
                first = options[0]
        if first < 0:
            low = same[end - 1]
            continue
        same[start:end] = [-1] * size
        if start:
            low = same[start - 1] = first - 1
        if end < len(same):
            low = same[end] = first + size


def _similar(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Pairs of paragraphs that share most of their word pairs, each with its best, in rising order.

    One that begins and ends as before is preferred: a copy of its middle may have more of its words.
    """
    left, right = ([set(grams(keys, 2)) for keys in side] for side in (old, new))
    places: dict[int, list[int]] = defaultdict(list)
    known = set[int]().union(*left)
    for index, pairs in enumerate(right):
        for pair in pairs & known:
            places[pair].append(index)
    telling = {pair: there for pair, there in places.items() if len(there) <= 4}
    best: list[tuple[float, int, int]] = []
    for index, pairs in enumerate(left):
        votes = Counter(chain.from_iterable(map(telling.__getitem__, pairs & telling.keys())))
        for place, votes_here in votes.most_common(3):
            score = 2 * votes_here / (len(pairs) + len(right[place]))
            if score >= 0.5:
                ends = (old[index][0] == new[place][0]) + (old[index][-2:] == new[place][-2:])
                best.append((score + FRAME * ends, index, place))
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    chosen = []
    for _, index, place in sorted(best, key=lambda row: -row[0]):
        if index not in taken_left and place not in taken_right:
            taken_left.add(index)
            taken_right.add(place)
            chosen.append((index, place))
    return rising(sorted(chosen))
