"""Find words that left one place and are new in another. Pure; linear for long texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

SEED = 3  # words in a row that must be equal before a move is thought of
TRIES = 8  # places that are tried for one seed; a phrase that is new in more places says nothing


def moves(old: Sequence[str], new: Sequence[str], became: Sequence[int]) -> list[int]:
    """For each old token that became nothing, the new token it moved to, or -1.

    Only tokens that no old token became are looked at: a lookalike that was there before is no move.
    The longest run wins; when two are equally long neither does.
    """
    went = [-1] * len(old)
    taken = set(became)
    free = [index not in taken for index in range(len(new))]
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in range(len(new) - SEED + 1):
        if free[place] and free[place + 1] and free[place + 2]:
            places[new[place], new[place + 1], new[place + 2]].append(place)

    def loose(was: int, now: int) -> bool:
        return became[was] < 0 and free[now]

    index = 0
    while places and index < len(old) - SEED + 1:
        if became[index] >= 0:
            index += 1
            continue
        starts = places.get((old[index], old[index + 1], old[index + 2]), ())
        lengths = sorted(((_run(old, new, index, start, loose), start) for start in starts[:TRIES]), reverse=True)
        if not lengths or lengths[0][0] < SEED:
            index += 1
            continue
        size, start = lengths[0]
        if len(starts) <= TRIES and (len(lengths) == 1 or lengths[1][0] < size):
            went[index : index + size] = range(start, start + size)
        index += size
    return went


def _run(old: Sequence[str], new: Sequence[str], index: int, start: int, loose: Callable[[int, int], bool]) -> int:
    size = 0
    while (
        index + size < len(old)
        and start + size < len(new)
        and loose(index + size, start + size)
        and old[index + size] == new[start + size]
    ):
        size += 1
    return size
