"""The history page: an article's revisions, and what changed between two of them, this reader's marks included.

A mark is known in the revision on which it was made or last accepted, and in the newest one. Reads only.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Count, Max

from newsreader.accounts.someone import Someone
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Revision
from newsreader.core.changes import Change, blocks
from newsreader.core.passages import Span
from newsreader.core.told import Stretch, Told, abridged, depth, heading, look, pair, unchanged
from newsreader.core.wording import Piece


class Mark(NamedTuple):
    """A reader's passage in one of the two revisions."""

    start: int
    end: int
    id: str
    colour: str


class Edits(NamedTuple):
    """How often a text was changed after it came in, and when last."""

    times: int
    last: datetime


def edits(article: Article, user: Someone) -> Edits | None:
    """None for an article that stands as it came in, as far as `user` may know. One query."""
    told = article.revisions.shown_to(user).aggregate(count=Count("pk"), last=Max("accepted"))
    return Edits(told["count"] - 1, told["last"]) if told["count"] > 1 else None


def history_page(article: Article, user: Someone, asked_from: str, asked_to: str) -> dict[str, Any]:
    """What templates/reading/history.html shows. The two are numbers of revisions, in either order, or anything."""
    shown = article.revisions.shown_to(user)
    revisions = list(shown.order_by("-number").defer("html"))
    page: dict[str, Any] = {"article": article, "revisions": revisions}
    chosen = pair([revision.number for revision in revisions], asked_from, asked_to)
    if chosen is None:
        return page
    then, now = shown.filter(number__in=chosen).order_by("number")
    changes = blocks(then.html, now.html)
    same = unchanged(changes)
    told = [] if same else _told(changes, *_marks(article, user, then, now, revisions[0].number))
    if then.title != now.title:
        told.insert(0, heading(then.title, now.title))
    return page | {"then": then, "now": now, "blocks": told, "same": same}


def _marks(
    article: Article, user: Someone, then: Revision, now: Revision, newest: int
) -> tuple[list[Mark], list[Mark]]:
    """This reader's passages where they stand in the two revisions, as far as that is known."""
    mine = Highlight.objects.of(user).live().filter(article=article)
    # One that came from an article merged into this one, and is lost, was made on a revision of that one.
    columns = ("public_id", "colour", "revision__article", "revision__number", "made_start", "made_end", "start", "end")
    found: dict[int, list[Mark]] = {then.number: [], now.number: []}
    for pk, colour, revised, made_on, made_start, made_end, start, end in mine.values_list(*columns):
        if start is not None and newest in found:
            found[newest].append(Mark(start, end, pk, colour))
        if revised == article.pk and made_on in found and made_on != newest:
            found[made_on].append(Mark(made_start, made_end, pk, colour))
    return found[then.number], found[now.number]


def _told(changes: Sequence[Change], then: list[Mark], now: list[Mark]) -> list[Told]:
    old, new = _by_change([change.then for change in changes], then), _by_change([c.now for c in changes], now)
    told = []
    for number, change in enumerate(changes):
        marks = {mark.id for mark in (*old[number], *new[number])}
        stretches = list(_stretches(change, old[number], new[number]))
        told.append(Told(change.kind, look(change), depth(change), change.count, len(marks), stretches))
    return told


def _by_change(spans: Sequence[Span | None], marks: Sequence[Mark]) -> defaultdict[int, list[Mark]]:
    """The marks with words in each of the blocks, whose spans rise."""
    present = [(span.start, span.end, number) for number, span in enumerate(spans) if span]
    ends = [end for _, end, _ in present]
    found: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        at = bisect_right(ends, mark.start)
        while at < len(present) and present[at][0] < mark.end:
            found[present[at][2]].append(mark)
            at += 1
    return found


class _Sweep:
    """The marks of one revision, as its text is passed over from left to right."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.edges = sorted([(mark.start, 1, mark) for mark in marks] + [(mark.end, 0, mark) for mark in marks])
        self.offsets = [edge[0] for edge in self.edges]
        self.at = 0
        self.active: dict[str, Mark] = {}

    def inside(self, start: int, end: int) -> list[int]:
        """Where marks begin or end between the two."""
        return self.offsets[bisect_right(self.offsets, start) : bisect_left(self.offsets, end)]

    def pass_to(self, offset: int) -> None:
        while self.at < len(self.edges) and self.offsets[self.at] <= offset:
            _, begins, mark = self.edges[self.at]
            self.at += 1
            if begins:
                self.active[mark.id] = mark
            else:
                self.active.pop(mark.id, None)


def _stretches(change: Change, then: Sequence[Mark], now: Sequence[Mark]) -> Iterator[Stretch]:
    """The pieces of a block, cut where marks begin and end."""
    old, new = _Sweep(then), _Sweep(now)
    i, j = change.then.start if change.then else 0, change.now.start if change.now else 0
    known: set[str] = set()
    for piece in change.pieces:
        sides = [(sweep, at) for sweep, at, absent in ((old, i, "added"), (new, j, "removed")) if piece.kind != absent]
        size = len(piece.text)
        cuts = {0, size, *(offset - at for sweep, at in sides for offset in sweep.inside(at, at + size))}
        for start, end in pairwise(sorted(cuts)):
            active: dict[str, Mark] = {}
            for sweep, at in sides:
                sweep.pass_to(at + start)
                active |= sweep.active
            yield from _shown(piece, piece.text[start:end], list(active.values()), known, goes_on=start > 0)
        i, j = i + size * (piece.kind != "added"), j + size * (piece.kind != "removed")


def _shown(piece: Piece, text: str, active: Sequence[Mark], known: set[str], *, goes_on: bool) -> Iterator[Stretch]:
    if active:
        begins = [Highlight.Colour(mark.colour).within for mark in active if mark.id not in known]
        known.update(mark.id for mark in active)
        outer = active[-2].colour if len(active) > 1 else ""
        yield Stretch(piece.kind, text, active[-1].colour, outer, ", ".join(begins), goes_on)
    else:
        yield from abridged(piece.kind, text, goes_on=goes_on)
