"""Zips: what is taken, and what is refused with its name, be it one entry or the whole."""

import io
import stat
import struct
import zipfile

import pytest

from newsreader.intake.archives import Limits, Room, unpack
from newsreader.intake.shape import Refused

TEXT = b"A headline\n\nThe night ferry left an hour late, and nobody on it knew why.\n"


def zipped(*entries, how=zipfile.ZIP_DEFLATED):
    """A zip of (name, bytes) or (ZipInfo, bytes)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return stream.getvalue()


def info(name, **fields):
    entry = zipfile.ZipInfo(name)
    for field, value in fields.items():
        setattr(entry, field, value)
    return entry


def opened(data, clock=lambda: 0.0, **limits):
    return unpack(io.BytesIO(data), Room(Limits(**limits), clock))


def refusals(data, **limits):
    return {part.name: str(part.refused) for part in opened(data, **limits).parts if part.refused}


def taken(data, **limits):
    return [part.name for part in opened(data, **limits).parts if not part.refused]


def patched(data, name, *, offset, value, central=True):
    """The archive with bytes of the entry's headers overwritten; `offset` counts in the central one."""
    name = name.encode()
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name:
        at = data.index(b"PK\x01\x02", at + 4)
    data = data[: at + offset] + value + data[at + offset + len(value) :]
    if not central:
        local = struct.unpack("<L", data[at + 42 : at + 46])[0]
        data = data[: local + offset - 2] + value + data[local + offset - 2 + len(value) :]
    return data


def test_documents_are_taken_from_folders_and_what_comes_along_is_left_aside():
    data = zipped(
        ("clippings/a.txt", TEXT),
        ("clippings/deep/b.MD", TEXT),
        ("page.html", TEXT),
        ("clippings/", b""),
        ("__MACOSX/clippings/._a.txt", b"x"),
        (".DS_Store", b"x"),
        ("clippings/.hidden.txt", TEXT),
        ("Thumbs.db", b"x"),
        ("page_files/logo.PNG", b"x"),
        ("page_files/style.css", b"x"),
    )
    unpacked = opened(data)
    assert [part.name for part in unpacked.parts] == ["clippings/a.txt", "clippings/deep/b.MD", "page.html"]
    assert {part.data for part in unpacked.parts} == {TEXT}
    assert unpacked.aside == 7


def test_a_path_that_only_says_here_is_made_plain():
    assert taken(zipped(("./a.txt", TEXT), ("b//c.txt", TEXT))) == ["a.txt", "b/c.txt"]


LINK = info("link.txt", external_attr=(stat.S_IFLNK | 0o777) << 16, create_system=3)
PIPE = info("pipe.txt", external_attr=(stat.S_IFIFO | 0o644) << 16, create_system=3)
BACKSLASH = info("x")
BACKSLASH.filename = "folder\\a.txt"

BAD = [
    ("/etc/a.txt", TEXT, "leads out of the archive"),
    ("../a.txt", TEXT, "leads out of the archive"),
    ("a/../../b.txt", TEXT, "leads out of the archive"),
    (BACKSLASH, TEXT, "backslash or a drive letter"),
    ("C:a.txt", TEXT, "backslash or a drive letter"),
    ("tab\there.txt", TEXT, "can’t be seen"),
    ("turned\u202etxt.exe.txt", TEXT, "can’t be seen"),
    ("/".join("abcdefghijk") + "/deep.txt", TEXT, "more than 10 folders deep"),
    (LINK, b"/etc/passwd", "a link to another file"),
    (PIPE, b"", "not an ordinary file"),
    ("inner.zip", b"PK", "an archive in an archive is not opened"),
    ("letter.docx", b"PK", ".docx is not read here: save it as .txt, .md or .html"),
    ("data.csv", b"a,b", "of no known kind; known are .txt"),
    ("bomb.txt", b"a" * 1_000_000, "more than 100 times its size"),
    ("large.txt", bytes(range(256)) * 20_000, "larger than 5 MB"),
    ("x" * 1001 + ".txt", TEXT, "longer than 1,000 characters"),
]


def test_many_kinds_of_bad_entries_are_refused_by_name_and_stop_no_other():
    data = zipped(("first.txt", TEXT), *((name, content) for name, content, _ in BAD), ("last.txt", TEXT))
    parts = opened(data).parts
    assert [part.name for part in parts if not part.refused] == ["first.txt", "last.txt"]
    assert len(parts) == len(BAD) + 2
    for part, (_, _, says) in zip(parts[1:-1], BAD, strict=True):
        assert says in str(part.refused), part.name


def test_a_second_entry_of_one_name_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("a.txt", TEXT), ("a.txt", b"Another text."))
    parts = opened(data).parts
    assert (parts[0].data, str(parts[1].refused)) == (TEXT, "another entry of the archive has the same name")


def test_an_encrypted_entry_is_refused():
    data = patched(zipped(("a.txt", TEXT), ("b.txt", TEXT)), "b.txt", offset=8, value=b"\x01\x00", central=False)
    assert refusals(data) == {"b.txt": "it is encrypted: pack it without a password"}
    assert taken(data) == ["a.txt"]


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_is_packed_in_a_rare_way_is_refused(how):
    assert "as an ordinary zip" in refusals(zipped(("a.txt", TEXT), how=how))["a.txt"]


def test_a_damaged_entry_is_refused_and_the_others_are_taken():
    data = zipped(("a.txt", TEXT), ("b.txt", TEXT), how=zipfile.ZIP_STORED)
    data = data.replace(b"night ferry", b"night terry", 1)
    assert refusals(data) == {"a.txt": "it is damaged: pack it again"}
    assert taken(data) == ["b.txt"]


@pytest.mark.parametrize("stated", [10, 4_000_000])
def test_a_size_that_is_not_true_is_not_believed(stated):
    data = zipped(("a.txt", TEXT * 40), ("b.txt", TEXT))
    data = patched(data, "a.txt", offset=24, value=struct.pack("<L", stated), central=False)
    assert refusals(data) == {"a.txt": "it is damaged: pack it again"}
    assert taken(data) == ["b.txt"]


def test_names_are_read_in_the_encoding_in_which_they_were_written():
    in_cp437 = info("zeitung-\u00e4.txt")
    data = zipped((in_cp437, TEXT), ("b.txt", TEXT))
    # Python says UTF-8: without the flag the same bytes are what many programs write.
    unflagged = patched(data, "zeitung-\u00e4.txt", offset=8, value=b"\x00\x00", central=False)
    assert taken(data) == taken(unflagged) == ["zeitung-ä.txt", "b.txt"]
    legacy = zipped(("zeitung-?.txt", TEXT)).replace(b"zeitung-?", b"zeitung-\x84")
    assert taken(legacy) == ["zeitung-ä.txt"]


def test_more_entries_than_the_limit_refuse_the_whole():
    data = zipped(*((f"{number}.txt", TEXT) for number in range(6)))
    assert len(opened(data, entries=6).parts) == 6
    with pytest.raises(Refused, match="more than 5 entries"):
        opened(data, entries=5)


def test_an_archive_of_nothing_but_names_is_not_even_listed():
    data = zipped(*((f"{number:06}" + "n" * 300, b"") for number in range(6_000)), how=zipfile.ZIP_STORED)
    with pytest.raises(Refused, match="more than 2,000 entries"):
        opened(data)


def test_more_than_is_to_be_unpacked_refuses_the_whole_and_names_the_entry():
    noise = bytes(range(256)) * 1000
    data = zipped(("a.txt", noise), ("b.txt", noise), ("c.txt", noise), how=zipfile.ZIP_STORED)
    with pytest.raises(Refused, match=r"with “c.txt” more than 1 MB"):
        opened(data, unpacked=600_000)


def test_unpacking_that_takes_too_long_refuses_the_whole():
    ticks = iter(range(0, 1000, 8))
    data = zipped(*((f"{number}.txt", TEXT) for number in range(9)))
    with pytest.raises(Refused, match=r"at “2.txt” unpacking took too long"):
        opened(data, clock=lambda: next(ticks), seconds=20)


def test_entries_that_share_their_bytes_refuse_the_whole():
    data = zipped(("a.txt", TEXT), ("b.txt", TEXT))
    data = patched(data, "b.txt", offset=42, value=b"\0\0\0\0")
    with pytest.raises(Refused, match=r"“[ab].txt” lies over"):
        opened(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip at all",
        b"PK\x03\x04" + b"x" * 200,
        zipped(("a.txt", TEXT))[:-30],
        zipped(("a.txt", TEXT))[40:],
        b"PK\x05\x06" + b"\xff" * 18,
    ],
    ids=["empty", "text", "a beginning", "cut off", "without its beginning", "only an end"],
)
def test_what_is_no_zip_is_refused_in_a_sentence(data):
    with pytest.raises(Refused, match=r"no zip archive, or a damaged one|lies over|more than"):
        opened(data)


def test_an_empty_archive_and_one_without_documents_are_refused():
    with pytest.raises(Refused, match="nothing in it"):
        opened(zipped())
    with pytest.raises(Refused, match="no documents in it"):
        opened(zipped(("__MACOSX/a", b"x"), ("logo.png", b"x")))


def test_a_name_that_is_not_what_it_says_it_is_refuses_the_whole():
    data = zipped(("zeitung-ä.txt", TEXT)).replace("ä".encode(), b"\xff\xfe")
    with pytest.raises(Refused, match="no zip archive, or a damaged one"):
        opened(data)
