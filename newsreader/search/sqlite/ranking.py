"""What SQLite's articles are ranked by: the phrases and weights that are put to FTS5's bm25 for a plan. Pure.

bm25 reads the whole list of rows of each phrase it weighs, to know how rare it is, and so not every phrase is worth it.
"""

from collections.abc import Callable

from newsreader.core.asked import Words
from newsreader.search.plan import Plan
from newsreader.search.results import Kind
from newsreader.search.sqlite.fts import expression, words_of


def ranked(asked: Plan, kind: Kind, affordable: Callable[[Words], bool]) -> str:
    """An expression that every row with all the words matches, in FTS5's language; "" where nothing can be weighed.

    `affordable` tells whether the list of a word, phrase or beginning is short enough to be read for it.
    """
    nodes = [node for node in asked.wanted if all(map(affordable, words_of(Plan((node,), (), None))))]
    return " AND ".join(expression(node, kind) for node in nodes)
