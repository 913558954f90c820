"""Editing a passage, deleting it, taking it back, and what the bin keeps."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from newsreader.annotations import tags as tag_services
from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.services import Stale, delete, edit, restore, revise_article
from newsreader.core.prose import Unreadable
from tests.factories import mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def passage(ada, article):
    return mark(article, ada, "forty passengers", note="Count them.", tags=["sea"])


def tags_of(one):
    return set(one.tags.values_list("name", flat=True))


def deleted_days_ago(one, days):
    Highlight.objects.filter(pk=one.pk).update(deleted=timezone.now() - timedelta(days=days))
    one.refresh_from_db()


# Editing


def test_an_edit_saves_colour_note_and_tags_and_counts_the_version(passage):
    before = passage.updated
    saved = edit(passage, version=1, colour="violet", note="*Forty-one*.", tags=["Sea", "numbers"])
    saved.refresh_from_db()
    assert (saved.colour, saved.note, saved.version) == ("violet", "*Forty-one*.", 2)
    assert "<em>Forty-one</em>" in saved.note_html
    assert tags_of(saved) == {"sea", "numbers"}
    assert saved.updated > before


def test_an_edit_without_tags_leaves_them_and_with_none_takes_them_off(passage):
    assert tags_of(edit(passage, version=1, colour="blue", note="")) == {"sea"}
    assert tags_of(edit(passage, version=2, colour="blue", note="", tags=[])) == set()


def test_an_edit_that_arrives_twice_is_saved_once(passage):
    sent = {"version": 1, "colour": "green", "note": "Counted.", "tags": ["Sea", "late", ""]}
    edit(passage, **sent)
    assert edit(Highlight.objects.get(pk=passage.pk), **sent).version == 2
    for other in ({"note": "Not counted."}, {"colour": "blue"}, {"tags": ["sea"]}):
        with pytest.raises(Stale):
            edit(Highlight.objects.get(pk=passage.pk), **sent | other)
    delete(passage)
    with pytest.raises(Stale):
        edit(Highlight.objects.get(pk=passage.pk), **sent)


def test_the_second_of_two_windows_gets_what_the_first_one_saved(passage):
    edit(Highlight.objects.get(pk=passage.pk), version=1, colour="green", note="First window.", tags=["first"])
    with pytest.raises(Stale) as refusal:
        edit(passage, version=1, colour="rose", note="Second window.", tags=["second"])
    current = refusal.value.current
    assert (current.note, current.colour, current.version) == ("First window.", "green", 2)
    passage.refresh_from_db()
    assert (passage.note, tags_of(passage)) == ("First window.", {"first"})
    assert not Tag.objects.filter(name="second").exists()


def test_a_note_that_cannot_be_shown_changes_nothing(passage):
    with pytest.raises(Unreadable):
        edit(passage, version=1, colour="rose", note="[" * 5_000, tags=["new"])
    passage.refresh_from_db()
    assert (passage.note, passage.colour, passage.version) == ("Count them.", "yellow", 1)
    assert tags_of(passage) == {"sea"}


def test_what_is_in_the_bin_is_not_edited(passage):
    delete(passage)
    with pytest.raises(Stale):
        edit(passage, version=1, colour="rose", note="too late")
    passage.refresh_from_db()
    assert passage.note == "Count them."


def test_an_edit_leaves_a_deleted_tag_where_taking_it_back_finds_it(passage):
    tag = passage.tags.get()
    tag_services.delete(tag)
    edit(passage, version=1, colour="rose", note="", tags=["numbers"])
    tag_services.undelete(tag)
    assert tags_of(passage) == {"sea", "numbers"}


# The bin


def test_deleting_moves_it_to_the_bin_with_note_and_tags(passage, ada):
    delete(passage)
    assert not Highlight.objects.of(ada).live().exists()
    assert Highlight.objects.of(ada).in_the_bin().get() == passage
    assert (passage.note, tags_of(passage)) == ("Count them.", {"sea"})


def test_deleting_twice_keeps_the_first_date(passage):
    deleted_days_ago(passage, 3)
    before = passage.deleted
    delete(passage)
    assert passage.deleted == before


def test_restoring_brings_all_of_it_back(passage, ada):
    delete(passage)
    back = restore(passage)
    assert Highlight.objects.of(ada).live().get() == back
    assert (back.note, tags_of(back), back.deleted) == ("Count them.", {"sea"}, None)


def test_restoring_what_is_not_deleted_does_nothing(passage):
    assert restore(passage).version == 1


def test_it_comes_back_onto_its_words_as_the_article_is_now(passage, article):
    delete(passage)
    revise_article(article, html="<p>An hour later than that.</p>\n" + article.html)
    back = restore(passage)
    assert article.text[back.start : back.end] == "forty passengers"


def test_the_bin_keeps_30_days(passage, ada):
    deleted_days_ago(passage, 29.99)
    assert Highlight.objects.of(ada).in_the_bin().exists()
    deleted_days_ago(passage, 30.01)
    assert not Highlight.objects.of(ada).in_the_bin().exists()


def test_the_next_deletion_empties_what_is_older_for_that_reader_only(passage, ada, ben, article):
    old, theirs, recent = mark(article, ada, "a piano"), mark(article, ben, "a piano"), mark(article, ada, "Lamp oil")
    deleted_days_ago(old, 31)
    deleted_days_ago(theirs, 31)
    deleted_days_ago(recent, 29)
    delete(passage)
    assert not Highlight.objects.filter(pk=old.pk).exists()
    assert set(Highlight.objects.all()) == {passage, theirs, recent}


def test_deleting_again_what_is_past_the_bin_is_no_error(passage):
    deleted_days_ago(passage, 31)
    delete(passage)
    assert passage.deleted


# What the database itself holds


@pytest.mark.parametrize(
    "broken",
    [
        {"start": None},
        {"end": None},
        {"start": None, "end": None},
        {"start": 9, "end": 9},
        {"start": 9, "end": 3},
        {"status": "lost"},
        {"status": "kept", "start": None, "end": None},
        {"status": "gone"},
        {"colour": "red"},
        {"colour": ""},
        {"score": 1.01},
        {"score": -0.01},
        {"exact": ""},
    ],
    ids=str,
)
def test_the_database_refuses_a_broken_highlight(passage, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Highlight.objects.filter(pk=passage.pk).update(**broken)


def test_the_database_takes_a_lost_one_without_a_place(passage):
    Highlight.objects.filter(pk=passage.pk).update(status="lost", start=None, end=None)


def test_the_database_refuses_a_second_highlight_of_a_key_or_public_id(passage, ada, article):
    Highlight.objects.filter(pk=passage.pk).update(key="k1")
    other = mark(article, ada, "Lamp oil")
    for broken in ({"key": "k1"}, {"public_id": passage.public_id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Highlight.objects.filter(pk=other.pk).update(**broken)


def test_the_database_refuses_a_tag_twice_or_without_a_name(ada, ben):
    one, two = (Tag.objects.create(reader=ada, name=name) for name in ("one", "two"))
    for broken in ({"name": "one"}, {"name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Tag.objects.filter(pk=two.pk).update(**broken)
    Tag.objects.create(reader=ben, name="one")
    tag_services.delete(one)
    Tag.objects.filter(pk=two.pk).update(name="one")  # the deleted one gave its name away


def test_an_article_with_highlights_cannot_be_deleted_not_even_with_binned_ones(passage, article):
    with pytest.raises(ProtectedError):
        article.delete()
    delete(passage)
    with pytest.raises(ProtectedError):
        article.delete()
    with pytest.raises(ProtectedError):
        article.revisions.get().delete()


def test_an_article_without_highlights_goes_with_its_revisions_and_readings(article):
    article.delete()
    assert not type(article).objects.exists()
