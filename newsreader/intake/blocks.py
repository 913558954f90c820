"""What a document's HTML says twice: its title as a heading, its standfirst as a paragraph. All HTML is canonical."""

from __future__ import annotations

from newsreader.core.text import Block, layout
from newsreader.intake.headline import fold


def first_heading(html: str) -> str:
    """The text of the heading that the document opens with, or ""."""
    laid = layout(html)
    return _words(laid.text, laid.blocks[0]) if laid.blocks and _is_heading(laid.blocks[0]) else ""


def first_paragraph(html: str) -> str:
    """The text of the first paragraph that has any, or ""."""
    laid = layout(html)
    return next((words for block in laid.blocks if block.tag == "p" and (words := _words(laid.text, block))), "")


def without_repeats(html: str, title: str, standfirst: str) -> tuple[str, str]:
    """Return (html without its heading `title`, standfirst).

    A standfirst that is only the beginning of the text, as a feed's summary is, gives way to the text.
    """
    laid = layout(html)
    dropped = [
        block
        for block in laid.blocks[:3]
        if (_is_heading(block) or block.tag == "p") and fold(_words(laid.text, block)) == fold(title)
    ][:1]
    kept = [html[block.html_start : block.html_end] for block in laid.blocks if block not in dropped]
    html = "\n".join(kept)
    teaser = fold(standfirst)
    return html, "" if teaser and fold(first_paragraph(html)).startswith(teaser) else standfirst


def _is_heading(block: Block) -> bool:
    return block.tag[0] == "h" and block.tag != "hr"


def _words(text: str, block: Block) -> str:
    return " ".join(text[block.start : block.end].split())
