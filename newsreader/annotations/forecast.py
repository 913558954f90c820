"""What an edit would do to readers' highlights, before it is saved. Reads, never writes, and answers numbers only."""

from newsreader.annotations.carrying import Forecast, carry_all
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.revise import Versions
from newsreader.core.text import text_of

__all__ = ["Forecast", "forecast"]


def forecast(article: Article, html: str) -> Forecast:
    """What becomes of the article's live highlights if its text becomes `html` (canonical). One query.

    Said from `article`'s text as the caller holds it; that must be the stored one for the highlights to stand on it.
    """
    # Only what carrying needs: no note is ever loaded here.
    columns = ("reader_id", "start", "end", "exact", "prefix", "suffix", "status", "score", "reason", "deleted")
    highlights = list(Highlight.objects.live().filter(article=article).order_by("id").only(*columns))
    return carry_all(highlights, Versions(article.text, text_of(html)))
