"""Words near a misspelt one that rows of one reader have, in PostgreSQL, as they are written there (spelling.Speller).

The list of words (`postgres_triggers`) knows no readers, so a word of it counts only when a row that this reader may
see has it. What is one slip away is looked for as it would be; what is further away by its trigrams.
"""

import re
from collections.abc import Callable, Iterator
from string import ascii_lowercase
from typing import Any as Anything

from django.db.models import F

from newsreader.core.asked import Query, Words
from newsreader.replicas.router import connection_for_reads
from newsreader.search.plan import COLUMNS
from newsreader.search.postgres.matches import Matches
from newsreader.search.postgres.triggers import LONGEST, WORDS
from newsreader.search.postgres.words import Lexemes, stemmed
from newsreader.search.results import KINDS, Kind
from newsreader.search.spelling import allowed, begun, nearest, real_word

ALIKE = 0.2  # shared trigrams; xylofone and xylophone have 0.29
_LISTED = 300  # words of the list that are compared letter by letter
_CHECKED = 12  # that rows are looked for
_ROWS = 20  # of one word: what tells the commoner of two that are equally near
_SHOWN = 5  # of them, whose texts are read for the word as it is written
_READ = 100_000  # code points of a text
_WORD = re.compile(r"[^\W\d_]+")


class PostgresSpeller:
    """The words of one reader's rows; `matches` says what a query finds of a kind."""

    def __init__(self, matches: Callable[[Kind, Query], Matches]) -> None:
        self._matches = matches

    def has(self, words: Words) -> bool:
        """Whether any row has the word, in its field."""
        return self.finds(Query(words))

    def finds(self, query: Query) -> bool:
        """Whether the query finds anything."""
        return any(self._matches(kind, query).rows().exists() for kind in KINDS)

    def nearby(self, words: Words) -> Iterator[str]:
        """Words like it that rows have in its field, best first."""
        if len(words.text) > LONGEST:
            return
        stemmers = self._matches("articles", Query()).library.stemmers
        own = {place[0][0] for place in stemmed({(words.text, one) for one in stemmers}).values() if len(place) == 1}
        found = [real for term in _near(words.text, own)[:_CHECKED] if (real := self._real(words, term, stemmers))]
        yield from dict.fromkeys(word for *_, word in sorted(found))

    def _real(self, words: Words, term: str, stemmers: tuple[str, ...]) -> tuple[int, int, str] | None:
        """The word behind a term as a visible row writes it, after how far it is and how many rows (less) have it."""
        for kind in KINDS:
            asked = self._matches(kind, Query(Words(term, field=words.field)))
            asked.lexemes = Lexemes({term: ((term,),)})  # it is stemmed already
            keys = list(asked.rows().order_by((F("pk") + 0).desc()).values_list("pk", flat=True)[:_ROWS])
            if keys and (texts := _texts(kind, words.field, asked.rows().filter(pk__in=keys[:_SHOWN]))):
                written = {word.lower() for text in texts for word in _WORD.findall(text) if word[0].lower() == term[0]}
                known = stemmed({(word, one) for word in written for one in stemmers})
                real = {word for (word, _), places in known.items() if places == ((term,),)}
                best = real_word(words.text, texts, lambda word: word.lower() in real)  # noqa: B023 used at once
                if best and best[1] <= allowed(words.text):
                    return best[1], -len(keys), best[0]
        return None


def _near(typed: str, own: set[str]) -> list[str]:
    """The terms that may be meant, the nearest first."""
    typed, most = typed.lower(), allowed(typed)
    slips = {slip for word in {typed, *own} for slip in _slips(word)}
    with connection_for_reads().cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(
            f"SELECT DISTINCT word FROM {WORDS} WHERE word = ANY(%s) "  # noqa: S608 our own name
            f"UNION (SELECT word FROM {WORDS} WHERE word %% %s ORDER BY similarity(word, %s) DESC LIMIT {_LISTED})",
            [list(slips), typed, typed],
        )
        terms = [(word, 1) for (word,) in cursor.fetchall() if word not in own]
    near = [term for word in sorted(own, key=len) for term in nearest(word, terms, most)]
    return list(dict.fromkeys((*near, *nearest(typed, terms, most), *begun(typed, terms, most - 1))))


def _slips(word: str) -> Iterator[str]:
    """What is one slip away: a letter wrong, missing, too much, or two of them swapped."""
    letters = ascii_lowercase + "".join(sorted(set(word) - set(ascii_lowercase)))
    for place in range(len(word) + 1):
        before, behind = word[:place], word[place:]
        yield from (before + one + behind for one in letters)
        if behind:
            yield before + behind[1:]
            yield from (before + one + behind[1:] for one in letters)
        if len(behind) > 1:
            yield before + behind[1] + behind[0] + behind[2:]


def _texts(kind: Kind, field: str, rows: Anything) -> list[str]:
    if field not in COLUMNS[kind]:  # words of an article that a passage was asked for by, or the other way round
        return []
    columns = COLUMNS[kind][field] or ("title", "standfirst", "byline", "text")
    return [text[:_READ] for texts in rows.values_list(*columns) for text in texts]
