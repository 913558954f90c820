"""Saved searches: what can be kept, in what order, and what the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from newsreader.annotations.leaving import leave
from newsreader.search import saved as services
from newsreader.search.models import SavedSearch, digest

pytestmark = pytest.mark.django_db


def names(reader):
    return [one.name for one in SavedSearch.objects.of(reader)]


def test_a_search_is_kept_as_it_was_typed_behind_the_others(ada):
    services.save("piano  after:-2w", reader=ada, name=" Pianos ")
    second = services.save("tag:sea", reader=ada, name="Sea", kind="notes")
    assert [(one.name, one.query, one.kind) for one in SavedSearch.objects.of(ada)] == [
        ("Pianos", "piano after:-2w", "all"),
        ("Sea", "tag:sea", "notes"),
    ]
    assert second.get_absolute_url() == "/search/?q=tag%3Asea&kind=notes"


def test_a_name_is_one_reader_s_once(ada, ben):
    first = services.save("piano", reader=ada, name="Pianos")
    services.save("piano", reader=ben, name="Pianos")
    with pytest.raises(services.Taken, match="“Pianos” already"):
        services.save("organ", reader=ada, name="Pianos")
    services.delete(first)
    services.save("organ", reader=ada, name="Pianos")
    assert names(ada) == ["Pianos"]


@pytest.mark.parametrize("query", ["", "  ", "sort:newest", "-piano", "!?", "\0"])
def test_what_looks_for_nothing_is_not_kept(ada, query):
    with pytest.raises(services.Refused, match="nothing to look for"):
        services.save(query, reader=ada, name="Nothing")


@pytest.mark.parametrize("name", ["", " \0 ", "x" * 81])
def test_a_name_is_there_and_short(ada, name):
    with pytest.raises(services.Refused, match="name"):
        services.save("piano", reader=ada, name=name)


def test_there_is_room_for_so_many_and_no_more(ada, ben, monkeypatch):
    monkeypatch.setattr(services, "MOST", 2)
    first = services.save("piano", reader=ada, name="1")
    services.save("piano", reader=ada, name="2")
    with pytest.raises(services.Refused, match="You have 2 saved searches"):
        services.save("piano", reader=ada, name="3")
    services.save("piano", reader=ben, name="3")
    services.delete(first)
    services.save("piano", reader=ada, name="3")
    with pytest.raises(services.Refused, match="You have 2 saved searches"):
        services.undelete(first)


def test_moving_changes_places_as_far_as_there_are_places(ada, ben):
    services.save("piano", reader=ben, name="ben's")
    a, b, c = (services.save("piano", reader=ada, name=name) for name in "abc")
    services.move(c, by=-1)
    assert names(ada) == ["a", "c", "b"]
    services.move(a, by=-1)
    services.move(b, by=5)
    assert names(ada) == ["a", "c", "b"]
    services.delete(c)
    services.move(a, by=1)
    assert names(ada) == ["b", "a"]
    assert names(ben) == ["ben's"]


def test_the_library_has_room_for_a_few(ada, monkeypatch):
    monkeypatch.setattr(services, "PINNED", 1)
    a, b = (services.save("piano", reader=ada, name=name) for name in "ab")
    services.pin(a, on=True)
    services.pin(a, on=True)
    with pytest.raises(services.Refused, match="room for 1"):
        services.pin(b, on=True)
    services.pin(a, on=False)
    services.pin(b, on=True)
    assert [one.name for one in SavedSearch.objects.of(ada).pinned()] == ["b"]


def test_what_was_deleted_comes_back_under_a_name_that_is_free(ada):
    first = services.save("piano", reader=ada, name="Pianos")
    services.delete(first)
    assert names(ada) == []
    services.save("organ", reader=ada, name="Pianos")
    services.undelete(first)
    assert sorted(names(ada)) == ["Pianos", "Pianos 2"]


def test_what_was_deleted_long_ago_goes_with_the_next(ada):
    old, new = (services.save("piano", reader=ada, name=name) for name in "ab")
    services.delete(old)
    SavedSearch.objects.filter(pk=old.pk).update(deleted=timezone.now() - services.KEPT - timedelta(days=1))
    services.delete(new)
    assert [one.name for one in SavedSearch.objects.all()] == ["b"]


def test_every_address_is_another_and_is_found_by_its_digest(ada):
    first, second = (services.save("piano", reader=ada, name=name) for name in "ab")
    assert len(first.secret) == 43
    assert first.secret != second.secret
    before = first.secret
    services.renew(first)
    assert first.secret != before
    assert SavedSearch.objects.get(digest=digest(first.secret)) == first
    assert not SavedSearch.objects.filter(digest=digest(before)).exists()


@pytest.mark.parametrize("wrong", [{"name": "Pianos"}, {"name": ""}, {"query": ""}, {"kind": "books"}])
def test_the_database_refuses_what_no_service_writes(ada, wrong):
    services.save("piano", reader=ada, name="Pianos")
    row = {"reader": ada, "name": "x", "query": "piano", "secret": "s", "digest": "d"} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearch.objects.bulk_create([SavedSearch(**row)])


def test_they_go_with_their_reader(ada, ben):
    services.delete(services.save("piano", reader=ada, name="Gone"))
    services.save("piano", reader=ada, name="Pianos")
    services.save("piano", reader=ben, name="Pianos")
    leave(ada)
    assert [one.reader for one in SavedSearch.objects.all()] == [ben]
