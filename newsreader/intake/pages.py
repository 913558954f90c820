"""What a web server or a browser gave, to the page that is read: its article, and the address that it says it has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsreader.intake.decode import recognise
from newsreader.intake.documents import examine_as
from newsreader.intake.extraction import extract
from newsreader.intake.shape import Document, Refused

KINDS = {"text/plain": ".txt", "text/markdown": ".md"}  # what is none of these is a page of the web
_MARKED = re.compile(r"<(?:article|main)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """An article of the web. `picture` is the address of its lead image, "" where it has none: it is not fetched.

    `picture_text` is what stands for it, where the page says so.
    """

    document: Document
    address: str
    picture: str = ""
    picture_text: str = ""


def read_page(data: bytes, media_type: str, charset: str, url: str) -> Page:
    """The page in `data`. Raises `Refused` where there is no article in it, or it is too costly to read."""
    if kind := KINDS.get(media_type):
        return Page(examine_as(kind, data, charset).document, url)
    html, _ = recognise(data, markup=True, stated=charset)
    try:
        found = extract(html, url)
    except Refused:
        if not _MARKED.search(html):
            raise
        # Too short to be told from what stands around an article; but the page itself says where it is.
        return Page(examine_as(".html", data, charset).document, url)
    return Page(found.document, found.address, found.lead_image)
