"""The runs that are kept -> the page's own elements around them, as HTML for cleaning. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from newsreader.core.vocabulary import ATTRIBUTES, NAMES, VOID
from newsreader.intake.extraction.keeping import caption_of
from newsreader.intake.extraction.runs import Run, Slot


def written(body: HtmlElement, runs: Iterable[Run]) -> str:
    """The HTML of `body` with these runs' text only, and of its elements those that hold some of it."""
    runs = list(runs)
    slots = {slot for run in runs for slot in run.slots}
    captions = {found for run in runs if (found := caption_of(run.block)) is not None}
    holding = _holding(body, slots)
    out: list[str] = []
    walk = iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element not in holding:
                walk.skip_subtree()
                continue
            out.append(_caption(element)[0] if element in captions else _tag(element))
            if Slot(element, False) in slots:
                out.append(escape(element.text, quote=False))
        else:
            if element in holding and element.tag not in VOID:
                out.append(_caption(element)[1] if element in captions else f"</{element.tag}>")
            elif element.tag == "br" and element not in holding and element.getparent() in holding:
                out.append("<br>")
            if Slot(element, True) in slots:
                out.append(escape(element.tail, quote=False))
    return "".join(out)


def _holding(body: HtmlElement, slots: Iterable[Slot]) -> set[HtmlElement]:
    """The elements that some of the text stands in."""
    holding = {body}
    for element, is_tail in slots:
        around = element.getparent() if is_tail else element
        while around is not None and around not in holding:
            holding.add(around)
            around = around.getparent()
    return holding


def _caption(element: HtmlElement) -> tuple[str, str]:
    """The tags of a caption: in a figure of its own, where the page has only boxes around it."""
    if next(element.iterancestors("figure"), None) is not None:
        return "<figcaption>", "</figcaption>"
    return "<figure><figcaption>", "</figcaption></figure>"


def _tag(element: HtmlElement) -> str:
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(NAMES.get(element.tag, ""), frozenset())
    kept = "".join(f' {name}="{escape(value)}"' for name, value in element.items() if name in allowed or name == "name")
    return f"<{element.tag}{kept}>"
