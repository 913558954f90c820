"""What became of passages when their article was edited, as their reader is shown it. Reads only."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsreader.annotations.models import Highlight
from newsreader.annotations.querysets import HighlightQuerySet
from newsreader.articles.models import Article
from newsreader.core.passages import Lost, Placed, Quote, locate, quote_at
from newsreader.language import worded

TOLD = {"edited": _("The words changed"), "moved": _("The words moved"), "lost": _("No longer in the text")}
SHARES = (
    (0.995, _("All of them are left.")),
    (0.9, _("Nearly all of them are left.")),
    (0.7, _("Most of them are left.")),
    (0.5, _("More than half of them are left.")),
    (0.0, _("Less than half of them are left.")),
)
CANDIDATES = 3  # places that are offered for a lost passage
ALIKE = 0.3  # score from which on a person sees what a place has to do with the passage
LOOKED_FOR = 20  # lost passages for which the page looks for such places; the others have a page of their own
READ = 400_000  # code points that all this looking may read, so that a long article's page is no slower


@dataclass(frozen=True, slots=True)
class Change:
    """A passage that is still in the text, with other words or in another place: then and now.

    `text` is the hash of the article's text that `now` was read from: a decision says what it was made on.
    """

    id: str
    url: str
    version: int
    text: str
    told: str
    then: str
    now: str
    marked: datetime
    revised: datetime
    why: str


@dataclass(frozen=True, slots=True)
class LostPassage:
    """A passage whose words are gone, with the places that look most like it; None where nobody looked."""

    highlight: Highlight
    url: str
    candidates: list[Quote] | None


def why(status: str, reason: str, score: float) -> str:
    """The reason, and in words how much is left of a passage that moved; an edited one's reason says it itself."""
    if status != Highlight.Status.MOVED:
        return worded(reason)
    share = next(told for least, told in SHARES if score >= least)
    return f"{worded(reason)} {share}".lstrip()


def change_of(highlight: Highlight) -> Change | None:
    """Of a highlight that was edited or moved."""
    span, article = highlight.span, highlight.article
    if span is None or highlight.status not in TOLD:
        return None
    return Change(
        id=highlight.public_id,
        url=reverse("reading:highlight", args=[highlight.public_id]),
        version=highlight.version,
        text=article.content_hash,
        told=str(TOLD[highlight.status]),
        then=highlight.exact,
        now=article.text[span.start : span.end],
        marked=highlight.revision.accepted,
        revised=revised(article),
        why=why(highlight.status, highlight.reason, highlight.score),
    )


def revised(article: Article) -> datetime:
    """When the article's present text was accepted."""
    accepted: datetime = article.revisions.order_by("-number").values_list("accepted", flat=True)[:1].get()
    return accepted


def lost_passages(lost: HighlightQuerySet, article: Article) -> list[LostPassage]:
    """All that are lost, in the order in which they stood, the first of them with places to choose from."""
    looked_for = min(LOOKED_FOR, READ // max(article.length, 1))
    return [
        lost_passage(highlight, article, look=number < looked_for)
        for number, highlight in enumerate(lost.with_tags().order_by("made_start", "id"))
    ]


def lost_passage(highlight: Highlight, article: Article, *, look: bool = True) -> LostPassage:
    url = reverse("reading:highlight", args=[highlight.public_id])
    return LostPassage(highlight, url, _candidates(highlight, article) if look else None)


def _candidates(highlight: Highlight, article: Article) -> list[Quote]:
    """The best places, as quotes that mark just these words when they are sent."""
    match locate(article.text, replace(highlight.quote, hint=highlight.made_start)):
        case Placed() as lookalike:
            found = [lookalike]
        case Lost(candidates):
            found = [place for place in candidates if place.score >= ALIKE]
    return [quote_at(article.text, place.span) for place in found[:CANDIDATES]]
