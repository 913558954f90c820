"""Which words SQLite's bm25 can weigh while a reader waits: it reads the whole list of rows of each one.

How many rows have a word is read off its newest ones: where they stand close together, there are many.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence

from django.db import connection

from newsreader.core.asked import Words
from newsreader.search.sqlite.index import ARTICLES, Index

SMALL = 20_000  # articles; below that nothing costs much
_PROBE = 200  # rows
# Measured with SQLite 3.40, in microseconds: for a row that has a word, for one that has all words of a phrase (their
# places are compared), and for a page of the index (4 KB) that holds words with the same beginning.
_ROW, _PHRASE, _PAGE = 0.03, 0.4, 75.0
# For all words of one search; for a single one, rather than weigh nothing.
BUDGET, LAST = 10_000.0, 50_000.0


def affordable(words: Iterable[Words]) -> Callable[[Words], bool]:
    """Tells which of these words, phrases and beginnings are worth weighing, asked of the database once."""
    words = list(words)
    parts = sorted({part for one in words if not one.prefix for part in one.words})
    if len(parts) == len(words) == 1:
        return lambda one: True
    total, rows = rows_with(parts)
    if total <= SMALL:
        return lambda one: True
    costs = sorted((_cost(one, rows), _common(one, rows, total), number) for number, one in enumerate(words))
    rare = [cost for cost in costs if not cost[1]]
    left = BUDGET
    taken: set[Words] = set()
    # A word in more than half of all rows weighs nothing beside another one.
    for cost, _, number in rare or costs[:1]:
        if cost <= left or (not taken and cost <= LAST):
            taken.add(words[number])
            left -= cost
    return lambda one: one in taken


def _cost(one: Words, rows: dict[str, float]) -> float:
    if one.prefix:
        return _PAGE * pages(one.words[-1])
    each = [rows[part] for part in one.words]
    return _ROW * each[0] if len(each) == 1 else _PHRASE * min(each)


def _common(one: Words, rows: dict[str, float], total: int) -> bool:
    return not one.prefix and len(one.words) == 1 and rows[one.words[0]] > total / 2


def rows_with(words: Sequence[str], probe: int = _PROBE) -> tuple[int, dict[str, float]]:
    """About how many articles there are, and how many have each word; exact for those that fewer than `probe` have."""
    newest = (
        f"SELECT count(*), min(rowid) FROM (SELECT rowid FROM {ARTICLES.name} "  # noqa: S608 our own names
        f"WHERE {ARTICLES.name} MATCH %s ORDER BY rowid DESC LIMIT {probe})"
    )
    everything = f"SELECT 0, coalesce(max(id), 0) FROM {ARTICLES.table}"  # noqa: S608 our own name
    with connection.cursor() as cursor:
        # A query holds 32 words, so the statement is no longer than SQLite allows.
        cursor.execute(" UNION ALL ".join([everything, *[newest] * len(words)]), [f'"{word}"' for word in words])
        (_, total), *found = cursor.fetchall()
    return total, {
        word: float(number) if number < probe else number * total / (total - lowest + 1)
        for word, (number, lowest) in zip(words, found, strict=True)
    }


def pages(beginning: str, index: Index = ARTICLES) -> int:
    """About how many of the index's pages hold words that begin like that: FTS5 merges all of them."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", beginning.casefold()) if not unicodedata.combining(c))
    # A stemmer may take the end off; FTS5's own index has a 0 before each word.
    first = f"0{folded[:4]}".encode()
    table = f"{index.name}_idx"
    of_segment = f"SELECT pgno / 2 FROM {table} WHERE segid = s.segid"  # noqa: S608 our own name
    with connection.cursor() as cursor:
        cursor.execute(
            # Of each segment, the page where the beginning may start and the one behind its last word.
            f"""WITH RECURSIVE s(segid) AS (SELECT min(segid) FROM {table} UNION ALL
                SELECT (SELECT min(segid) FROM {table} WHERE segid > s.segid) FROM s WHERE s.segid IS NOT NULL)
            SELECT sum(coalesce(({of_segment} AND term >= %s ORDER BY term LIMIT 1),
                    ({of_segment} ORDER BY term DESC LIMIT 1) + 1)
                - coalesce(({of_segment} AND term <= %s ORDER BY term DESC LIMIT 1), 1))
            FROM s WHERE segid IS NOT NULL""",  # noqa: S608 our own names
            [first + b"\xff", first],
        )
        return int(cursor.fetchone()[0] or 0)
