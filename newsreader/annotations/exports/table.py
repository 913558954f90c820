"""A table as CSV, a line for each passage. A cell that a spreadsheet would run as a formula gets an apostrophe before.

So does one that begins with an apostrophe, which makes the way back one rule: take away the first of them.
"""

import csv
from collections.abc import Iterable, Iterator

from newsreader.annotations.exports.values import About, Passage

COLUMNS = (
    *("passage", "note", "tags", "colour", "article", "sources", "published", "original", "link", "status"),
    *("start", "end", "marked", "edited"),
)
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the wide ones, too


class _Line:
    """A file of one line, which is handed on instead of kept."""

    def write(self, line: str) -> str:
        return line


def table(passages: Iterable[Passage], about: About) -> Iterator[str]:
    """With a byte order mark: without it Excel reads UTF-8 as something else."""
    line = csv.writer(_Line(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + line.writerow(COLUMNS)
    for passage in passages:
        yield line.writerow([defused(cell) for cell in cells(passage)])


def cells(passage: Passage) -> list[str]:
    return [
        *(passage.exact, passage.note, ", ".join(passage.tags), passage.colour, passage.title),
        *("; ".join(passage.sources), passage.published.date().isoformat(), passage.original, passage.place),
        passage.status,
        *("" if at is None else str(at) for at in (passage.start, passage.end)),
        *(when.isoformat(timespec="seconds") for when in (passage.created, passage.updated)),
    ]


def defused(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_RUNS) or cell.startswith("'") else cell


def restored(cell: str) -> str:
    """What `defused` was given."""
    return cell.removeprefix("'")
