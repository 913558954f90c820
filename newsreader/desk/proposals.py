"""What curators do with a reader's proposal: publish it, or decline it with a word. Each has its entry in the journal.

To publish makes a new article of the library and leaves the reader's own copy as it is. Handing that one over would be
fewer rows, but: its passages, notes and place are its reader's, who may go on marking, remove it from their shelf or
have the page fetched again without a word to anybody; other readers who saved the same address keep theirs either way;
and an Undo could not give back an article in which others have marked something since. So the way back is simple: the
new article goes again, unless somebody uses it by now, and the proposal waits as before.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.articles.models import Article
from newsreader.articles.proposed import LONGEST_WORD, Proposal
from newsreader.articles.services import add_article
from newsreader.desk import journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry

COLUMNS = ("state", "answer", "decided", "result_id")
TAKEN = ("title", "byline", "standfirst", "published", "language", "address", "picture", "picture_text")


class Gone(ValueError):
    """It doesn't wait any more: withdrawn, or decided."""


class Changed(ValueError):
    """Its text is another one than the curator looked at."""


@dataclass(frozen=True, slots=True)
class Published:
    """The library's new article, and the entry that tells of it."""

    article: Article
    entry: Entry


@transaction.atomic
def publish(proposal: Proposal, *, by: User, seen: str) -> Published:
    """Makes a published article of what was proposed. `seen` is the content hash that the curator looked at.

    Raises Gone and Changed.
    """
    row = _locked(proposal)
    own = Article.objects.select_for_update(no_key=True).get(pk=row.article_id)
    if own.content_hash != seen:
        raise Changed
    made = add_article(
        html=own.html,
        sources=own.sources.all(),
        editor=by,
        state=Article.State.PUBLISHED,
        **{name: getattr(own, name) for name in TAKEN},
    )
    way = _decide(row, state=Proposal.State.PUBLISHED, result_id=made.pk)
    # Gone back from the last one on: first the article goes, by which the proposal has no result any more. Only as
    # such it is set back: one whose article stays, since somebody uses it, stays published.
    way.after[str(row.pk)]["result_id"] = None
    ways = [way, journal.made([made])]
    told = _("Proposed by a reader.")
    return Published(made, journal.record(Deed.PUBLISHED, by=by, about=made, told=told, ways=ways))


@transaction.atomic
def decline(proposal: Proposal, *, by: User, answer: str = "") -> Entry:
    """Says no, in words for its reader. The journal has neither these nor a title: the article is theirs alone."""
    row = _locked(proposal)
    way = _decide(row, state=Proposal.State.DECLINED, answer=answer.strip()[:LONGEST_WORD])
    about = _("A reader’s proposal")
    return journal.record(Deed.DECLINED, by=by, about=about, kind="articles.proposal", number=1, ways=[way])


def in_the_library(proposal: Proposal) -> list[Article]:
    """What the library has from the same address: perhaps it is there already."""
    address = proposal.article.address
    found = Article.objects.filter(owner=None, address=address).defer("text", "html") if address else ()
    return list(found[:5])


def _locked(proposal: Proposal) -> Proposal:
    row = Proposal.objects.open().select_for_update(of=("self",)).filter(pk=proposal.pk).first()
    if row is None:
        raise Gone
    return row


def _decide(row: Proposal, **now: object) -> Way:
    """Writes what was decided; the way back to a proposal that waits."""
    before = {name: getattr(row, name) for name in COLUMNS}
    decided = timezone.now()
    after = {**before, **now, "decided": decided}
    Proposal.objects.filter(pk=row.pk).update(**after)
    key = str(row.pk)
    plain = {**after, "decided": decided.isoformat()}
    return Way("articles.proposal", "*", {key: before}, {key: plain}, [row.pk])
