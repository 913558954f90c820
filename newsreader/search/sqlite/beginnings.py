"""Beginnings of words that very many words in SQLite's index have: the commonest of them are looked for instead.

FTS5 merges the lists of all words with a beginning before it answers, which takes seconds for `a*` in a large library.
How many pages of its index that is tells the index itself, at once. From MOST on, words that begin so are read off the
newest texts: each of them is common there, and a search shows the newest rows first in any case.
"""

import re
import unicodedata
from collections import Counter
from functools import cached_property

from django.db.models.functions import Left

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.asked import All, Any, Node, Not, Words, leaves
from newsreader.search.results import Someone
from newsreader.search.sqlite import costs
from newsreader.search.sqlite.index import ARTICLES, HIGHLIGHTS
from newsreader.search.sqlite.vocabulary import Forms

MOST = 80  # pages of 4 KB, some 5 ms each time that it is looked up
TEXTS, LENGTH = 100, 4_000  # the newest that are read, and how far, in code points
WORDS, ALL_WORDS = 12, 24  # that stand for a beginning, for all beginnings of a query


def bounded(root: Node | None, user: Someone) -> Node | None:
    """The query with the commonest words in place of beginnings that are too common."""
    number = sum(1 for leaf in leaves(root) if isinstance(leaf, Words) and leaf.prefix)
    return _Bounded(user, min(WORDS, max(2, ALL_WORDS // number))).of(root) if root and number else root


class _Bounded:
    """One query of one reader, whose newest texts are read once however many beginnings it has."""

    def __init__(self, user: Someone, most: int) -> None:
        self._user, self._most = user, most

    def of(self, node: Node) -> Node:
        match node:
            case Words() if node.prefix and len(node.words) == 1 and not node.signed and _too_common(node.words[0]):
                words = self._commonest(node.words[0])
                return Forms(tuple(Words(word, field=node.field) for word in words)) if words else node
            case Not(inner):
                return Not(self.of(inner))
            case All(nodes):
                return All(tuple(self.of(inner) for inner in nodes))
            case Any(nodes):
                return type(node)(tuple(self.of(inner) for inner in nodes))
        return node

    def _commonest(self, beginning: str) -> list[str]:
        """The words that begin so in the newest texts that the reader may see, the commonest first."""
        # Spaces alone begin a word here: a search for letters is fast, and what is common stands behind one somewhere.
        found = Counter(re.findall(f" {re.escape(_folded(beginning))}[^\\W_]*", self._newest))
        return [word[1:] for word, _ in found.most_common(self._most)]

    @cached_property
    def _newest(self) -> str:
        articles = Article.objects.visible_to(self._user).order_by("-pk")
        texts = list(articles.values_list(Left("text", LENGTH), flat=True)[:TEXTS])
        marks = Highlight.objects.of(self._user).live().order_by("-pk")
        for two in (articles.values_list("title", "standfirst"), marks.values_list("exact", "note")):
            texts += [text for both in two[:TEXTS] for text in both]
        return " ".join(["", *map(_folded, texts)]).replace("\n", " ")


def _too_common(beginning: str) -> bool:
    return sum(costs.pages(beginning, index) for index in (ARTICLES, HIGHLIGHTS)) > MOST


def _folded(text: str) -> str:
    """In small letters without accents, as the index has it."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
