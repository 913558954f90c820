"""What a web server or a browser gave, to the page that is read: its article, and the address that it says it has."""

from __future__ import annotations

from dataclasses import dataclass

from newsreader.intake.documents import examine_as
from newsreader.intake.shape import Document

KINDS = {"text/plain": ".txt", "text/markdown": ".md"}  # what is none of these is read as HTML


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
    document, _ = examine_as(KINDS.get(media_type, ".html"), data, charset)
    return Page(document, url)
