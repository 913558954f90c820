"""Untrusted HTML -> canonical HTML, in one place: the only nh3 and bleach imports.

Promises that nothing acts, loads or is styled, and that clean(clean(x)) == clean(x).
Limits: 5 MB, bounded depth and number of tags; pictures, forms, frames and embedded media are dropped.
"""

from collections.abc import Iterator
from typing import Any

import bleach
import nh3
from bleach import html5lib_shim

from newsreader.core.addresses import SCHEMES
from newsreader.core.canonical import canonical
from newsreader.core.sentence import Sentence
from newsreader.core.tame import COSTLIEST, TooDeep, TooLarge, tame
from newsreader.core.vocabulary import ATTRIBUTES, TAGS, VOID

__all__ = ["SIZE_LIMIT", "TooDeep", "TooLarge", "clean", "clean_note"]

SIZE_LIMIT = 5_000_000  # bytes of UTF-8

_NOTE_TAGS = TAGS - {
    *("caption", "figcaption", "figure", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "span", "bdo"),
}
_NOTE_ATTRIBUTES = {"a": frozenset({"href"}), "ol": frozenset({"start"})}


def clean(html: str, *, base_url: str = "", costliest: int = COSTLIEST) -> str:
    """Any HTML, a fragment or a whole page -> canonical HTML ("" if there are no words in it).

    `base_url` is where it came from: relative links are resolved against it, and without it they are unwrapped.
    `costliest` is how many tags and special characters there may be: more of them only where the time is limited, too.
    Raises TooLarge (over SIZE_LIMIT, or too many tags) and TooDeep, each with a sentence for a person.
    """
    return _clean(html, base_url, TAGS, ATTRIBUTES, costliest)


def clean_note(html: str) -> str:
    """A rendered note -> canonical HTML of fewer elements: no tables, no figures, no ids, languages or directions.

    Raises what `clean` raises.
    """
    return _clean(html, "", _NOTE_TAGS, _NOTE_ATTRIBUTES)


def _clean(
    html: str, base_url: str, tags: frozenset[str], attributes: dict[str, frozenset[str]], costliest: int = COSTLIEST
) -> str:
    if len(html) > SIZE_LIMIT or len(html.encode(errors="replace")) > SIZE_LIMIT:
        raise TooLarge(Sentence("It is larger than {limit} MB.", limit=SIZE_LIMIT // 1_000_000))
    parsed = tags | {"div"}  # unwrapped by canonical(), which must see where it stood
    html = nh3.clean(
        tame(html, base_url=base_url, costliest=costliest),
        tags=set(parsed),
        attributes={tag: set(names) for tag, names in attributes.items()},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    # nh3 writes non-breaking spaces as references, which bleach reads very slowly
    html = html.replace("&nbsp;", "\u00a0")
    # One Cleaner per call: a shared one gives wrong output in threads
    cleaner = bleach.Cleaner(
        tags=parsed,
        attributes={tag: list(names) for tag, names in attributes.items()},
        protocols=SCHEMES,
        strip=True,
    )
    cleaner.walker = _Walker  # type: ignore[assignment]  # the stubs say an instance, bleach calls a class
    return canonical(cleaner.clean(html))


class _Walker(html5lib_shim.getTreeWalker("etree")):  # type: ignore[misc]  # untyped
    """Walks what bleach has parsed in linear time. Its own walker looks every element up in its parent's list of
    children, which took 30 s for 20,000 short lists in a row."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self.text(self.tree.text or "")
        open_elements = [(iter(self.tree), None)]
        while open_elements:
            children, parent = open_elements[-1]
            child = next(children, None)
            if child is None:
                open_elements.pop()
                if parent is not None:
                    _, namespace, name, _, _ = self.getNodeDetails(parent)
                    yield self.endTag(namespace, name)
                    yield from self.text(parent.tail or "")
                continue
            _, namespace, name, attributes, _ = self.getNodeDetails(child)
            if name in VOID:
                yield from self.emptyTag(namespace, name, attributes)
                yield from self.text(child.tail or "")
            else:
                yield self.startTag(namespace, name, attributes)
                yield from self.text(child.text or "")
                open_elements.append((iter(child), child))
