"""Who sees which article, where it stands for them, and that the counts equal the lists."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsreader.articles.counts import counts
from newsreader.articles.models import Article, Collection, Reading
from newsreader.articles.services import note_state, topic_named
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()

STATES = ("draft", "published", "withdrawn")
OWNERS = (None, "ada", "ben")

# Who reads what in lists and by its address: {who: articles as (state, owner)}.
LIBRARY = {("published", None)}
# What its owner took off the shelf is gone until it is put back.
OWN = {who: {(state, who) for state in ("draft", "published")} for who in ("ada", "ben", "cleo", "operator")}
ALL_OF_THE_LIBRARY = {(state, None) for state in STATES}
VISIBLE = {"nobody": LIBRARY} | {who: LIBRARY | own for who, own in OWN.items()}
OPENABLE = VISIBLE | {who: ALL_OF_THE_LIBRARY | OWN[who] for who in ("cleo", "operator")}


@pytest.fixture
def cast(ada, ben, cleo, operator):
    return {"nobody": NOBODY, "ada": ada, "ben": ben, "cleo": cleo, "operator": operator}


@pytest.fixture
def everything(cast):
    """One article of each state and owner, under (state, owner)."""
    return {
        (state, owner): make_article(state=state, owner=cast.get(owner))
        for state, owner in itertools.product(STATES, OWNERS)
    }


@pytest.mark.parametrize("open_reading", [True, False])
@pytest.mark.parametrize("who", VISIBLE)
def test_who_sees_what(cast, everything, settings, who, open_reading):
    settings.OPEN_READING = open_reading
    told = {article: kind for kind, article in everything.items()}
    nothing = who == "nobody" and not open_reading
    visible = {told[article] for article in Article.objects.visible_to(cast[who])}
    openable = {told[article] for article in Article.objects.openable_by(cast[who])}
    assert visible == (set() if nothing else VISIBLE[who] & everything.keys())
    assert openable == (set() if nothing else OPENABLE[who] & everything.keys())


def test_the_library_holds_what_is_published_and_nobody_s_own(everything):
    assert list(Article.objects.in_the_library()) == [everything["published", None]]


def test_no_reading_row_means_inbox_and_unread(ada, article):
    assert Article.objects.placed("inbox", ada).unread_by(ada).get() == article
    assert not Article.objects.placed("later", ada).exists()
    assert not Reading.objects.exists()


@pytest.mark.parametrize("place", ["inbox", "later", "archive"])
def test_an_article_is_in_one_place_and_for_its_reader_only(ada, ben, article, place):
    note_state(article, reader=ada, place=place)
    found = {name for name in ("inbox", "later", "archive") if article in Article.objects.placed(name, ada)}
    assert found == {place}
    assert article in Article.objects.placed("inbox", ben)


def test_a_visitor_has_everything_in_the_inbox_and_unread(article):
    assert Article.objects.placed("inbox", NOBODY).unread_by(NOBODY).get() == article
    for nothing in ("later", "archive"):
        assert not Article.objects.placed(nothing, NOBODY).exists()
    assert not Article.objects.favourites_of(NOBODY).exists()


def test_unread_and_favourites_are_each_reader_s(ada, ben, article):
    note_state(article, reader=ada, unread=False, favourite=True)
    assert not Article.objects.unread_by(ada).exists()
    assert Article.objects.unread_by(ben).exists()
    assert Article.objects.favourites_of(ada).exists()
    assert not Article.objects.favourites_of(ben).exists()


def test_from_a_source_about_a_topic_in_a_collection_each_once(article):
    topic = topic_named("Peace")
    article.topics.add(topic)
    collection = Collection.objects.create(name="First", slug="first")
    collection.items.create(article=article)
    make_article(source="Another")
    source = article.sources.get()
    assert Article.objects.from_source(source.slug).about(topic.slug).in_collection("first").get() == article
    for nothing in (
        Article.objects.from_source("no"),
        Article.objects.about("no"),
        Article.objects.in_collection("no"),
    ):
        assert not nothing.exists()


def test_they_sort_by_date_and_by_length(article):
    older = make_article(html="<p>One.</p>", published=article.dated.replace(year=2020))
    assert list(Article.objects.newest()) == [article, older]
    assert list(Article.objects.oldest()) == [older, article]
    assert list(Article.objects.shortest()) == [older, article]


def test_a_list_leaves_the_texts_in_the_database(article, django_assert_num_queries):
    (listed,) = Article.objects.listed()
    assert listed.get_deferred_fields() == {"html", "text"}
    with django_assert_num_queries(0):
        assert [source.name for source in listed.sources.all()] == ["The Harbour Post"]


# Counts


def lists(user):
    """What the lists hold, asked one by one."""
    visible = Article.objects.visible_to(user)
    return {
        **{place: visible.placed(place, user).count() for place in ("inbox", "later", "archive")},
        "unread": visible.placed("inbox", user).unread_by(user).count(),
    }


def counted(user):
    told = counts(user)
    return {name: getattr(told, name) for name in ("inbox", "later", "archive", "unread")}


READINGS = st.one_of(st.none(), st.tuples(st.sampled_from(["inbox", "later", "archive"]), st.booleans(), st.booleans()))
SHELF = st.lists(st.tuples(st.sampled_from(STATES), st.sampled_from(OWNERS), READINGS, READINGS), max_size=7)


class TestCounts(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(SHELF, st.booleans())
    def test_the_counts_equal_what_the_lists_hold_for_any_shelf(self, shelf, open_reading):
        ada, ben = make_user("ada"), make_user("ben")
        people = {None: None, "ada": ada, "ben": ben}
        for state, owner, hers, his in shelf:
            article = make_article(html="<p>A.</p>", state=state, owner=people[owner])
            for reader, reading in ((ada, hers), (ben, his)):
                if reading:
                    place, unread, favourite = reading
                    note_state(article, reader=reader, place=place, unread=unread, favourite=favourite)
        with self.settings(OPEN_READING=open_reading):
            for user in (ada, ben, NOBODY):
                assert counted(user) == lists(user)


def test_counting_costs_the_same_in_a_large_library(ada, django_assert_num_queries):
    for _ in range(5):
        note_state(make_article(html="<p>A.</p>"), reader=ada, place="later")
    with django_assert_num_queries(2):
        assert counts(ada).later == 5
