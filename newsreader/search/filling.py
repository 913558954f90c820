"""A page where too few rows have all the words: those, and rows with most of what the words say, best first. Pure.

Words side by side in the query become optional; phrases, beginnings, filters, fields, OR and what must not occur
stay as they are. A database proposes rows by its own index and reads their words; the order is made here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from newsreader.core.asked import All, Node, Words, conjunction
from newsreader.search import weighing
from newsreader.search.results import Found
from newsreader.search.weighing import BEST, SHARE, Scale, Text

# Rows that are looked at; behind them, words are so few or so common that nobody finds anything.
MOST = 100
# The best rows by the question's own words stay in front: who looks for one text is not led away by what others share.
KEPT = 2
# What it counts to have all the words, beside what each word counts: so many of an average one.
WHOLE = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """The words that a row may do without, in order, each alone, and what it must have all the same."""

    words: tuple[Words, ...]
    required: Node | None


def question(root: Node | None, apart: Callable[[Words], bool]) -> Question | None:
    """What of a query is optional; None where fewer than two words are. Words that are `apart` are not."""
    nodes = root.nodes if isinstance(root, All) else (root,) if root else ()
    optional = [
        node
        for node in nodes
        if isinstance(node, Words) and not (node.phrase or node.prefix or node.field or apart(node))
    ]
    words = tuple(dict.fromkeys(Words(word) for node in optional for word in node.words))
    if len({word.text.casefold() for word in words}) < 2:
        return None
    return Question(words, conjunction([node for node in nodes if node not in optional]))


class Rows(Protocol):
    """The rows that a database proposes for one reader."""

    @property
    def fields(self) -> Sequence[float]:
        """What a word weighs in each field."""

    def texts(self, keys: Sequence[int], words: Iterable[str] | None) -> list[Text]:
        """Those rows with the places of these words, or of all their words."""

    def having(self, words: Sequence[str]) -> Mapping[str, float]:
        """How many rows of all have each of the words, about."""

    @property
    def total(self) -> float:
        """How many rows there are, about."""

    @property
    def length(self) -> float:
        """How many words an average row has; 0 where that is to be told from the rows themselves."""


def ordered(
    asked: Sequence[str], keys: Sequence[int], rows: Rows, *, widened: bool, whole: Collection[int] = ()
) -> list[Found]:
    """The rows, best first; `widened`: by the words that the best ones share, too.

    `asked` are the words of the question as `rows` knows them, in order. Rows that are `whole` have all of them: where
    there are any, nothing is shared, and none is left out.
    """
    asked = list(dict.fromkeys(asked))
    texts = rows.texts(keys, asked)
    length = rows.length or sum(text.length for text in texts) / max(1, len(texts))
    having = rows.having(asked)
    rarity = {word: weighing.rarity(having.get(word, 0), rows.total) for word in asked}
    scale = Scale(rows.fields, max(1.0, length), rarity)
    scores = dict.fromkeys(whole, 0.0) | weighing.scores(asked, texts, scale)
    for key in whole:
        scores[key] += WHOLE * sum(rarity.values()) / max(1, len(asked))
    found = sorted(scores, key=lambda key: (-scores[key], -key))
    # The order may be another one than that of the scores, but they go down as it does, so that kinds can be merged.
    steps = [scores[key] / (scale.most(asked) or 1.0) for key in found]
    if widened and texts and not whole:
        wider = _widened(scores, found[:BEST], len(asked), rows, scale)
        found[KEPT:] = sorted(found[KEPT:], key=lambda key: (-wider[key], -key))
    return [Found(key, step, (key,)) for key, step in zip(found, steps, strict=True)]


def _widened(scores: dict[int, float], best: list[int], number: int, rows: Rows, scale: Scale) -> dict[int, float]:
    """The scores, by a question of `number` words, joined by those for the words that the best rows share."""
    whole = [(text, scores[text.key]) for text in rows.texts(best, None)]
    having: dict[str, float] = {}

    def counted(words: Sequence[str]) -> Mapping[str, float]:
        having.update(rows.having(words))
        return having

    words = weighing.shared(whole, counted, rows.total)
    wider = Scale(scale.fields, scale.length, {word: weighing.rarity(having[word], rows.total) for word in words})
    texts = {text.key: text for text in rows.texts(list(scores), words)}
    return {
        key: (1 - SHARE) * score / number + SHARE * (wider.words(words, texts[key]) if key in texts else 0.0)
        for key, score in scores.items()
    }
