"""Blocks and leaves -> canonical HTML. Here footnotes get their ids anew, so that none collides with the page's own."""

from collections.abc import Iterator
from html import escape
from urllib.parse import unquote

from newsreader.core.leaves import common
from newsreader.core.tree import Block, Element, Leaf, Path
from newsreader.core.vocabulary import VOID

_ORDER = ("id", "href", "rel", "lang", "dir", "title", "datetime", "start", "reversed", "colspan", "rowspan", "scope")
_REL = "nofollow noopener noreferrer"
# Never top-level, so their id does not get in the way of the one that weaving gives every top-level block
_MAY_HAVE_ID = frozenset({"li", "dd", "dt", "td", "th", "figcaption"})


def write(blocks: list[Block]) -> str:
    """Canonical HTML. Only an id that an in-page link points to survives, as fn-1, fn-2 … in order of appearance."""
    for block in blocks:
        _settle_ids(block)
    writer = _Writer(*_footnotes(blocks))
    for number, block in enumerate(blocks):
        writer.out += ["\n"] if number else []
        writer.block(block)
    return "".join(writer.out)


def _settle_ids(block: Block) -> None:
    """Move the ids of a block that may not have one to its first part that may."""
    if block.ids and block.tag not in _MAY_HAVE_ID:
        if block.leaves:
            span = Element("span", ids=block.ids)
            block.leaves = [Leaf((span, *leaf.path), leaf.text) for leaf in block.leaves]
        elif block.blocks:
            block.blocks[0].ids[:0] = block.ids
        block.ids = []
    for inner in block.blocks:
        _settle_ids(inner)


def _footnotes(blocks: list[Block]) -> tuple[dict[int, str], dict[int, str]]:
    """By identity: the new id of each block or inline element that is linked to, the new address of each link."""
    owners: dict[str, Block | Element] = {}
    order: list[Block | Element] = []
    links: list[Element] = []
    seen: set[int] = set()
    for part in _parts(blocks):
        if id(part) in seen:
            continue
        seen.add(id(part))
        for name in part.ids:
            owners.setdefault(name, part)
        order.append(part)
        if isinstance(part, Element) and part.attributes.get("href", "").startswith("#"):
            links.append(part)
    targets: dict[int, Block | Element] = {}
    for link in links:
        name = link.attributes["href"][1:]
        if owner := owners.get(name) or owners.get(unquote(name)):
            targets[id(link)] = owner
    wanted = {id(owner) for owner in targets.values()}
    ids = {id(part): f"fn-{number}" for number, part in enumerate((p for p in order if id(p) in wanted), start=1)}
    return ids, {link: f"#{ids[id(owner)]}" for link, owner in targets.items()}


def _parts(blocks: list[Block]) -> Iterator[Block | Element]:
    """Blocks and inline elements in the order in which their tags are written; inline ones may come repeatedly."""
    for block in blocks:
        yield block
        for leaf in block.leaves:
            yield from leaf.path
        yield from _parts(block.blocks)


class _Writer:
    def __init__(self, ids: dict[int, str], links: dict[int, str]) -> None:
        self.out: list[str] = []
        self.ids = ids
        self.links = links

    def block(self, block: Block) -> None:
        self._tag(block.tag, block.attributes, self.ids.get(id(block), ""))
        if block.leaves:
            self._leaves(block.leaves)
        for number, inner in enumerate(block.blocks):
            self.out += ["\n"] if number else []
            self.block(inner)
        if block.tag not in VOID:
            self.out.append(f"</{block.tag}>")

    def _leaves(self, leaves: list[Leaf]) -> None:
        path: Path = ()
        closing: list[str] = []
        for leaf in leaves:
            shared = len(common(path, leaf.path))
            while len(closing) > shared:
                self.out.append(closing.pop())
            closing += [self._open(element) for element in leaf.path[shared:]]
            path = leaf.path
            self.out.append("<br>\n" if leaf.text is None else escape(leaf.text, quote=False))
        self.out += reversed(closing)

    def _open(self, element: Element) -> str:
        """Write the start tag, and give the end tag back; nothing for an element that no longer means anything."""
        tag, attributes = element.tag, dict(element.attributes)
        href = attributes.pop("href", "")
        if href.startswith("#"):
            href = self.links.get(id(element), "")
        name = self.ids.pop(id(element), "")
        if tag == "a" and not href:
            tag = "span"
        if tag == "span" and not attributes and not name:
            return ""
        if href:
            attributes["href"] = href
            if href.startswith("http"):
                attributes["rel"] = _REL
        self._tag(tag, attributes, name)
        return f"</{tag}>"

    def _tag(self, tag: str, attributes: dict[str, str], name: str) -> None:
        if name:
            attributes = attributes | {"id": name}
        written = [f' {key}="{_quoted(attributes[key])}"' for key in sorted(attributes, key=_ORDER.index)]
        self.out.append(f"<{tag}{''.join(written)}>")


def _quoted(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")
