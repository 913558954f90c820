"""The trace: a hairline under an article, ink for what was read, a small flag for each passage."""

from typing import NamedTuple


class Flag(NamedTuple):
    """Where a passage lies, in percent of the text from 0 to 100, and its colour."""

    x: float
    colour: str


def flag(start: int | None, length: int, colour: str) -> Flag:
    """The flag of a passage that begins `start` code points into a text of `length`; a lost one stands at the end."""
    return Flag(round(100 * start / length, 1) if start is not None and length else 100.0, colour)
