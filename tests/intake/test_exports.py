"""Other applications' exports, read: pure, one after the other."""

import datetime as dt
import json

import pytest

from newsreader.intake.imports.formats.omnivore import marks_in
from newsreader.intake.imports.reading import read_export
from newsreader.intake.imports.shape import Item, Unread, as_plain, from_plain
from newsreader.intake.imports.words import moment
from newsreader.intake.shape import Refused
from tests.intake.exports import PIANO_MARKS, omnivore, sample, zipped


def left(export):
    return [(row.where, row.why) for row in export.rows if isinstance(row, Unread)]


def of(export, address):
    return next(item for item in export.items if item.address == address)


def test_pockets_two_lists_are_what_waits_and_what_was_read():
    export = read_export("ril_export.html", sample("pocket.html"))
    assert export.kind == "pocket"
    first, second, third = export.items
    assert (first.address, first.title, first.tags) == (
        "https://harbour.example/piano?a=1&b=2",
        "The piano & the ferry",
        ("sea", "music"),
    )
    assert (first.place, first.unread, third.place, third.unread) == ("inbox", True, "archive", False)
    assert first.added == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)
    assert second.title == ""
    assert [where for where, _ in left(export)] == ["entry 4"]


def test_pockets_zip_brings_its_annotations_to_the_links():
    table = "title,url,time_added,tags,status\nFog,https://harbour.example/fog,1700000000,sea|night,unread\n"
    marks = [
        {
            "url": "https://harbour.example/fog",
            "title": "Fog",
            "highlights": [{"quote": "By noon", "created_at": 1700000100}],
        }
    ]
    data = zipped(**{"part_000000.csv": table, "annotations/part_000000.json": json.dumps(marks)})
    export = read_export("pocket.zip", data)
    assert len(export.items) == 1
    assert export.items[0].tags == ("sea", "night")
    assert [mark.words for mark in export.items[0].marked] == ["By noon"]


def test_instapapers_folders_and_a_page_that_stands_twice():
    export = read_export("instapaper.csv", sample("instapaper.csv"))
    piano, fog, rope, lamp = export.items
    assert [mark.words for mark in piano.marked] == ["Nobody had asked, about the piano."]
    assert piano.tags == ("sea", "music")
    assert (piano.place, piano.favourite, fog.place, fog.unread) == ("inbox", True, "archive", False)
    assert (rope.favourite, lamp.tags) == (True, ("Chandlery",))
    assert left(export) == [("line 6", "the same address stands at line 2: taken with it")]


def test_instapapers_older_table_has_no_times():
    export = read_export("old.csv", b"URL,Title,Selection,Folder\nhttps://harbour.example/fog,Fog,,Archive\n")
    assert (export.kind, export.items[0].added) == ("instapaper", None)


def test_wallabags_annotations_say_which_of_several_places():
    export = read_export("wallabag.json", sample("wallabag.json"))
    piano, lamp = export.items
    assert (piano.place, piano.favourite, piano.byline, piano.tags) == ("archive", True, "Mara Quill", ("sea",))
    whose, there, gone = piano.marked
    assert (whose.words, whose.note) == ("a piano", "Whose was it?")
    assert whose.prefix.endswith("Nobody had asked about ")
    assert whose.suffix.startswith(". It was simply")
    assert (there.prefix, gone.words) == ("", "a grand piano of rosewood")
    assert (lamp.title, lamp.html) == ("", "")
    assert [where for where, _ in left(export)] == ["entry 3"]


def test_omnivores_zip_has_text_state_and_highlights():
    export = read_export("omnivore.zip", omnivore())
    piano, fog = export.items
    assert "simply there" in piano.html
    assert (piano.place, piano.unread, piano.tags, piano.byline) == ("archive", False, ("ferries",), "Mara Quill")
    assert [mark.words for mark in piano.marked] == [
        "",
        "Nobody had asked about the piano.",
        "at six, an hour late. Nobody had asked",
        "words that are not in it",
    ]
    assert (fog.place, fog.unread, fog.html) == ("inbox", True, "")
    assert left(export) == [("metadata_0_to_20.json, entry 3", "it has no web address")]


def test_omnivores_labels_and_notes_go_with_their_highlight():
    whole, piano, *_ = marks_in(PIANO_MARKS)
    assert (whole.words, whole.note) == ("", "A note on all of it.")
    assert (piano.tags, piano.note) == (("sea", "deep night"), "Nobody at all?")


def test_one_bad_entry_of_a_zip_is_told_and_the_others_are_taken():
    data = zipped(
        **{
            "metadata_0_to_20.json": '[{"url": "https://harbour.example/fog", "slug": "f"}]',
            "metadata_20_to_40.json": '[\n{"url":',
        }
    )
    export = read_export("omnivore.zip", data)
    assert len(export.items) == 1
    assert "line 2" in left(export)[0][1]


def test_readwise_puts_the_highlights_of_a_book_together():
    head = "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,"
    rows = (
        "Highlighted at,Document tags\n"
        'First.,The Quay,Mara Quill,,my note,pink,"sea, fog",page,3,2023-11-14 22:13:20+00:00,shelf\n'
        "Second.,The Quay,Mara Quill,,,,,page,9,,\n"
    )
    (book,) = read_export("readwise-data.csv", (head + rows).encode()).items
    assert (book.title, book.byline, book.tags, book.address) == ("The Quay", "Mara Quill", ("shelf",), "")
    first, second = book.marked
    assert (first.words, first.note, first.colour, first.tags, first.at) == (
        "First.",
        "my note",
        "rose",
        ("sea", "fog"),
        "page 3",
    )
    assert second.words == "Second."


def test_readwise_readers_feed_is_left_there():
    export = read_export("reader.csv", sample("readwise-reader.csv"))
    piano, fog, lamp = export.items
    assert (piano.place, piano.unread, piano.tags) == ("inbox", True, ("sea", "deep work"))
    assert (fog.place, fog.unread, lamp.place, lamp.unread) == ("archive", False, "later", False)
    assert [where for where, _ in left(export)] == ["line 5"]


def test_raindrops_note_highlights_and_folders():
    piano, fog = read_export("export.csv", sample("raindrop.csv")).items
    assert (piano.favourite, piano.tags, piano.standfirst) == (
        True,
        ("music", "night", "Sea", "Ferries"),
        "It was simply there",
    )
    whole, asked, noon = piano.marked
    assert (whole.words, whole.note) == ("", "Read it aloud.")
    assert (asked.words, asked.note) == ("Nobody had asked about the piano.", "Nobody at all?")
    assert noon.words == "By noon the fog had closed over the islands"
    assert (fog.tags, fog.marked) == ((), ())


def test_hypothesis_keeps_the_words_beside_the_words():
    export = read_export("hypothesis.json", sample("hypothesis.json"))
    (page,) = export.items
    tuned, whole = page.marked
    assert (tuned.words, tuned.prefix, tuned.suffix) == ("the piano", "over the islands & ", " was out of tune.")
    assert (tuned.note, tuned.tags, whole.words, whole.note) == ("Who tuned it?", ("music",), "", "A page to keep.")
    assert [where for where, _ in left(export)] == ["entry 3", "entry 4"]


def test_kindle_in_several_languages():
    export = read_export("My Clippings.txt", "\ufeff".encode() + sample("kindle.txt").replace(b"\n", b"\r\n"))
    boat, port, isla, molo, harbour, quay = export.items
    assert (boat.title, boat.byline) == ("Das Boot im Nebel", "Vogt, Maren")
    assert [(mark.words, mark.note) for mark in boat.marked] == [
        ("Die Flut führte ihr eigenes Buch.", "Wer liest darin?")
    ]
    assert boat.marked[0].made == dt.datetime(2024, 3, 4, 22, 15, 32, tzinfo=dt.UTC)
    assert port.marked[0].made == dt.datetime(2024, 3, 5, 9, 12, 45, tzinfo=dt.UTC)
    assert (isla.byline, molo.marked[0].words) == ("Luz Mar (ed.)", "Nessuno chiese del pianoforte.")
    assert harbour.marked[0].made == dt.datetime(2024, 4, 1, 14, 30, 45, tzinfo=dt.UTC)
    assert (quay.marked[0].words, quay.marked[0].note) == ("", "Read this again.")
    assert [where for where, _ in left(export)] == ["line 21", "line 41"]


def test_bookmarks_folders_dates_and_what_is_to_be_read():
    page = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<DL><p><DT><H3>Bookmarks bar</H3><DL><p>
<DT><H3>Sea</H3><DL><p>
<DT><A HREF="https://harbour.example/fog?a=1&amp;b=2" ADD_DATE="1700000000000000"
 TAGS="fog,noon" TOREAD="1">Fog &amp; noon</A>
<DD>By noon &lt;it&gt; came
</DL><p></DL><p>
<DT><A HREF="javascript:alert(1)">Script</A>
<DT><A HREF="https://harbour.example/rope">Rope</A>
</DL><p>"""
    export = read_export("b.html", page.encode())
    fog, rope = export.items
    assert (fog.address, fog.title, fog.tags) == (
        "https://harbour.example/fog?a=1&b=2",
        "Fog & noon",
        ("fog", "noon", "Sea"),
    )
    assert (fog.standfirst, fog.place, fog.unread) == ("By noon <it> came", "inbox", True)
    assert fog.added == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)
    assert (rope.tags, rope.place) == ((), None)
    assert left(export) == [("entry 2", "its address leads to no page of the web: javascript:alert(1)")]


def test_shaarlis_own_notes_are_texts():
    head = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n"
    page = head + '<DT><A HREF="?ab12" ADD_DATE="1">Rope</A>\n<DD>Two coils.\n\nLamp oil.\n</DL><p>'
    (note,) = read_export("s.htm", page.encode()).items
    assert (note.title, note.address, note.html) == ("Rope", "", "<p>Two coils.</p><p>Lamp oil.</p>")


def test_what_an_item_is_comes_back_from_the_database():
    for data in (omnivore(), *(sample(name) for name in ("wallabag.json", "hypothesis.json", "raindrop.csv"))):
        for item in read_export("x", data).items:
            assert from_plain(json.loads(json.dumps(as_plain(item)))) == item


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (
            b'title,url,time_added,tags,status\nA,https://a.example/,1,,unread\n"B,https://b.example/,1,,unread\n',
            "line 3",
        ),
        (sample("wallabag.json")[:900], "line"),
        (sample("hypothesis.json")[:-40], "line 25"),
        (b"[" * 200_000, "nested too deep"),
        (b'<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><A HREF="https://a.example/', "line 3"),
        (b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p></DL>", "no bookmarks"),
        (omnivore()[:200], "no zip archive, or a damaged one"),
        (b"<?xml version='1.0'?><opml version='2.0'><body></body></opml>", "a curator follows feeds"),
        (b"just some words\nand others\n", "no export that is known here"),
        (b"name;age\nAda;36\n", "no export that is known here"),
    ],
)
def test_what_is_no_whole_export_is_refused_with_the_place(data, says):
    with pytest.raises(Refused, match=says):
        read_export("export", data)


def test_a_row_with_too_few_cells_is_told_and_the_next_is_read():
    export = read_export(
        "p.csv", b"title,url,time_added,tags,status\nA,https://a.example/\nB,https://b.example/,1,,unread\n"
    )
    assert left(export) == [("line 2", "it has 2 columns, the first line has 5")]
    assert [item.title for item in export.items] == ["B"]


def test_hostile_characters_stay_out_of_the_database():
    data = json.dumps(
        [{"url": "https://a.example/", "title": "a\x00b\ud800c", "is_archived": 0, "tags": ["x\x00"]}]
    ).encode()
    (item,) = read_export("w.json", data).items
    assert (item.title, item.tags) == ("abc", ("x",))


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("1700000000", "2023-11-14T22:13:20"),
        ("1700000000000", "2023-11-14T22:13:20"),
        ("2023-11-14T22:13:20+0100", "2023-11-14T21:13:20"),
        ("2023-11-14 22:13:20 UTC", "2023-11-14T22:13:20"),
        ("November 14, 2023 10:13:20 PM", "2023-11-14T22:13:20"),
        ("14. Dezember 2023 22:13", "2023-12-14T22:13:00"),
    ],
)
def test_times_in_many_forms(said, means):
    assert moment(said).astimezone(dt.UTC).replace(tzinfo=None).isoformat() == means


@pytest.mark.parametrize("said", ["", None, True, "yesterday", "2023", "99999999999999999", "31. Februar 2023"])
def test_what_is_no_time_is_none(said):
    assert moment(said) is None


def test_every_row_is_an_item_or_says_why_not():
    for row in read_export("k.txt", sample("kindle.txt")).rows:
        assert isinstance(row, Item) or (row.where and row.why)


def test_hostile_characters_beside_words_stay_out_too():
    data = sample("hypothesis.json").replace(b"over the islands & ", b"over\\ud800 the\\u0000 islands & ")
    assert read_export("h.json", data).items[0].marked[0].prefix == "over the islands & "


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (sample("kindle.txt")[:-14], ("line 41", "the file breaks off in it")),
        (
            b'<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><A HREF="https://a.example/">A</A>\n',
            ("line 4", "the file breaks off here: its list is not closed"),
        ),
    ],
)
def test_where_a_file_breaks_off_between_its_rows_is_told(data, says):
    export = read_export("export", data)
    assert export.items
    assert left(export)[-1] == says
