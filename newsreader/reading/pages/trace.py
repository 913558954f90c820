"""The trace: a hairline under an article, ink for what was read, a small flag for each passage."""

from typing import NamedTuple


class Flag(NamedTuple):
    """Where a passage lies, in percent of the text from 0 to 100, and its colour; `x` as SVG writes numbers."""

    x: str
    colour: str


def flag(start: int | None, length: int, colour: str) -> Flag:
    """The flag of a passage that begins `start` code points into a text of `length`; a lost one stands at the end."""
    x = 100 * start / length if start is not None and length else 100
    return Flag(f"{x:.1f}", colour)
