"""A book in EPUB 2 or 3 to a document: its metadata, and its chapters in reading order as one text. No Django.

Nothing in it is believed, nothing is fetched; a book with copy protection is refused. Lists of contents are left out:
the text has its headings. Pictures are left behind, as with every document.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from newsreader.core.clean import SIZE_LIMIT, clean
from newsreader.core.sentence import Sentence
from newsreader.core.text import text_of
from newsreader.intake.archives import Limits, Members, Room, looked_into, shown, too_large
from newsreader.intake.blocks import first_heading, first_paragraph, without_repeats
from newsreader.intake.chapters import Chapter, joined, markup
from newsreader.intake.dates import read_date
from newsreader.intake.decode import recognise
from newsreader.intake.headline import fold
from newsreader.intake.kinds import BOOK_LIMIT
from newsreader.intake.language import guess_language
from newsreader.intake.packaging import Node, parse
from newsreader.intake.plain import excerpt
from newsreader.intake.shape import Document, Refused

COSTLIEST = 40_000
"""Tags and special characters of a book: those of the longest novels are fewer."""

_MOST_MARKUP = 20_000_000  # characters of all chapters; most of a chapter's may be attributes
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
# These scramble fonts alone, and are no protection of the text.
_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_BYLINE = 300
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def read_epub(data: bytes) -> Document:
    """Return the document that the EPUB `data` is. Raises `Refused`, and what `clean` raises."""
    if len(data) > BOOK_LIMIT:
        raise too_large(BOOK_LIMIT)
    members = looked_into(io.BytesIO(data), Room(Limits(seconds=60)))  # the caller has a clock of its own
    package = _package(members)
    chapters = list(_chapters(members, package))
    about = _About(package.node)
    html = clean(joined(chapters), costliest=COSTLIEST)
    title = about.title or first_heading(html)
    html, standfirst = without_repeats(html, title, about.subtitle)
    if not fold(text_of(html)):
        raise Refused(Sentence("it has a title, but no text") if title else Sentence("there is no text in it"))
    return Document(
        title=title or excerpt(first_paragraph(html) or " ".join(text_of(html).split())),
        standfirst=standfirst,
        byline=about.byline,
        source=about.first("publisher"),
        published=about.published,
        language=about.first("language").replace("_", "-") or guess_language(text_of(html)),
        html=html,
    )


@dataclass(frozen=True, slots=True)
class _Package:
    """The book's package document, and the path of its folder."""

    node: Node
    folder: str

    def path(self, href: str) -> str:
        """The archive's path that an address in it names. Raises `Refused` where that is not in the archive."""
        said = shown(href)
        if _REMOTE.match(href):
            raise Refused(Sentence("a part of it is elsewhere: {address}", address=said))
        path = posixpath.normpath(posixpath.join(self.folder, unquote(href.partition("#")[0])))
        if path.startswith(("/", "../")) or path in (".", "..") or "\\" in path:
            raise Refused(Sentence("the path “{entry}” leads out of the book", entry=said))
        return path


def _package(members: Members) -> _Package:
    if _CONTAINER not in members:
        raise Refused(Sentence("it is no EPUB: “{entry}” is missing in it", entry=_CONTAINER))
    _refuse_protected(members)
    container = parse(members.bytes_of(_CONTAINER), _CONTAINER)
    paths = [node.attributes.get("full-path", "") for node in container.all("rootfile")]
    if not paths or not paths[0]:
        raise Refused(Sentence("it is no EPUB: “{entry}” names no book", entry=_CONTAINER))
    path = _Package(container, "").path(paths[0])
    return _Package(parse(members.bytes_of(path), shown(path)), posixpath.dirname(path))


def _refuse_protected(members: Members) -> None:
    if _ENCRYPTION not in members:
        return
    listed = parse(members.bytes_of(_ENCRYPTION), _ENCRYPTION)
    for protected in listed.all("EncryptedData"):
        ways = {node.attributes.get("Algorithm", "") for node in protected.children if node.tag == "EncryptionMethod"}
        if not ways or not ways <= _FONTS:
            raise Refused(
                Sentence("it is protected against copying (DRM), and can only be read with its seller’s program")
            )


def _chapters(members: Members, package: _Package) -> Iterator[Chapter]:
    """In reading order; what stands beside it, as notes do, comes last."""
    items = {node.attributes.get("id", ""): node.attributes for node in package.node.all("item")}
    contents = {
        package.path(node.attributes.get("href", ""))
        for node in package.node.all("reference")
        if node.attributes.get("type", "").casefold() == "toc" and node.attributes.get("href")
    }
    spine = [node.attributes for node in package.node.all("itemref")]
    seen, size = set(contents), 0
    for said in sorted(spine, key=lambda said: said.get("linear", "").casefold() == "no"):
        item = _page(items, said.get("idref", ""))
        if item is None or "nav" in item.get("properties", "").split():
            continue
        path = package.path(item.get("href", ""))
        if path in seen:
            continue
        seen.add(path)
        text = markup(recognise(members.bytes_of(path), markup=True).text, path)
        size += len(text)
        if size > _MOST_MARKUP:
            raise Refused(Sentence("its text is larger than {limit} MB", limit=SIZE_LIMIT // 1_000_000))
        yield Chapter(path, text)


def _page(items: dict[str, dict[str, str]], name: str) -> dict[str, str] | None:
    """The manifest's item of that name, or what it gives for readers who can't show it; none for a mere picture."""
    for _ in range(5):
        item = items.get(name)
        if item is None:
            raise Refused(Sentence("its reading order names “{entry}”, which is not listed in it", entry=shown(name)))
        kind = item.get("media-type", "").partition(";")[0].strip().casefold()
        if kind in _PAGES:
            return item
        name = item.get("fallback", "")
        if not name:
            if kind.startswith("image/"):
                return None
            break
    raise Refused(Sentence("a part of it is of a kind that is not read: {kind}", kind=shown(kind) or "?"))


class _About:
    """What the package says of the book, in Dublin Core, with EPUB 2's attributes and EPUB 3's refinements."""

    def __init__(self, package: Node) -> None:
        self._nodes = [node for metadata in package.all("metadata") for node in metadata.all()]
        self._refined: dict[tuple[str, str], str] = {}
        for node in self._nodes:
            if node.tag == "meta" and "refines" in node.attributes:
                about = node.attributes["refines"].removeprefix("#"), node.attributes.get("property", "")
                self._refined.setdefault(about, node.words)

    def first(self, tag: str) -> str:
        return next(self._all(tag), ("", {}))[0]

    def _all(self, tag: str) -> Iterator[tuple[str, dict[str, str]]]:
        return ((node.words, node.attributes) for node in self._nodes if node.tag == tag and node.words)

    def _said(self, attributes: dict[str, str], name: str) -> str:
        return attributes.get(name) or self._refined.get((attributes.get("id", ""), name), "")

    @property
    def title(self) -> str:
        titles = [(self._said(attributes, "title-type"), words) for words, attributes in self._all("title")]
        return next((words for kind, words in titles if kind == "main"), titles[0][1] if titles else "")

    @property
    def subtitle(self) -> str:
        return next(
            (w for w, attributes in self._all("title") if self._said(attributes, "title-type") == "subtitle"), ""
        )

    @property
    def byline(self) -> str:
        """The authors, as many as a byline holds; where none is called that, all who made it."""
        made = [(self._said(attributes, "role"), words) for words, attributes in self._all("creator")]
        names = [words for role, words in made if role in ("", "aut")] or [words for _, words in made]
        names = list(dict.fromkeys(names))
        while len(byline := ", ".join(names)) > _BYLINE:
            names.pop()
        return byline

    @property
    def published(self) -> dt.date | dt.datetime | None:
        dates = {
            attributes.get("event", "").casefold(): words for words, attributes in reversed(list(self._all("date")))
        }
        said = next((dates[event] for event in ("publication", "original-publication", "") if event in dates), "")
        return read_date(said)
