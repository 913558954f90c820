"""A page of the web on a reader's own shelf. It is theirs alone: two readers who save one address have two articles."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction

from newsreader.accounts.models import User
from newsreader.articles.models import Article
from newsreader.intake.documents import Refused, examine_as
from newsreader.intake.seeds import take_in
from newsreader.intake.web import Fetched, Web

__all__ = ["Refused", "Saved", "save_page"]

KINDS = {"text/plain": ".txt", "text/markdown": ".md"}  # what is not one of these is read as HTML


@dataclass(frozen=True, slots=True)
class Saved:
    """The article, and whether it is new: an address that is there already is not fetched again."""

    article: Article
    new: bool


def save_page(url: str, *, reader: User, web: Web) -> Saved:
    """Fetches the page and puts it on the reader's shelf, unless it is there.

    Raises `newsreader.intake.web.Failed` where nothing can be fetched, and `Refused` where what came can't be read.
    """
    if there := _there(reader, url):
        return Saved(there, new=False)
    page = web.fetch(url)
    document, _ = examine_as(KINDS.get(page.media_type, ".html"), page.body, page.charset)
    with transaction.atomic():
        # Whoever saves it twice at once waits here for the first.
        User.objects.select_for_update().get(pk=reader.pk)
        if there := _there(reader, page.url):
            return Saved(there, new=False)
        article = take_in(
            document, source=_site(page), owner=reader, editor=reader, state=Article.State.PUBLISHED, address=page.url
        )
    return Saved(article, new=True)


def _there(reader: User, url: str) -> Article | None:
    return Article.objects.visible_to(reader).filter(owner=reader, address=url.strip()).first()


def _site(page: Fetched) -> str:
    """What its source is called where the page doesn't say."""
    return (urlsplit(page.url).hostname or "").removeprefix("www.")
