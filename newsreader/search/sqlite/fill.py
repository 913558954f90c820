"""What fills a page in SQLite (see `filling`): FTS5 proposes rows that have any of the rarer words, best first.

It weighs about BUDGET rows for that, from the rarest word on, and where all words are common the newest rows: so it
takes no longer among a million articles. Of a reader's passages and notes the newest are proposed, and how rare a word
is in them is told from themselves: their order says nothing of other readers'.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from newsreader.core.asked import All, Node, Words, conjunction, disjunction, leaves
from newsreader.search import filling, weighing
from newsreader.search.filling import MOST, Question
from newsreader.search.forms import asked_for
from newsreader.search.results import Found, Kind
from newsreader.search.sqlite import costs
from newsreader.search.sqlite.fts import SHAPES, expression
from newsreader.search.sqlite.index import ARTICLES
from newsreader.search.sqlite.matches import Matches
from newsreader.search.sqlite.splitting import Split, terms
from newsreader.search.sqlite.vocabulary import Forms
from newsreader.search.weighing import FIELD, Text

BUDGET = 10_000  # rows that FTS5 weighs: some 10 ms
READ = 6_000  # code points of a text whose words are weighed: some thousand words
_OWN = 300  # of a reader's own passages or notes, the newest
# Rows with a word of the question, or with one that the best share, are counted up to here, else estimated.
_COUNTED, _FEWER = 1_000, 200


def fill(
    kind: Kind,
    question: Question,
    forms: Node | None,
    matches: Callable[[Node], Matches],
    whole: Sequence[int],
) -> list[Found]:
    """Rows with most of the words that the reader may see, best first, among them those keys, which have all.

    `forms` is the query with the forms of its words; `matches` makes the rows of a query: what the reader may see
    stands in its statements.
    """
    asked = Asked.of(question.words, forms)
    proposed = _proposed(kind, question, asked, matches, MOST + len(whole)) if asked.forms else []
    keys = list(dict.fromkeys([*whole, *proposed]))[: MOST + len(whole)]
    with closing(Rows(kind, asked, keys)) as rows:
        return filling.ordered(list(asked.forms), keys, rows, widened=kind == "articles", whole=whole)


def lacking(kind: Kind, question: Question, forms: Node | None, keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Which words those rows are without, in any form, as they were typed."""
    lacks: dict[int, tuple[str, ...]] = dict.fromkeys(keys, ())
    name, listed = SHAPES[kind].index.name, json.dumps(list(keys))
    for own in Asked.of(question.words, forms).forms.values():
        wanted = expression(_any_of([own], None), kind)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {name} WHERE {name} MATCH %s AND rowid IN (SELECT value FROM json_each(%s))",  # noqa: S608
                [wanted, listed],
            )
            having = {key for (key,) in cursor.fetchall()}
        lacks.update((key, (*words, own[0].text)) for key, words in lacks.items() if key not in having)
    return lacks


@dataclass(frozen=True)
class Asked:
    """The words of a question by the term that the index has for each, with their forms in the library's languages."""

    forms: dict[str, tuple[Words, ...]]
    terms: dict[str, str]  # of each form -> of the word itself

    @classmethod
    def of(cls, words: Sequence[Words], root: Node | None) -> "Asked":
        nodes = root.nodes if isinstance(root, All) else ()
        known = {forms[0]: forms for node in nodes if isinstance(node, Forms) and (forms := _leaves(node))}
        each = [known.get(word, (word,)) for word in words]
        flat = [form.text for forms in each for form in forms]
        indexed = dict(zip(flat, terms(flat), strict=True))
        found = cls({}, {})
        for forms in each:
            if own := indexed[forms[0].text]:
                found.forms.setdefault(own, forms)
                for form in forms:
                    found.terms.setdefault(indexed[form.text] or own, own)
        return found

    @cached_property
    def counted(self) -> tuple[float, dict[str, float]]:
        """About how many articles there are, and how many have each word in any of its forms."""
        texts = sorted({form.text for forms in self.forms.values() for form in forms})
        total, rows = costs.rows_with(texts, _COUNTED)
        return total, {term: min(total, sum(rows[form.text] for form in forms)) for term, forms in self.forms.items()}


class Rows:
    """Rows of one kind by their keys, as `filling` looks at them (a filling.Rows). To be closed."""

    def __init__(self, kind: Kind, asked: Asked, keys: Sequence[int]) -> None:
        self._asked = asked
        self._articles = kind == "articles"
        self.fields: Sequence[float] = weighing.WEIGHTS if self._articles else (1.0,)
        self._texts = _texts(kind, keys)
        self._split = Split(self._texts.items(), len(self.fields))

    def close(self) -> None:
        self._split.close()

    def texts(self, keys: Sequence[int], words: Iterable[str] | None) -> list[Text]:
        """Those rows with the places of these words, or of all their words."""
        there = [key for key in keys if key in self._texts]
        if words is None:
            with closing(Split(((key, self._texts[key]) for key in there), len(self.fields))) as split:
                found = split.places(None, FIELD)
        else:
            found = self._split.places(self._terms(words), FIELD)
        return [Text(key, _words(self._texts[key]), self._named(found.get(key, {}))) for key in there]

    def having(self, words: Sequence[str]) -> Mapping[str, float]:
        """In how many rows each word stands, about; a word that can't be asked for is in none."""
        if not self._articles:
            found = [text.places for text in self.texts(list(self._texts), words)]
            return {word: float(sum(word in places for places in found)) for word in words}
        _, known = self._asked.counted
        typed = {word: asked_for(word) for word in words if word not in known}
        _, rows = costs.rows_with(sorted({text for text in typed.values() if text}), _FEWER)
        return {**known, **{word: rows.get(text, 0.0) for word, text in typed.items()}}

    @cached_property
    def total(self) -> float:
        return self._asked.counted[0] if self._articles else float(len(self._texts))

    @cached_property
    def length(self) -> float:
        """How many words an average article has; of highlights, their own tell."""
        return _average_length() if self._articles else 0.0

    def _terms(self, words: Iterable[str]) -> set[str]:
        """The words and the forms of those among them that are in the question."""
        wanted = set(words)
        return wanted | {term for term, own in self._asked.terms.items() if own in wanted}

    def _named(self, places: Mapping[str, list[int]]) -> Mapping[str, Sequence[int]]:
        """The places of a word's forms as its own."""
        found: dict[str, list[int]] = {}
        for term, stands in places.items():
            own = self._asked.terms.get(term, term)
            found[own] = sorted(found[own] + stands) if own in found else stands
        return found


def _proposed(
    kind: Kind, question: Question, asked: Asked, matches: Callable[[Node], Matches], limit: int
) -> Sequence[int]:
    """Keys of rows with some of the words that the reader may see: of articles the best, of highlights the newest."""
    if kind != "articles":
        return matches(_any_of(asked.forms.values(), question.required)).some(_OWN)
    words, low = _affordable(*asked.counted)
    rows = matches(_any_of([asked.forms[word] for word in words], question.required))
    name, weights = rows.shape.index.name, ", ".join(map(str, weighing.WEIGHTS))
    try:
        allowed, theirs = rows.allowed.filter(pk=RawSQL(f"{name}.rowid", [])).query.sql_with_params()  # noqa: S611 our own name
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        # Ordered by `rank`, FTS5 sorts by itself, and permission is asked only for as many rows as are taken.
        cursor.execute(
            f"SELECT rowid FROM {name} WHERE {name} MATCH %s AND rank MATCH %s AND rowid > %s AND EXISTS ({allowed}) "  # noqa: S608
            f"ORDER BY rank LIMIT {limit}",
            [rows.wanted, f"bm25({weights})", low, *theirs],
        )
        return [key for (key,) in cursor.fetchall()]


def _affordable(total: float, having: Mapping[str, float]) -> tuple[list[str], int]:
    """The words that rows are looked for by, the rarest first, and the key from which on (0: all)."""
    spent, words = 0.0, list[str]()
    for rows, word in sorted((rows, word) for word, rows in having.items()):
        if spent and spent + rows > BUDGET:
            break
        words.append(word)
        spent += rows
    return words, round(total * (1 - BUDGET / spent)) if spent > BUDGET else 0


def _any_of(words: Iterable[tuple[Words, ...]], required: Node | None) -> Node:
    """What has any of the words in any form, and all that is required."""
    either = disjunction([form for forms in words for form in forms])
    return conjunction([node for node in (either, required) if node]) or All(())


def _leaves(node: Node) -> tuple[Words, ...]:
    return tuple(leaf for leaf in leaves(node) if isinstance(leaf, Words))


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _texts(kind: Kind, keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """By key, what is searched in each row; of a long text the beginning."""
    index = SHAPES[kind].index
    names = index.columns if kind == "articles" else SHAPES[kind].shown
    columns = ", ".join(f"substr({name}, 1, {READ})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {columns} FROM {index.table} WHERE id IN (SELECT value FROM json_each(%s))",  # noqa: S608 our own
            [json.dumps(list(keys))],
        )
        return {key: tuple(texts) for key, *texts in cursor.fetchall()}


def _average_length() -> float:
    """Words of an average article, as FTS5 keeps it: the number of rows and of the words in each column, as varints."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT block FROM {ARTICLES.name}_data WHERE id = 1")  # noqa: S608 our own name
        row = cursor.fetchone()
    numbers, number = [], 0
    for byte in row[0] if row else b"":
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    rows, *words = numbers or [0]
    return sum(words) / rows if rows else 0.0
