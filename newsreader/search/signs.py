"""Words whose signs are part of them (C++, .NET), which no index holds: their marks in a text. Pure."""

import re
from collections.abc import Iterable

from newsreader.core.asked import Node, Not, Words, leaves
from newsreader.search.snippets import CLOSE, OPEN

_PARTS = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)


def signed(nodes: Iterable[Node]) -> tuple[str, ...]:
    """The words with signs that are looked for, without those that must not occur."""
    found = (leaf for node in nodes if not isinstance(node, Not) for leaf in leaves(node))
    return tuple(dict.fromkeys(leaf.signed for leaf in found if isinstance(leaf, Words) and leaf.signed))


def with_signs(marked: str, words: Iterable[str]) -> str:
    """The marked text where hits are the words with their signs: C++ is marked whole, and a C by itself is not."""
    for word in words:
        before, core, after = (re.escape(part) for part in _PARTS.fullmatch(word).groups())  # type: ignore[union-attr]
        hit = re.compile(f"({before})?{OPEN}({core}){CLOSE}({after})?", re.IGNORECASE)

        def whole(found: re.Match[str]) -> str:
            there = found[1] is not None and found[3] is not None
            text = "".join(part or "" for part in found.groups())
            return f"{OPEN}{text}{CLOSE}" if there else text

        marked = hit.sub(whole, marked)
    return marked
