"""BM25 in PostgreSQL, whose own ranks know no document frequencies.

S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), as SQLite's FTS5 counts it: a
word's places, each with the weight of its field, saturate; a rare word says more than a common one; a long text has
more of every word. `ts_rank_cd` of one term sums the weights of its places: each is a cover of itself (source:
calc_rank_cd in PostgreSQL's tsrank.c).
"""

import math
from collections.abc import Sequence
from typing import Any as Anything

from newsreader.core.asked import Words
from newsreader.search.postgres.library import Library
from newsreader.search.postgres.words import WEIGHTS as WEIGHTS_OF
from newsreader.search.postgres.words import Lexemes
from newsreader.search.results import Kind
from newsreader.search.weighing import WEIGHTS

K1, B = 1.2, 0.75
# Of D, C, B and A: what a word says in the text, the byline, the standfirst and the title.
FIELDS: dict[Kind, tuple[float, ...]] = {
    "articles": (WEIGHTS[3], WEIGHTS[2], WEIGHTS[1], WEIGHTS[0]),
    "passages": (0.0, 0.0, 0.0, 1.0),
    "notes": (0.0, 0.0, 1.0, 0.0),
}


def score(words: Sequence[Words], kind: Kind, lexemes: Lexemes, library: Library) -> tuple[str, list[Anything]]:
    """SQL for how well a row (`vector`, and `size`: words of an article, code points else) answers, with parameters."""
    asked = {lexemes.words(one, WEIGHTS_OF[kind][one.field]): one for one in words}
    if kind != "articles":
        # As SQLite ranks them: how much of them the words are, and so by nothing of other readers'.
        hits = " + ".join([_places(kind)] * len(asked))
        share = "hits * 2.2 / (hits + 0.3 + 0.9 * size / 200.0)"
        return f"(SELECT {share} FROM (SELECT {hits} AS hits) AS found)", [*asked]  # noqa: S608 our own names
    rarities = _rarities(asked, lexemes, library)
    length = f"{K1} * ({1 - B} + {B / library.length} * size)"
    parts = [f"{rarity * (K1 + 1)} * (1 - {length} / ({_places(kind)} + {length}))" for rarity in rarities]
    return " + ".join(parts), [*asked]


def _places(kind: Kind) -> str:
    """SQL for the weighted number of places of a term. PostgreSQL takes no weight above 1."""
    most = max(FIELDS[kind])
    fields = ",".join(f"{weight / most}" for weight in FIELDS[kind])
    return f"{most} * ts_rank_cd('{{{fields}}}', vector, %s::tsquery)"


def _rarities(asked: dict[str, Words], lexemes: Lexemes, library: Library) -> list[float]:
    """How much each term says (idf), next to nothing in more than half of all articles. Alone, it needs no weight."""
    if len(asked) == 1:
        return [1.0]
    # Without weights of fields the index alone counts them.
    having = library.having([(lexemes.words(one, ""), lexemes.places[one.text]) for one in asked.values()])
    return [max(1e-6, math.log((max(library.articles, number) - number + 0.5) / (number + 0.5))) for number in having]
