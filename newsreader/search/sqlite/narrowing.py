"""Where to begin in SQLite when results have to fit sources and topics: with the one that has fewest articles.

SQLite keeps no statistics unless it is told to, and would read every article of a source to see which are in a topic,
or every article there is. What files an article is small and indexed, so it is asked first, and the article last.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from newsreader.core.asked import Filter
from newsreader.search.labels import Labels

_COUNTED = 10_000  # filings; of two that have so many, either may be the one to begin with


def from_rarest(labels: Labels, asked: Sequence[Filter]) -> QuerySet[Any] | None:
    """What files the articles that have all of these, of the rarest of them; None where nothing is asked for."""
    filings = [labels.filings(one.name, one.value) for one in asked]
    if not filings:
        return None
    sizes = _sizes(labels, asked) if len(asked) > 1 else [0]
    first, *others = (rows for _, _, rows in sorted(zip(sizes, range(len(asked)), filings, strict=True)))
    for rows in others:
        first = first.filter(Exists(rows.filter(article=OuterRef("article"))))
    return first


def _sizes(labels: Labels, asked: Sequence[Filter]) -> list[int]:
    """How many filings each has; _COUNTED at most."""
    counts = []
    for one in asked:
        keys = labels.meant(one.name, one.value)
        few = f"{one.name}_id IN ({', '.join(map(str, keys))})" if isinstance(keys, list) else "true"
        counts.append(f"SELECT 1 FROM articles_article_{one.name}s WHERE {few} LIMIT {_COUNTED}")  # noqa: S608 our own
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM ({one})" for one in counts))  # noqa: S608 our own
        return [number for (number,) in cursor.fetchall()]
