"""Articles come in, and readers' places in them are kept."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from newsreader.articles.models import Article, Reading, Source, Topic
from newsreader.articles.services import add_article, note_position, note_state, source_named, state_of, topic_named
from tests.factories import make_article

pytestmark = pytest.mark.django_db


# Adding


def test_a_new_article_has_its_text_its_numbers_and_a_first_revision(ada):
    source, topic = source_named("The Harbour Post"), topic_named("Sea")
    article = add_article(
        title="Rope", html="<p>Two <em>coils</em>.</p>\n<p>🙂</p>", sources=[source], topics=[topic], editor=ada
    )
    stored = Article.objects.get(pk=article.pk)
    assert stored.text == "Two coils.\n🙂"
    assert (stored.length, stored.minutes, stored.state) == (12, 1, "draft")
    assert len(stored.content_hash) == 64
    assert (stored.sources.get(), stored.topics.get()) == (source, topic)
    revision = stored.revisions.get()
    assert (revision.number, revision.editor, revision.html, revision.text) == (1, ada, stored.html, stored.text)


def test_it_sorts_by_its_own_date_else_by_the_day_it_came_in(article):
    published = article.dated.replace(year=2020)
    assert make_article(published=published).dated == published
    assert article.dated.date() == article.added.date()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Mali asks UN to withdraw", "mali-asks-un-to-withdraw"),
        ("Été à la mer!", "été-à-la-mer"),
        ("和平", "和平"),
        ("السلام عليكم", "السلام-عليكم"),
        ("…?!", "article"),
        ("🙂", "article"),
        ("a" * 300, "a" * 100),
        ("a" * 99 + " b", "a" * 99),
        ("../etc/passwd", "etcpasswd"),
    ],
)
def test_a_slug_is_made_of_the_title_in_any_language(title, slug, client):
    article = make_article(title, html="<p>A.</p>")
    assert article.slug == slug
    assert client.get(article.get_absolute_url()).status_code == 200


def test_the_same_title_again_gets_a_number():
    slugs = [make_article("Rope", html="<p>A.</p>").slug for _ in range(3)]
    assert slugs == ["rope", "rope-2", "rope-3"]
    make_article("Ropes", html="<p>A.</p>")
    assert make_article("Rope", html="<p>A.</p>").slug == "rope-4"


def test_a_reader_s_own_copy_has_a_random_part_that_nobody_guesses(ada):
    one, two = (make_article("Rope", html="<p>A.</p>", owner=ada).slug for _ in range(2))
    assert re.fullmatch(r"rope-[0-9a-f]{12}", one)
    assert one != two


def test_an_article_without_a_title_or_in_no_state_is_refused_by_the_database(article):
    for broken in ({"title": ""}, {"state": "gone"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**broken)


def test_a_revision_s_number_is_used_once(article):
    with pytest.raises(IntegrityError), transaction.atomic():
        article.revisions.create(number=1, title="x", html="<p>x</p>")


# Sources and topics


@pytest.mark.parametrize(("named", "model"), [(source_named, Source), (topic_named, Topic)])
def test_a_name_is_made_once_whatever_its_spaces(named, model):
    one = named("Al  Jazeera\nEnglish ")
    assert one.name == "Al Jazeera English"
    assert named("Al Jazeera English") == one
    assert model.objects.count() == 1


def test_names_that_make_the_same_slug_are_two_sources():
    slugs = [source_named(name).slug for name in ("The Post", "The Post!", "???")]
    assert slugs == ["the-post", "the-post-2", "source"]


# A reader's place


def test_without_a_row_it_is_unread_in_the_inbox_and_asking_makes_none(ada, article):
    state = state_of(article, reader=ada)
    assert (state.place, state.unread, state.favourite, state.position) == ("inbox", True, False, 0)
    assert not Reading.objects.exists()


def test_what_is_set_leaves_the_rest(ada, ben, article):
    note_state(article, reader=ada, place="later", favourite=True)
    note_position(article, reader=ada, position=10)
    state = note_state(article, reader=ada, place="archive")
    assert (state.place, state.unread, state.favourite, state.position) == ("archive", False, True, 10)
    assert state_of(article, reader=ben).place == "inbox"


def test_the_furthest_point_is_kept_within_the_article_and_makes_it_read(ada, article):
    assert note_position(article, reader=ada, position=50).position == 50
    assert note_position(article, reader=ada, position=20).position == 50
    last = note_position(article, reader=ada, position=10**6)
    assert last.position == article.length
    assert state_of(article, reader=ada).unread is False


def test_reading_on_writes_over_nothing_that_another_window_sets_at_the_same_time(ada, article):
    note_state(article, reader=ada, place="archive", favourite=True)
    with CaptureQueriesContext(connection) as queries:
        note_position(article, reader=ada, position=9)
    (update,) = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert "place" not in update
    assert "favourite" not in update


def test_the_database_keeps_one_row_for_a_reader_in_a_known_place(ada, article):
    note_state(article, reader=ada, place="later")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(reader=ada, article=article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.update(place="shelf")
