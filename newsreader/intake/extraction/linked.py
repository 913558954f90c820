"""What a page says of its article in JSON-LD: the object that is the article, and the names and dates in it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

Thing = dict[str, Any]

_MOST = 500
_DEEPEST = 6
_PAGES = ("WebPage", "ItemPage", "CreativeWork")
_AROUND = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[)?|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>)?\s*;?\s*$"
)


def article_in(tree: HtmlElement, address: str) -> Thing:
    """The object that describes the page's article: one that names this address, else the first, else {}."""
    things = [thing for script in tree.iter("script") if _is_linked(script) for thing in _things(script.text or "")]
    articles = [thing for thing in things if _is_article(thing)]
    pages = [thing for thing in things if _type_of(thing) & set(_PAGES)]
    named = [thing for thing in articles if _same(address, thing)]
    return next(iter([*named, *articles, *pages]), {})


def words(value: Any) -> str:
    """A text value, white space collapsed; "" for anything else."""
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return " ".join(re.sub(r"<[^>]{0,500}>", " ", unescape(value)).split()) if isinstance(value, str) else ""


def names(value: Any) -> list[str]:
    """The names of people or organisations, however they are given."""
    found = [words(one) for one in (value if isinstance(value, list) else [value])[:20]]
    return [name for name in dict.fromkeys(found) if name and not name.startswith(("http:", "https:"))]


def picture(value: Any) -> str:
    """The address of an image, however it is given."""
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or ""
    return value.strip() if isinstance(value, str) else ""


def _is_linked(script: HtmlElement) -> bool:
    return "ld+json" in (script.get("type") or "").lower()


def _things(text: str) -> Iterator[Thing]:
    """Every object in a script, those inside @graph and main entities too."""
    try:
        rest = [(json.loads(_AROUND.sub("", text), strict=False), 0)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST):
        if not rest:
            return
        value, depth = rest.pop(0)
        if isinstance(value, list):
            rest += [(one, depth + 1) for one in value if depth < _DEEPEST]
        elif isinstance(value, dict):
            yield value
            rest += [(value[key], depth + 1) for key in ("@graph", "mainEntity") if key in value and depth < _DEEPEST]


def _type_of(thing: Thing) -> set[str]:
    kinds = thing.get("@type")
    return {
        kind.rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)
    }


def _is_article(thing: Thing) -> bool:
    return any(
        kind.endswith(("Article", "Posting", "Report")) or kind in ("Review", "Recipe") for kind in _type_of(thing)
    )


def _same(address: str, thing: Thing) -> bool:
    said = [thing.get("url"), thing.get("@id"), thing.get("mainEntityOfPage")]
    said = [one.get("@id") or one.get("url") if isinstance(one, dict) else one for one in said]
    return any(isinstance(one, str) and _bare(one) == _bare(address) for one in said)


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[?#].*$|/+$", "", address)
