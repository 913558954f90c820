"""Many passages at once: own and live ones only, and taken back as they were."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsreader.annotations import bulk
from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.services import Stale, edit
from newsreader.annotations.tags import delete as delete_tag
from tests.factories import mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(ada, article):
    return [
        mark(article, ada, "Rope", tags=["sea"], colour="rose"),
        mark(article, ada, "forty"),
        mark(article, ada, "Lamp oil", tags=["sea", "things"]),
    ]


@pytest.fixture
def ids(rows):
    return [row.public_id for row in rows]


def state():
    """{words: (colour, tags, whether it is live)} of everybody's."""
    return {
        one.exact: (one.colour, sorted(tag.name for tag in one.live_tags), one.deleted is None)
        for one in Highlight.objects.with_tags()
    }


CHANGES = {
    "tag": lambda ids, reader: bulk.tag(ids, reader=reader, names=["Sea", "new one"]),
    "untag": lambda ids, reader: bulk.untag(ids, reader=reader, names=["#sea"]),
    "paint": lambda ids, reader: bulk.paint(ids, reader=reader, colour="blue"),
    "delete": lambda ids, reader: bulk.delete(ids, reader=reader),
}


def test_tags_are_put_on_all_and_taken_off_all(ada, ids):
    assert CHANGES["tag"](ids, ada)["count"] == 3
    assert [tags for _, tags, _ in state().values()] == [["new-one", "sea"]] * 2 + [["new-one", "sea", "things"]]
    assert CHANGES["untag"](ids, ada)["count"] == 3
    assert [tags for _, tags, _ in state().values()] == [["new-one"]] * 2 + [["new-one", "things"]]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_each_is_taken_back_to_what_was_before(ada, ids, change):
    before = state()
    record = change(ids, ada)
    assert state() != before
    bulk.undo(record, reader=ada)
    assert state() == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_ben_changes_and_takes_back_nothing_of_ada_s(ada, ben, ids, change):
    Tag.objects.create(reader=ben, name="sea")
    before = state()
    assert change(ids, ben)["count"] == 0
    assert state() == before
    record = change(ids, ada)
    after = state()
    bulk.undo(record, reader=ben)
    assert state() == after


def test_an_undo_leaves_what_was_changed_since(ada, rows, ids):
    record = CHANGES["paint"](ids, ada)
    rows[1].refresh_from_db()
    edit(rows[1], version=rows[1].version, colour="green", note="")
    bulk.undo(record, reader=ada)
    assert [colour for colour, _, _ in state().values()] == ["green", "rose", "yellow"]
    record = CHANGES["untag"](ids, ada)
    delete_tag(Tag.objects.of(ada).get(name="sea"))
    bulk.undo(record, reader=ada)
    assert [tags for _, tags, _ in state().values()] == [[], [], ["things"]]


@pytest.mark.parametrize("change", ["tag", "untag", "paint"])
def test_a_form_that_is_open_elsewhere_is_stale_then(ada, rows, ids, change):
    CHANGES[change](ids, ada)
    with pytest.raises(Stale):
        edit(rows[0], version=1, colour="green", note="Of before.")


def test_what_makes_no_sense_is_refused(ada, ids):
    for nonsense in (
        lambda: bulk.tag(ids, reader=ada, names=["#", ""]),
        lambda: bulk.untag(ids, reader=ada, names=["none such"]),
        lambda: bulk.paint(ids, reader=ada, colour="red"),
    ):
        with pytest.raises(ValueError, match=r"[.]$"):
            nonsense()


def test_several_come_back_from_the_bin_and_go_there_again(ada, ben, ids):
    bulk.delete(ids, reader=ada)
    assert bulk.restore(ids, reader=ben)["count"] == 0
    record = bulk.restore(ids[:2], reader=ada)
    assert [live for _, _, live in state().values()] == [True, True, False]
    bulk.undo(record, reader=ada)
    assert [live for _, _, live in state().values()] == [False, False, False]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_how_many_they_are_costs_no_queries(ada, rows, article, change):
    more = [mark(article, ada, words).public_id for words in ("The ferry", "an hour", "piano", "noon", "fog", "Port")]
    with CaptureQueriesContext(connection) as queries:
        bulk.undo(change([*more, *(row.public_id for row in rows)], ada), reader=ada)
    assert len(queries) <= 14, [query["sql"] for query in queries]
