"""An export's bytes to what is in it, by what they are and not by what the file is called. Pure.

One bad row is reported and the others are taken; a file that is no whole export is refused in a sentence that names
the place. Limits: 50 MB, 50,000 rows, zips as `opened` says.
"""

from __future__ import annotations

from types import ModuleType

from newsreader.core.sentence import Sentence
from newsreader.intake.imports.formats import (
    bookmarks,
    chrome,
    delicious,
    hypothesis,
    instapaper,
    kindle,
    omnivore,
    pocket,
    raindrop,
    readability,
    readwise,
    readwise_reader,
    wallabag,
)
from newsreader.intake.imports.opened import ROWS, Opened, too_many
from newsreader.intake.imports.shape import Export, Item, Unread, merged
from newsreader.intake.shape import Refused

__all__ = ["FORMATS", "NAMES", "read_export"]

# From the most to the least particular: the first that claims a file has it.
FORMATS: tuple[ModuleType, ...] = (
    *(omnivore, pocket, instapaper, readwise, readwise_reader, raindrop),
    *(wallabag, hypothesis, chrome, readability, delicious, bookmarks, kindle),
)
NAMES: dict[str, str] = {one.KIND: one.NAME for one in FORMATS}
"""What each kind of export is called, by its key."""


def read_export(name: str, data: bytes) -> Export:
    """Everything in the file, as `Item` or `Unread`. Raises `Refused`."""
    file = Opened(name, data)
    found = next((one for one in FORMATS if one.claims(file)), None)
    if found is None:
        raise _unknown(file)
    rows: list[Item | Unread] = []
    places: dict[str, int] = {}
    for row in found.read(file):
        if len(rows) > ROWS:
            raise too_many()
        known = places.get(row.address) if isinstance(row, Item) and row.address else None
        if known is not None and isinstance(row, Item):
            first = rows[known]
            rows[known] = merged(first, row) if isinstance(first, Item) else row
            rows.append(
                Unread(row.where, Sentence("the same address stands at {where}: taken with it", where=first.where))
            )
            continue
        if isinstance(row, Item) and row.address:
            places[row.address] = len(rows)
        rows.append(row)
    if not rows:
        raise Refused(Sentence("there is nothing in it"))
    return Export(found.KIND, found.NAME, tuple(rows))


def _unknown(file: Opened) -> Refused:
    """Why nobody claims it."""
    head = file.text[:5_000].casefold()
    if "<opml" in head:
        return Refused(Sentence("it is a list of feeds (OPML): a curator follows feeds, on the curators’ desk"))
    if file.is_zip and (bad := next((part for part in file.parts if part.refused), None)) and bad.refused:
        return bad.refused
    return Refused(
        Sentence(
            "it is no export that is known here; known are {names}",
            names=", ".join(dict.fromkeys(one.NAME for one in FORMATS)),
        )
    )
