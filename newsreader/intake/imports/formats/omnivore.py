"""Omnivore's zip: lists of what was saved, each one's content, and its highlights as Markdown; or such a list alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from newsreader.core.clean import TooDeep, TooLarge
from newsreader.core.prose import render_document
from newsreader.core.sentence import Sentence
from newsreader.intake.archives import Part
from newsreader.intake.decode import decoded
from newsreader.intake.imports.opened import Opened, read_json
from newsreader.intake.imports.shape import Item, Marked, Unread, entry
from newsreader.intake.imports.words import (
    BYLINE,
    STANDFIRST,
    TITLE,
    address_of,
    lines_of,
    moment,
    plain_words,
    tags_of,
    words_of,
)
from newsreader.intake.shape import Refused

KIND, NAME = "omnivore", "Omnivore"
_HTML = 5_000_000


def claims(file: Opened) -> bool:
    if file.is_zip:
        return any(_is_list(part) for part in file.parts)
    return {"slug", "url", "state", "savedAt"} <= file.keys()


def read(file: Opened) -> Iterator[Item | Unread]:
    if not file.is_zip:
        yield from _listed(file.json, "", {})
        return
    parts = {part.name.casefold(): part for part in file.parts}
    for part in file.parts:
        if _is_list(part):
            try:
                if part.refused:
                    raise part.refused
                yield from _listed(read_json(decoded(part.data)), part.name, parts)
            except Refused as refused:
                yield Unread(part.name, refused.args[0])
        elif part.refused:
            yield Unread(part.name, part.refused.args[0])


def _is_list(part: Part) -> bool:
    return bool(re.fullmatch(r"metadata_\w+\.json", PurePosixPath(part.name).name))


def _listed(entries: Any, name: str, parts: Mapping[str, Part]) -> Iterator[Item | Unread]:
    for number, one in enumerate(entries if isinstance(entries, list) else [], 1):
        where = Sentence("{name}, entry {entry}", name=name, entry=number) if name else entry(number)
        if not isinstance(one, dict) or not (address := address_of(one.get("url"))):
            yield Unread(where, Sentence("it has no web address"))
            continue
        slug, folder = lines_of(one.get("slug")).casefold(), str(PurePosixPath(name.casefold()).parent)
        folder = "" if folder == "." else f"{folder}/"
        archived = str(one.get("state")).casefold() == "archived"
        progress = one.get("readingProgress")
        begun = isinstance(progress, int | float) and progress > 0
        yield Item(
            where,
            address=address,
            title=words_of(one.get("title"), TITLE),
            byline=words_of(one.get("author"), BYLINE),
            standfirst=words_of(one.get("description"), STANDFIRST),
            added=moment(one.get("savedAt")),
            published=moment(one.get("publishedAt")),
            place="archive" if archived else "inbox",
            unread=not archived and not begun,
            tags=tags_of(one.get("labels") or ()),
            html=_text(parts.get(f"{folder}content/{slug}.html"), _HTML),
            marked=tuple(marks_in(_text(parts.get(f"{folder}highlights/{slug}.md"), 1_000_000))),
        )


def _text(part: Part | None, longest: int) -> str:
    """The text of an entry of the zip; "" where there is none that can be read."""
    if part is None or part.refused or not part.data.strip():
        return ""
    try:
        return lines_of(decoded(part.data, markup=True), longest)
    except Refused:
        return ""


def marks_in(markdown: str) -> Iterator[Marked]:
    """The highlights of a file: each a quotation, then its labels as #words, then its note, all parted by empty lines.

    What stands before the first quotation is a note on the whole.
    """
    words, tags, note = "", tuple[str, ...](), list[str]()
    for block in re.split(r"\n[ \t]*\n+", markdown.replace("\r\n", "\n")):
        if block.startswith(">"):
            if words or note:
                yield Marked(words, note="\n\n".join(note), tags=tags)
            words, tags, note = _quoted(block), (), []
        elif words and not tags and not note and re.match(r"#[^\s#]", block):
            tags = tags_of(re.split(r"(?:^|\s+)#", block.strip()))
        elif block.strip():
            note.append(block.strip())
    if words or note:
        yield Marked(words, note="\n\n".join(note), tags=tags)


def _quoted(block: str) -> str:
    """The words of a quotation: its own Markdown (links, stars) is not part of them."""
    bare = "\n".join(re.sub(r"^> ?", "", row) for row in block.split("\n"))
    try:
        return plain_words(render_document(bare[:20_000])) or words_of(bare)
    except (TooDeep, TooLarge):
        return words_of(bare)
