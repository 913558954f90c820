"""Bytes to text: every encoding that a seed may come in, and everything that is refused."""

import codecs
import gzip
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsreader.intake.decode import decode
from newsreader.intake.shape import SIZE_LIMIT, Refused

TEXT = "Zwölf “Boxkämpfer” jagen Viktor – für 5 €\nquer über den Sylter Deich."
ARABIC = "غادر القطار الليلي المحطة القديمة.\nوكان سائقه على متنه."


@pytest.mark.parametrize("text", [TEXT, ARABIC, "Plain ASCII, and nothing else."])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_unicode_is_read_with_and_without_its_mark(text, mark, encoding):
    assert decode(mark + text.encode(encoding)) == text


def test_windows_1252_is_read_where_nothing_else_fits():
    assert decode(TEXT.encode("cp1252")) == TEXT


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1251">',
        "<META CHARSET=windows-1251>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        '<?xml version="1.0" encoding="windows-1251"?>',
    ],
)
def test_a_page_may_declare_its_encoding(declaration):
    page = f"{declaration}<p>Последний автобус ушёл"
    assert decode(page.encode("cp1251"), markup=True) == page


def test_a_declaration_is_only_believed_where_it_is_one():
    text = '<meta charset="koi8-r"> naïve café'
    assert decode(text.encode("cp1252")) == text  # a plain text only talks about it
    assert decode(text.encode(), markup=True) == text  # UTF-8 that still says what it was before
    assert decode(b'<meta charset="utf-16"><p>caf\xe9', markup=True) == '<meta charset="utf-16"><p>café'
    assert decode(b'<meta charset="no-such-thing"><p>caf\xe9', markup=True).endswith("café")


def test_line_ends_become_one_kind_and_controls_go():
    assert decode("a\r\nb\rc\u2028d".encode()) == "a\nb\nc\nd"
    assert decode(("word " * 300 + "\x08end").encode()) == "word " * 300 + "end"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF16_LE + "\n ".encode("utf-16-le"), "empty"),
        (b"x" * (SIZE_LIMIT + 1), "larger than 5 MB"),
        (b"%PDF-1.7\nsome words", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01", "binary"),
        (gzip.compress(b"some words", mtime=0), "binary"),
        (b"words\x00words", "binary"),
        (bytes(range(256)) * 20, "binary"),
        (random.Random(1).randbytes(4000), "binary"),
        (b"\x01\x02\x03\x04 words", "binary"),
        ("日本語の文章です。".encode("shift_jis"), "encoding"),
        (("naïve café, " * 20).encode() + b"\xff", "damaged"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00\x00", "UTF-16"),
        (codecs.BOM_UTF8 + b"caf\xe9", "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(data, says):
    with pytest.raises(Refused, match=says):
        decode(data)


def test_five_megabytes_are_not_too_much():
    assert len(decode(b"x" * SIZE_LIMIT)) == SIZE_LIMIT


@settings(deadline=None)  # other programs may be busy
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(data, markup):
    try:
        text = decode(data, markup=markup)
    except Refused:
        return
    assert text.strip()
    assert "\r" not in text
    assert "\0" not in text


@settings(deadline=None)  # other programs may be busy
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_utf_8_comes_out_as_it_went_in(text):
    if text.strip("\ufeff").strip():
        assert decode(b"word " + text.encode()) == "word " + text.replace("\ufeff", "")
