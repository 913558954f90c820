"""Subscription lists: in with their folders, out again the same, refused where they are broken. No database."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.intake.feeds.opml import Subscription, read_opml, write_opml
from newsreader.intake.shape import Refused

NOW = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
LIST = b"""<?xml version="1.0"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Sea" title="ignored"><outline text="Harbour" xmlUrl="https://a.example/feed?x=1&y=2" htmlUrl="https://a.example/"
/>
  <outline title="Deep"><outline title="Whales" text="w" type="rss" url="https://b.example/rss" category="Animals, Sea"
/></outline>
</outline>
<outline type="rss" text="https://c.example/atom" xmlUrl="https://c.example/atom"/>
<outline type="link" text="No feed" url="https://d.example/"/>
</body></opml>"""


def out_and_in(subscriptions):
    again = read_opml(write_opml(subscriptions, title="Mine", made=NOW))
    return [replace(one, line=0) for one in again]


def test_a_list_is_read_with_its_folders():
    harbour, whales, plain = read_opml(LIST)
    assert (harbour.address, harbour.title, harbour.site) == (
        "https://a.example/feed?x=1&y=2",
        "Harbour",
        "https://a.example/",
    )
    assert (harbour.folders, whales.folders, plain.folders) == (("Sea",), ("Sea", "Deep"), ())
    assert (whales.address, whales.title, whales.topics) == ("https://b.example/rss", "Whales", ("Animals", "Sea"))
    assert (plain.title, plain.line) == ("", 8)


@given(
    st.lists(
        st.builds(
            Subscription,
            address=st.integers(0, 99).map(lambda n: f"https://a.example/{n}?a=1&b='\"<"),
            title=st.text(max_size=20).map(lambda text: " ".join(text.split())),
            folders=st.lists(st.sampled_from(["Sea", "Land & air", "“<Sky>”"]), max_size=3).map(tuple),
        ),
        max_size=12,
    )
)
def test_what_is_written_is_read_the_same(subscriptions):
    from newsreader.core.xml import writable

    wanted = [replace(one, title=" ".join(writable(one.title).split())) for one in subscriptions]
    assert out_and_in(subscriptions) == wanted


def test_marks_and_brackets_inside_a_value_are_mended_as_programs_write_them():
    broken = b'<opml><body><outline text="By "Ada" <b>" title="x" xmlUrl="https://a.example/"/></body></opml>'
    assert [one.address for one in read_opml(broken)] == ["https://a.example/"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<opml>\n<head/>\n</opml>", "line 3: the list ends without a body"),
        (b"<opml><body>\n<outline text='a'>\n</body></opml>", "line 3: .*mismatched"),
        (b"<rss>\n</rss>", "line 1: it is no subscription list"),
        (b"hello", "line 1"),
        (b"", "empty"),
        (b"<opml><body>\n" + b"<outline text='a'>" * 100, "line 2: its folders are nested"),
        (b"<opml><body>" + b"<outline xmlUrl='https://a.example/'/>\n" * 5_001, "line 5001: it has more"),
        (b"<!DOCTYPE o [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><opml/>", "entities"),
    ],
)
def test_a_broken_list_is_refused_with_its_line(data, told):
    with pytest.raises(Refused, match=told):
        read_opml(data)
