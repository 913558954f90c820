"""What a query is in the language of SQLite's FTS5, and how each kind lies in its full-text table. Pure."""

from dataclasses import dataclass

from newsreader.core.asked import All, Any, Node, Not, Words
from newsreader.search.plan import COLUMNS, Plan, indexed
from newsreader.search.results import Kind
from newsreader.search.snippets import CLOSE, OPEN
from newsreader.search.sqlite.index import ARTICLES, HIGHLIGHTS, Index
from newsreader.search.unspaced import is_unspaced


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind's full-text table, and which of its columns snippets show, the first that has a hit."""

    index: Index
    shown: tuple[str, ...]


SHAPES: dict[Kind, Shape] = {
    "articles": Shape(ARTICLES, ("text", "standfirst", "byline")),
    "passages": Shape(HIGHLIGHTS, ("exact",)),
    "notes": Shape(HIGHLIGHTS, ("note",)),
}


def written(asked: Plan, kind: Kind) -> str:
    """What the plan asks of the kind's full-text table."""
    wanted = " AND ".join(expression(node, kind) for node in asked.wanted)
    unwanted = " OR ".join(expression(node, kind) for node in asked.unwanted)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def expression(node: Node, kind: Kind) -> str:
    """One node that `plan.indexed` is true of. Every word is quoted, so none is an operator."""
    match node:
        case Words():
            columns = COLUMNS[kind][node.field]
            text = '"{}"{}'.format(node.text.replace('"', '""'), " *" if node.prefix else "")
            return f"{{{' '.join(columns)}}} : {text}" if columns else text
        case Any(nodes):
            return f"({' OR '.join(expression(inner, kind) for inner in nodes)})"
        case All(nodes):
            wanted = tuple(inner for inner in nodes if not isinstance(inner, Not))
            unwanted = tuple(inner.node for inner in nodes if isinstance(inner, Not))
            return f"({written(Plan(wanted, unwanted, None), kind)})"
    raise ValueError("A full-text table can't be asked for that by itself.")


def any_of(asked: Plan, kind: Kind) -> str:
    """Any of the words that are wanted: what is to be marked in rows that have only some."""
    others = Plan((asked.rest,), (), None) if asked.rest else asked
    words = dict.fromkeys((*words_of(asked), *words_of(others)))
    return " OR ".join(expression(one, kind) for one in words if indexed(one, kind) and not is_unspaced(one))


def words_of(asked: Plan) -> list[Words]:
    """The words, phrases and beginnings that rows may be found by, each once."""
    found: list[Words] = []
    todo = list(asked.wanted)
    while todo:
        match todo.pop(0):
            case Words() as words:
                found.append(words)
            case All(nodes) | Any(nodes):
                todo = [*nodes, *todo]
    return list(dict.fromkeys(found))


def owned_by(wanted: str, reader: int) -> str:
    """The same among one reader's own highlights: FTS5 intersects the lists, so those of others cost nothing."""
    return f'{{reader_id}} : "{reader}" AND ({wanted})'


def marked(index: Index, column: str, longest: int) -> str:
    """SQL for a column with its hits marked; of a text of more than `longest` code points, the beginning."""
    place = index.columns.index(column)
    return (
        f"CASE WHEN length({column}) > {longest} THEN substr({column}, 1, 1000) "
        f"ELSE highlight({index.name}, {place}, '{OPEN}', '{CLOSE}') END"
    )
