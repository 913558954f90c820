"""Where in a text a passage may be: rough places, best first, for a closer look. Pure; linear in the text.

Places come from the context on both sides and from short pieces of the words, which vote for the place they
point to (seed and vote, as sequence aligners do).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from rapidfuzz import fuzz

PIECE = 10  # characters of a seed
PIECES = 24  # seeds that are tried
REPEATS = 40  # places of one seed that may vote
NEAR = 14  # characters of context that point to a place
VICINITY = 3_000  # characters around the old place where every seed may vote
LONGEST = 256  # characters compared when nothing else points anywhere
MANY = 6  # places that are worth a closer look


def hits(text: str, words: str) -> Iterator[int]:
    """Every place where the words begin, overlapping ones too."""
    place = text.find(words) if words else -1
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def places(text: str, before: str, words: str, after: str, hint: int | None) -> list[tuple[int, int]]:
    """Rough ranges of the text that may be the passage, the likeliest first; all strings folded alike."""
    size = len(words)
    votes: Counter[int] = Counter()
    for place in _context_hits(text, before[-NEAR:]):
        votes[place + len(before[-NEAR:])] += 4
    for place in _context_hits(text, after[:NEAR]):
        votes[place - size] += 4
    for start in _votes(text, words):
        votes[start] += 1
    if hint is not None:
        low = max(0, hint - VICINITY)
        for start in _votes(text[low : hint + size + VICINITY], words):
            votes[start + low] += 1
    if not votes or (max(votes.values()) < 2 and sum(votes.values()) < 3):
        closest = fuzz.partial_ratio_alignment(words[:LONGEST], text) if len(words) <= len(text) else None
        if closest:
            votes[closest.dest_start] += 2
    return [(start, start + size) for start in _crowded(votes, max(PIECE, size // 4))[:MANY]]


def between(text: str, before: str, words: str, after: str) -> list[tuple[int, int]]:
    """The ranges that have the near context on both sides and are not much longer than the words."""
    ends = _context_hits(text, after[:NEAR])
    longest = 3 * len(words) + 200
    found = []
    for place in _context_hits(text, before[-NEAR:]):
        start = place + len(before[-NEAR:])
        first = bisect_left(ends, start + 1)
        found += [(start, end) for end in ends[first : first + 1] if end - start <= longest]
    return found[:MANY]


def beside(text: str, before: str, words: str, after: str) -> list[tuple[int, int]]:
    """Ranges a little longer than the words that have the near context on one side."""
    size = len(words) + len(words) // 3 + PIECE
    starts = [place + len(before[-NEAR:]) for place in _context_hits(text, before[-NEAR:])]
    ends = _context_hits(text, after[:NEAR])
    if len(starts) + len(ends) > MANY:
        return []
    return [(start, start + size) for start in starts] + [(max(0, end - size), end) for end in ends]


def _context_hits(text: str, context: str) -> list[int]:
    if len(context.strip()) < 5:
        return []
    return list(islice(hits(text, context), REPEATS))


def _votes(text: str, words: str) -> Iterator[int]:
    """Where the words would begin if the piece of them that was found is in its place."""
    last = len(words) - PIECE
    if last < 0:
        return
    step = max(1, PIECE // 2, last // PIECES)
    for offset in range(0, last + 1, step):
        for place in islice(hits(text, words[offset : offset + PIECE]), REPEATS):
            yield place - offset


def _crowded(votes: Counter[int], spread: int) -> list[int]:
    """The places with most votes, votes within `spread` of each other put together."""
    groups: list[tuple[int, int, int]] = []  # votes, the place with most of them, its own votes
    last = None
    for place in sorted(votes):
        here = votes[place]
        if last is not None and place - last <= spread:
            total, best, most = groups[-1]
            groups[-1] = (total + here, place, here) if here > most else (total + here, best, most)
        else:
            groups.append((here, place, here))
        last = place
    groups.sort(reverse=True)
    return [place for total, place, _ in groups if 3 * total >= groups[0][0]]
