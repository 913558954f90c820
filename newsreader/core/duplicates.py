"""Which texts are versions of one another: a small sketch of each, pairs whose sketches agree, and a closer look.

A sketch is MinHash by one permutation (Li, Owen, Zhang: One Permutation Hashing, 2012) over shingles of three words,
empty bins filled from the next one that isn't (Shrivastava, Li: Densifying One Permutation Hashing, 2014). Bins that
agree, as a share, estimate the Jaccard likeness of the shingles. Pairs are found by bands of two bins (Leskovec,
Rajaraman, Ullman: Mining of Massive Datasets, chapter 3), band after band, so that memory stays with the sketches.

No library fits: those that there are bring numpy and scipy along, a hundred megabytes for a few hundred numbers.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from itertools import combinations
from operator import eq
from typing import TypeVar
from zlib import crc32

Key = TypeVar("Key", bound=Hashable)

SHINGLE = 3  # words
BINS = 128
BAND = 2  # bins; 64 bands find 94 of 100 pairs whose likeness is 0.2
SHORTEST = 12  # words; what is shorter is no article, and alike by chance
ALIKE = 0.13  # likeness from which on two texts are compared: 30 % of the words changed leaves 0.2
STRETCH = 40  # words
LEFT = 3  # shingles of a stretch that have to stand in the other text
SPREAD = 0.7  # share of such stretches: a footer and a greeting in common make 0.56, 40 % of the words changed 0.8
CROWD = 200  # texts that share a band: boilerplate (“The page could not be found”), not versions of one story

_WORD = re.compile(r"\w+")
_BIN = 2**32 // BINS
_EMPTY = 2**32 - 1


def shingles(text: str) -> set[int]:
    """Hashes (32 bits) of every three words side by side, whatever their case."""
    words = _WORD.findall(text.casefold())
    if len(words) < SHORTEST:
        return set()
    return set(_hashes(words))


def sketch(text: str) -> bytes:
    """BINS numbers of 32 bits, little-endian; empty for a text too short to compare."""
    least = array("I", [_EMPTY]) * BINS
    found = shingles(text)
    for hashed in found:
        place = hashed // _BIN
        least[place] = min(least[place], hashed)
    return _filled(least).tobytes() if found else b""


def likeness(one: bytes, other: bytes) -> float:
    """Estimate of the Jaccard likeness of two texts, from their sketches; standard error about 0.04."""
    if not one or not other:
        return 0.0
    same: int = sum(map(eq, memoryview(one).cast("I"), memoryview(other).cast("I")))
    return same / BINS


def spread(one: str, other: str) -> float:
    """Share of the shorter text, in stretches of STRETCH words, that stands in the other too, however scattered.

    Likeness alone takes two columns with one long footer for versions of one story. Where words were changed all
    over, something is left in every stretch; a footer fills only its own.
    """
    shorter, longer = sorted((one, other), key=len)
    known, words = shingles(longer), _WORD.findall(shorter.casefold())
    if not known or len(words) < SHORTEST:
        return 0.0
    there = [hashed in known for hashed in _hashes(words)]
    starts = range(0, max(1, len(there) - STRETCH // 2), STRETCH)
    return sum(sum(there[at : at + STRETCH]) >= LEFT for at in starts) / len(starts)


def versions(one: str, other: str) -> bool:
    """Whether the two texts tell one story in nearly the same words."""
    return spread(one, other) >= SPREAD


def pairs(sketches: Mapping[Key, bytes], *, new: set[Key] | None = None) -> Iterator[tuple[Key, Key, float]]:
    """Every pair of texts whose sketches are ALIKE, once, with the estimate; with `new`, only pairs with one of those.

    `versions` has the last word on each, from the texts themselves.
    Band by band, so that it takes time in proportion to the sketches and to the pairs, not to all pairs there are.
    """
    numbers = {key: memoryview(one).cast("I") for key, one in sketches.items() if one}
    seen: set[tuple[Key, Key]] = set()
    for band in range(0, BINS, BAND):
        together: defaultdict[bytes, list[Key]] = defaultdict(list)
        for key, one in numbers.items():
            together[one[band : band + BAND].tobytes()].append(key)
        for keys in together.values():
            if not 1 < len(keys) <= CROWD:
                continue
            for pair in combinations(keys, 2):
                if pair in seen or (new is not None and new.isdisjoint(pair)):
                    continue
                seen.add(pair)
                like = likeness(sketches[pair[0]], sketches[pair[1]])
                if like >= ALIKE:
                    yield (*pair, like)


def _hashes(words: list[str]) -> Iterator[int]:
    for at in range(len(words) - SHINGLE + 1):
        yield crc32(" ".join(words[at : at + SHINGLE]).encode())


def _filled(least: "array[int]") -> "array[int]":
    """Empty bins take the number of the next one that isn't, moved by how far that is."""
    filled = array("I", least)
    for place, number in enumerate(least):
        step = 0
        while number == _EMPTY:
            step += 1
            number = least[(place + step) % BINS]  # noqa: PLW2901 the same number, from further on
        filled[place] = (number + step * 0x9E3779B1) & 0xFFFFFFFF if step else number
    return filled
