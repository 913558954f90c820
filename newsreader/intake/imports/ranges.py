"""What stands beside a passage whose place an annotator keeps as paths of elements. Pure; "" where they lead nowhere.

Only needed where the same words stand more than once.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import html as lxml_html
from lxml.etree import LxmlError, XPathError, iterwalk

from newsreader.core.quotes import CONTEXT

_PATH = re.compile(r"(?:/[A-Za-z][A-Za-z0-9]*(?:\[\d{1,6}\])?)*")


def beside(html: str, words: str, ranges: Any) -> tuple[str, str]:
    """The words before and after, up to 32 characters of each."""
    first = ranges[0] if isinstance(ranges, list) and ranges and isinstance(ranges[0], dict) else {}
    path, offset = str(first.get("start", "")), str(first.get("startOffset", ""))
    if not words or html.count(words) < 2 or not _PATH.fullmatch(path) or not re.fullmatch(r"\d{1,7}", offset):
        return "", ""
    try:
        root = lxml_html.fragment_fromstring(html, create_parent="div")
        found = root.xpath(f".{path}") if path else [root]
    except (LxmlError, XPathError, ValueError, RecursionError):
        return "", ""
    if not found:
        return "", ""
    text, start = "".join(root.itertext()), _before(root, found[0]) + int(offset)
    place = text.find(words, max(0, start - 2))
    if place < 0 or place > start + 2:
        return "", ""
    return text[max(0, place - CONTEXT) : place], text[place + len(words) :][:CONTEXT]


def _before(root: Any, element: Any) -> int:
    """How many characters of the root's text stand before the element's own."""
    size = 0
    for event, node in iterwalk(root, events=("start", "end")):
        if node is element and event == "start":
            return size
        size += len((node.text if event == "start" else node.tail) or "")
    return size
