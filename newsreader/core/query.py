"""What a reader typed into the search box, as a value: parse never raises, unparse writes it down again.

Words, "phrases" in any double quotation marks, and -word to leave out. Whatever else is typed is searched as words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

# Both bound what one search can cost: 10,000 words took SQLite's FTS5 50 seconds.
MAX_WORDS = 32
MAX_LENGTH = 2_000

_QUOTES = '"“”„‟«»″〝〞＂'
_PIECE = re.compile(rf"(?P<minus>-)?[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>[^\s{_QUOTES}]+)|\S")
_UNTYPABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+")
_FILTER = re.compile(r"([^\W\d_]{2,20}):[^\s/]")
# Scripts without spaces between words: the databases' own splitters take a whole run for one word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase (words side by side); `excluded` is what must not occur. `text` is as it was typed."""

    text: str
    phrase: bool = False
    excluded: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The letters and digits in it, apart from the signs between them: don't -> don, t."""
        return tuple(_WORD.findall(self.text))


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: all wanted terms, none of the unwanted. `hints` say in sentences how it was read."""

    terms: tuple[Term, ...] = ()
    hints: tuple[str, ...] = field(default=(), compare=False)

    @property
    def wanted(self) -> tuple[Term, ...]:
        """Without what was typed twice."""
        return tuple(dict.fromkeys(term for term in self.terms if not term.excluded))

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(dict.fromkeys(term for term in self.terms if term.excluded))


def parse(text: str) -> Query:
    """Reads whatever was typed. Of more than MAX_WORDS words or MAX_LENGTH characters it reads the first."""
    read = _UNTYPABLE.sub(" ", text[:MAX_LENGTH])
    terms = list(_terms(read))
    searchable = [term for term in terms if term.words]
    kept = tuple(_first_words(searchable, MAX_WORDS))
    unsearchable = [term.text for term in terms if not term.words and term.text.strip("-–—&")]
    return Query(kept, tuple(_hints(kept, unsearchable, cut=len(text) > MAX_LENGTH or kept != tuple(searchable))))


def unparse(query: Query) -> str:
    """The text that reads as `query`."""
    return " ".join(map(_written, query.terms))


def _terms(text: str) -> Iterator[Term]:
    for piece in _PIECE.finditer(text):
        phrase, word = piece["phrase"], piece["word"]
        if phrase is not None:
            yield Term(" ".join(phrase.split()), phrase=True, excluded=piece["minus"] is not None)
        elif word is not None:
            bare = word.lstrip("-")
            yield Term(bare, excluded=len(word) - len(bare) == 1)


def _first_words(terms: Iterable[Term], left: int) -> Iterator[Term]:
    """The terms until `left` words are used up; the last one may lose its end."""
    for term in terms:
        ends = [word.end() for word in islice(_WORD.finditer(term.text), left + 1)]
        if len(ends) <= left:
            yield term
            left -= len(ends)
        else:
            if left:
                yield Term(term.text[: ends[left - 1]], term.phrase, term.excluded)
            return


def _written(term: Term) -> str:
    return ("-" if term.excluded else "") + (f'"{term.text}"' if term.phrase else term.text)


def _hints(terms: tuple[Term, ...], unsearchable: list[str], *, cut: bool) -> Iterator[str]:
    if cut:
        yield f"That is more than a search can hold: only the first {MAX_WORDS} words were looked for."
    for sign in list(dict.fromkeys(unsearchable))[:2]:
        yield f"“{_short(sign)}” has no letters or digits to look for, and was left out."
    for term in [term for term in terms if not term.phrase and _FILTER.match(term.text)][:2]:
        name = term.text.partition(":")[0]
        yield f"“{name}:” is not a filter; searched for the words “{_short(' '.join(term.words))}”."
    if terms and all(term.excluded for term in terms):
        yield "This only says what to leave out. Add a word to look for."
    if any(_UNSPACED.search(term.text) for term in terms):
        yield "In writing without spaces between words, only a whole run of characters is found, not a part of it."


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
