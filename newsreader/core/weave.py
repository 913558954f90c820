"""Put marks into canonical HTML: highlighted words become `<mark>` segments, each highlight gets one link.

Promise: adds elements, never text; segments are flat and never cross an element's boundary; nothing raises.
Limits: time and output grow with the segments and the ids on them, and every id is kept, so n highlights nested
in each other give about n² ids (1,000 deep: some 10 MB): whoever stores highlights caps how many overlap.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from operator import itemgetter

from newsreader.core.text import Block, Layout, layout


@dataclass(frozen=True, slots=True)
class Mark:
    """What one highlight puts into the page. The id is of [a-z0-9-]; [start, end) is in code points of the
    text and may be any two numbers: what lies outside, or on white space between elements, is left out.
    `href` is where its reference link leads, `label` what a screen reader says there."""

    id: str
    start: int
    end: int
    colour: str
    href: str
    label: str
    has_note: bool


def weave(html: str, marks: Sequence[Mark]) -> str:
    """The whole article with its marks, and an id="b-<n>" on each top-level block."""
    laid = layout(html)
    edits = _edits(laid, range(len(laid.blocks)), marks)
    return _spliced(html, edits, 0, len(html))


def weave_blocks(html: str, marks: Sequence[Mark], start: int, end: int) -> list[str]:
    """The blocks from the first to the last that [start, end) touches, just as `weave` writes them.

    `marks` are all marks of the article, or at least all that touch these blocks.
    """
    laid = layout(html)
    numbers = laid.blocks_in(start, end)
    edits = _edits(laid, numbers, marks)
    woven, at = [], 0
    for block in laid.blocks[numbers.start : numbers.stop]:
        upto = at
        while upto < len(edits) and edits[upto][0] <= block.html_end:
            upto += 1
        woven.append(_spliced(html, edits[at:upto], block.html_start, block.html_end))
        at = upto
    return woven


Edit = tuple[int, str]  # what to put in, and where in the HTML


@dataclass(slots=True)
class _Cover:
    """The part of a mark that shows in the blocks at hand, and whether the mark's own ends are there."""

    mark: Mark
    start: int
    end: int
    first: bool
    last: bool


def _edits(laid: Layout, numbers: range, marks: Iterable[Mark]) -> list[Edit]:
    """All that is put into these blocks, in the order of the HTML."""
    if not numbers:
        return []
    blocks = laid.blocks[numbers.start : numbers.stop]
    edits = [_block_id(number, block) for number, block in zip(numbers, blocks, strict=True)]
    edits += _mark_edits(laid, _covers(laid, marks, blocks[0].start, blocks[-1].end))
    edits.sort(key=itemgetter(0))  # stable: what was put at the same place stays in its order
    return edits


def _block_id(number: int, block: Block) -> Edit:
    return block.html_start + len("<") + len(block.tag), f' id="b-{number}"'


def _covers(laid: Layout, marks: Iterable[Mark], start: int, end: int) -> list[_Cover]:
    """What [start, end) shows of each mark, outer marks before inner ones."""
    covers = []
    for mark in marks:
        if span := laid.markable(mark.start, mark.end):
            first, last = span
            if first < end and last > start:
                covers.append(_Cover(mark, max(first, start), min(last, end), first >= start, last <= end))
    covers.sort(key=lambda cover: (cover.mark.start, -cover.mark.end, cover.mark.id))
    return covers


def _mark_edits(laid: Layout, covers: Sequence[_Cover]) -> Iterator[Edit]:
    """Sweep over the places where a mark starts or ends; between two of them the same marks are active."""
    starting: dict[int, list[int]] = {}
    ending: dict[int, list[int]] = {}
    for rank, cover in enumerate(covers):
        starting.setdefault(cover.start, []).append(rank)
        ending.setdefault(cover.end, []).append(rank)
    active: dict[int, Mark] = {}  # by rank, and in its order, since covers are added in that order
    for start, end in pairwise(sorted(starting.keys() | ending.keys())):
        for rank in ending.get(start, ()):
            del active[rank]
        for rank in starting.get(start, ()):
            active[rank] = covers[rank].mark
        if active:
            firsts = [covers[rank].mark for rank in starting.get(start, ()) if covers[rank].first]
            lasts = [covers[rank].mark for rank in ending.get(end, ()) if covers[rank].last]
            yield from _segments(laid, start, end, list(active.values()), (firsts, lasts))


def _segments(
    laid: Layout, start: int, end: int, active: list[Mark], ends: tuple[list[Mark], list[Mark]]
) -> Iterator[Edit]:
    """A segment for each run in [start, end), then the references of the marks that end with it."""
    firsts, lasts = ends
    common = f'<mark class="hl"{_ids("h", active)} data-c="{escape(active[-1].colour)}"'
    if len(active) > 1:
        common += f' data-o="{escape(active[-2].colour)}"'
    for run in laid.runs_in(start, end):
        opening = common
        if firsts and run.start <= start:
            opening += _ids("first", firsts)
        if lasts and end <= run.end:
            opening += _ids("last", lasts)
        yield (run.html_start if start <= run.start else laid.html_at(run, start)), opening + ">"
        closing = run.html_end if run.end <= end else laid.html_at(run, end)
        yield closing, "</mark>"
    if lasts:
        # A link in a link is no HTML: there the reference follows the link.
        yield laid.link_end(end) or closing, "".join(map(_reference, lasts))


def _ids(name: str, marks: Iterable[Mark]) -> str:
    return f' data-{name}="{escape(" ".join([mark.id for mark in marks]))}"'


def _reference(mark: Mark) -> str:
    note = " has-note" if mark.has_note else ""
    name, colour = escape(mark.id), escape(mark.colour)
    return (
        f'<a class="hl-ref{note}" id="h-{name}" href="{escape(mark.href)}" data-h="{name}" data-c="{colour}"'
        f' aria-label="{escape(mark.label)}"></a>'
    )


def _spliced(html: str, edits: Iterable[Edit], start: int, end: int) -> str:
    pieces: list[str] = []
    at = start
    for place, addition in edits:
        pieces += (html[at:place], addition)
        at = place
    pieces.append(html[at:end])
    return "".join(pieces)
