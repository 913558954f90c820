"""A query's words as PostgreSQL asks for them: each in the stemming of every language that the library holds."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any as Anything

from newsreader.core.asked import All, Any, Node, Not, Words
from newsreader.replicas.router import connection_for_reads
from newsreader.search.plan import Plan
from newsreader.search.postgres.index import PREFIX, spaced
from newsreader.search.results import Kind

# The words at each place of a text, one for each way to stem it: running dogs -> (run, running), (dog, dogs).
Places = tuple[tuple[str, ...], ...]

NOTHING = "' '"  # a word that no vector has
# The weights that a field means in the vector of a kind; "" is everything that the kind is searched in.
WEIGHTS: dict[Kind, dict[str, str]] = {
    "articles": {"": "", "title": "A", "text": "BD"},
    "passages": {"": "A", "quote": "A", "note": "B"},
    "notes": {"": "B", "quote": "A", "note": "B"},
}

# What a text is in a configuration never changes, and the same words are asked for again and again.
_known: dict[tuple[str, str], Places] = {}
_MOST_KNOWN = 50_000


def stemmed(asked: Set[tuple[str, str]]) -> dict[tuple[str, str], Places]:
    """The places of each (text, stemmer); in one statement, or none where all are known."""
    if unknown := sorted(asked - _known.keys()):
        if len(_known) > _MOST_KNOWN:
            _known.clear()
            unknown = sorted(asked)
        _known.update(_asked(unknown))
    return {key: _known[key] for key in asked}


def _asked(pairs: list[tuple[str, str]]) -> dict[tuple[str, str], Places]:
    # Every text has as many places in one configuration as in another, since none passes words over.
    sql = f"""
        SELECT number, array_agg(lexeme ORDER BY place)
        FROM unnest(%s::text[], %s::regconfig[]) WITH ORDINALITY AS asked(word, configuration, number),
            unnest(to_tsvector(configuration, {spaced("word")})) AS vector, unnest(positions) AS place
        GROUP BY number"""  # noqa: S608 our own names
    with connection_for_reads().cursor() as cursor:
        cursor.execute(sql, [[text for text, _ in pairs], [f"{PREFIX}{stemmer}" for _, stemmer in pairs]])
        found: dict[int, list[str]] = dict(cursor.fetchall())
    return {pair: tuple((word,) for word in found.get(number, ())) for number, pair in enumerate(pairs, 1)}


@dataclass(frozen=True, slots=True)
class Lexemes:
    """What the words of one query are in the stemmings of one table's rows."""

    places: dict[str, Places]

    @classmethod
    def of(cls, words: Iterable[Words], stemmers: Sequence[str]) -> "Lexemes":
        texts = sorted({one.text for one in words})
        found = stemmed({(text, stemmer) for text in texts for stemmer in stemmers})
        return cls({text: _together([found[text, stemmer] for stemmer in stemmers]) for text in texts})

    def query(self, node: Node, kind: Kind) -> str:
        """A node that `plan.indexed` is true of, as the text of a tsquery."""
        match node:
            case Words():
                return self.words(node, WEIGHTS[kind][node.field])
            case Not(inner):
                return f"!{self.query(inner, kind)}"
            case All(nodes):
                return _joined([self.query(inner, kind) for inner in nodes], " & ")
            case Any(nodes):
                return _joined([self.query(inner, kind) for inner in nodes], " | ")
        raise ValueError("A vector can't be asked for that by itself.")

    def planned(self, asked: Plan, kind: Kind) -> str:
        """What the plan asks of the kind's vectors, as the text of a tsquery."""
        nodes = [*asked.wanted, *map(Not, asked.unwanted)]
        return _joined([self.query(node, kind) for node in nodes], " & ")

    def words(self, words: Words, weights: str) -> str:
        """A term: words side by side, of these weights ("" for any)."""
        places = self.places[words.text]
        if not places:
            return NOTHING
        *before, last = places
        alternatives = [[quoted(word) + (f":{weights}" if weights else "") for word in place] for place in before]
        end = f":{'*' if words.prefix else ''}{weights}"
        alternatives.append([quoted(word) + end.rstrip(":") for word in last])
        return _joined([_joined(place, " | ") for place in alternatives], " <-> ")


def _together(places: list[Places]) -> Places:
    """The same text in several stemmings: at each place, the different words."""
    return tuple(tuple(dict.fromkeys(word for (word,) in place)) for place in zip(*places, strict=False))


def _joined(parts: Sequence[str], sign: str) -> str:
    return parts[0] if len(parts) == 1 else f"({sign.join(parts)})"


def quoted(lexeme: str) -> str:
    """A word of a vector, as it stands in a tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def term_words(node: Node) -> list[Words]:
    """The words of a node that rows are found by, without those that must not occur."""
    match node:
        case Words():
            return [node]
        case All(nodes) | Any(nodes):
            return [words for inner in nodes for words in term_words(inner)]
    return []


def rows_with(table: str, query: str) -> tuple[str, list[Anything]]:
    """SQL for the keys of the rows of a table whose vector has it, with parameters."""
    return f"SELECT id FROM {table} WHERE search_vector @@ %s::tsquery", [query]  # noqa: S608 our own names
