"""Find words that left one place and are new in another. Pure; linear for long texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import chain, compress, pairwise

from newsreader.core.sequences import grams, shared

SEED = 3  # words in a row that must be equal before a move is thought of
TRIES = 8  # places that are tried for one seed; a phrase that is new in more places says nothing


def moves(
    old: Sequence[str], new: Sequence[str], became: Sequence[int], old_lines: Sequence[int], new_lines: Sequence[int]
) -> list[int]:
    """For each old token that became nothing, the new token it moved to, or -1.

    Only tokens that no old token became are looked at: a lookalike that was there before is no move.
    The longest run wins; when two are equally long neither does.
    """
    went = [-1] * len(old)
    loose = bytearray(goal < 0 for goal in became)
    free = bytearray(b"\1") * len(new)
    for goal in became:
        if goal >= 0:
            free[goal] = 0
    still = loose[:]
    for start, end, goal in _lines(old, new, (loose, free), (old_lines, new_lines)):
        went[start:end] = range(goal, goal + end - start)
        still[start:end] = bytes(end - start)
    numbers = list(grams(old, SEED))
    first, following = _places(new, free, set(chain.from_iterable(numbers[a:b] for a, b in _seeds(still))))
    index = 0
    for place in _known(numbers, still, first):
        if place < index:
            continue
        starts = [first[numbers[place]]]
        while len(starts) <= TRIES and starts[-1] in following:
            starts.append(following[starts[-1]])
        most = _until(loose, place) - place
        sizes = [shared(old, new, place, start, min(most, _until(free, start) - start)) for start in starts]
        size = max(sizes)
        if size >= SEED and len(starts) <= TRIES and sizes.count(size) == 1:
            start = starts[sizes.index(size)]
            went[place : place + size] = range(start, start + size)
            index = place + size
    return went


def _lines(
    old: Sequence[str],
    new: Sequence[str],
    flags: tuple[bytearray, bytearray],
    lines: tuple[Sequence[int], Sequence[int]],
) -> Iterator[tuple[int, int, int]]:
    """The whole lines among the flagged tokens that stand once on both sides: their start, end and new start.

    What the search below would find too, but word by word.
    """
    was, now = (
        [(a, b) for a, b in pairwise([*starts, len(keys)]) if b - a >= SEED and _until(flag, a) >= b and flag[a]]
        for keys, flag, starts in zip((old, new), flags, lines, strict=True)
    )
    words = ["\0".join(new[a:b]) for a, b in now]
    goals = dict(zip(words, now, strict=True))
    counts = Counter(words), Counter("\0".join(old[a:b]) for a, b in was)
    for a, b in was:
        line = "\0".join(old[a:b])
        if counts[0][line] == counts[1][line] == 1:
            yield a, b, goals[line][0]


def _places(new: Sequence[str], free: bytearray, wanted: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """For each wanted number of a run of SEED free tokens its first place, and for a place the next of the same."""
    first: dict[int, int] = {}
    following: dict[int, int] = {}
    numbers = list(grams(new, SEED))
    for place in reversed(list(_known(numbers, free, wanted))):
        number = numbers[place]
        if number in first:
            following[place] = first[number]
        first[number] = place
    return first, following


def _known(numbers: Sequence[int], flags: bytearray, known: Container[int]) -> Iterator[int]:
    """The places of known runs among the flagged tokens, in order."""
    return chain.from_iterable(compress(range(a, b), map(known.__contains__, numbers[a:b])) for a, b in _seeds(flags))


def _seeds(flags: bytearray) -> Iterator[tuple[int, int]]:
    """The stretches of places from which on SEED flags in a row are set."""
    end = 0
    while (start := flags.find(1, end)) >= 0:
        end = _until(flags, start)
        if end - start >= SEED:
            yield start, end - SEED + 1


def _until(flags: bytearray, start: int) -> int:
    """Where the flags that are set from `start` on end."""
    end = flags.find(0, start)
    return end if end >= 0 else len(flags)
