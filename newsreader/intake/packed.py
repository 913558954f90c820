"""What came packed, unpacked as far as a limit: no bomb is ever in memory whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from newsreader.core.sentence import Sentence

_EITHER, _BARE = 47, -15  # window sizes: gzip or zlib by its header; deflate without one


class Bomb(ValueError):
    """It is larger than the limit, broken, or packed in a way that isn't known. Its text is a sentence."""


def unpacked(chunks: Iterable[bytes], coding: str, limit: int) -> bytes:
    """The body whose bytes come in `chunks` with this Content-Encoding, `limit` bytes at most. Raises `Bomb`."""
    coding = coding.strip().lower()
    if coding in {"", "identity"}:
        return _joined(chunks, limit)
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise Bomb(Sentence("The page is packed in a way that was not asked for ({coding}).", coding=coding[:40]))
    try:
        return _joined(_inflated(chunks, limit), limit)
    except zlib.error as error:
        raise Bomb(Sentence("The page came broken: it can’t be unpacked.")) from error


def _joined(chunks: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise Bomb(Sentence("The page is too large."))
    return bytes(body)


def _inflated(chunks: Iterable[bytes], limit: int) -> Iterable[bytes]:
    unpacking = None
    for chunk in chunks:
        if unpacking is None:
            unpacking = zlib.decompressobj(_EITHER if chunk[:1] in {b"\x1f", b"\x78"} else _BARE)
        rest = chunk
        while rest:
            yield unpacking.decompress(rest, limit + 1)
            rest = unpacking.unconsumed_tail
            if unpacking.eof:  # several, one after the other, are one (RFC 1952, 2.2)
                rest, unpacking = unpacking.unused_data, zlib.decompressobj(_EITHER)
