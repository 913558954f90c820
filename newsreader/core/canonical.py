"""Cleaned, well-formed HTML -> canonical HTML: the shape that every parser reads back as it was written.

Promises a sequence of blocks with one newline between, text in paragraphs, no empty element, and that a second
pass changes nothing. Does not judge safety beyond addresses and attribute values; expects what clean.py hands it.
"""

import re

from newsreader.core.addresses import address
from newsreader.core.leaves import preformatted, settle
from newsreader.core.serialise import write
from newsreader.core.tree import Block, Element, Leaf, Path, parse
from newsreader.core.vocabulary import HEADINGS, INLINE

# These hold inline content, or blocks if there is more than one
_CONTAINERS = frozenset({"blockquote", "dd", "figcaption", "li", "td", "th"})
# A parser keeps a list of these and opens them anew where it thinks them unclosed: never one in itself
_FORMATTING = frozenset({"a", "b", "code", "em", "i", "s", "small", "strong", "u"})
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,6}")
_MOMENT = re.compile(r"[\w:.+ -]{1,40}", re.ASCII)
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
_SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})


def canonical(html: str) -> str:
    """Canonical HTML of well-formed HTML (html5lib's serialiser writes it, every end tag present)."""
    flow = _Flow((), {})
    flow.walk(parse(html).children)
    return write(flow.finish())


class _Flow:
    """Reads what stands inside one block, and makes blocks of it: paragraphs of loose text, and those it finds."""

    def __init__(self, path: Path, inherited: dict[str, str], *, in_figure: bool = False) -> None:
        self.items: list[Block] = []
        self.ids: list[str] = []  # of what was dropped, for what comes next
        self.path = path
        self.inherited = inherited  # language and direction of unwrapped elements around
        self.in_figure = in_figure
        self._leaves: list[Leaf] = []

    def walk(self, nodes: list[Element | str]) -> None:
        for node in nodes:
            if isinstance(node, str):
                self._leaves.append(Leaf(self.path, node))
            elif node.tag == "br":
                self._leaves.append(Leaf(self.path, None))
            elif node.tag in INLINE:
                self._inline(node)
            else:
                self._end_paragraph()
                self._block(node)
                self._end_paragraph()

    def finish(self) -> list[Block]:
        self._end_paragraph()
        if self.ids and self.items:
            self.items[-1].ids += self.ids
            self.ids = []
        return self.items

    def _inline(self, element: Element) -> None:
        outer, before = self.path, len(self._leaves) + len(self.items)
        self.path = _wrapped(outer, element)
        self.walk(element.children)
        self.path = outer
        if len(self._leaves) + len(self.items) == before:
            self.ids += element.ids

    def _end_paragraph(self) -> None:
        leaves = settle(self._leaves)
        kept = {id(element) for leaf in leaves for element in leaf.path}
        lost = [element for leaf in self._leaves for element in leaf.path if element.ids and id(element) not in kept]
        self.ids += [name for element in lost for name in element.ids]
        self._leaves = []
        if leaves:
            self.add(Block("p", dict(self.inherited), leaves=leaves))

    def add(self, block: Block) -> None:
        block.ids = self.ids + block.ids
        self.ids = []
        self.items.append(block)

    def _block(self, element: Element) -> None:
        own = self.inherited | _language(element)
        tag = element.tag
        if tag == "li":
            self._into_list("ul", _container(element, self.path, own), element)
        elif tag in ("dt", "dd"):
            item = _lines(element, self.path, own) if tag == "dt" else _container(element, self.path, own)
            self._into_list("dl", item, element)
        elif tag in ("ul", "ol", "dl"):
            self._add_all(_list(element, self.path, own), element)
        elif tag in _CONTAINERS and (tag == "blockquote" or (tag == "figcaption" and self.in_figure)):
            self._add_all(_container(element, self.path, own), element)
        elif tag == "figure":
            self._add_all(_figure(element, self.path, own), element)
        elif tag == "table":
            self._add_all(_table(element, self.path, own), element)
        elif tag in HEADINGS:
            self._add_all(_lines(element, self.path, own), element)
        elif tag == "pre":
            leaves = preformatted(_leaves(element, self.path))
            self._add_all([Block("pre", own, leaves=leaves)] if leaves else [], element)
        elif tag == "hr":
            self.add(Block("hr"))
        else:
            self._unwrap(element, own)

    def _unwrap(self, element: Element, own: dict[str, str]) -> None:
        """div, p, and what stands where it has no meaning: its contents, with a paragraph's end before and after."""
        self.ids += element.ids
        outer, self.inherited = self.inherited, own
        self.walk(element.children)
        self._end_paragraph()
        self.inherited = outer

    def _add_all(self, blocks: list[Block], element: Element) -> None:
        self.ids += element.ids
        for block in blocks:
            self.add(block)

    def _into_list(self, tag: str, items: list[Block], element: Element) -> None:
        """List items that may stand outside a list: neighbours share one that is made for them."""
        self.ids += element.ids
        if not items:
            return
        items[0].ids = self.ids + items[0].ids
        self.ids = []
        if not (self.items and self.items[-1].made and self.items[-1].tag == tag):
            self.items.append(Block(tag, made=True))
        self.items[-1].blocks += items


def _container(element: Element, path: Path, own: dict[str, str]) -> list[Block]:
    """An element that holds leaves if they are all it holds, else blocks; none if it holds nothing."""
    flow = _Flow(path, {})
    flow.walk(element.children)
    block = Block(element.tag, own | _spans(element), blocks=flow.finish())
    if not block.blocks and element.tag not in ("td", "th"):
        return []
    block.ids += flow.ids
    return [_simplest(block)]


def _simplest(block: Block) -> Block:
    """A container with a single paragraph holds its leaves instead."""
    match block.blocks:
        case [Block(tag="p") as only] if not (only.attributes and block.attributes.keys() & {"lang", "dir"}):
            block.attributes = only.attributes | block.attributes
            block.ids += only.ids
            block.leaves, block.blocks = only.leaves, []
    return block


def _lines(element: Element, path: Path, own: dict[str, str], tag: str = "") -> list[Block]:
    """An element that holds leaves only: the blocks in it become lines."""
    flow = _Flow(path, {})
    flow.walk(element.children)
    leaves: list[Leaf] = []
    ids: list[str] = []
    for block in _flattened(flow.finish()):
        ids += block.ids
        if block.leaves:
            leaves += [Leaf((), None), *block.leaves] if leaves else block.leaves
    leaves = settle(leaves)
    return [Block(tag or element.tag, own, ids + flow.ids, leaves)] if leaves else []


def _flattened(blocks: list[Block]) -> list[Block]:
    return [inner for block in blocks for inner in (block, *_flattened(block.blocks))]


def _list(element: Element, path: Path, own: dict[str, str]) -> list[Block]:
    """ul, ol or dl. What stands between its items goes into the item before."""
    flow = _Flow(path, {})
    flow.walk(element.children)
    kind, item = ("dl", "dd") if element.tag == "dl" else ("ul", "li")
    items: list[Block] = []
    for block in flow.finish():
        if block.made and block.tag == kind:
            items += block.blocks
            items[-len(block.blocks)].ids[:0] = block.ids
        elif items and items[-1].tag == item and (block.tag != "p" or items[-1].blocks):
            _append(items[-1], block)
        else:
            items.append(_simplest(Block(item, blocks=[block])))
    return [Block(element.tag, own | _numbering(element), flow.ids, blocks=items)] if items else []


def _append(item: Block, block: Block) -> None:
    if item.leaves:
        item.blocks = [Block("p", leaves=item.leaves)]
        item.leaves = []
    item.blocks.append(block)


def _figure(element: Element, path: Path, own: dict[str, str]) -> list[Block]:
    """A figure that has a caption; one without is only its contents."""
    flow = _Flow(path, {}, in_figure=True)
    flow.walk(element.children)
    blocks = flow.finish()
    if any(block.tag == "figcaption" for block in blocks):
        return [Block("figure", own, flow.ids, blocks=blocks)]
    for block in blocks:
        block.attributes = own | block.attributes
    return blocks


def _table(element: Element, path: Path, own: dict[str, str]) -> list[Block]:
    """A table with its rows in sections, after whatever stood in it that is no part of a table."""
    strays = _Flow(path, own)
    table = Block("table", own)
    for part in element.children:
        if isinstance(part, Element) and part.tag == "caption":
            caption = _lines(part, path, _language(part))
            table.blocks[:0] = caption if not any(block.tag == "caption" for block in table.blocks) else []
        elif isinstance(part, Element) and part.tag in ("thead", "tbody", "tfoot"):
            table.blocks += _section(part, path)
        elif isinstance(part, Element) and part.tag == "tr":
            table.blocks += _section(Element("tbody", children=[part]), path)
        else:
            strays.walk([part])
    before = strays.finish()
    cells = [cell for section in table.blocks for row in section.blocks for cell in row.blocks]
    if any(cell.leaves or cell.blocks for cell in cells):
        return [*before, table]
    captions = [Block("p", own | block.attributes, block.ids, block.leaves) for block in table.blocks if block.leaves]
    return [*before, *captions]


def _section(section: Element, path: Path) -> list[Block]:
    rows = []
    for row in section.children:
        if isinstance(row, Element) and row.tag == "tr":
            cells = [
                cell
                for part in row.children
                if isinstance(part, Element) and part.tag in ("td", "th")
                for cell in _with_ids(_container(part, path, _language(part)), part)
            ]
            if cells:
                rows.append(Block("tr", _language(row), list(row.ids), blocks=cells))
    return [Block(section.tag, _language(section), list(section.ids), blocks=rows)] if rows else []


def _with_ids(blocks: list[Block], element: Element) -> list[Block]:
    if blocks:
        blocks[0].ids[:0] = element.ids
    return blocks


def _leaves(element: Element, path: Path) -> list[Leaf]:
    """Everything in a preformatted element, with a line break where a block in it begins or ends."""
    leaves: list[Leaf] = []
    for node in element.children:
        if isinstance(node, str):
            leaves.append(Leaf(path, node))
        elif node.tag == "br":
            leaves.append(Leaf(path, "\n"))
        elif node.tag in INLINE:
            leaves += _leaves(node, _wrapped(path, node))
        else:
            leaves += [Leaf((), None), *_leaves(node, path), Leaf((), None)]
    return leaves


def _wrapped(path: Path, element: Element) -> Path:
    """The path inside one more inline element: unchanged if the element means nothing there."""
    tag = element.tag
    attributes = _language(element) | _inline_attributes(element)
    if tag == "a" and "href" in attributes:
        path = tuple(outer for outer in path if outer.tag != "a")
    elif (
        (tag == "a")
        or (tag == "bdo" and "dir" not in attributes)
        or (tag in _FORMATTING and any(outer.tag == tag for outer in path))
        or (tag in ("rt", "rp") and not (path and path[-1].tag == "ruby"))
    ):
        tag = "span"
    if tag == "span" and not attributes and not element.ids:
        return path
    return (*path, Element(tag, attributes, element.ids))


def _language(element: Element) -> dict[str, str]:
    kept = {}
    if _LANGUAGE.fullmatch(lang := element.attributes.get("lang", "")):
        kept["lang"] = lang
    if (direction := element.attributes.get("dir", "").lower()) in _DIRECTIONS:
        kept["dir"] = direction
    return kept


def _inline_attributes(element: Element) -> dict[str, str]:
    given = element.attributes
    if element.tag == "a" and (href := given.get("href", "")):
        target = href if href.startswith("#") else address(href)
        return {"href": target} if target else {}
    if element.tag == "abbr" and (title := " ".join(given.get("title", "").split())[:300].strip()):
        return {"title": title}
    if element.tag == "time" and _MOMENT.fullmatch(moment := given.get("datetime", "")):
        return {"datetime": moment}
    return {}


def _spans(element: Element) -> dict[str, str]:
    """How far a cell reaches, and which cells a heading cell is for."""
    kept = {}
    if element.tag in ("td", "th"):
        for name in ("colspan", "rowspan"):
            if 1 < (_number(element.attributes.get(name, "")) or 0) <= 100:
                kept[name] = str(_number(element.attributes[name]))
    if element.tag == "th" and (scope := element.attributes.get("scope", "").lower()) in _SCOPES:
        kept["scope"] = scope
    return kept


def _numbering(element: Element) -> dict[str, str]:
    kept = {}
    if element.tag == "ol":
        start = _number(element.attributes.get("start", ""))
        if start is not None and start != 1:
            kept["start"] = str(start)
        if "reversed" in element.attributes:
            kept["reversed"] = ""
    return kept


def _number(written: str) -> int | None:
    return int(written) if re.fullmatch(r"\s*-?[0-9]{1,6}\s*", written, re.ASCII) else None
