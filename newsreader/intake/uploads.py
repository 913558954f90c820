"""Files that somebody sends: opened, archives unpacked, each document read or refused in a sentence. No Django.

Each is read where it can be stopped (`confined`). One bad document never stops the others, and all of it together stays
within `Limits`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from newsreader.core.sentence import Sentence
from newsreader.intake.archives import Limits, Room, shown, too_large, unpack
from newsreader.intake.confined import confined
from newsreader.intake.documents import Document, Examined, Refused
from newsreader.intake.kinds import BOOK_LIMIT, BOOKS, KNOWN, kind_of, not_read

__all__ = ["ACCEPTED", "Limits", "Opened", "Opening", "opening"]

ACCEPTED = (*KNOWN, ".zip")
"""The endings of what may be sent."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One document as it was sent, by itself or in `archive`, and either what it is or why it is not taken."""

    name: str
    archive: str = ""
    encoding: str = ""
    document: Document | None = None
    refused: Refused | None = None

    @property
    def kind(self) -> str:
        """The ending of its name."""
        return kind_of(self.name)


@dataclass(frozen=True, slots=True)
class _Sent:
    name: str
    archive: str = ""
    bytes_of: Callable[[], bytes] = bytes
    refused: Refused | None = None


class Opening:
    """What was sent, unpacked. `aside` entries of archives are no documents; iterate once over what is."""

    def __init__(self, sent: list[_Sent], aside: int, room: Room) -> None:
        self.aside = aside
        self._sent, self._room = sent, room

    def __len__(self) -> int:
        return len(self._sent)

    def __iter__(self) -> Iterator[Opened]:
        """Reads each as it is asked for: only one of them is in memory twice."""
        taken = 0
        for sent in self._sent:
            opened = self._open(sent, taken)
            taken += opened.document is not None
            yield opened

    def _open(self, sent: _Sent, taken: int) -> Opened:
        limits = self._room.limits
        try:
            if sent.refused:
                raise sent.refused
            if taken >= limits.documents:
                raise Refused(
                    Sentence("{limit} documents are taken at once: upload this one afterwards", limit=limits.documents)
                )
            if self._room.late:
                raise Refused(Sentence("there was no time left for it: upload it afterwards"))
            examined: Examined = confined(
                "newsreader.intake.documents:examine", sent.bytes_of(), sent.name, seconds=limits.each
            )
        except Refused as refused:
            return Opened(sent.name, sent.archive, refused=refused)
        return Opened(sent.name, sent.archive, examined.encoding, examined.document)


def opening(
    files: Iterable[tuple[str, IO[bytes]]],
    limits: Limits | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Opening:
    """Opens `files`, each a name and a stream that can be read from any place; zips are unpacked.

    An archive that can't be taken as a whole is one refused document.
    """
    room = Room(limits or Limits(), clock)
    sent: list[_Sent] = []
    aside = 0
    for name, stream in files:
        name = shown(name)  # noqa: PLW2901 as it is told from here on
        if kind_of(name) != ".zip":
            sent.append(_document(name, stream, room.limits))
            continue
        try:
            unpacked = unpack(stream, room)
        except Refused as refused:
            sent.append(_Sent(name, refused=refused))
            continue
        aside += unpacked.aside
        sent += [_Sent(part.name, name, bytes_of=_giving(part.data), refused=part.refused) for part in unpacked.parts]
    return Opening(sent, aside, room)


def _document(name: str, stream: IO[bytes], limits: Limits) -> _Sent:
    if kind_of(name) not in KNOWN:
        return _Sent(name, refused=not_read(kind_of(name)))

    most = BOOK_LIMIT if kind_of(name) in BOOKS else limits.document

    def read() -> bytes:
        stream.seek(0)
        data = stream.read(most + 1)
        if len(data) > most:
            raise too_large(most)
        return data

    return _Sent(name, bytes_of=read)


def _giving(data: bytes) -> Callable[[], bytes]:
    return lambda: data
