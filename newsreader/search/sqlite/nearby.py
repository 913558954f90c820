"""Words near a misspelt one in SQLite's vocabulary that a reader may see, as rows write them (a spelling.Speller).

The vocabulary knows no readers, so a term of it counts only when a row that this reader may see has it. It is looked
up by beginnings: three letters, of which one may be wrong, missing, too much or swapped with its neighbour.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from string import ascii_lowercase
from time import monotonic

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.asked import Node, Query, Words
from newsreader.search.forms import asked_for, folded, indexed_as
from newsreader.search.plan import COLUMNS
from newsreader.search.results import KINDS, Kind
from newsreader.search.spelling import allowed, begun, nearest, real_word
from newsreader.search.sqlite.vocabulary import ARTICLES, HIGHLIGHTS, LAST, with_forms

PATIENCE = 0.1  # seconds, for all words of a query; then what was found by then is looked at
_CHECKED = 10  # terms that rows are looked for, for one word
_ROWS = 20  # of one word: what tells the commoner of two that are equally near
_READ = 5  # of these, where the word is looked up as it is written

# The keys of the newest rows of a kind with what was asked for that the reader may see.
Rows = Callable[[Kind, Node | None, int], Sequence[int]]


class Nearby:
    """The words of one reader's rows."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._end = monotonic() + PATIENCE

    def has(self, words: Words) -> bool:
        """Whether any row has the word, in its field."""
        return self.finds(Query(words))

    def finds(self, query: Query) -> bool:
        """Whether the query finds anything."""
        root = with_forms(query.root)
        return any(self._rows(kind, root, 1) for kind in KINDS)

    def nearby(self, words: Words) -> Iterator[str]:
        """Words like it that rows have in its field, best first."""
        found = [real for term in self._near(words.text) if (real := self._real(words, term))]
        yield from dict.fromkeys(word for *_, word in sorted(found))

    def _near(self, typed: str) -> Iterator[str]:
        """The terms that may be meant, the nearest first, as many as there is time for."""
        own, most = indexed_as(typed), allowed(typed)
        terms = list(self._terms(own))
        shorter = [(term, rows) for term, rows in terms if len(term) < len(own)]
        near = dict.fromkeys((*nearest(own, terms, most), *begun(folded(typed), shorter, most - 1)))
        for number, term in enumerate(islice(near, _CHECKED)):
            if number and monotonic() > self._end:
                return
            yield term

    def _terms(self, own: str) -> Iterator[tuple[str, int]]:
        """(term, rows) of the vocabulary that begin like a term, or nearly so."""
        for beginning in _beginnings(own):
            for vocabulary in (ARTICLES, HIGHLIGHTS):
                for term, rows, _ in vocabulary.between(beginning, beginning + LAST):
                    yield term, rows
            if monotonic() > self._end:
                return

    def _real(self, words: Words, term: str) -> tuple[int, int, str] | None:
        """The word behind a term as a visible row writes it, after how far it is and how many rows (less) have it."""
        asked = Words(asked_for(term), field=words.field)
        for kind in KINDS if asked.text else ():
            if keys := self._rows(kind, asked, _ROWS):
                texts = _texts(kind, words.field, keys[:_READ])
                real = real_word(words.text, texts, lambda word: indexed_as(word) == term)
                if real and real[1] <= allowed(words.text):
                    return real[1], -len(keys), real[0]
        return None


def _texts(kind: Kind, field: str, keys: Sequence[int]) -> list[str]:
    if field not in COLUMNS[kind]:  # words of an article that a passage was asked for by, or the other way round
        return []
    columns = COLUMNS[kind][field] or ("title", "standfirst", "byline", "text")
    rows = Article.objects.order_by() if kind == "articles" else Highlight.objects.order_by()
    return [text for texts in rows.filter(pk__in=keys).values_list(*columns) for text in texts]


def _beginnings(word: str) -> Iterator[str]:
    """The word's own first, then those with one slip in the first letters."""
    first, second, third, *_ = (*word, "", "", "")
    letters = ascii_lowercase if word.isascii() else ""
    yield from dict.fromkeys(
        begin
        for begin in (
            word[:3],
            *(second + first + third, first + third + second, word[:2] + word[3:4]),  # swapped, or one too much
            *(word[1:4], first + word[2:4]),
            *(first + second + one for one in letters),  # the third is wrong, or one is missing before it
            *(first + one + third for one in letters),
            *(first + one + second for one in letters),
            *(one + second + third for one in letters),
            *(one + first + second for one in letters),
        )
        if len(begin) >= min(3, len(word))
    )
