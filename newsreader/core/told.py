"""What changed between two revisions as a page shows it: blocks with their looks, and their words in stretches. Pure.

Reading puts a reader's marks on top (`reading.pages.history`); here nobody has any.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsreader.core.changes import Change, blocks
from newsreader.core.wording import words

LONG = 900  # code points of unchanged, unmarked words in a row: beyond that their middle is left out
ENDS = 240  # what then stays on both sides
DEEPEST = 4  # lists in lists that are set further in


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of one kind ("same", "removed", "added", or "skipped" for those left out) under the same marks.

    `colour` is that of the innermost mark, `outer` that of the next one, both "" without; `begins` names the colours
    of the marks that begin here, for who doesn't see them. `goes_on` where the one before is of the same kind.
    """

    kind: str
    text: str
    colour: str = ""
    outer: str = ""
    begins: str = ""
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A block as the page shows it: what became of it, what it is, its words. `marks` is how many passages it has."""

    kind: str
    look: str
    depth: int
    count: int
    marks: int
    stretches: list[Stretch]


def differences(then_html: str, now_html: str) -> list[Told]:
    """Two texts (canonical HTML), block by block; [] where nothing differs."""
    changes = blocks(then_html, now_html)
    return [] if unchanged(changes) else [told(change) for change in changes]


def unchanged(changes: Sequence[Change]) -> bool:
    """Whether both texts are the same to a reader."""
    return all(change.kind in ("same", "folded") for change in changes)


def told(change: Change) -> Told:
    """A block that nobody has marked anything in."""
    stretches = [stretch for piece in change.pieces for stretch in abridged(piece.kind, piece.text)]
    return Told(change.kind, look(change), depth(change), change.count, 0, stretches)


def heading(then: str, now: str) -> Told:
    """A title that was another one."""
    return Told("changed", "title", 0, 1, 0, [Stretch(piece.kind, piece.text) for piece in words(then, now)])


def abridged(kind: str, text: str, *, goes_on: bool = False) -> Iterator[Stretch]:
    """Words under no mark; the middle of many unchanged ones is left out."""
    if kind != "same" or len(text) <= LONG:
        yield Stretch(kind, text, goes_on=goes_on)
        return
    head, tail = text.rfind(" ", 0, ENDS), text.find(" ", len(text) - ENDS)
    head, tail = head if head > 0 else ENDS, tail if tail > 0 else len(text) - ENDS
    yield Stretch("same", text[:head])
    yield Stretch("skipped", "")
    yield Stretch("same", text[tail:])


def look(change: Change) -> str:
    """What kind of block it is, in the words of the page's style."""
    if change.tag in {"h2", "h3", "h4", "h5", "h6"}:
        return "heading"
    if change.tag in {"pre", "tr", "hr", "dt", "dd", "caption", "figcaption"}:
        return change.tag
    if change.tag == "li" or (change.within and change.within[-1] == "li"):
        return "li"
    return "quote" if "blockquote" in (*change.within, change.tag) else "p"


def depth(change: Change) -> int:
    """How many lists it stands in."""
    return min(sum(tag in {"ul", "ol"} for tag in change.within), DEEPEST)


def pair(numbers: Sequence[int], asked_from: str, asked_to: str) -> tuple[int, int] | None:
    """The older and the newer one: as asked, if there are such; else the last two, or the newer and its forerunner."""
    if len(numbers) < 2:
        return None
    known = {str(number): number for number in numbers}
    newer = known.get(asked_to, numbers[0])
    before = [number for number in numbers if number < newer]
    older = known.get(asked_from, before[0] if before else newer)
    if older == newer:
        newer, older = (newer, before[0]) if before else (numbers[-2], numbers[-1])
    return min(older, newer), max(older, newer)
