"""Where Django looks for the desk's pages."""

from newsreader.desk import (
    articles,
    collection_pages,
    duplicate_pages,
    feed_pages,
    highlights,
    invitation_pages,
    journal_pages,
    proposal_pages,
    queue_pages,
    readers,
    sources,
)

__all__ = [
    "articles",
    "collection_pages",
    "duplicate_pages",
    "feed_pages",
    "highlights",
    "invitation_pages",
    "journal_pages",
    "proposal_pages",
    "queue_pages",
    "readers",
    "sources",
]
