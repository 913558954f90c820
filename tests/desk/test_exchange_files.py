"""What is in a file that comes in, and that nothing in one does harm. No page, no library."""

import csv
import io
import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsreader.desk.exchange import files
from newsreader.desk.exchange.cells import as_cell, defused, joined, parted, restored
from newsreader.desk.exchange.files import Broken, Rows

KNOWN = frozenset({"slug", "title", "topics"})


def read(data, known=KNOWN):
    rows = Rows(data if isinstance(data, bytes) else data.encode(), known)
    return [row.cells or row.problem for row in rows], list(rows.unknown)


def refused(data):
    with pytest.raises(Broken) as error:
        read(data)
    return str(error.value)


@given(st.text())
@example("'")
@example("''=1+1")
@example("=cmd|' /C calc'!A0")
@example("＝1+1")
@example("  @SUM(A1)")
@example("'tis")
def test_a_cell_is_the_same_after_it_went_out_and_came_in(cell):
    assert restored(defused(cell)) == cell


@given(st.text(), st.sampled_from("=+-@\t\r\n＝＋－＠"))
def test_no_cell_begins_as_a_formula_does(rest, sign):
    for cell in (sign + rest, f"  {sign}{rest}"):
        assert defused(cell).startswith("'")


def test_an_apostrophe_that_somebody_wrote_stays():
    assert restored("'tis the season") == "'tis the season"
    assert restored("''tis the season") == "'tis the season"


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp")), min_size=1), unique=True
    )
)
def test_names_with_semicolons_come_back_from_one_cell(names):
    assert parted(joined(names)) == names


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=3, max_size=3),
    st.sampled_from(",;\t"),
)
def test_any_cells_are_read_as_a_spreadsheet_wrote_them(cells, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["Slug", " TITLE ", "topics"])
    writer.writerow([defused(cell) for cell in cells])
    if any(cells):
        assert read(out.getvalue()) == ([dict(zip(("slug", "title", "topics"), cells, strict=True))], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_spreadsheets_are_read(encoding):
    data = "title;slug\r\nÜber Bücher – “Zeit”;x\r\n".encode(encoding)
    assert read(data) == ([{"title": "Über Bücher – “Zeit”", "slug": "x"}], [])


def test_excel_s_own_first_line_and_empty_rows_are_passed_over():
    assert read("sep=;\r\ntitle;slug\r\n;\r\nA;b\r\n") == ([{"title": "A", "slug": "b"}], [])


def test_columns_that_are_not_known_are_told():
    assert read("title,Price,colour\nA,1,red\n") == ([{"title": "A"}], ["price", "colour"])
    assert read('[{"title": "A", "price": 1}, {"title": "B", "colour": null}]')[1] == ["price", "colour"]


def test_json_is_a_list_or_one_object_a_line():
    wanted = [{"title": "A", "topics": ["x"]}, {"title": "1984", "slug": ""}]
    assert read('[{"title": "A", "topics": ["x"]},\n {"title": 1984, "slug": null}]\n')[0] == wanted
    assert read('{"title": "A", "topics": ["x"]}\n{"title": 1984, "slug": null}\n')[0] == wanted


def test_a_row_of_another_length_is_wrong_and_the_others_are_not():
    rows, _ = read("title,slug\nA\nB,b\nC,c,d\nD,d,\n")
    assert rows[1] == {"title": "B", "slug": "b"}
    assert rows[0] == "It has 1 cells where the first row has 2."
    assert rows[2] == "It has 3 cells where the first row has 2."
    assert rows[3] == {"title": "D", "slug": "d"}


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("7", "It is no object"),
        ('{"title": {"a": 1}}', "title: a text is expected"),
        ('{"title": true}', "title: a text is expected"),
        ('{"topics": ["a", ["b"]]}', "topics: a text is expected"),
        (r'{"title": "\ud800"}', "title: a text is expected"),
        (r'{"title": "\u0000"}', "title: a text is expected"),
    ],
)
def test_what_is_no_row_is_wrong(item, told):
    [row], _ = read(f"[{item}]")
    assert row.startswith(told) if isinstance(row, str) else False


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "The file is empty."),
        (" \n ", "The file is empty."),
        ("title,slug\n", "There are no rows"),
        ("[]", "There are no rows"),
        ("price,colour\n1,red\n", "No column of the file is known"),
        ("title,Title\na,b\n", "The column “title” is there twice."),
        ('title,slug\nA,"b\n', "line 2, column 3: a quote opens here and is never closed"),
        ('title,slug\r\n"x\r\ny",b\r\nA,"b"c\r\n', "line 4, column 6: a quoted cell ends before this"),
        ('title,slug\nA,"b\n' + "x" * 300_000, "line 2, column 3: a quote opens here"),
        ('[{"title": "A"}\n {"title": "B"}]', "line 2, column 2: a comma or ] is expected"),
        ('[{"title": "A"},\n]', "line 2, column 1: nothing follows the comma"),
        ('[{"title": "A"}', "line 1, column 16: the list is not closed"),
        ('[{"title": "A"}] x', "line 1, column 18: text follows it"),
        ('[{"title": NaN}]', "NaN is no value"),
        ('[{"title": "A", "title": "B"}]', "“title” is there twice"),
        ('{"title": "A"', "line 1, column 14"),
        (b"PK\x03\x04\x14\0\x06\0" + bytes(500), "This is a workbook"),
        (b"title\nA\0B", "binary"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(data, told):
    assert told in refused(data)


@pytest.mark.parametrize(
    "bomb",
    [
        b"[" * 5_000_000,
        b'{"a":' * 1_000_000,
        b'[{"title":' + b"[" * 5_000_000,
        b"[[" + b"]," * 2_500_000,
        b"[" + b"7," * 2_500_000,
        b"title,slug\n" + b"\n" * 5_000_000,
        b"title," * 800_000,
        b"title,slug\n" + b"," * 5_000_000,
        b'title,slug\n"' + b'""' * 2_500_000,
        b"title,slug\n" + b'"a"b\n' * 1_000_000,
        b'[{"title":' + b"9" * 5_000_000 + b"e9}]",
        b'[{"title": "' + b"\\n" * 2_500_000,
        b"[{" + b",".join(b'"k%d":1' % n for n in range(400_000)) + b',"k399999":2}]',
    ],
    ids=range(13),
)
def test_a_file_made_to_choke_is_refused_or_read_in_good_time(bomb):
    begun, said = time.process_time(), ""
    try:
        for row in Rows(bomb, KNOWN):
            assert row.problem or row.cells is not None
    except Broken as error:
        said = str(error)
    assert len(said) < 1_000
    assert time.process_time() - begun < 10


def test_too_many_rows_and_too_many_bytes_are_refused(settings, monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    assert "more than 3 rows" in refused("title\n" + "A\n" * 4)
    assert len(read("title\n" + "A\n" * 3)[0]) == 3
    settings.IMPORT_LIMIT = 1_000_000
    assert "larger than 1 MB" in refused(b"x" * 1_000_001)


def test_a_cell_as_long_as_an_article_is_read():
    long = "word " * 100_000
    assert read(f'title,slug\n"{long}",b\n')[0] == [{"title": long, "slug": "b"}]
    assert read(json.dumps([{"title": long}]))[0] == [{"title": long}]


def test_a_value_as_a_cell():
    assert [as_cell(one) for one in (None, 7, "a", ["a;b", "c"])] == ["", "7", "a", r"a\;b; c"]
