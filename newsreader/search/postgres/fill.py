"""What fills a page in PostgreSQL (see `filling`): the index proposes rows that have any of the rarer words.

It weighs about BUDGET rows for that, from the rarest word on, the newest of them where there are more. Vectors say
where words stand, so no text is split again. How rare a word is in a reader's passages and notes is told from
themselves: their order says nothing of other readers'.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from newsreader.core.asked import Query, Words, conjunction, disjunction
from newsreader.search import filling, weighing
from newsreader.search.filling import MOST, Question
from newsreader.search.postgres.library import Library
from newsreader.search.postgres.matches import SIZES, TABLES, Matches, rows_of
from newsreader.search.postgres.words import Lexemes, quoted
from newsreader.search.results import Found, Kind
from newsreader.search.weighing import FIELD, Text

BUDGET = 3_000  # rows whose vectors are read: some 30 ms


def fill(kind: Kind, question: Question, matches: Callable[[Query], Matches], whole: Sequence[int]) -> list[Found]:
    """Rows with most of the words that the reader may see, best first, among them those keys, which have all."""
    every = matches(Query(conjunction([*question.words, *([question.required] if question.required else [])])))
    asked = {place[0]: word for word in question.words if (place := _place(every.lexemes, word))}
    most = MOST + len(whole)
    keys = list(dict.fromkeys([*whole, *_proposed(question, every, asked, matches, most)]))[:most]
    rows = Rows(every, asked, keys)
    return filling.ordered(list(asked), keys, rows, widened=kind == "articles", whole=whole)


def lacking(rows: Matches, question: Question, keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Which words those rows are without, in any stemming, as they were typed."""
    lexemes = Lexemes.of(question.words, rows.library.stemmers)
    terms = [lexemes.query(word, rows.kind) for word in question.words]
    had = ", ".join(["search_vector @@ %s::tsquery"] * len(terms))
    found = rows_of(f"SELECT id, {had} FROM {rows.table} WHERE id = ANY(%s)", [*terms, list(keys)])  # noqa: S608 our own
    return {
        key: tuple(word.text for word, has in zip(question.words, each, strict=True) if not has) for key, *each in found
    }


def _proposed(
    question: Question, every: Matches, asked: Mapping[str, Words], matches: Callable[[Query], Matches], most: int
) -> list[int]:
    """Keys of rows with some of the words that the reader may see."""
    rarer = _rarer(every, asked) if asked else None
    likely = matches(Query(conjunction([node for node in (question.required, rarer) if node])))
    likely.lexemes = every.lexemes
    return likely.proposed(list(asked.values()), BUDGET, most) if rarer and likely.asked.wanted else []


def _place(lexemes: Lexemes, word: Words) -> tuple[str, ...]:
    """What a word is in each language's stemming."""
    places = lexemes.places[word.text]
    return places[0] if len(places) == 1 else ()


def _rarer(whole: Matches, asked: Mapping[str, Words]) -> Words | None:
    """Any of the words that rows are proposed by: from the rarest on, as many as the budget holds."""
    if whole.kind != "articles":  # articles tell nothing of the words of notes, and a reader's own are few
        return disjunction(list(asked.values()))  # type: ignore[return-value]
    having = _having(whole.library, whole.lexemes, asked)
    chosen: list[Words] = []
    left = float(BUDGET)
    # What no row has proposes none, and must not be all that there is.
    for term in sorted((term for term in asked if having[term]), key=lambda term: (having[term], term)):
        left -= having[term]
        if left < 0 and chosen:
            break
        chosen.append(asked[term])
    return disjunction(list(chosen))  # type: ignore[return-value]


def _having(library: Library, lexemes: Lexemes, asked: Mapping[str, Words]) -> dict[str, float]:
    numbers = library.having([(lexemes.words(word, ""), lexemes.places[word.text]) for word in asked.values()])
    return dict(zip(asked, map(float, numbers), strict=True))


class Rows:
    """Rows of one kind by their keys, as `filling` looks at them (a filling.Rows)."""

    def __init__(self, whole: Matches, asked: Mapping[str, Words], keys: Sequence[int]) -> None:
        self._whole, self._asked, self._keys = whole, asked, keys
        self._articles = whole.kind == "articles"
        self.fields: Sequence[float] = weighing.WEIGHTS if self._articles else (1.0,)
        # In whichever language's stemming a row has a word, it is the word that was asked for.
        self._own = {form: term for term, word in asked.items() for form in _place(whole.lexemes, word)}

    def texts(self, keys: Sequence[int], words: Iterable[str] | None) -> list[Text]:
        """Those rows with the places of these words, or of all their words."""
        fields = {"articles": "ABCD", "passages": "A", "notes": "B"}[self._whole.kind]
        lengths: dict[int, int] = {}
        places: dict[int, dict[str, list[int]]] = {}
        for key, length, word, positions, weights in self._places(keys, words):
            lengths[key] = length
            mine = places.setdefault(key, {}).setdefault(self._own.get(word, word), [])
            mine += [
                fields.index(weight) * FIELD + place
                for place, weight in zip(positions or (), weights or (), strict=True)
                if weight in fields
            ]
        found = [Text(key, lengths[key], {word: sorted(at) for word, at in its.items()}) for key, its in places.items()]
        return sorted(found, key=lambda text: keys.index(text.key))

    def having(self, words: Sequence[str]) -> Mapping[str, float]:
        """In how many rows each word stands, about."""
        if not self._articles:
            there = [text.places for text in self.texts(self._keys, words)]
            return {word: float(sum(word in places for places in there)) for word in words}
        others = [word for word in words if word not in self._asked]
        numbers = self._whole.library.having([(quoted(word), ((word,),)) for word in others])
        return self._counted | dict(zip(others, map(float, numbers), strict=True))

    @cached_property
    def _counted(self) -> dict[str, float]:
        return _having(self._whole.library, self._whole.lexemes, self._asked)

    @property
    def total(self) -> float:
        return float(self._whole.library.articles if self._articles else len(self._keys))

    @property
    def length(self) -> float:
        """How many words an average article has; of highlights, their own tell."""
        return self._whole.library.length if self._articles else 0.0

    def _places(
        self, keys: Sequence[int], words: Iterable[str] | None
    ) -> list[tuple[int, int, str, list[int], list[str]]]:
        forms = None if words is None else self._forms(set(words))
        size = SIZES[self._whole.kind] if self._articles else "length(search_vector)"
        return rows_of(
            f"SELECT id, {size}, lexeme, positions, weights FROM {TABLES[self._whole.kind]}, unnest(search_vector) "  # noqa: S608
            f"WHERE id = ANY(%s) {'' if forms is None else 'AND lexeme = ANY(%s)'}",
            [list(keys)] if forms is None else [list(keys), forms],
        )

    def _forms(self, words: set[str]) -> list[str]:
        return [form for form, term in self._own.items() if term in words] + [
            word for word in words if word not in self._asked
        ]
