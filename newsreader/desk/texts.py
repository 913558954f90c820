"""Texts of articles at the desk: an older one put back as the newest revision, and many cleaned again."""

from dataclasses import dataclass, field
from time import monotonic

from django.db import transaction
from django.utils.translation import gettext as _

from newsreader.accounts.models import User
from newsreader.annotations.services import Revised, revise_article
from newsreader.articles.models import Article, Revision
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.core.clean import TooDeep, TooLarge, clean
from newsreader.desk import journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry

BATCH = 100
PATIENCE = 20.0  # seconds for looking at many: a proxy waits for a minute


@dataclass(slots=True)
class Cleaned:
    """What cleaning many again did: how many changed, stayed, could not be cleaned; highlights it lost; its entry.

    `left` were not looked at.
    """

    changed: list[Article] = field(default_factory=list)
    same: int = 0
    refused: int = 0
    lost: int = 0
    left: int = 0
    entry: Entry | None = None


@transaction.atomic
def restore(article: Article, revision: Revision, *, by: User) -> tuple[Revised, Entry | None]:
    """Makes the text of an older revision the newest one. No entry where it is the present text already."""
    before = _newest(article)
    reason = _("Restored revision {number}.").format(number=revision.number)
    revised = revise_article(article, html=revision.html, editor=by, reason=reason)
    if revised.revision is None:
        return revised, None
    way = Way("articles.article", "html", before, revised.revision.number, [article.pk])
    return revised, journal.record(Deed.RESTORED, by=by, about=article, told=reason, ways=[way])


def clean_again(chosen: ArticleQuerySet, *, by: User, patience: float = PATIENCE) -> Cleaned:
    """Cleans texts by the rules of today; those that it changes get a revision, and their highlights are carried.

    Looking takes most of the time, and nobody is kept from writing meanwhile. After `patience` seconds it looks at no
    more, and says how many are left; what was looked at is cleaned.
    """
    done = Cleaned()
    keys = list(chosen.order_by("pk").values_list("pk", flat=True))
    changing: list[int] = []
    end = monotonic() + patience
    for start in range(0, len(keys), BATCH):
        if start and monotonic() > end:
            done.left = len(keys) - start
            break
        rows = Article.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        for pk, html, address in rows.values_list("pk", "html", "address"):
            match _cleaned(html, address):
                case None:
                    done.refused += 1
                case cleaned if cleaned in {html, ""}:
                    done.same += 1
                case _:
                    changing.append(pk)
    if changing:
        _clean(changing, done, by=by)
    return done


def _cleaned(html: str, address: str) -> str | None:
    """The text as cleaning has it today; None where it refuses."""
    try:
        return clean(html, base_url=address)
    except (TooLarge, TooDeep):
        return None


@transaction.atomic
def _clean(keys: list[int], done: Cleaned, *, by: User) -> None:
    """Cleans those; what somebody changed meanwhile is cleaned as it is now."""
    ways = []
    for pk in keys:
        article = Article.objects.filter(pk=pk).first()
        html = _cleaned(article.html, article.address) if article else None
        if article is None or not html or html == article.html:
            done.same += 1
            continue
        before = _newest(article)
        revised = revise_article(article, html=html, editor=by, reason=_("Cleaned again."))
        if revised.revision:
            ways.append(Way("articles.article", "html", before, revised.revision.number, [pk]))
            done.changed.append(article)
            done.lost += revised.did.lost
    if done.changed:
        titles = "; ".join(article.title for article in done.changed[:3])
        done.entry = journal.record(Deed.CLEANED, by=by, about=titles, rows=done.changed, ways=ways)


def _newest(article: Article) -> int:
    number: int = article.revisions.order_by("-number").values_list("number", flat=True)[0]
    return number


def take_back(article: Article, *, before: int, after: int, by: User | None) -> bool:
    """Puts the text of revision `before` back if `after` is still the newest; whether it did."""
    if _newest(article) != after:
        return False
    revision = article.revisions.get(number=before)
    revise_article(
        article, html=revision.html, editor=by, reason=_("Taken back: as in revision {number}.").format(number=before)
    )
    return True
