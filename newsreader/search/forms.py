"""Words as SQLite's index holds them (folded, cut by Porter's stemmer), and the stems of other languages. Pure.

A stem takes Python a tenth of a millisecond, so it is remembered.
"""

import unicodedata
from functools import lru_cache
from itertools import takewhile

import snowballstemmer

ENGLISH = "english"
# No form of a word is longer than its stem by more than this: Haus, Häusern.
_ENDING = 5


def folded(word: str) -> str:
    """The word as `unicode61 remove_diacritics 2` has it: small letters, and none of the Latin ones with a mark."""
    parts = []
    for letter in unicodedata.normalize("NFC", word.lower()):
        base = unicodedata.normalize("NFD", letter)[0]
        if base.isascii():
            parts.append(base)
        elif not unicodedata.combining(letter):
            parts.append(letter)
    return "".join(parts)


def indexed_as(word: str) -> str:
    """The term that the index holds for the word."""
    return _porter(folded(word))


@lru_cache(20_000)
def stem(word: str, language: str) -> str:
    """Its stem in a language that Snowball knows, folded."""
    return folded(snowballstemmer.stemmer(language).stemWord(word.lower()))


@lru_cache(20_000)
def _porter(word: str) -> str:
    if len(word) < 3:
        return word
    # FTS5 counts bytes, and takes those of other letters for consonants.
    cut = snowballstemmer.stemmer("porter").stemWord(word.encode().decode("latin-1"))
    return str(cut).encode("latin-1").decode(errors="ignore")


def asked_for(term: str, *others: str) -> str:
    """What is to be asked for so that FTS5, which cuts what it is asked for too, finds the term; "" for nothing.

    A term that would be cut again is asked for as one of the others, or with an ending that is cut from it.
    """
    asked = (term, *others, *(term + ending for ending in ("e", "s", "es", "ed")))
    return next((one for one in asked if _porter(one) == term), "")


class Family:
    """The forms of a word in one language: where they stand in the vocabulary, and which of its terms they are."""

    def __init__(self, word: str, language: str) -> None:
        self._plain, self._language = folded(word), language
        self._stems = {stem(word, language), stem(self._plain, language)}
        self._terms = self._stems | {_porter(one) for one in self._stems}

    @property
    def beginnings(self) -> tuple[str, ...]:
        """What all the forms begin with; German has two spellings of a double s."""
        begin = _common({self._plain.replace("ß", "ss"), *(term.replace("ß", "ss") for term in self._terms)})
        return tuple(dict.fromkeys((begin, begin.replace("ss", "ß"))))

    def may_have(self, term: str) -> bool:
        """Whether it is worth stemming the term, from its looks."""
        return len(term) <= max(map(len, self._stems)) + _ENDING

    def has(self, term: str) -> bool:
        """Whether a term of the vocabulary is a form of the word. Porter's stemmer may have taken an e from it."""
        return term in self._terms or any(stem(one, self._language) in self._stems for one in (term, f"{term}e"))

    def typed(self, term: str) -> str:
        """What is to be asked for to find the term; "" for nothing."""
        return asked_for(term, *sorted(self._stems), self._plain)


def _common(words: set[str]) -> str:
    """What all of them begin with."""
    first, last = min(words), max(words)
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
