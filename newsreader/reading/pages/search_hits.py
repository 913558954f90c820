"""The hits of a search on the page of an article: what the bar above it and its script need."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from newsreader.accounts.someone import Someone
from newsreader.articles.models import Article
from newsreader.core.text import layout
from newsreader.search.hits import hits


def hits_bar(q: str, article: Article, user: Someone) -> dict[str, Any] | None:
    """What templates/reading/_hits.html shows; None where the text has no word of the search."""
    found = hits(q, article, user) if q.strip() else None
    if found is None:
        return None
    start = found.spans[found.best].start
    blocks = layout(article.html).blocks
    return {
        "q": q,
        "count": len(found.spans),
        "spans": " ".join(f"{span.start}-{span.end}" for span in found.spans),
        "best": found.best,
        "block": next((number for number, block in enumerate(blocks) if block.end > start), 0),
        "results": f"{reverse('reading:search')}?{urlencode({'q': q})}",
    }
