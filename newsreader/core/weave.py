"""Put marks into canonical HTML: highlighted words become `<mark>` segments, each highlight gets one link.

Promise: adds elements, never text; segments are flat and never cross an element's boundary; nothing raises.
Limits: time and output grow with the segments and the ids on them, and every id is kept, so n highlights nested
in each other give about n² ids (1,000 deep: some 10 MB): whoever stores highlights caps how many overlap.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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


# Put `before` in at html[start], `after` at html[end]: (start, end, before, after).
Edit = tuple[int, int, str, str]
# What puts an outer mark before an inner one, then the text from its first to its last word, and the mark itself:
# (start, -end, id, first, last, mark).
Cover = tuple[int, int, str, int, int, Mark]


# Text that the same marks cover, and the HTML that says so: (start, end, opening tag without its >,
# its further attribute at the start, and at the end, the references that follow the end).
Stretch = tuple[int, int, str, str, str, str]


def _edits(laid: Layout, numbers: range, marks: Iterable[Mark]) -> list[Edit]:
    """All that is put into these blocks, in the order of the HTML."""
    if not numbers:
        return []
    blocks = laid.blocks[numbers.start : numbers.stop]
    start, end = blocks[0].start, blocks[-1].end
    edits = [_block_id(number, block) for number, block in zip(numbers, blocks, strict=True)]
    edits += _segments(laid, laid.runs_in(start, end), _stretches(_covers(laid, start, end, marks)))
    edits.sort(key=itemgetter(0))  # stable: what is put in at the same place stays in its order
    return edits


def _block_id(number: int, block: Block) -> Edit:
    place = block.html_start + len("<") + len(block.tag)
    return place, place, f' id="b-{number}"', ""


def _covers(laid: Layout, start: int, end: int, marks: Iterable[Mark]) -> list[Cover]:
    """The marks with words in [start, end), outer ones before inner ones; they may reach beyond it."""
    covers = []
    for mark in _escaped({mark.id: mark for mark in marks}.values()):
        span = laid.markable(mark.start, mark.end)
        if span and span[0] < end and span[1] > start:
            covers.append((mark.start, -mark.end, mark.id, *span, mark))
    covers.sort()
    return covers


def _escaped(marks: Collection[Mark]) -> Collection[Mark]:
    """The marks with their words ready for attributes. Mostly they are already, and one look at all is cheaper."""
    if not _SPECIAL.search("".join([f"{mark.id}{mark.colour}{mark.href}{mark.label}" for mark in marks])):
        return marks
    return [
        replace(
            mark,
            id=escape(mark.id),
            colour=escape(mark.colour),
            href=escape(mark.href),
            label=escape(mark.label),
        )
        for mark in marks
    ]


_SPECIAL = re.compile("[&<>\"']")


def _stretches(covers: Iterable[Cover]) -> Iterator[Stretch]:
    """Sweep over the places where a mark starts or ends: between two of them the same marks are active."""
    starting: dict[int, list[Mark]] = {}
    ending: dict[int, list[Mark]] = {}
    for _, _, _, start, end, mark in covers:
        starting.setdefault(start, []).append(mark)
        ending.setdefault(end, []).append(mark)
    active: dict[str, Mark] = {}  # outer before inner, since they start in that order
    for start, end in pairwise(sorted(starting.keys() | ending.keys())):
        for mark in ending.get(start, ()):
            del active[mark.id]
        first = last = references = ""
        if start in starting:
            begun = starting[start]
            for mark in begun:
                active[mark.id] = mark
            first = f' data-first="{_ids(begun)}"'
        if not active:
            continue
        if end in ending:
            ended = ending[end]
            last = f' data-last="{_ids(ended)}"'
            references = "".join(map(_reference, ended))
        yield start, end, _opening(active), first, last, references


def _ids(marks: Sequence[Mark]) -> str:
    return marks[0].id if len(marks) == 1 else " ".join([mark.id for mark in marks])


def _segments(laid: Layout, runs: range, stretches: Iterable[Stretch]) -> Iterator[Edit]:
    """A segment for each of these runs in each stretch; what stretches have outside is passed over."""
    starts, ends, shifts = laid.run_starts, laid.run_ends, laid.run_shifts
    at, stop = runs.start, runs.stop
    for start, end, opening, first, last, references in stretches:
        while at < stop and ends[at] <= start:
            at += 1
        while at < stop and starts[at] < end:
            left, right, shift = starts[at], ends[at], shifts[at]
            before, after, beyond = opening, "</mark>", None
            if left <= start:
                left = start
                before += first
            if end <= right:
                right = end
                before += last
                # A link in a link is no HTML: there the reference follows the link.
                if references and (beyond := laid.run_links[at]) is None:
                    after += references
            if shift is None:
                left, right = laid.html_at(at, left), laid.html_at(at, right)
            else:
                left += shift
                right += shift
            yield left, right, before + ">", after
            if beyond:
                yield beyond, beyond, references, ""
            if end < ends[at]:
                break
            at += 1


def _opening(active: dict[str, Mark]) -> str:
    if len(active) == 1:
        only = next(iter(active.values()))
        return f'<mark class="hl" data-h="{only.id}" data-c="{only.colour}"'
    inwards = reversed(active.values())
    inner, outer = next(inwards), next(inwards)
    return f'<mark class="hl" data-h="{" ".join(active)}" data-c="{inner.colour}" data-o="{outer.colour}"'


def _reference(mark: Mark) -> str:
    note = " has-note" if mark.has_note else ""
    return (
        f'<a class="hl-ref{note}" id="h-{mark.id}" href="{mark.href}"'
        f' data-h="{mark.id}" data-c="{mark.colour}" aria-label="{mark.label}"></a>'
    )


def _spliced(html: str, edits: Iterable[Edit], start: int, end: int) -> str:
    pieces: list[str] = []
    at = start
    for left, right, before, after in edits:
        pieces += (html[at:left], before, html[left:right], after)
        at = right
    pieces.append(html[at:end])
    return "".join(pieces)
