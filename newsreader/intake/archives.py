"""What is in a zip, without believing it: names and kinds are judged, sizes counted while it is unpacked. No Django.

A bad entry is refused by itself. What makes the whole archive one that nobody should unpack refuses the whole.
"""

from __future__ import annotations

import re
import stat
import struct
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from newsreader.core.sentence import Sentence
from newsreader.intake.kinds import KNOWN, kind_of, not_read
from newsreader.intake.shape import SIZE_LIMIT, Refused

LONGEST_NAME = 1000
_CHUNK = 65_536
_CATALOGUE = 2_000_000  # bytes of an archive's directory, which is read at once: more is thousands of entries
_SMALL = 100_000  # bytes; what is no larger unpacked is no bomb, however well it is packed
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_ARCHIVES = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar"})
# What comes along with saved pages and from systems, and nobody takes for a document.
_BESIDE = frozenset(
    {
        *(".avif", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp"),
        *(".css", ".js", ".map", ".mjs", ".eot", ".otf", ".ttf", ".woff", ".woff2"),
        *(".mp3", ".mp4", ".ogg", ".webm"),
    }
)
_LEFT_BEHIND = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_DRIVE = re.compile(r"[A-Za-z]:")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # make a name read otherwise than it is
_BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
    *(EOFError, OSError, NotImplementedError, RuntimeError, ValueError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken at once. Sizes are bytes."""

    document: int = SIZE_LIMIT
    documents: int = 300
    entries: int = 2_000
    unpacked: int = 50_000_000
    ratio: int = 100
    depth: int = 10  # folders
    seconds: float = 20
    each: float = 9.5  # seconds that reading one document may take
    kinds: frozenset[str] = frozenset(KNOWN)  # endings of names


@dataclass(slots=True)
class Room:
    """How much is left of the limits, for everything that is opened together."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    unpacked: int = 0
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.until = self.clock() + self.limits.seconds

    @property
    def late(self) -> bool:
        return self.clock() > self.until


class Part(NamedTuple):
    """One document of an archive: its path there, on one line, and its bytes or why it is not taken."""

    name: str
    data: bytes = b""
    refused: Refused | None = None


class Unpacked(NamedTuple):
    """What is in an archive, in its own order, and how many entries are no documents."""

    parts: list[Part]
    aside: int


def unpack(stream: IO[bytes], room: Room) -> Unpacked:
    """Everything in the zip that `stream` is. Raises `Refused` where nothing of it is to be taken."""
    return _unpacked(*_opened(stream, room.limits), room)


def looked_into(stream: IO[bytes], room: Room) -> Members:
    """The files of the zip that `stream` is, for who knows which of them to ask for. Raises `Refused` as `unpack`."""
    return Members(*_opened(stream, room.limits), room)


class Members:
    """An archive's files by their paths, each unpacked when it is asked for, and within the room of all."""

    def __init__(self, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], room: Room) -> None:
        self._archive, self._room = archive, room
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            if not entry.is_dir():
                path = _path(_name(entry), room.limits)
                if path in self._entries:
                    raise Refused(Sentence("two files in it have the name “{entry}”", entry=shown(path)))
                self._entries[path] = entry

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def bytes_of(self, path: str) -> bytes:
        """The file's bytes. Raises `Refused`, also where there is no such file."""
        if path not in self._entries:
            raise Refused(Sentence("“{entry}” is missing in it", entry=shown(path)))
        entry = self._entries[path]
        _refuse_no_file(entry)
        _judge_packing(entry, self._room.limits)
        return b"".join(_chunks(self._archive, entry, path, self._room))


def _opened(stream: IO[bytes], limits: Limits) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    try:
        archive = zipfile.ZipFile(_Careful(stream, limits))  # it closes nothing: the stream is not its own
        entries = archive.infolist()
        _refuse_as_a_whole(entries, archive.start_dir, limits)
    except Refused:
        raise
    except _BROKEN as error:
        raise Refused(Sentence("it is no zip archive, or a damaged one: pack it again")) from error
    return archive, entries


class _Careful:
    """A file of which nobody reads much at once: the number of entries is not known before all of them are read."""

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self._stream, self._limits = stream, limits
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        read = self._stream.read(min(size, _CATALOGUE + 1) if size >= 0 else _CATALOGUE + 1)
        if len(read) > _CATALOGUE:
            raise _too_many(self._limits)
        return read

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """It belongs to who opened it."""


def _too_many(limits: Limits) -> Refused:
    return Refused(Sentence("it has more than {limit} entries: pack it in several archives", limit=limits.entries))


def _refuse_as_a_whole(entries: list[zipfile.ZipInfo], end: int, limits: Limits) -> None:
    if not entries:
        raise Refused(Sentence("there is nothing in it"))
    if len(entries) > limits.entries:
        raise _too_many(limits)
    # Entries that share their bytes unpack to far more than the archive could hold.
    inside = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [entry.header_offset for entry in inside[1:]] + [end]
    for entry, following in zip(inside, starts, strict=True):
        name = entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437", "replace")
        if entry.header_offset < 0 or entry.header_offset + 30 + len(name) + entry.compress_size > following:
            said = Sentence(
                "nothing of it is taken: “{entry}” lies over what follows it, as in no honest archive",
                entry=shown(_name(entry)),
            )
            raise Refused(said)


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], room: Room) -> Unpacked:
    parts, aside, seen = [], 0, set()
    for entry in entries:
        name = _name(entry)
        try:
            path = _path(name, room.limits)
            if entry.is_dir() or _is_beside(path):
                aside += 1
                continue
            if path in seen:
                raise Refused(Sentence("another entry of the archive has the same name"))
            seen.add(path)
            _judge(entry, path, room.limits)
            parts.append(Part(shown(path), b"".join(_chunks(archive, entry, path, room))))
        except Refused as refused:
            if isinstance(refused, _Whole):
                raise
            parts.append(Part(shown(name), refused=refused))
    if not parts:
        raise Refused(Sentence("there are no documents in it"))
    return Unpacked(parts, aside)


class _Whole(Refused):
    """Of the whole archive."""


def _name(entry: zipfile.ZipInfo) -> str:
    """Its name as whoever packed it saw it: many programs write UTF-8 and don't say so."""
    if entry.flag_bits & _UTF8:
        return entry.orig_filename
    written = entry.orig_filename.encode("cp437", "replace")
    try:
        return _stated(entry.extra, written) or written.decode("utf-8")
    except UnicodeDecodeError:
        return entry.orig_filename


def _stated(extra: bytes, written: bytes) -> str:
    """The name in Info-ZIP's field for names in Unicode, if it is there and of this name."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 0x7075 and len(value) > 5 and struct.unpack("<L", value[1:5])[0] == zlib.crc32(written):
            return value[5:].decode("utf-8")
    return ""


def _path(name: str, limits: Limits) -> str:
    """The name as a path below the archive, or refused."""
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _TURNING for char in name):
        raise Refused(Sentence("its name has characters that can’t be seen: rename it"))
    if "\\" in name or _DRIVE.match(name):
        raise Refused(Sentence("its name has a backslash or a drive letter: pack it with / between folders"))
    steps = [step for step in name.split("/") if step not in ("", ".")]
    if name.startswith("/") or ".." in steps or not steps:
        raise Refused(Sentence("its path leads out of the archive: pack the folder itself"))
    if len(steps) - 1 > limits.depth:
        raise Refused(Sentence("it lies more than {limit} folders deep", limit=limits.depth))
    if len(name) > LONGEST_NAME:
        raise Refused(Sentence("its name is longer than {limit} characters", limit=LONGEST_NAME))
    return "/".join(steps)


def _is_beside(path: str) -> bool:
    steps = path.casefold().split("/")
    return any(step.startswith(".") or step in _LEFT_BEHIND for step in steps) or kind_of(path) in _BESIDE


def _judge(entry: zipfile.ZipInfo, path: str, limits: Limits) -> None:
    """Refuses what is not to be unpacked."""
    _refuse_no_file(entry)
    kind = kind_of(path)
    if kind in _ARCHIVES:
        raise Refused(Sentence("an archive in an archive is not opened: upload it by itself"))
    if kind not in limits.kinds:
        raise not_read(kind)
    _judge_packing(entry, limits)


def _refuse_no_file(entry: zipfile.ZipInfo) -> None:
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode == stat.S_IFLNK:
        raise Refused(Sentence("it is a link to another file, and links are not followed"))
    if mode not in (0, stat.S_IFREG):
        raise Refused(Sentence("it is not an ordinary file"))


def _judge_packing(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise Refused(Sentence("it is encrypted: pack it without a password"))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(Sentence("it is packed in a way that is not read here: pack it as an ordinary zip"))
    if entry.file_size > limits.document:
        raise too_large(limits.document)


def too_large(limit: int) -> Refused:
    """The refusal of a document above its limit, in bytes."""
    return Refused(Sentence("it is larger than {limit} MB", limit=max(1, limit // 1_000_000)))


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, room: Room) -> Iterator[bytes]:
    """The entry's bytes, counted as they come: what an archive says of its sizes is not believed."""
    size, limits = 0, room.limits
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(_CHUNK):
                size, room.unpacked = size + len(chunk), room.unpacked + len(chunk)
                if size > limits.document:
                    raise too_large(limits.document)
                if size > _SMALL and size > limits.ratio * entry.compress_size:
                    raise Refused(Sentence("it unpacks to more than {limit} times its size", limit=limits.ratio))
                _refuse_when_full(room, path)
                yield chunk
    except Refused:
        raise
    except _BROKEN as error:
        raise Refused(Sentence("it is damaged: pack it again")) from error
    if size != entry.file_size:
        raise Refused(Sentence("it is damaged: pack it again"))


def _refuse_when_full(room: Room, path: str) -> None:
    if room.unpacked > room.limits.unpacked:
        said = Sentence(
            "nothing of it is taken: with “{entry}” more than {limit} MB are unpacked; upload it in parts",
            entry=shown(path),
            limit=max(1, room.limits.unpacked // 1_000_000),
        )
        raise _Whole(said)
    if room.late:
        said = Sentence(
            "nothing of it is taken: at “{entry}” unpacking took too long; upload it in parts", entry=shown(path)
        )
        raise _Whole(said)


def shown(name: str) -> str:
    """A name on one line, whatever is in it, and not too long."""
    plain = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"
