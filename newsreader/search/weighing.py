"""How well texts answer a question: by its words, by how near they stand, and by the words that the best texts share.

Words: BM25 (S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework, 2009). Beginnings: news say first what
they are about, so a word counts for more in the first sentences. Nearness: neighbours in the question count for more
side by side, and within eight words (the sequential dependence model of D. Metzler, W. B. Croft, A Markov Random Field
Model for Term Dependencies, 2005, with its weights 0.85, 0.10, 0.05). Shared words: relevance models (V. Lavrenko,
W. B. Croft, Relevance-Based Language Models, 2001), mixed with the question by halves (RM3: N. Abdul-Jaleel et al.,
UMass at TREC 2004). Pure.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# title, standfirst, byline, text: a word in the title says more than one in the standfirst, that more than in the text.
WEIGHTS = (8.0, 4.0, 2.0, 1.0)
K1, B = 1.6, 0.75
# How rare a word is says less than in proportion, else one rare word that is met by the way outweighs all others.
TEMPER = 0.7
SIDE_BY_SIDE, NEAR, WINDOW = 0.10 / 0.85, 0.05 / 0.85, 8
# News say first what they are about: a word counts for more in a text's first sentences, e times less each LEAD words.
LEAD = 50
# Texts and words that the question is joined by, how much of the whole they are; no word in more than a tenth of all.
BEST, SHARED, SHARE, COMMON = 10, 20, 0.5, 0.1
# Places of one field lie in a stretch of their own, so that the end of one is far from the beginning of the next.
FIELD = 1 << 24


@dataclass(frozen=True, slots=True)
class Text:
    """A text of `length` words and the places where its words stand, ascending; those of field n begin at n * FIELD."""

    key: int
    length: int
    places: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Scale:
    """What words are weighed by: the weights of fields, the length of an average text, and how rare each word is."""

    fields: Sequence[float]
    length: float
    rarity: Mapping[str, float]

    def words(self, words: Mapping[str, float], text: Text) -> float:
        """BM25 of words with weights."""
        return sum(weight * self._one(word, text) for word, weight in words.items())

    def nearness(self, question: Sequence[str], text: Text) -> float:
        """What neighbours of the question that stand near each other add."""
        score = 0.0
        for one, other in pairwise(question):
            if one != other and one in text.places and other in text.places:
                side, near = _together(text.places[one], text.places[other])
                rarity = self.rarity.get(one, 0.0) + self.rarity.get(other, 0.0)  # as if they were independent
                score += rarity * (SIDE_BY_SIDE * self._saturated(side, text) + NEAR * self._saturated(near, text))
        return score

    def leading(self, words: Iterable[str], text: Text) -> float:
        """What words say by standing near the beginning of the text, its last field, or in a field before it."""
        begin = (len(self.fields) - 1) * FIELD
        return sum(
            self.rarity.get(word, 0.0) * math.exp(min(0, begin - text.places[word][0]) / LEAD)
            for word in words
            if text.places.get(word)
        )

    def most(self, words: Collection[str]) -> float:
        """About as much as any text can score for these words."""
        return (K1 + 2) * sum(self.rarity.get(word, 0.0) for word in words)

    def _one(self, word: str, text: Text) -> float:
        places = text.places.get(word)
        if not places:
            return 0.0
        often = sum(self.fields[place // FIELD] for place in places)
        return self.rarity.get(word, 0.0) * self._saturated(often, text)

    def _saturated(self, often: float, text: Text) -> float:
        return often * (K1 + 1) / (often + K1 * (1 - B + B * text.length / self.length)) if often else 0.0


def rarity(rows: float, total: float) -> float:
    """How much a word says that so many rows of all have; never less than nothing."""
    return float(math.log(1 + (max(total, rows) - rows + 0.5) / (rows + 0.5)) ** TEMPER)


def scores(question: Sequence[str], texts: Sequence[Text], scale: Scale) -> dict[int, float]:
    """By key, how well each text answers."""
    words = dict.fromkeys(question, 1.0)
    return {
        text.key: scale.words(words, text) + scale.nearness(question, text) + scale.leading(words, text)
        for text in texts
    }


def shared(
    best: Sequence[tuple[Text, float]], rows: Callable[[Sequence[str]], Mapping[str, float]], total: float
) -> dict[str, float]:
    """The words that those texts (with scores) share, weights adding up to 1. `rows` tells how many rows have each."""
    weights: dict[str, float] = defaultdict(float)
    for text, score in best:
        counts = {word: len(places) for word, places in text.places.items() if 2 <= len(word) <= 20 and word.isalpha()}
        whole = sum(counts.values())
        for word, number in counts.items():
            weights[word] += score * number / whole
    likely = sorted(weights, key=lambda word: (-weights[word], word))[: 3 * SHARED]
    having = rows(likely)
    chosen = [word for word in likely if 0 < having.get(word, 0) <= COMMON * total][:SHARED]
    whole_weight = sum(weights[word] for word in chosen)
    return {word: weights[word] / whole_weight for word in chosen}


def _together(one: Sequence[int], other: Sequence[int]) -> tuple[int, int]:
    """How often the second stands right behind the first, and how often within WINDOW words of it."""
    side = near = 0
    for place in one:
        after = bisect_left(other, place + 1)
        if after < len(other) and other[after] < place + WINDOW:
            near += 1
            side += other[after] == place + 1
        elif after and other[after - 1] > place - WINDOW:
            near += 1
    return side, near
