"""What a search can be narrowed by: every count is what the search finds with that filter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from newsreader.annotations.models import Tag
from newsreader.annotations.services import delete, revise_article
from newsreader.annotations.tags import delete as delete_tag
from newsreader.annotations.tags import tags_named
from newsreader.articles.services import note_state, topic_named
from newsreader.core.asked import Filter, Query
from newsreader.core.query import parse, unparse
from newsreader.search import facets as module
from newsreader.search.facets import facets, filters_of, with_filter, without_filter
from newsreader.search.service import search
from tests.factories import make_article, mark

database = pytest.mark.django_db


def narrowed(q, name, value):
    return unparse(with_filter(parse(q), Filter(name, value)))


@pytest.mark.parametrize(
    ("q", "name", "value", "after"),
    [
        ("piano", "source", "The Harbour Post", 'piano source:"The Harbour Post"'),
        ("piano source:Lantern", "source", "Post", "piano source:Post"),
        ("piano tag:sea", "tag", "ship", "piano tag:sea tag:ship"),
        ("piano on:2023 sort:newest", "on", "2022", "piano on:2022 sort:newest"),
        ("piano is:unread is:later", "is", "read", "piano is:later is:read"),
        ("piano is:unread", "is", "favourite", "piano is:unread is:favourite"),
        ("piano in:notes in:harbours", "in", "articles", "piano in:harbours in:articles"),
        ("piano -source:Lantern", "source", "Post", "piano -source:Lantern source:Post"),
        ("piano OR organ", "tag", "sea", "(piano OR organ) tag:sea"),
        ("", "tag", "sea", "tag:sea"),
        ("piano tag:sea", "tag", "sea", "piano tag:sea"),
    ],
)
def test_a_filter_is_added_or_takes_the_place_of_its_alternative(q, name, value, after):
    assert narrowed(q, name, value) == after


@pytest.mark.parametrize(
    ("q", "gone", "after"),
    [
        ("piano tag:sea tag:ship", Filter("tag", "sea"), "piano tag:ship"),
        ("tag:sea", Filter("tag", "sea"), ""),
        ("piano -tag:sea", Filter("tag", "sea"), "piano -tag:sea"),
        ("piano sort:newest is:read", Filter("is", "read"), "piano sort:newest"),
    ],
)
def test_a_filter_is_taken_out(q, gone, after):
    assert unparse(without_filter(parse(q), gone)) == after


@given(st.text(alphabet='ab"()- :tagis', max_size=30), st.sampled_from(["source", "tag", "is"]))
def test_what_was_added_is_there_and_can_be_taken_out(q, name):
    chosen = Filter(name, "unread" if name == "is" else "The Post")
    query = with_filter(parse(q), chosen)
    assert filters_of(query).count(chosen) == 1
    assert chosen in filters_of(parse(unparse(query)))
    assert chosen not in filters_of(without_filter(query, chosen))


@pytest.fixture
def library(ada, ben):
    """Pianos in several places, marked by both readers."""
    ferry = make_article("One", source="The Harbour Post", published="2021-06-01T12:00Z")
    ferry.topics.add(topic_named("Sea"))
    post = make_article("Two", source="Post", published="2021-07-01T12:00Z")
    other = make_article("Three", source="Post", published="2022-07-01T12:00Z")
    make_article("Hidden", source="Post", state="draft").topics.add(topic_named("Drafted"))
    make_article("Ben's", source="Ben's source", owner=ben)
    note_state(ferry, reader=ada, unread=False, favourite=True)
    note_state(post, reader=ada, place="later")
    note_state(other, reader=ben, place="later", favourite=True)
    mark(ferry, ada, "forty passengers and a piano", note="A piano!", tags=["sea", "ship"], colour="rose")
    mark(post, ada, "under a tarpaulin", note="A piano.", tags=["sea"])
    delete(mark(post, ada, "Nobody had asked about the piano", tags=["gone"], colour="blue"))
    delete_tag(tags_named(["former"], reader=ada)[0])
    ada.highlights.get(colour="rose").tags.add(*Tag.objects.filter(name="former"))
    mark(other, ben, "forty passengers and a piano", note="Ben's piano", tags=["bens"], colour="violet")
    revise_article(post, html=post.html.replace(", under a tarpaulin,", ""))


@database
@pytest.mark.parametrize(
    "q", ["piano", "piano source:post", "piano tag:sea", "piano is:unread", "piano on:2021", "tag:sea"]
)
@pytest.mark.parametrize("kind", ["all", "articles", "passages", "notes"])
def test_every_count_is_what_the_search_finds_with_that_filter(library, ada, q, kind):
    query, counted = parse(q), 0
    for name, values in facets(query, user=ada, kind=kind).counts.items():
        for value, number in values.items():
            found = search(with_filter(query, Filter(name, value)), user=ada, kind=kind)
            assert found.counts[kind] == number, (name, value)
            counted += 1
    assert counted > 0 or kind in ("notes", "passages")


@database
def test_what_there_is_to_narrow_by(library, ada):
    told = facets(parse("piano"), user=ada)
    assert told.whole
    assert {name: dict(values) for name, values in told.counts.items()} == {
        "source": {"Post": 6, "The Harbour Post": 3},
        "topic": {"Sea": 3},
        "on": {"2021": 2, "2022": 1, str(ada.highlights.first().created.year): 3},
        "tag": {"sea": 5, "ship": 3},
        "colour": {"rose": 3, "yellow": 2},
        "is": {"unread": 3, "read": 3, "favourite": 3, "later": 2, "changed": 2, "lost": 2},
    }


@database
def test_nothing_of_another_reader_and_nothing_hidden_is_counted(library, ada, ben, client):
    nobody = client.get("/").wsgi_request.user
    for user in (ada, nobody):
        said = str(facets(parse("piano"), user=user).counts)
        assert "Ben" not in said
        assert "bens" not in said
        assert "Drafted" not in said
        assert "violet" not in said
    assert set(facets(parse("piano"), user=nobody).counts) == {"source", "topic", "on"}
    assert facets(parse("piano"), user=ben).counts["tag"] == {"bens": 3}


@database
def test_alternatives_to_a_filter_are_counted_in_its_place(library, ada):
    counts = facets(parse("piano on:2021"), user=ada, kind="articles").counts
    assert counts["on"] == {"2021": 2, "2022": 1}
    assert counts["source"] == {"Post": 2, "The Harbour Post": 1}
    assert facets(parse("piano is:read"), user=ada, kind="articles").counts["is"] == {
        "read": 1,
        "unread": 2,
        "favourite": 1,
    }


@database
def test_a_search_for_nothing_has_nothing_to_narrow(ada, article):
    for q in ("", "-piano", "sort:newest"):
        assert not any(facets(parse(q), user=ada).counts.values())


@database
def test_many_rows_are_counted_some_at_a_time(library, ada, monkeypatch):
    whole = facets(parse("piano"), user=ada)
    monkeypatch.setattr(module, "AT_ONCE", 2)
    assert facets(parse("piano"), user=ada) == whole


@database
def test_where_time_is_over_the_counts_are_at_least_so_many(library, ada, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 1)
    monkeypatch.setattr(module, "PATIENCE", -1)
    told = facets(parse("piano"), user=ada)
    assert not told.whole
    assert told.counts["on"] == {"2022": 1}  # the newest


@database
def test_a_name_that_can_t_be_written_down_is_not_offered(ada):
    make_article(source='The "Post"')
    assert facets(parse("piano"), user=ada).counts["source"] == {}


@database
def test_more_rows_take_no_more_statements(ada):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            facets(parse("piano"), user=ada)
        return len(asked)

    mark(make_article(source="First"), ada, "forty passengers and a piano", tags=["a"], note="piano")
    few = statements()
    for number in range(12):
        article = make_article(source=f"Source {number}")
        mark(article, ada, "forty passengers and a piano", tags=[f"tag {number}"], note="piano")
    assert statements() <= few
    assert few <= 14


def test_an_empty_query_stays_one():
    assert without_filter(Query(), Filter("tag", "sea")) == Query()
