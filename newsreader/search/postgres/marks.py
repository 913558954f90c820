"""Hits in the texts that are shown: what the stemmer makes of a text's words is compared with what was looked for.

ts_headline would do it in the database, and splits and stems each text anew; here only words that begin like one that
was looked for are stemmed, and most of them were before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from unicodedata import category

from newsreader.replicas.router import connection_for_reads
from newsreader.search.languages import stemmer
from newsreader.search.postgres.index import TEXT, UNSPACED
from newsreader.search.postgres.matches import Matches
from newsreader.search.postgres.triggers import LANGUAGE
from newsreader.search.postgres.words import WEIGHTS, stemmed
from newsreader.search.results import Kind
from newsreader.search.snippets import CLOSE, OPEN

# The columns that are shown, the first that has a hit, and the weight of each.
SHOWN: dict[Kind, dict[str, str]] = {
    "articles": {"text": "D", "standfirst": "B", "byline": "C"},
    "passages": {"exact": "A"},
    "notes": {"note": "B"},
}
# Letters that accents are taken from, in Latin, Greek and Cyrillic; ligatures and wide letters.
_ACCENTED = (
    "\u00aa-\u024f\u0370-\u038f\u03aa-\u03b0\u03ca-\u03ce\u0400\u0401\u0450\u0451\u1e00-\u1fff"
    "\ufb00-\ufb06\uff10-\uff5a"
)
# Their stemmers take beginnings off, or write letters anew.
_REWRITTEN = {"arabic", "indonesian", "irish", "nepali", "tamil", "yiddish"}

Stems = dict[tuple[str, str], set[str]]  # (a word of a text, its text's stemmer) -> what it is in the index


@dataclass(frozen=True, slots=True)
class Term:
    """What marks a text: at each place one of these words; the last may only begin like one."""

    places: tuple[frozenset[str], ...]
    prefix: bool
    weights: str

    def fits(self, words: Sequence[set[str]]) -> bool:
        *before, last = zip(self.places, words, strict=True)
        place, found = last
        end = any(word.startswith(tuple(place)) for word in found) if self.prefix else place & found
        return bool(end) and all(place & found for place, found in before)


def marked(matches: Matches, pks: Sequence[int]) -> dict[int, str]:
    """By key, the first of a row's shown columns that has a hit, marked; else the first one as it is."""
    shown = SHOWN[matches.kind]
    terms = _terms(matches)
    columns = ", ".join(f"left({column}, {TEXT if terms else 1000})" for column in shown)
    language = "language" if matches.kind == "articles" else LANGUAGE
    with connection_for_reads().cursor() as cursor:
        cursor.execute(f"SELECT id, {language}, {columns} FROM {matches.table} WHERE id = ANY(%s)", [list(pks)])  # noqa: S608 our own names
        rows = [(pk, stemmer(language), texts) for pk, language, *texts in cursor.fetchall()]
    if not terms:
        return {pk: texts[0] for pk, _, texts in rows}
    found = {pk: [list(_candidates(terms, name, text)) for text in texts] for pk, name, texts in rows}
    stems = _stems({(one[0], name) for pk, name, _ in rows for words in found[pk] for one in words})
    answer: dict[int, str] = {}
    for pk, name, texts in rows:
        answer[pk] = texts[0]
        for weight, text, words in reversed(list(zip(shown.values(), texts, found[pk], strict=True))):
            asked = [term for term in terms if not term.weights or weight in term.weights]
            if spans := _spans(asked, name, text, words, stems):
                answer[pk] = _written(text, spans)
    return answer


def _terms(matches: Matches) -> list[Term]:
    places, weights = matches.lexemes.places, WEIGHTS[matches.kind]
    words = [one for one in matches.words if places[one.text]]
    return [Term(tuple(map(frozenset, places[one.text])), one.prefix, weights[one.field]) for one in words]


def _candidates(terms: list[Term], name: str, text: str) -> Iterator[re.Match[str]]:
    """The words of a text that may be one that was looked for, as the index splits it."""
    beginnings = {word[:2] for term in terms for place in term.places for word in place}
    if name in _REWRITTEN:
        yield from _words("").finditer(text)
        return
    firsts = "".join(
        sorted({letter for word in beginnings for letter in (word[0], word[0].upper()) if len(letter) == 1})
    )
    for found in _words(firsts).finditer(text):
        word = found[0][:2].lower()
        if not word.isascii() or word in beginnings or word[0] in beginnings or _softened(word) in beginnings:
            yield found


def _softened(word: str) -> str:
    """Stemmers write y as i: dying becomes die."""
    return word.replace("y", "i")


@cache
def _words(firsts: str) -> re.Pattern[str]:
    """Words as PostgreSQL splits a text after `postgres_index.spaced`: those that begin with these, or an accent."""
    first = f"[{re.escape(firsts)}{_ACCENTED}]" if firsts else r"[^\W_]"
    letter = rf"(?:(?![{UNSPACED}])[^\W_]|[{_marks()}])"
    # The one letter of writing without spaces, or the first that no other letter stands before, and those behind it.
    return re.compile(
        rf"{first}(?:(?<=[{UNSPACED}])[{_marks()}]*|(?<!(?![{UNSPACED}])[^\W_].)(?<![{_marks()}].){letter}*)", re.DOTALL
    )


@cache
def _marks() -> str:
    """Combining marks, as they stand in a pattern."""
    marks = [code for code in range(0x300, 0x11000) if category(chr(code))[0] == "M"]
    begins = [code for code in marks if code - 1 not in marks]
    ends = [code for code in marks if code + 1 not in marks]
    return "".join(f"{chr(begin)}-{chr(end)}" for begin, end in zip(begins, ends, strict=True))


def _stems(words: set[tuple[str, str]]) -> Stems:
    return {key: {one for place in places for one in place} for key, places in stemmed(words).items()}


def _spans(terms: list[Term], name: str, text: str, found: list[re.Match[str]], stems: Stems) -> list[tuple[int, int]]:
    """Where the terms stand: words side by side have no other word between them."""
    hits = [(one.start(), one.end(), stems[one[0], name]) for one in found]
    spans: set[tuple[int, int]] = set()
    for term in terms:
        size = len(term.places)
        if size == 1:  # each word is looked at once, however often it stands there
            fits = {word: term.fits([stems[word, name]]) for word in {one[0] for one in found}}
            spans.update(one.span() for one in found if fits[one[0]])
            continue
        for number in range(len(hits) - size + 1):
            there = hits[number : number + size]
            if term.fits([words for *_, words in there]) and _side_by_side(there, text):
                spans.add((there[0][0], there[-1][1]))
    return sorted(spans)


def _side_by_side(there: Sequence[tuple[int, int, set[str]]], text: str) -> bool:
    gaps = (text[one[1] : other[0]] for one, other in pairwise(there))
    return not any(re.search(r"[^\W_]", gap) for gap in gaps)


def _written(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with those stretches between OPEN and CLOSE; of two that overlap, the first."""
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            parts += [text[at:start], OPEN, text[start:end], CLOSE]
            at = end
    return "".join([*parts, text[at:]])
