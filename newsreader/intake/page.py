"""An HTML document to a document: title and the like from its head and marked elements, its text.

For documents that somebody saved or wrote. Takes <article>, <main> or <body> whole, judges nothing by looks.
"""

from __future__ import annotations

import re
from html import unescape

from newsreader.core.clean import TooLarge, clean
from newsreader.core.sentence import Sentence
from newsreader.core.tame import Token, tokens
from newsreader.core.text import text_of
from newsreader.intake.blocks import first_heading, first_paragraph, without_repeats
from newsreader.intake.dates import read_date
from newsreader.intake.headline import fold, split_publisher
from newsreader.intake.language import guess_language
from newsreader.intake.plain import excerpt
from newsreader.intake.shape import Document, Refused

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_DROPPED = frozenset({"button", "form", "nav", "select", "svg", "template"})
_MOST = 200_000
_SCOPES = ("article", "main", "body")
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,2000})", re.IGNORECASE)
_ENDS_P = frozenset(
    {
        *(
            "article",
            "aside",
            "blockquote",
            "div",
            "dl",
            "figure",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
        ),
        *("header", "hr", "main", "ol", "p", "pre", "section", "table", "ul"),
    }
)
# What an element says about itself, by class, rel or itemprop, and what it is then taken for
_MARKED = {
    **dict.fromkeys(("standfirst", "lead", "lede", "dek", "deck", "subtitle"), "standfirst"),
    **dict.fromkeys(("byline", "author"), "byline"),
}
_MARKED_TAGS = frozenset({"p", "div", "span", "h2", "a", "address", "cite"})


def read_page(text: str) -> Document:
    """Return the document that the HTML `text` is. Raises `Refused` if it is empty, and what `clean` raises."""
    page = _Page(text)
    html = next((html for scope in page.scopes() if fold(text_of(html := clean(scope)))), "")
    title, source = page.title_and_source()
    title = title or first_heading(html)
    html, standfirst = without_repeats(html, title, page.fact("standfirst", "description", "og:description"))
    if not fold(text_of(html)):
        raise Refused(Sentence("it has a title, but no text") if title else Sentence("there is no text in it"))
    return Document(
        title=title or excerpt(first_paragraph(html) or " ".join(text_of(html).split())),
        standfirst=standfirst,
        byline=re.sub(r"^by\s+", "", page.fact("byline", "author", "article:author"), flags=re.IGNORECASE),
        source=source,
        published=read_date(page.fact("article:published_time", "datepublished", "date", "dc.date", "time")),
        language=page.fact("lang").replace("_", "-") or guess_language(text_of(html)),
        html=html,
        topics=tuple(dict.fromkeys(page.facts.get("article:tag", ()))),
    )


class _Page:
    """Reads a page once: its facts by name, and its body as it is written, without what is no text."""

    def __init__(self, text: str) -> None:
        self.facts: dict[str, list[str]] = {}
        self._out: list[str] = []
        self._open: list[tuple[str, int]] = []
        self._spans: dict[str, list[tuple[int, int]]] = {name: [] for name in _SCOPES}
        self._dropping, self._depth = "", 0
        self._taking, self._tag, self._taken = "", "", [""]
        if found := _TITLE.search(text):
            self._note("title", found[1])
        for number, token in enumerate(tokens(text)):
            if number > _MOST:
                raise TooLarge(Sentence("It has more than {limit} tags and pieces of text.", limit=_MOST))
            self._read(token)
        self._take_end()
        while self._open:
            self._close(self._open[-1][0])

    def fact(self, *names: str) -> str:
        """The first value of the first of `names` that has one, white space collapsed, else ""."""
        return next((self.facts[name][0] for name in names if name in self.facts), "")

    def title_and_source(self) -> tuple[str, str]:
        """The title from the page's heading or its head; the publisher from its head or title."""
        site = self.fact("og:site_name")
        named, publisher = split_publisher(self.fact("title"), from_feed=True)
        heading = self.fact("h1") or self.fact("og:title", "twitter:title")
        if heading:  # the same publisher may stand behind the heading as well, and nothing else is cut off there
            cut, tail = split_publisher(heading, from_feed=True)
            known = {fold(name) for name in (site, publisher) if name}
            return (cut if fold(tail) in known else heading), site or publisher
        return named, site or publisher

    def scopes(self) -> list[str]:
        """The written HTML to try in turn: the longest article, main, body, the whole page."""
        found = []
        for name in _SCOPES:
            if spans := self._spans[name]:
                start, end = max(spans, key=lambda span: sum(map(len, self._out[span[0] : span[1]])))
                found.append("".join(self._out[start:end]))
        return [*found, "".join(self._out)]

    def _read(self, token: Token) -> None:
        name = token.value
        if self._dropping:
            if token.kind != "text" and name == self._dropping and not token.self_closing:
                self._depth += 1 if token.kind == "start" else -1
                self._dropping = self._dropping if self._depth else ""
        elif token.kind == "text":
            self._write(name)
        elif token.kind == "end":
            if name == self._tag:
                self._depth -= 1
                if not self._depth:
                    self._take_end()
                    return
            self._write(f"</{name}>")
            self._close(name)
        else:
            self._start(token)

    def _start(self, token: Token) -> None:
        name, attributes = token.value, token.attributes
        if self._tag == "p" and name in _ENDS_P:
            self._take_end()
        if name in _DROPPED and not token.self_closing:
            self._take_end()
            self._dropping, self._depth = name, 1
            return
        self._notice(name, attributes)
        if name == self._tag and name not in _VOID:
            self._depth += 1
        elif not self._taking and (fact := self._marked(name, attributes)):
            self._taking, self._tag, self._depth, self._taken = fact, name, 1, []
            return
        if name in self._spans:
            self._open.append((name, len(self._out)))
        written = "".join(f' {key}="{value.replace(chr(34), "&quot;")}"' for key, value in attributes.items())
        self._write(f"<{name}{written}>")

    def _notice(self, name: str, attributes: dict[str, str]) -> None:
        if name == "meta":
            key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
            for word in key.casefold().split():
                self._note(word, attributes.get("content", ""))
        elif name == "html" or (name in ("article", "main", "body") and "lang" in attributes):
            self._note("lang", attributes.get("lang", ""))
        elif name == "time":
            self._note("time", attributes.get("datetime", ""))

    def _marked(self, name: str, attributes: dict[str, str]) -> str:
        """What the element is taken for: its first h1, standfirst and byline are facts, not text."""
        fact = "h1" if name == "h1" else ""
        if name in _MARKED_TAGS:
            said = " ".join(attributes.get(key, "") for key in ("class", "rel", "itemprop")).casefold().split()
            fact = next((_MARKED[word] for word in said if word in _MARKED), "")
        return "" if fact in self.facts else fact

    def _write(self, written: str) -> None:
        (self._taken if self._taking else self._out).append(written)

    def _take_end(self) -> None:
        if self._taking:
            self._note(self._taking, re.sub(r"<[^>]*>", " ", "".join(self._taken)))
            self._taking, self._tag, self._depth, self._taken = "", "", 0, []

    def _close(self, name: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == name:
                for scope, start in self._open[place:]:
                    self._spans[scope].append((start, len(self._out)))
                del self._open[place:]
                return

    def _note(self, name: str, written: str) -> None:
        if words := " ".join(unescape(written).split()):
            self.facts.setdefault(name, []).append(words)
