"""Canonical HTML -> Markdown that says the same: what `render_document` makes of it is that HTML again. Pure.

What Markdown has no signs for stands in it as HTML, which Markdown allows. Limits: None where even so something would
be different afterwards, and for texts of more than LONGEST characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from newsreader.core.clean import TooDeep, TooLarge
from newsreader.core.prose import render_document
from newsreader.core.tree import Element, parse
from newsreader.core.vocabulary import BLOCKS, HEADINGS, VOID
from newsreader.intake import markdown_signs as signs

LONGEST = 2_000_000
_ROUNDS = 3  # what was written as HTML in one can change how what stands beside it is read in the next


class _Unsaid(ValueError):
    """Markdown has no signs for this block."""


def as_markdown(html: str) -> str | None:
    """The Markdown that `render_document` reads as exactly this canonical HTML, or None where there is none."""
    if len(html) > LONGEST:
        return None
    blocks = [part for part in parse(html).children if isinstance(part, Element)]
    written = [_written(block) for block in blocks]
    as_html: set[int] = set()
    for _ in range(_ROUNDS):
        parts = [written[n] if n in as_html else _said(block, written[n]) for n, block in enumerate(blocks)]
        markdown = "\n\n".join(parts) + "\n"
        try:
            back = render_document(markdown)
        except (TooLarge, TooDeep):
            return None
        if back == html:
            return markdown
        returned = {_written(part) for part in parse(back).children if isinstance(part, Element)}
        differ = {n for n, block in enumerate(written) if block not in returned} - as_html
        if not differ:
            return None
        as_html |= differ
    return None


def _said(block: Element, written: str) -> str:
    """A top-level block in Markdown, or in HTML as it is `written`."""
    try:
        return _block(block)
    except _Unsaid:
        return written


def _written(part: Element | str) -> str:
    """As canonical HTML writes it."""
    if isinstance(part, str):
        return escape(part, quote=False)
    tag = _tag(part)
    return tag if part.tag in VOID else f"{tag}{''.join(_written(inner) for inner in part.children)}</{part.tag}>"


def _tag(part: Element) -> str:
    attributes = {"id": part.ids[0]} if part.ids else {}
    attributes |= part.attributes
    told = [f' {name}="{escape(value, quote=False).replace(chr(34), "&quot;")}"' for name, value in attributes.items()]
    return f"<{part.tag}{''.join(told)}>"


# Blocks


def _block(block: Element) -> str:
    if block.ids or (block.attributes and block.tag != "ol"):
        raise _Unsaid
    if block.tag in HEADINGS:
        return f"{'#' * int(block.tag[1])} {signs.in_heading(_inline(block.children, breaks=False))}"
    try:
        return _SAYING[block.tag](block)
    except KeyError:
        raise _Unsaid from None


def _inner(block: Element) -> list[str]:
    """The blocks in a block; its words as one paragraph if it holds words."""
    inner = [part for part in block.children if isinstance(part, Element) and part.tag in BLOCKS]
    if not inner:
        return [_line(block)]
    if any(part.tag in {"pre", "table", "dl"} for part in inner):  # signs for these are read at the margin only
        raise _Unsaid
    return [_block(part) for part in inner]


def _line(block: Element) -> str:
    return signs.at_line_starts(_inline(block.children))


def _list(block: Element) -> str:
    if block.attributes.keys() - {"start"}:
        raise _Unsaid
    number = int(block.attributes.get("start", "1"))
    if number < 0 or len(str(number + len(block.children))) > 3:
        raise _Unsaid
    items = []
    for item in block.children:
        if not isinstance(item, Element):
            continue
        if item.attributes or item.ids:
            raise _Unsaid
        sign = "-" if block.tag == "ul" else f"{number}."
        number += 1
        inner = _inner(item)
        loose = "\n\n" if any(part.tag == "p" for part in item.children if isinstance(part, Element)) else "\n"
        items.append((_prefixed(loose.join(inner), f"{sign} ", "    "), len(inner) > 1))
    between = "\n\n" if any(several for _, several in items) else "\n"
    return between.join(text for text, _ in items)


def _definitions(block: Element) -> str:
    lines: list[str] = []
    for part in block.children:
        if not isinstance(part, Element):
            continue
        if part.attributes or part.ids:
            raise _Unsaid
        if part.tag == "dt":
            lines += ["", signs.at_line_starts(_inline(part.children, breaks=False))]
        else:
            lines.append(_prefixed("\n\n".join(_inner(part)), ":   ", "    "))
    return "\n".join(lines).strip("\n")


def _code(block: Element) -> str:
    match block.children:
        case [Element(tag="code", attributes={}, ids=[]) as code] if all(isinstance(one, str) for one in code.children):
            text = "".join(str(one) for one in code.children)
        case _:
            raise _Unsaid
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _table(block: Element) -> str:
    """A table of one row of headings and rows of as many cells, which hold nothing but words."""
    match [part for part in block.children if isinstance(part, Element)]:
        case [Element(tag="thead", attributes={}) as head, Element(tag="tbody", attributes={}) as body]:
            first, *rows = [*_rows(head, "th"), *_rows(body, "td")]
        case _:
            raise _Unsaid
    if len(_rows(head, "th")) != 1 or any(len(row) != len(first) for row in rows) or len(first) < 2:
        raise _Unsaid
    return "\n".join(f"| {' | '.join(row)} |" for row in (first, ["---"] * len(first), *rows))


def _rows(section: Element, tag: str) -> list[list[str]]:
    rows = []
    for row in section.children:
        if not isinstance(row, Element):
            continue
        cells = [cell for cell in row.children if isinstance(cell, Element)]
        plain = not row.attributes and all(cell.tag == tag and not cell.attributes and not cell.ids for cell in cells)
        if not plain or any(
            isinstance(part, Element) and part.tag in BLOCKS for cell in cells for part in cell.children
        ):
            raise _Unsaid
        rows.append([_inline(cell.children, breaks=False).replace("|", "\\|") for cell in cells])
    return rows


def _quotation(block: Element) -> str:
    return _prefixed("\n\n".join(_inner(block)), "> ", "> ")


def _prefixed(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    rest = [(others + line).rstrip() if not line else others + line for line in lines[1:]]
    return "\n".join([first + lines[0], *rest])


_SAYING: dict[str, Callable[[Element], str]] = {
    **{"p": _line, "blockquote": _quotation, "ul": _list, "ol": _list, "dl": _definitions},
    **{"pre": _code, "table": _table, "hr": lambda rule: "* * *"},
}


# Words


def _inline(parts: list[Element | str], *, breaks: bool = True, within: frozenset[str] = frozenset()) -> str:
    """Words with Markdown's signs. Where there may be no `breaks` a line is ended by HTML's <br>."""
    out: list[str] = []
    after_break = False
    for n, part in enumerate(parts):
        if isinstance(part, str):
            text = part.removeprefix("\n") if after_break else part
            link_next = n + 1 < len(parts) and isinstance(following := parts[n + 1], Element) and following.tag == "a"
            out.append(signs.escaped(text, before_link=link_next))
        elif part.tag == "br":
            out.append("  \n" if breaks else "<br>")
        else:
            out.append(_element(part, breaks=breaks, within=within))
        after_break = isinstance(part, Element) and part.tag == "br"
    return "".join(out)


_SIGNS = {"em": "*", "strong": "**"}


def _element(part: Element, *, breaks: bool, within: frozenset[str]) -> str:
    bare = not (part.attributes or part.ids)
    words = "".join(one for one in part.children if isinstance(one, str))
    if part.tag == "code" and bare and words and len(part.children) == 1:
        return signs.code(words) or _as_html(part, breaks=breaks, within=within)
    if part.tag in _SIGNS and bare and part.tag not in within and _grips(part):
        sign = _SIGNS[part.tag]
        return f"{sign}{_inline(part.children, breaks=breaks, within=within | {part.tag})}{sign}"
    if part.tag == "a" and not part.ids and part.attributes.keys() <= {"href", "rel"} and "a" not in within:
        said = _inline(part.children, breaks=breaks, within=within | {"a"})
        return signs.link(said, part.attributes.get("href", "")) or _as_html(part, breaks=breaks, within=within)
    return _as_html(part, breaks=breaks, within=within)


def _grips(part: Element) -> bool:
    """Whether signs around it would hold: no space at its edges, and no other emphasis there."""
    first, last = part.children[0], part.children[-1]
    plain = isinstance(first, str) and isinstance(last, str)
    return plain and str(first)[0].isalnum() and str(last)[-1:].strip() != "" and str(last)[-1] not in "*\\"


def _as_html(part: Element, *, breaks: bool, within: frozenset[str]) -> str:
    return f"{_tag(part)}{_inline(part.children, breaks=breaks, within=within)}</{part.tag}>"
