"""Tags: one spelling, and renaming, merging, deleting them without losing what carries them."""

import unicodedata

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.services import delete as delete_highlight
from newsreader.annotations.tags import Taken, delete, merge, normal, rename, tags_named, undelete, unmerge
from tests.factories import make_article, mark

# Spelling


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("👩🏽‍🚀 می‌خواهم", "👩🏽‍🚀-می‌خواهم"),
        ("Peace", "peace"),
        ("  to   check ", "to-check"),
        ("#peace", "peace"),
        ("a,b", "a-b"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Éte\u0301", "été"),
        ("E\u0301TE\u0301", "été"),
        ("ΛΌΓΟΣ", "λόγοσ"),
        ("和平", "和平"),
        ("السلام", "السلام"),
        ("tab\tand\nline", "tab-and-line"),
        ("no\u00a0break", "no-break"),
        ("nul\0", "nul"),
        ("-dash-", "dash"),
        ("🕊", "🕊"),
        ("", ""),
        (" ,#, ", ""),
        ("\u200b\ud800", ""),
        ("x" * 80, "x" * 60),
        ("x" * 59 + " yz", "x" * 59),
    ],
)
def test_a_tag_has_one_spelling(typed, name):
    assert normal(typed) == name


@given(st.text(max_size=90))
def test_a_normal_name_is_its_own_normal_name(typed):
    name = normal(typed)
    assert normal(name) == name
    assert len(name) <= 60
    assert unicodedata.is_normalized("NFC", name)
    assert not set(name) & set(" ,#\0\n")


# Making


@pytest.mark.django_db
def test_tags_come_in_order_once_each_and_are_made_where_new(ada):
    known = Tag.objects.create(reader=ada, name="sea")
    named = tags_named(["New", "#sea", "new ", ""], reader=ada)
    assert [tag.name for tag in named] == ["new", "sea"]
    assert named[1] == known
    assert Tag.objects.count() == 2


@pytest.mark.django_db
def test_ben_s_tag_of_the_same_name_is_another(ada, ben):
    assert tags_named(["sea"], reader=ada) != tags_named(["sea"], reader=ben)


@pytest.mark.django_db
def test_a_deleted_tag_is_not_found_by_its_name(ada):
    (old,) = tags_named(["sea"], reader=ada)
    delete(old)
    assert tags_named(["sea"], reader=ada) != [old]


# Renaming, merging, deleting


@pytest.fixture
def tagged(ada, article):
    """Two highlights: one `peace`, one `peace` and `to-check`."""
    return [
        mark(article, ada, "forty passengers", tags=["peace"]),
        mark(article, ada, "Lamp oil", tags=["peace", "to-check"]),
    ]


def tag_of(ada, name):
    return Tag.objects.of(ada).get(name=name)


def names(one):
    return sorted(tag.name for tag in Highlight.objects.with_tags().get(pk=one.pk).live_tags)


def test_renaming_changes_the_name_everywhere(ada, tagged):
    assert rename(tag_of(ada, "peace"), " War and  #Peace").name == "war-and-peace"
    assert [names(one) for one in tagged] == [["war-and-peace"], ["to-check", "war-and-peace"]]


def test_renaming_to_a_name_that_is_there_is_refused_with_that_tag(ada, tagged):
    with pytest.raises(Taken) as refusal:
        rename(tag_of(ada, "to-check"), "PEACE")
    assert refusal.value.tag == tag_of(ada, "peace")
    assert names(tagged[1]) == ["peace", "to-check"]


def test_renaming_to_itself_to_ben_s_name_or_to_a_deleted_one_is_fine(ada, ben, tagged):
    tags_named(["hers"], reader=ben)
    delete(tag_of(ada, "to-check"))
    peace = tag_of(ada, "peace")
    for name in ("peace", "hers", "to-check"):
        assert rename(peace, name).name == name


@pytest.mark.parametrize("nothing", ["", "  ", "#,"])
def test_renaming_to_nothing_is_refused(ada, tagged, nothing):
    with pytest.raises(ValueError, match="letters or digits"):
        rename(tag_of(ada, "peace"), nothing)
    assert tag_of(ada, "peace")


def test_merging_puts_one_tag_on_all_that_carried_any(ada, tagged):
    tags_named(["third"], reader=ada)[0].highlights.add(tagged[0])
    delete_highlight(tagged[1])
    keep = tag_of(ada, "to-check")
    record = merge([tag_of(ada, "peace"), tag_of(ada, "third"), keep], into=keep)
    assert [names(one) for one in tagged] == [["to-check"], ["to-check"]]
    assert list(Tag.objects.of(ada)) == [keep]
    unmerge(record, reader=ada)
    assert [names(one) for one in tagged] == [["peace", "third"], ["peace", "to-check"]]


def test_taking_a_merge_back_touches_nothing_of_ben_s(ada, ben, tagged):
    record = merge([tag_of(ada, "peace")], into=tag_of(ada, "to-check"))
    unmerge(record, reader=ben)
    assert [names(one) for one in tagged] == [["to-check"], ["to-check"]]


def test_a_deleted_tag_is_off_every_page_and_undelete_brings_it_back_to_the_same(ada, tagged):
    peace = tag_of(ada, "peace")
    delete(peace)
    assert [names(one) for one in tagged] == [[], ["to-check"]]
    assert not Highlight.objects.of(ada).tagged("peace").exists()
    assert undelete(peace) == peace
    assert [names(one) for one in tagged] == [["peace"], ["peace", "to-check"]]


def test_where_the_name_was_given_away_the_two_become_one(ada, tagged, article):
    old = tag_of(ada, "peace")
    delete(old)
    third = mark(article, ada, "Rope", tags=["peace"])
    back = undelete(old)
    assert back == tag_of(ada, "peace") != old
    assert [names(one) for one in (*tagged, third)] == [["peace"], ["peace", "to-check"], ["peace"]]


# Asking


def test_uses_count_live_highlights_only(ada, tagged):
    tags_named(["unused"], reader=ada)
    delete_highlight(tagged[0])
    assert {tag.name: tag.uses for tag in Tag.objects.of(ada).counted()} == {"peace": 1, "to-check": 1, "unused": 0}


def test_the_most_used_come_first(ada, tagged):
    assert [tag.name for tag in Tag.objects.of(ada).most_used()] == ["peace", "to-check"]


def test_nobody_s_and_ben_s_pages_hold_nothing_of_ada_s(ada, ben, tagged):
    make_article()
    for other in (ben, AnonymousUser()):
        assert not Tag.objects.of(other).exists()
        assert not Highlight.objects.of(other).exists()
