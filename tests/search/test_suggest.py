"""What is offered while a field is typed: what this reader may see, counted as the search counts it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from newsreader.annotations.services import delete
from newsreader.articles.models import Collection
from newsreader.articles.services import source_named, topic_named
from newsreader.core.completion import slot_at
from newsreader.core.fields import COLOURS, FILTERS, SORTS, STATES, THINGS
from newsreader.core.query import parse
from newsreader.search import suggest, suggest_words
from newsreader.search.service import search
from newsreader.search.suggest import suggestions
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db


def offered(typed, user):
    """[(value, count)]"""
    return [(one.value, one.count) for one in suggestions(slot_at(typed, len(typed)), user)]


@pytest.fixture
def library(ada, ben):
    for title, source, line in (
        ("One", "The Harbour Post", "Mary Smith"),
        ("Two", "The Harbour Post", "Mary Smith and Ann Lee"),
        ("Three", "Post", "Ann Lee"),
    ):
        make_article(title, source=source, byline=line).topics.add(topic_named("Sea"))
    make_article("Draft", source="Drafts only", byline="A Draft", state="draft").topics.add(topic_named("Drafted"))
    make_article("Ben's own", source="Ben's source", byline="Ben Himself", owner=ben, language="fr")
    make_article("Ada's own", source="Ada's source", byline="Ada Herself", owner=ada, language="de-AT")


def test_sources_with_what_the_reader_sees_of_them(library, ada):
    assert offered("source:", ada) == [("Post", 3), ("The Harbour Post", 2), ("Ada's source", 1)]
    assert offered("source:har", ada) == [("The Harbour Post", 2)]
    assert offered("source:zeppelin", ada) == []


@pytest.mark.parametrize("field", ["source", "topic", "author", "lang", "in"])
def test_nothing_of_another_reader_or_of_a_draft_is_offered(library, ada, client, field):
    for user in (ada, client.get("/").wsgi_request.user):
        said = str(suggestions(slot_at(f"{field}:", 99), user))
        assert "Ben" not in said
        assert "Draft" not in said
        assert "'fr'" not in said


@pytest.mark.parametrize("field", ["source", "topic", "author", "lang"])
def test_a_count_is_what_the_search_finds_with_it(library, ada, field):
    found = suggestions(slot_at(f"{field}:", 99), ada)
    assert found
    for one in found:
        assert search(f'{field}:"{one.value}"', user=ada).counts["articles"] == one.count, one


def test_authors_by_their_lines(library, ada):
    assert offered("author:ann", ada) == [("Ann Lee", 2), ("Mary Smith and Ann Lee", 1)]
    assert ("Mary Smith", 2) in offered("author:", ada)


def test_languages_by_their_own_names(library, ada):
    assert offered("lang:", ada) == [("en", 3), ("de-AT", 1)]
    assert offered("lang:engl", ada) == [("en", 3)]


def test_tags_and_colours_are_the_reader_s_own(article, ada, ben):
    mark(article, ada, "forty", tags=["sea", "ship"], colour="rose")
    mark(article, ada, "Rope", tags=["sea"])
    delete(mark(article, ada, "Lamp oil", tags=["ship", "gone"], colour="rose"))
    mark(article, ben, "forty", tags=["bens"], colour="blue")
    assert offered("tag:", ada) == [("sea", 2), ("ship", 1)]
    assert offered("tag:Shi", ada) == [("ship", 1)]
    assert offered("colour:", ada) == [("yellow", 1), ("rose", 1)]


def test_a_colour_is_found_by_its_name_in_the_reader_s_language(article, ada):
    mark(article, ada, "forty", colour="yellow")
    with translation.override("de"):
        assert offered("colour:gelb", ada) == [("yellow", 1)]


def test_a_visitor_is_offered_nothing_that_needs_an_account(library, client):
    nobody = client.get("/").wsgi_request.user
    for field in ("tag", "colour", "is", "has"):
        assert offered(f"{field}:", nobody) == []
    assert "tag" not in dict(offered("", nobody))
    assert offered("in:", nobody) == [("articles", None)]


def test_collections_and_kinds(article, ada):
    Collection.objects.create(name="First things", slug="first").items.create(article=article)
    Collection.objects.create(name="Empty", slug="empty")
    assert offered("in:", ada) == [("articles", None), ("passages", None), ("notes", None), ("First things", 1)]


def test_names_of_fields(ada):
    assert offered("so", ada) == [("source", None), ("sort", None)]
    assert {name for name, _ in offered("", ada)} == set(FILTERS)


def test_every_value_that_is_offered_is_one_that_the_field_has():
    assert set(suggest_words.FIELDS) == set(FILTERS)
    assert tuple(suggest_words.STATES) == STATES
    assert tuple(suggest_words.THINGS) == THINGS
    assert tuple(suggest_words.SORTS) == SORTS
    for field, values in (("on", suggest_words.DAYS), ("minutes", suggest_words.LENGTHS), ("colour", COLOURS)):
        for value in values:
            assert [(leaf.name, leaf.value) for leaf in parse(f"{field}:{value}").leaves()] == [(field, value)]


def test_what_can_t_be_written_down_is_not_offered(ada):
    make_article("One", source='The "Post"')
    make_article("Two", source="The Post")
    assert offered("source:", ada) == [("The Post", 1)]


def test_what_is_hidden_takes_no_room_from_what_is_not(ada, monkeypatch):
    monkeypatch.setattr(suggest, "SHOWN", 1)
    monkeypatch.setattr(suggest, "NEWEST", 0)
    make_article(source="A draft", state="draft")
    make_article(source="A post")
    assert offered("source:a", ada) == [("A post", 1)]


def test_of_many_those_of_the_newest_articles_come_first(ada, monkeypatch):
    monkeypatch.setattr(suggest, "SHOWN", 1)
    source_named("A quiet one")
    make_article("Old", source="B quiet one", published="2001-01-01T00:00Z")
    make_article("New", source="Z loud one", published="2020-01-01T00:00Z")
    monkeypatch.setattr(suggest, "NEWEST", 1)
    assert offered("source:", ada) == [("Z loud one", 1)]


@pytest.mark.parametrize("field", ["source", "author", "tag", "lang", "colour", "in"])
def test_a_thousand_rows_take_no_more_statements_than_ten(ada, field, article):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            suggestions(slot_at(f"{field}:", 99), ada)
        return len(asked)

    for number in range(9):
        make_article(source=f"Source {number}", byline=f"By {number}")
        mark(article, ada, "forty passengers and a piano"[: 10 + number], tags=[f"tag {number}"])
    few = statements()
    for number in range(30):
        make_article(source=f"More {number}", byline=f"Too {number}")
    assert statements() <= few


def test_a_database_that_takes_too_long_offers_nothing(library, ada, monkeypatch):
    from newsreader.search.sqlite import backend as sqlite

    monkeypatch.setattr(sqlite, "PATIENCE", -1)
    monkeypatch.setattr(sqlite, "_STEP", 1)
    if connection.vendor == "sqlite":
        assert offered("source:", ada) == []
