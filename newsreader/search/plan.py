"""A query taken apart: what one full-text expression says, and what is left for conditions. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from newsreader.core.asked import All, Any, Node, Not, Words, conjunction, leaves
from newsreader.search.results import Kind

# The columns that a field means in a kind's own full-text table; "" is everything that the kind is searched in.
COLUMNS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "articles": {"": (), "title": ("title",), "text": ("standfirst", "text")},
    "passages": {"": ("exact",), "quote": ("exact",), "note": ("note",)},
    "notes": {"": ("note",), "quote": ("exact",), "note": ("note",)},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """`wanted` and `unwanted` are words that the kind's own table is asked for, at once; `rest` is asked row by row."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...]
    rest: Node | None


def plan(root: Node | None, kind: Kind, apart: Callable[[Words], bool] | None = None) -> Plan:
    """How to look for it: as much as can be in one full-text expression, which ranks and is fast.

    Words that are `apart` are no part of the expression. A word with signs (C++) is, and is asked row by row, too.
    """
    nodes = root.nodes if isinstance(root, All) else (root,) if root else ()
    whole = [node for node in nodes if not (apart and any(map(apart, _words(node))))]
    wanted = tuple(node for node in whole if indexed(node, kind))
    exact = [node for node in whole if not any(words.signed for words in _words(node))]
    unwanted = tuple(node.node for node in exact if wanted and isinstance(node, Not) and indexed(node.node, kind))
    taken = {*(node for node in wanted if node in exact), *(Not(node) for node in unwanted)}
    return Plan(wanted, unwanted, conjunction([node for node in nodes if node not in taken]))


def _words(node: Node) -> list[Words]:
    return [leaf for leaf in leaves(node) if isinstance(leaf, Words)]


def indexed(node: Node, kind: Kind) -> bool:
    """Whether the kind's full-text table can be asked for it by itself."""
    match node:
        case Words():
            return node.field in COLUMNS[kind]
        case Any(nodes):
            return all(indexed(inner, kind) for inner in nodes)
        case All(nodes):
            positive = [inner for inner in nodes if not isinstance(inner, Not)]
            negative = [inner.node for inner in nodes if isinstance(inner, Not)]
            return bool(positive) and all(indexed(inner, kind) for inner in (*positive, *negative))
    return False
