"""What an edit does to highlights, worked out in memory: nothing is asked of the database or written to it.

The forecast of an edit and the edit itself both come from `carry_all`, so that they can't differ.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from newsreader.annotations.models import Highlight
from newsreader.core.passages import Span
from newsreader.core.revise import Carried, Versions, carry
from newsreader.core.standing import standing


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an edit does to the live highlights of an article, in numbers only: never whose, or on which words.

    `kept`, `edited`, `moved` and `lost` are those that stand in the present text, by what this edit does to them;
    `readers` is how many different readers made them. `back` were lost and come back, `gone` stay lost.
    """

    kept: int = 0
    edited: int = 0
    moved: int = 0
    lost: int = 0
    readers: int = 0
    back: int = 0
    gone: int = 0

    @property
    def total(self) -> int:
        """Those that stand in the present text."""
        return self.kept + self.edited + self.moved + self.lost


def carry_all(highlights: Sequence[Highlight], versions: Versions) -> Forecast:
    """Moves every highlight, in memory, to the new text; binned ones too, but those aren't counted."""
    placed = [(one, span) for one in highlights if (span := one.span)]
    lost = [one for one in highlights if one.span is None]
    became: Counter[str] = Counter()
    for (one, _), answer in zip(placed, versions.carry([span for _, span in placed]), strict=True):
        _follow(one, answer, versions.new)
        if one.deleted is None:
            became[answer.status if one.status != Highlight.Status.KEPT else one.status] += 1
    _bring_back(lost, versions.old, versions.new)
    back = Counter(one.span is not None for one in lost if one.deleted is None)
    readers = {one.reader_id for one, _ in placed if one.deleted is None}
    return Forecast(
        kept=became["kept"],
        edited=became["edited"],
        moved=became["moved"],
        lost=became["lost"],
        readers=len(readers),
        back=back[True],
        gone=back[False],
    )


def put(highlight: Highlight, span: Span | None, status: str, score: float, reason: str) -> None:
    """Where it stands now, or that it is lost, and how that came."""
    highlight.start, highlight.end = (span.start, span.end) if span else (None, None)
    highlight.status, highlight.score, highlight.reason = status, score, reason[:200]


def _follow(highlight: Highlight, answer: Carried, text: str) -> None:
    """Takes over where it went. What this edit left alone stays edited or moved until its reader accepts it."""
    span = answer.span
    if span and "moved" not in {answer.status, highlight.status} and text[span.start : span.end] == highlight.exact:
        put(highlight, span, "kept", 1.0, gettext_noop("The words are as they were marked."))
    elif span and answer.status == "kept" != highlight.status:
        highlight.start, highlight.end = span.start, span.end
    else:
        put(highlight, span, answer.status, answer.score, answer.reason)


def _bring_back(lost: Sequence[Highlight], old: str, new: str) -> None:
    """A lost highlight comes back when this edit brings its very words.

    The same words that stood elsewhere all along, which its reader may have refused, are not its own; words that
    only look like them are offered on the page instead.
    """
    places = standing(new, [one.quote for one in lost])
    found = [(one, span) for one, span in zip(lost, places, strict=True) if span]
    if not found:
        return
    for (one, span), was in zip(found, carry(new, old, [span for _, span in found]), strict=True):
        if was.status in {"edited", "lost"}:
            put(one, span, "kept", 1.0, gettext_noop("Its words are back."))
