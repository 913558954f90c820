"""Find words that left one place and are new in another. Pure; linear for long texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from newsreader.core.align import grams

SEED = 3  # words in a row that must be equal before a move is thought of
TRIES = 8  # places that are tried for one seed; a phrase that is new in more places says nothing


def moves(old: Sequence[str], new: Sequence[str], became: Sequence[int]) -> list[int]:
    """For each old token that became nothing, the new token it moved to, or -1.

    Only tokens that no old token became are looked at: a lookalike that was there before is no move.
    The longest run wins; when two are equally long neither does.
    """
    went = [-1] * len(old)
    free = bytearray(b"\1") * len(new)
    for goal in became:
        if goal >= 0:
            free[goal] = 0

    def loose(was: int, now: int) -> bool:
        return became[was] < 0 and free[now] == 1

    first, following = _places(new, free)
    for index, gram in enumerate(grams(old, SEED) if first else ()):
        if became[index] >= 0 or went[index] >= 0 or gram not in first:
            continue
        starts = [first[gram]]
        while len(starts) <= TRIES and following[starts[-1]] >= 0:
            starts.append(following[starts[-1]])
        lengths = sorted(((_run(old, new, index, start, loose), start) for start in starts), reverse=True)
        size, start = lengths[0]
        if size >= SEED and len(starts) <= TRIES and (len(lengths) == 1 or lengths[1][0] < size):
            went[index : index + size] = range(start, start + size)
    return went


def _places(new: Sequence[str], free: bytearray) -> tuple[dict[int, int], list[int]]:
    """For the number of each run of SEED free tokens its first place, and for each place the next of the same."""
    first: dict[int, int] = {}
    following = [-1] * len(new)
    numbers = list(grams(new, SEED))
    place = free.rfind(b"\1" * SEED)
    while place >= 0:
        following[place] = first.get(numbers[place], -1)
        first[numbers[place]] = place
        place = free.rfind(b"\1" * SEED, 0, place + SEED - 1)
    return first, following


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
