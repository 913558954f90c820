"""What ranking must know of the whole library: how many articles, how long, in which languages, which words are common.

PostgreSQL's own statistics know the words that stand in many articles; of all others an index counts the few that
there are. In a small library all is counted anew for each search, in a large one once a minute.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from newsreader.replicas.router import connection_for_reads
from newsreader.search.languages import stemmer
from newsreader.search.postgres.words import Places

TABLE = "articles_article"

SMALL = 2_000  # articles: up to here nothing is remembered
MANY = 20_000  # from here on they are estimated, not counted
FRESH = 60.0  # seconds
COUNTED = 1_000  # articles with a word are counted up to here

_SIZE = """
    SELECT reltuples::bigint, (SELECT max(id) FROM articles_article)
    FROM pg_class WHERE oid = 'articles_article'::regclass"""
_ALL = "SELECT language, count(*), sum(words), max(id) FROM articles_article GROUP BY language"
# Of many: how long the ones on some pages are, and each language by one look at the index.
_SAMPLE = "SELECT avg(words) FROM articles_article TABLESAMPLE SYSTEM (%s)"
_LANGUAGES = """
    WITH RECURSIVE held AS (
        (SELECT language FROM articles_article ORDER BY language LIMIT 1)
        UNION ALL
        SELECT (SELECT language FROM articles_article WHERE language > held.language ORDER BY language LIMIT 1)
        FROM held WHERE held.language IS NOT NULL
    )
    SELECT language FROM held WHERE language IS NOT NULL"""
_COMMON = """
    SELECT word, frequency FROM pg_stats,
        unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(word, frequency)
    WHERE schemaname = ANY (current_schemas(false)) AND tablename = 'articles_article' AND attname = 'search_vector'
        AND word IS NOT NULL"""


@dataclass(slots=True)
class Library:
    """As it was when it was looked at. `common` has the share of the articles that words stand in."""

    articles: int
    length: float
    newest: int
    stemmers: tuple[str, ...]
    common: dict[str, float] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    until: float = 0.0

    def having(self, terms: Sequence[tuple[str, Places]]) -> list[int]:
        """In how many articles each term stands: a tsquery, and the words at its places."""
        unknown = [query for query, places in terms if query not in self.counted and self.share(places) is None]
        if unknown:
            few = f"SELECT FROM {TABLE} WHERE search_vector @@ %s::tsquery LIMIT {COUNTED}"
            one = f"(SELECT count(*) FROM ({few}) AS few)"  # noqa: S608
            with connection_for_reads().cursor() as cursor:
                cursor.execute(f"SELECT {', '.join([one] * len(unknown))}", unknown)
                self.counted.update(zip(unknown, cursor.fetchone(), strict=True))
        return [
            self.counted[query] if query in self.counted else round(self.articles * (self.share(places) or 0.0))
            for query, places in terms
        ]

    def share(self, places: Places, *, prefix: bool = False) -> float | None:
        """About which part of the articles has words at these places; None where one of them is not common.

        `prefix`: words that begin like the last one.
        """
        if not self.common or not places:
            return None
        shares = [self._any(place) for place in places]
        if prefix:
            shares[-1] = self._any([word for word in self.common if word.startswith(places[-1])])
        # Side by side they stand in fewer than all that have both: a guess, as nothing counts phrases.
        return min(shares) / 2 ** (len(shares) - 1) if all(shares) else None

    def _any(self, words: Iterable[str]) -> float:
        return 1.0 - math.prod(1.0 - self.common.get(word, 0.0) for word in words)


_seen: dict[str, Library] = {}


def library() -> Library:
    """The library as it is, or, where it is large, as it was less than a minute ago."""
    connection = connection_for_reads()
    name = str(connection.settings_dict["NAME"])
    seen = _seen.get(name)
    if seen and seen.until > monotonic():
        return seen
    with connection.cursor() as cursor:
        found = _large(cursor) if seen is None or seen.articles > MANY else None
        found = found or _counted(cursor)
        if found.articles > SMALL:
            cursor.execute(_COMMON)
            # The others are counted.
            found.common = {word: share for word, share in cursor.fetchall() if share * found.articles > COUNTED}
            found.until = monotonic() + FRESH
    _seen[name] = found
    return found


def forget() -> None:
    """Looks anew the next time."""
    _seen.clear()


def _large(cursor: Any) -> Library | None:
    """By PostgreSQL's own estimate and a sample, where there are many."""
    cursor.execute(_SIZE)
    size, newest = cursor.fetchone()
    if size < MANY:
        return None
    cursor.execute(_SAMPLE, [min(100.0, 100.0 * 5_000 / size)])
    (length,) = cursor.fetchone()
    cursor.execute(_LANGUAGES)
    return Library(size, float(length or 1.0), newest, _stemmers([language for (language,) in cursor.fetchall()]))


def _counted(cursor: Any) -> Library:
    cursor.execute(_ALL)
    rows = cursor.fetchall()
    size = sum(count for _, count, *_ in rows)
    length = sum(words for _, _, words, _ in rows) / size if size else 0
    newest = max((newest for *_, newest in rows), default=0)
    return Library(size, float(length) or 1.0, newest, _stemmers([language for language, *_ in rows]))


def _stemmers(languages: list[str]) -> tuple[str, ...]:
    """The stemmers of the languages; English always, as that is what highlights and articles of none have."""
    return tuple(sorted({"english", *map(stemmer, languages)}))
