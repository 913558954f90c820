"""The chapters of a book to one piece of HTML: their links lead to each other, and only what is linked to has a name.

They are read as a browser reads HTML, not as XML: a mistake in one costs no more than it must.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import unquote

from newsreader.core.sentence import Sentence
from newsreader.core.tame import Token, tokens
from newsreader.core.vocabulary import ATTRIBUTES
from newsreader.intake.shape import Refused

# Closed in themselves, as XML allows of all elements: HTML takes these for opened.
_CLOSED = re.compile(r"""<([A-Za-z][^\s<>/]*)((?:[^<>"'/]|/(?!>)|"[^"<]*"|'[^'<]*')*)/>""")
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_KEPT = frozenset().union(*ATTRIBUTES.values()) - {"id", "href"}


class Chapter(NamedTuple):
    """Where it lies in the book, and its markup as `markup` returns it."""

    path: str
    text: str


def markup(text: str, path: str) -> str:
    """A chapter's XHTML in spellings that mean the same in HTML. Raises `Refused` where it defines entities."""
    if "<!ENTITY" in text:
        raise Refused(Sentence("“{entry}” in it defines entities, which are not read here", entry=path))
    return _CLOSED.sub(_opened, "".join(_without_sections(text)))


def joined(chapters: Sequence[Chapter]) -> str:
    """All of them as one piece of HTML, not yet clean."""
    places = {chapter.path: number for number, chapter in enumerate(chapters, 1)}
    read = [list(tokens(chapter.text)) for chapter in chapters]
    wanted = {
        target
        for chapter, found in zip(chapters, read, strict=True)
        for token in found
        if token.kind == "start" and token.value == "a" and "href" in token.attributes
        if (target := _target(token.attributes["href"], chapter.path, places)) is not None
    }
    return "\n".join(
        "".join(_written(found, chapter.path, places, wanted)) for chapter, found in zip(chapters, read, strict=True)
    )


def _without_sections(text: str) -> Iterator[str]:
    """CDATA sections as text."""
    before, found, rest = text.partition("<![CDATA[")
    yield before
    while found:
        inside, _, after = rest.partition("]]>")
        yield escape(inside, quote=False)
        before, found, rest = after.partition("<![CDATA[")
        yield before


def _opened(closed: re.Match[str]) -> str:
    name = closed[1]
    return closed[0] if name.lower() in _VOID else f"<{name}{closed[2]}></{name}>"


def _target(href: str, path: str, places: dict[str, int]) -> str | None:
    """What a link leads to in the book: the name that it has there, or None where it leads out."""
    href = unescape(href).strip()
    if _SCHEME.match(href):
        return None
    file, _, fragment = href.partition("#")
    where = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file))) if file else path
    return _name(places[where], fragment) if where in places else None


def _name(chapter: int, fragment: str) -> str:
    return f"c{chapter}-{fragment}"


def _written(found: list[Token], path: str, places: dict[str, int], wanted: set[str]) -> Iterator[str]:
    beginning = _name(places[path], "")
    yield f'<div id="{beginning}">' if beginning in wanted else "<div>"
    dropping, depth = "", 0
    for token in found:
        if dropping:
            if token.value == dropping and token.kind != "text":
                depth += 1 if token.kind == "start" else -1
                dropping = dropping if depth else ""
        elif token.kind == "text":
            yield token.value
        elif token.kind == "end":
            yield f"</{token.value}>"
        elif token.value not in _VOID and _is_no_text(token):
            dropping, depth = token.value, 1
        else:
            yield _tag(token, path, places, wanted)
    yield "</div>"


def _is_no_text(token: Token) -> bool:
    """Whether it is for finding one's way: a list of contents, or the number of a printed page."""
    kinds = f"{token.attributes.get('epub:type', '')} {token.attributes.get('role', '')}".casefold().split()
    return token.value == "nav" or "pagebreak" in kinds or "doc-pagebreak" in kinds


def _tag(token: Token, path: str, places: dict[str, int], wanted: set[str]) -> str:
    said = token.attributes
    kept = {name: said[name] for name in said if name in _KEPT}
    if "xml:lang" in said:
        kept.setdefault("lang", said["xml:lang"])
    own = unescape(said.get("id") or (said.get("name", "") if token.value == "a" else ""))
    if own and (name := _name(places[path], own)) in wanted:
        kept["id"] = escape(name)
    if token.value == "a" and "href" in said:
        target = _target(said["href"], path, places)
        kept["href"] = said["href"] if target is None else escape(f"#{target}")
    written = "".join(f' {name}="{value.replace(chr(34), "&quot;")}"' for name, value in kept.items())
    return f"<{token.value}{written}>"
