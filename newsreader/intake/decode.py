"""Bytes to text: byte order mark, declaration, UTF-8, UTF-16, Windows-1252 last. Refuses rather than guess.

Undeclared legacy encodings other than Windows-1252 are refused where they can be told apart from it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

import webencodings

from newsreader.core.sentence import Sentence
from newsreader.intake.shape import SIZE_LIMIT, Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the one of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY_STARTS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})"""
    rb"""|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
_CONTROLS = dict.fromkeys((*range(9), 11, *range(14, 32), 127, 65279))
_BINARY = Sentence("it is not a text but a binary file")
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32"}


class Text(NamedTuple):
    """A text, and what the encoding of its bytes is called."""

    text: str
    encoding: str


def decode(data: bytes, *, markup: bool = False) -> str:
    """Return the text of `data`, its line ends as "\\n", without control characters.

    `markup` allows the document to name its encoding (HTML meta element, XML declaration).
    Raises `Refused`: empty, over `SIZE_LIMIT` bytes, binary, or in no encoding that can be recognised.
    """
    return recognise(data, markup=markup).text


def recognise(data: bytes, *, markup: bool = False, stated: str = "") -> Text:
    """As `decode`, and says the encoding. `stated` is one that came beside it, as a web server says it."""
    if not data.strip():
        raise Refused(Sentence("it is empty"))
    if len(data) > SIZE_LIMIT:
        raise Refused(Sentence("it is larger than {limit} MB", limit=SIZE_LIMIT // 1_000_000))
    if data.startswith(_BINARY_STARTS):
        raise Refused(_BINARY)
    text, encoding = _decoded(data, markup, stated)
    controls = sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 12, 13))
    if "\0" in text or controls > len(text) // 1000:
        raise Refused(_BINARY)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\f", "\n\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").translate(_CONTROLS)
    if not text.strip():
        raise Refused(Sentence("it is empty"))
    return Text(text, encoding)


def decoded(data: bytes, *, markup: bool = False) -> str:
    """The characters of `data` as they are, whatever they are and however many. Raises `Refused`."""
    return _decoded(data, markup).text


def _decoded(data: bytes, markup: bool, stated: str = "") -> Text:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Text(_strictly(data[len(mark) :], encoding), _NAMES[encoding])
    if said := _said(data, stated):
        return said
    if b"\0" in data:
        return _wide(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _declared(data, markup) or _legacy(data, error)
    # A page that was saved again as UTF-8 often still declares what it was before: well-formed sequences
    # of several bytes do not come about by chance, so they outweigh the declaration.
    return (text.isascii() and _declared(data, markup)) or Text(text, "UTF-8")


def _said(data: bytes, stated: str) -> Text | None:
    """The text in the encoding that is stated beside it, or None where that is none, unknown or not true."""
    encoding = webencodings.lookup(stated) if stated else None
    if encoding is None or encoding.name in ("replacement", "x-user-defined"):
        return None
    try:
        text = encoding.codec_info.decode(data, "strict")[0]
    except UnicodeDecodeError:
        return None
    return Text(text, encoding.name.upper().replace("WINDOWS", "Windows"))


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        says = Sentence(
            "it says that it is {encoding}, but byte {place} is not", encoding=_NAMES[encoding], place=error.start
        )
        raise Refused(says) from None


def _declared(data: bytes, markup: bool) -> Text | None:
    """The text in its declared encoding, or None where none is declared, known and true."""
    found = _DECLARED.search(data, 0, _DECLARED_WITHIN) if markup else None
    encoding = webencodings.lookup((found[1] or found[2]).decode("ascii")) if found else None
    # What could be read as bytes up to here is not UTF-16, whatever it says (as in the HTML standard).
    if encoding is None or encoding.name in ("utf-16le", "utf-16be", "replacement", "x-user-defined"):
        return None
    try:
        text = encoding.codec_info.decode(data, "strict")[0]
    except UnicodeDecodeError:
        return None
    return Text(text, encoding.name.upper().replace("WINDOWS", "Windows")) if text else None


def _wide(data: bytes) -> Text:
    """UTF-16 without a mark: no 8-bit text has bytes of zero. The order with more ASCII is the right one."""
    best, score = "", 0
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:50_000]
        odd = sum(unicodedata.category(char) in ("Cc", "Cn", "Co") and char not in "\t\n\r\f" for char in sample)
        ascii_chars = sum(char.isascii() for char in sample)
        if odd == 0 and ascii_chars > score:
            best, score = text, ascii_chars
    if not best:
        raise Refused(_BINARY)
    return Text(best, "UTF-16")


def _legacy(data: bytes, error: UnicodeDecodeError) -> Text:
    """Windows-1252, unless the bytes tell against it."""
    lenient = data.decode("utf-8", "replace")
    wrong = lenient.count("\ufffd")
    # Almost UTF-8 is damaged UTF-8; read as Windows-1252 every other letter in it would come out wrong.
    if sum(not char.isascii() for char in lenient) - wrong > 4 * wrong:
        raise Refused(Sentence("it is damaged: byte {place} is not UTF-8, but most of it is", place=error.start))
    try:
        return Text(data.decode("cp1252"), "Windows-1252")
    except UnicodeDecodeError:  # five bytes that Windows-1252 leaves unused
        raise Refused(Sentence("its encoding is not recognised; save it as UTF-8")) from None
