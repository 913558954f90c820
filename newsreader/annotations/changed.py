"""What a reader does about a passage whose words have changed: accept, undo, or choose other words.

Each function is one transaction on the version that the reader saw, and raises services.Stale on another one.
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from newsreader.annotations.models import Highlight
from newsreader.annotations.services import Stale, place, put_on, read_again
from newsreader.core.passages import Quote


@transaction.atomic
def accept(highlight: Highlight, *, version: int, words: str | None = None) -> Highlight:
    """The words as they are now are what is meant: from here on they are “then”.

    `words` are those that the reader saw. An edit changes no version, so without them what was never seen may be
    accepted; with them, other words raise Stale. Raises ValueError when it is lost: there are no words to accept.
    """
    _claim(highlight, version)
    span = highlight.span
    if span is None:
        raise ValueError(_("These words are no longer in the text. Choose other words for it."))
    if words is not None and words != highlight.article.text[span.start : span.end]:
        raise Stale(highlight)
    put_on(highlight, span)
    highlight.save()
    return highlight


@transaction.atomic
def undo_move(highlight: Highlight, *, version: int) -> Highlight:
    """These are not the words: it is lost, with its former ones, until they come back or others are chosen."""
    _claim(highlight, version)
    highlight.start = highlight.end = None
    highlight.status, highlight.score = Highlight.Status.LOST, 0.0
    highlight.reason = gettext_noop("You said that these were not its words.")
    highlight.save()
    return highlight


@transaction.atomic
def choose(highlight: Highlight, *, quote: Quote, version: int) -> Highlight:
    """Other words, or more or fewer of the same. Raises Unplaced when they are not in the article as it is now."""
    _claim(highlight, version)
    put_on(highlight, place(highlight.article, quote))
    highlight.save()
    return highlight


def _claim(highlight: Highlight, version: int) -> None:
    """Takes the next version of the highlight, with the article's text held as it is stored."""
    read_again(highlight.article)
    mine = Highlight.objects.filter(pk=highlight.pk, version=version, deleted=None)
    changed = mine.update(version=F("version") + 1)
    article = highlight.article
    highlight.refresh_from_db()
    highlight.article = article
    if not changed:
        raise Stale(highlight)
