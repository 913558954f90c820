"""A page of the web to a document: the article in it, in the page's own elements, and what the page says of it.

`extract` is pure and knows no network. It is for pages that somebody else wrote; page.py is for documents of one's own.
"""

from newsreader.intake.extraction.page import Extracted, extract

__all__ = ["Extracted", "extract"]
