"""SQLite's vocabulary: the terms that its full-text tables hold, and the other forms of a word among them.

The index is cut by an English stemmer, since triggers in plain SQL have no other. So a word of a query is joined by the
terms that have the same stem in one of the other languages that the library holds: Häuser finds Haus. What it costs
grows with how many terms begin like the word, and is bounded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from django.db import connection

from newsreader.articles.languages import languages
from newsreader.core.asked import All, Any, Node, Not, Words
from newsreader.search.forms import ENGLISH, Family, folded, indexed_as
from newsreader.search.languages import stemmer
from newsreader.search.unspaced import is_unspaced

SHORTEST = 4  # letters: what begins with fewer is most of the vocabulary
MOST = 8  # other forms of one word
_STEMMED = 24  # terms that are stemmed for a word in a language, the commonest first
# A term costs as much as there are places where it stands, since FTS5 counts them: some 10 ms for so many.
_TERMS, _PLACES = 5_000, 200_000
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a full-text table, and the places where each stands: tables that hold nothing of their own."""

    of: str
    table: str
    columns: tuple[str, ...] = ()
    rebuild: tuple[str, ...] = ()

    @property
    def terms(self) -> str:
        """Lists term, doc (the number of rows) and cnt (of places)."""
        return f"{self.of}_terms"

    @property
    def places(self) -> str:
        """Lists term, doc (a row), col and offset."""
        return f"{self.of}_places"

    @cached_property
    def statements(self) -> dict[str, str]:
        """Name of a table -> the SQL that makes it, as SQLite stores it."""
        return {
            self.terms: f"CREATE VIRTUAL TABLE {self.terms} USING fts5vocab({self.of}, 'row')",
            self.places: f"CREATE VIRTUAL TABLE {self.places} USING fts5vocab({self.of}, 'instance')",
        }

    def between(self, low: str, high: str) -> Iterator[tuple[str, int, int]]:
        """(term, rows, places) from `low` to `high`, as far as counting them is bounded."""
        sql = f"SELECT term, doc, cnt FROM {self.terms} WHERE term >= %s AND term <= %s LIMIT {_TERMS}"  # noqa: S608
        yield from _bounded(sql, [low, high])


ARTICLES = Vocabulary("search_articles", "articles_article")
HIGHLIGHTS = Vocabulary("search_highlights", "annotations_highlight")


def _bounded(sql: str, values: list[str]) -> Iterator[tuple[str, int, int]]:
    """The rows of a statement for (term, rows, places), until they stand in more places than may be counted."""
    left = _PLACES
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for term, rows, places in cursor:
            yield term, rows, places
            left -= places
            if left < 0:
                break


@dataclass(frozen=True, slots=True)
class Forms(Any):
    """One word in the forms that it has in other languages, the one that was typed first."""


def with_forms(root: Node | None) -> Node | None:
    """The query with the forms that its words have in the library's languages other than English."""
    languages = tuple(_languages() - {ENGLISH, "simple"}) if root else ()
    return _with_forms(root, languages) if root and languages else root


def _with_forms(node: Node, languages: tuple[str, ...]) -> Node:
    match node:
        case Words():
            forms = _forms(node, languages) if _has_forms(node) else ()
            return Forms((node, *forms)) if forms else node
        case Not(inner):
            return Not(_with_forms(inner, languages))
        case All(nodes):
            return All(tuple(_with_forms(inner, languages) for inner in nodes))
        case Any(nodes):
            return Any(tuple(_with_forms(inner, languages) for inner in nodes))
    return node


def _has_forms(words: Words) -> bool:
    """Whether it is one plain word, long enough."""
    text = words.text
    plain = not (words.phrase or words.prefix) and text.isalpha() and not is_unspaced(words)
    return plain and len(folded(text)) >= SHORTEST


def _forms(words: Words, languages: tuple[str, ...]) -> tuple[Words, ...]:
    """The other forms of a word, the commonest first."""
    rows: dict[str, int] = {}
    stretches = cache(_stretches)  # languages mostly ask for the same ones
    for language in languages:
        family = Family(words.text, language)
        for term, number in _terms(family, indexed_as(words.text), stretches):
            if typed := family.typed(term):
                rows[typed] = max(number, rows.get(typed, 0))
    commonest = sorted(rows, key=lambda typed: (-rows[typed], typed))[:MOST]
    return tuple(Words(typed, field=words.field) for typed in commonest)


def _terms(
    family: Family, own: str, stretches: Callable[[tuple[tuple[str, str], ...]], list[tuple[str, int]]]
) -> list[tuple[str, int]]:
    """The terms that are forms of a word, and in how many rows they stand; without its own, which may be in all."""
    found: dict[str, int] = {}
    for beginning in family.beginnings:
        if len(beginning) < SHORTEST - 1:
            continue
        for term, rows in stretches(tuple(_around(own, beginning))):
            if family.may_have(term):
                found[term] = found.get(term, 0) + rows
    commonest = sorted(found, key=lambda term: (-found[term], term))[:_STEMMED]
    return [(term, found[term]) for term in commonest if family.has(term)]


def _stretches(bounds: tuple[tuple[str, str], ...]) -> list[tuple[str, int]]:
    """The terms of both tables between two each, with the number of rows that have them: one statement for all."""
    one = "SELECT * FROM (SELECT term, doc, cnt FROM {} WHERE term >= %s AND term <= %s LIMIT {})"
    parts = [one.format(table.terms, _TERMS) for table in (HIGHLIGHTS, ARTICLES) for _ in bounds]
    return [(term, rows) for term, rows, _ in _bounded(" UNION ALL ".join(parts), [*chain(*bounds), *chain(*bounds)])]


def _around(own: str, beginning: str) -> Iterator[tuple[str, str]]:
    """The stretches of the vocabulary that begin like that, without the one term: FTS5 would count its places."""
    if not own.startswith(beginning):
        yield beginning, beginning + LAST
        return
    if own != beginning:
        yield beginning, own[:-1] + chr(ord(own[-1]) - 1) + LAST
    yield own + "\x01", beginning + LAST


def _languages() -> set[str]:
    """The stemmers of the languages that articles have."""
    return {stemmer(language) for language in languages()}
