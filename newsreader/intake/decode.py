"""Bytes to text: byte order mark, declaration, UTF-8, UTF-16, Windows-1252 last. Refuses rather than guess.

Undeclared legacy encodings other than Windows-1252 are refused where they can be told apart from it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

import webencodings

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
_BINARY = "it is not a text but a binary file"


def decode(data: bytes, *, markup: bool = False) -> str:
    """Return the text of `data`, its line ends as "\\n", without control characters.

    `markup` allows the document to name its encoding (HTML meta element, XML declaration).
    Raises `Refused`: empty, over `SIZE_LIMIT` bytes, binary, or in no encoding that can be recognised.
    """
    if not data.strip():
        raise Refused("it is empty")
    if len(data) > SIZE_LIMIT:
        raise Refused(f"it is larger than {SIZE_LIMIT // 1_000_000} MB")
    if data.startswith(_BINARY_STARTS):
        raise Refused(_BINARY)
    text = _decoded(data, markup)
    controls = sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 12, 13))
    if "\0" in text or controls > len(text) // 1000:
        raise Refused(_BINARY)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\f", "\n\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").translate(_CONTROLS)
    if not text.strip():
        raise Refused("it is empty")
    return text


def _decoded(data: bytes, markup: bool) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    if b"\0" in data:
        return _wide(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _declared(data, markup) or _legacy(data, error)
    # A page that was saved again as UTF-8 often still declares what it was before: well-formed sequences
    # of several bytes do not come about by chance, so they outweigh the declaration.
    return (_declared(data, markup) or text) if text.isascii() else text


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(f"it says that it is {encoding[:6].upper()}, but byte {error.start} is not") from None


def _declared(data: bytes, markup: bool) -> str:
    """The text in its declared encoding, or "" where none is declared, known and true."""
    found = _DECLARED.search(data, 0, _DECLARED_WITHIN) if markup else None
    encoding = webencodings.lookup((found[1] or found[2]).decode("ascii")) if found else None
    # What could be read as bytes up to here is not UTF-16, whatever it says (as in the HTML standard).
    if encoding is None or encoding.name in ("utf-16le", "utf-16be", "replacement", "x-user-defined"):
        return ""
    try:
        return encoding.codec_info.decode(data, "strict")[0]
    except UnicodeDecodeError:
        return ""


def _wide(data: bytes) -> str:
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
    return best


def _legacy(data: bytes, error: UnicodeDecodeError) -> str:
    """Windows-1252, unless the bytes tell against it."""
    lenient = data.decode("utf-8", "replace")
    wrong = lenient.count("\ufffd")
    # Almost UTF-8 is damaged UTF-8; read as Windows-1252 every other letter in it would come out wrong.
    if sum(not char.isascii() for char in lenient) - wrong > 4 * wrong:
        raise Refused(f"it is damaged: byte {error.start} is not UTF-8, but most of it is")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:  # five bytes that Windows-1252 leaves unused
        raise Refused("its encoding is not recognised; save it as UTF-8") from None
