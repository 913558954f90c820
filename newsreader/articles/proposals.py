"""What a reader does with a proposal: makes it, and withdraws it. What a curator does stands in desk/proposals.py."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.articles.models import Article
from newsreader.articles.proposed import LONGEST_WORD, Proposal


class NotNow(ValueError):
    """It can't be proposed as it is; says so in a sentence."""


@transaction.atomic
def propose(article: Article, *, reader: User, word: str = "") -> Proposal:
    """Lets curators look at a reader's own copy; what waits already gets the new word, what was declined waits again.

    Raises NotNow for what isn't theirs, has no text yet, or is in the library already.
    """
    row = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    if row.owner_id != reader.pk or row.state == Article.State.WITHDRAWN:
        raise NotNow(_("Only what is on your own shelf can be proposed."))
    if not row.text:
        raise NotNow(_("Its text is not here yet. Propose it once you can read it."))
    known = Proposal.objects.select_for_update().filter(article=row).first()
    if known and known.result_id:
        raise NotNow(_("It is in the library already."))
    said = {"word": word.strip()[:LONGEST_WORD], "state": Proposal.State.OPEN, "answer": "", "decided": None}
    proposal, _made = Proposal.objects.update_or_create(
        article=row, defaults=said, create_defaults={**said, "made": timezone.now()}
    )
    return proposal


@transaction.atomic
def withdraw(article: Article, *, reader: User) -> None:
    """Takes it back: from then on no curator can open it. What is published stays published."""
    Proposal.objects.filter(article=article, article__owner=reader, result=None).delete()
