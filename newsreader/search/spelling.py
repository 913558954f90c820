"""What was meant by a query that finds nothing: words that no row has, exchanged for words that some row has.

Pure: a database says, as a `Speller`, what there is for one reader. Which words are near is told by their edit
distance with neighbours swapped (optimal string alignment).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from typing import Protocol

from rapidfuzz.distance import OSA

from newsreader.core.asked import All, Any, Filter, Node, Not, Query, Words
from newsreader.search.unspaced import is_unspaced

SHORTEST = 3  # letters
LONGEST = 6  # words; all of a longer question hardly stand together, however they are spelt
_OFFERED, _TRIED = 3, 6  # words for one unknown word, queries that are looked for
_READ = 300_000  # code points of a text that are looked through for a word
_WORD = re.compile(r"[^\W\d_]+")


class Speller(Protocol):
    """What a database knows of what one reader may see."""

    def has(self, words: Words) -> bool:
        """Whether any row has the word, in its field."""

    def nearby(self, words: Words) -> Iterable[str]:
        """Words like it that rows have in its field, as they are written there, best first."""

    def finds(self, query: Query) -> bool:
        """Whether the query finds anything."""


def respelt(query: Query, speller: Speller) -> Query | None:
    """The query with words that rows have, where it then finds something; all else in it stays."""
    words = doubtful(query.root)
    if len(words) > LONGEST:
        return None
    unknown = [one for one in words if not speller.has(one)]
    offers = [list(islice(speller.nearby(words), _OFFERED)) for words in unknown]
    if not unknown or not any(offers):
        return None
    # A word without an offer stays: another reading of the query may do without it.
    choices = product(*(offered or [words.text] for words, offered in zip(unknown, offers, strict=True)))
    for chosen in islice(choices, _TRIED):
        meant = Query(_exchanged(query.root, dict(zip(unknown, chosen, strict=True))), query.sort)
        if speller.finds(meant):
            return meant
    return None


def doubtful(node: Node | None) -> list[Words]:
    """The plain words of a query that may be misspelt: no phrases, beginnings or numbers, none that must not occur."""
    return list(dict.fromkeys(_doubtful(node)))


def allowed(word: str) -> int:
    """How many letters of a word may be wrong."""
    return 1 if len(word) <= 5 else 2


def nearest(word: str, candidates: Iterable[tuple[str, int]], most: int) -> list[str]:
    """The candidates that are near enough, the nearest first, of equals the one with the higher number."""
    near = []
    for term, number in candidates:
        if term != word and abs(len(term) - len(word)) <= most:
            far = OSA.distance(word, term, score_cutoff=most)
            if far <= most:
                near.append((far, -number, term))
    return [term for *_, term in sorted(near)]


def begun(word: str, candidates: Iterable[tuple[str, int]], most: int) -> list[str]:
    """The candidates that the word begins like: a stemmer may have cut the right one shorter than the wrong one."""
    near = []
    for term, number in candidates:
        if len(term) >= 4 and (far := OSA.distance(word[: len(term)], term, score_cutoff=most)) <= most:
            near.append((far, -number, term))
    return [term for *_, term in sorted(near)]


def real_word(typed: str, texts: Iterable[str], is_it: Callable[[str], bool]) -> tuple[str, int] | None:
    """The word of the texts that is meant, in small letters: the nearest of those that `is_it`, and how far it is."""
    found = Counter(
        word.lower() for text in texts for word in _WORD.findall(text[:_READ]) if _alike(word, typed) and is_it(word)
    )
    ranked = sorted((OSA.distance(typed.lower(), word), -number, word) for word, number in found.items())
    return (ranked[0][2], ranked[0][0]) if ranked else None


def _alike(word: str, typed: str) -> bool:
    """Whether it may be one, from its looks: is_it may be slow. Endings differ, beginnings share letters."""
    return abs(len(word) - len(typed)) <= 6 and bool({*word[:3].lower()} & {*typed[:3].lower()})


def _doubtful(node: Node | None) -> Iterator[Words]:
    match node:
        case Words(text):
            plain = not (node.phrase or node.prefix or node.signed or is_unspaced(node))
            if plain and text.isalpha() and len(text) >= SHORTEST:
                yield node
        case All(nodes) | Any(nodes):
            for inner in nodes:
                yield from _doubtful(inner)


def _exchanged(node: Node | None, words: dict[Words, str]) -> Node | None:
    match node:
        case Words(field=field) if node in words:
            return Words(words[node], field=field)
        case All(nodes):
            return All(tuple(inner for one in nodes if (inner := _exchanged(one, words))))
        case Any(nodes):
            return Any(tuple(inner for one in nodes if (inner := _exchanged(one, words))))
        case Words() | Filter() | Not():
            return node
    return None
