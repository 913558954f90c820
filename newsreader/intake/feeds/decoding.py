"""A feed's bytes to text: byte order mark, HTTP charset, XML declaration, UTF-8, Windows-1252, by webencodings' rules.

Well-formed UTF-8 outweighs a single-byte encoding that is named, and bytes that no encoding fits are refused.
"""

from __future__ import annotations

import codecs
import re

import webencodings

from newsreader.core.sentence import Sentence
from newsreader.core.xml import writable
from newsreader.intake.shape import Refused

SIZE = 10_000_000
"""The largest feed, in bytes."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the one of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How “<” begins in encodings of several bytes (XML 1.0, appendix F.1).
_WIDE = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]{1,40})""", re.IGNORECASE)
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"OggS", b"ID3")
_HIGH = re.compile(rb"[\x80-\x9f\xa1-\xaa\xac-\xba\xbc-\xff]+")  # without the space and the quotes of French
_SEVERAL = frozenset({"big5", "euc-jp", "euc-kr", "gb18030", "gbk", "iso-2022-jp", "shift_jis"})


def decoded(data: bytes, charset: str = "") -> str:
    """The text of a feed, line ends as "\\n", without what XML can't hold. `charset` came with it, in its HTTP header.

    Bytes that are wrong here and there become U+FFFD. Raises `Refused`: empty, too large, binary, or unrecognised.
    """
    if not data.strip():
        raise Refused(Sentence("it is empty"))
    if len(data) > SIZE:
        raise Refused(Sentence("it is larger than {limit} MB", limit=SIZE // 1_000_000))
    if data.startswith(_BINARY):
        raise Refused(Sentence("it is not a text but a binary file"))
    text = _decoded(data, charset)
    if text.count("\0") > len(text) // 100:
        raise Refused(Sentence("it is not a text but a binary file"))
    return writable(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))


def _decoded(data: bytes, charset: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for beginning, encoding in _WIDE:
        if data.startswith(beginning):
            return data.decode(encoding, "replace")
    found = _DECLARED.match(data)
    named = [one for name in (charset, found[1].decode("ascii") if found else "") if (one := _encoding(name))]
    utf8 = _strictly(data, "utf-8")
    if utf8 is not None and not utf8.isascii() and (not named or named[0] not in _SEVERAL):
        return utf8
    for encoding in named:
        text = _strictly(data, encoding)
        if text is not None:
            return text
    return utf8 if utf8 is not None else _guessed(data)


def _encoding(name: str) -> str:
    """The encoding of that name, as browsers take it; "" for none that a text of bytes can be in."""
    encoding = webencodings.lookup(name.strip("'\" ")) if name else None
    return "" if encoding is None or encoding.name in ("utf-16le", "utf-16be", "x-user-defined") else encoding.name


def _strictly(data: bytes, encoding: str) -> str | None:
    found = webencodings.lookup(encoding)
    try:
        return found.codec_info.decode(data, "strict")[0] if found else None
    except UnicodeDecodeError:
        return None


def _guessed(data: bytes) -> str:
    """Nearly UTF-8, else Windows-1252, unless so many letters in a row are no ASCII that it is neither."""
    lenient = data.decode("utf-8", "replace")
    wrong = lenient.count("\ufffd")
    if sum(not char.isascii() for char in lenient) - wrong > wrong:
        return lenient
    runs = [len(run) for run in _HIGH.findall(data)]
    if 2 * sum(length for length in runs if length > 1) > sum(runs):
        raise Refused(Sentence("its encoding is not recognised: it names none, or a wrong one"))
    return data.decode("cp1252", "replace")
