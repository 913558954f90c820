"""Where the feeds of a site are: what its page names, and where many sites have one. Pure: fetches nothing."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from newsreader.core.tame import tokens
from newsreader.intake.feeds.decoding import decoded
from newsreader.intake.feeds.entries import address_in, line

KINDS = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/rdf+xml": "RDF",
    "application/feed+json": "JSON Feed",
    "application/json": "JSON Feed",
    "application/x-cdf": "CDF",
    "text/xml": "RSS",
    "application/xml": "RSS",
}
"""Media types that feeds are sent and named with, and what they are called."""

WANTED = frozenset(
    {*KINDS, "text/html", "application/xhtml+xml", "text/plain", "text/rss+xml", "text/atom+xml", "application/xml-dtd"}
    | {"application/octet-stream", "application/rss", "application/atom", "text/json", "text/rdf"}
)
"""Media types under which a feed, or a page that names one, may come: servers call feeds all of these."""

_PLACES = ("feed", "feed.xml", "rss.xml", "atom.xml", "index.xml", "rss", "feed.json", "index.rdf")
_NO_ARTICLES = ("oembed", "wp-json", "opensearch", "manifest")
_MOST = 20
_LOOKED_AT = 50_000  # tags and pieces of text: what names a feed stands in the head


@dataclass(frozen=True, slots=True)
class Offered:
    """A feed that a page names: its address, what the page calls it, and its kind as in KINDS."""

    address: str
    title: str
    kind: str


def feeds_on(data: bytes, charset: str, url: str) -> list[Offered]:
    """`feeds_of` the page that a server sent. Raises `Refused` where its letters can't be read."""
    return feeds_of(decoded(data, charset), url)


def feeds_of(html: str, url: str) -> list[Offered]:
    """The feeds that the page from `url` names, in its own order, each once."""
    base, found = url, dict[str, Offered]()
    for number, token in enumerate(tokens(html)):
        if number > _LOOKED_AT or len(found) >= _MOST:
            break
        if token.kind != "start" or token.value not in {"base", "link", "a"}:
            continue
        said = {name: unescape(value).strip() for name, value in token.attributes.items()}
        if token.value == "base" and base == url:
            base = urljoin(url, said.get("href", ""))
            continue
        kind = KINDS.get(said.get("type", "").lower().partition(";")[0].strip(), "")
        rel = set(said.get("rel", "").lower().split())
        named = (kind and ("alternate" in rel or token.value == "a")) or "feed" in rel
        address = address_in(said.get("href"), base) if named else ""
        if address and not any(part in address for part in _NO_ARTICLES):
            found.setdefault(address, Offered(address, line(said.get("title")), kind or "RSS"))
    return list(found.values())


def usual_places(url: str) -> list[str]:
    """Addresses at which a site may have a feed that it does not name: below this page's folder, and its root."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = urljoin(url, ".") if parts.path.endswith("/") else urljoin(url + "/", ".")
    return list(dict.fromkeys(urljoin(base, place) for base in (root, folder) for place in _PLACES))[: len(_PLACES) * 2]
