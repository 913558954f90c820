"""Duplicates: found, set side by side, linked, kept apart or merged, and all of it taken back."""

import pytest
from django.core.management import call_command

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Collection, Reading
from newsreader.articles.services import note_state, topic_named
from newsreader.core.clean import clean
from newsreader.desk import duplicates, journal
from newsreader.desk.models import Entry, Twins
from tests.desk.pages import act, desk, told
from tests.factories import HARBOUR, make_article, mark

# Long enough to compare, and then told with other words here and there.
LONG = HARBOUR + "".join(
    f"<p>On the {day} day the harbour master counted {n} crates of lemons, {n + 3} of rope and nobody who would say "
    f"where the piano had come from, or who had tuned it last, in which town, or for whose {day} wedding.</p>"
    for n, day in enumerate(["first", "second", "third", "fourth", "fifth"])
)
AGAIN = LONG.replace("an hour late", "late by an hour").replace("lemons", "oranges").replace("nobody had", "none had")
OTHER = "".join(
    f"<p>Number {n}: the council met about the swimming bath, its roof, its {n} lockers and what a season costs.</p>"
    for n in range(12)
)


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.fixture
def pair(db):
    """One story from two sources, and a third article that has nothing to do with it."""
    first = make_article("A piano at sea", LONG, source="The Harbour Post")
    second = make_article("Piano travels by ferry", AGAIN, source="The Night Mail")
    make_article("The swimming bath", OTHER)
    return first, second


@pytest.fixture
def twins(pair):
    duplicates.scan()
    return Twins.objects.get()


def test_a_scan_finds_the_pair_once_and_looks_only_at_what_is_new(pair):
    assert duplicates.scan() == duplicates.Scanned(articles=3, found=1)
    assert duplicates.scan() == duplicates.Scanned(articles=0, found=0)
    twins = Twins.objects.get()
    assert {twins.first, twins.second} == set(pair)
    Article.objects.filter(pk=pair[0].pk).update(content_hash="changed")
    assert duplicates.scan() == duplicates.Scanned(articles=1, found=0)


def test_readers_own_copies_take_no_part(ada, pair):
    make_article("My copy", LONG, owner=ada)
    assert duplicates.scan().found == 1


def test_the_command_says_what_it_found(pair, capsys):
    call_command("find_duplicates")
    assert capsys.readouterr().out.split() == ["articles", "looked", "at", "3", "new", "pairs", "1"]


def test_linked_articles_lead_to_one_another_and_the_link_is_taken_back(client, twins, cleo):
    entry = duplicates.link(twins, by=cleo)
    page = client.get(twins.first.get_absolute_url()).content.decode()
    assert f'The same story in:</span><a href="{twins.second.get_absolute_url()}"' in page
    journal.undo(entry, by=cleo)
    assert "The same story in" not in client.get(twins.first.get_absolute_url()).content.decode()
    twins.refresh_from_db()
    assert twins.settled == "open"


def test_two_stories_become_one_when_a_pair_across_them_is_linked(twins, cleo):
    third, fourth = make_article("Third", LONG), make_article("Fourth", LONG)
    duplicates.scan()
    of = {frozenset((one.first_id, one.second_id)): one for one in Twins.objects.all()}
    first, second = twins.first_id, twins.second_id
    duplicates.link(of[frozenset((first, second))], by=cleo)
    duplicates.link(of[frozenset((third.pk, fourth.pk))], by=cleo)
    duplicates.link(Twins.objects.get(pk=of[frozenset((first, third.pk))].pk), by=cleo)
    assert Article.objects.exclude(story=None).values("story").distinct().count() == 1
    assert Article.objects.exclude(story=None).count() == 4


def test_a_pair_kept_apart_is_not_brought_up_again(twins, cleo):
    duplicates.keep_apart(twins, by=cleo)
    Article.objects.filter(pk=twins.first_id).update(content_hash="changed")
    assert duplicates.scan().found == 0


def test_passages_of_both_survive_a_merge_and_stand_on_their_words(twins, ada, ben, cleo):
    kept, gone = twins.first, twins.second
    there = mark(kept, ada, "forty passengers")
    moving = [mark(gone, ada, "under a tarpaulin", note="Whose?"), mark(gone, ben, "late by an hour")]
    did, _ = duplicates.merge(gone, kept, by=cleo, twins=twins)
    assert (did.kept, did.edited, did.lost) == (1, 1, 0)
    kept.refresh_from_db()
    stands = {one.pk: kept.text[one.start : one.end] for one in Highlight.objects.filter(article=kept)}
    assert stands[there.pk] == "forty passengers"
    assert stands[moving[0].pk] == "under a tarpaulin"
    assert "an hour" in stands[moving[1].pk]
    assert Highlight.objects.get(pk=moving[0].pk).note == "Whose?"


def test_a_merge_unites_sources_topics_collections_and_what_readers_did(twins, ada, cleo):
    kept, gone = twins.first, twins.second
    gone.topics.add(topic_named("Ports"))
    Collection.objects.create(name="First", slug="first").items.create(article=gone, position=4)
    note_state(gone, reader=ada, place="later")
    duplicates.merge(gone, kept, by=cleo, twins=twins)
    assert {source.name for source in kept.sources.all()} == {"The Harbour Post", "The Night Mail"}
    assert [topic.name for topic in kept.topics.all()] == ["Ports"]
    assert kept.collections.get().items.get(article=kept).position == 4
    assert Reading.objects.get(reader=ada, article=kept).place == "later"


def test_the_address_of_a_merged_article_leads_to_the_one_that_stayed(client, twins, cleo, signed_in):
    kept, gone = twins.first, twins.second
    duplicates.merge(gone, kept, by=cleo, twins=twins)
    for who in (client, signed_in(cleo)):
        answer = who.get(gone.get_absolute_url())
        assert (answer.status_code, answer["Location"]) == (302, kept.get_absolute_url())
    third = make_article("Third", LONG)
    duplicates.merge(Article.objects.get(pk=kept.pk), third, by=cleo)
    assert client.get(gone.get_absolute_url())["Location"] == third.get_absolute_url()
    Article.objects.update(state="withdrawn")
    assert client.get(gone.get_absolute_url()).status_code == 404


def test_a_merge_is_taken_back_and_what_a_reader_moved_since_stays(twins, ada, ben, cleo):
    kept, gone = twins.first, twins.second
    stays, back = mark(gone, ada, "under a tarpaulin"), mark(gone, ben, "late by an hour")
    was = Highlight.objects.filter(pk=back.pk).values().get()
    _, entry = duplicates.merge(gone, kept, by=cleo, twins=twins)
    Highlight.objects.filter(pk=stays.pk).update(start=3, end=9)
    done = journal.undo(entry, by=cleo)
    assert done.left == 1
    assert Highlight.objects.filter(pk=back.pk).values().get() == was
    assert Highlight.objects.get(pk=stays.pk).article_id == kept.pk
    gone.refresh_from_db()
    assert (gone.state, gone.merged_into) == ("published", None)
    assert [source.name for source in kept.sources.all()] == ["The Harbour Post"]


def test_of_two_decisions_on_one_pair_the_second_is_told(curator, twins, cleo):
    duplicates.keep_apart(twins, by=cleo)
    answer = curator.post(desk("desk_twins_settle", twins.pk), {"how": "link"}, follow=True)
    assert "decided on these two already" in told(answer)
    assert Entry.objects.count() == 1


def test_a_curator_scans_looks_and_merges_by_buttons(curator, pair, ada):
    mark(pair[1], ada, "late by an hour", note="A secret of ada's")
    assert "1 new pair." in told(curator.post(desk("desk_twins_scan"), follow=True))
    twins = Twins.objects.get()
    page = curator.get(desk("desk_twins_change", twins.pk)).content.decode()
    assert "<del>lemons</del>" in page
    assert "<ins>oranges</ins>" in page
    assert "Of 1 highlight of 1 reader: 0 kept, 1 edited, 0 moved, 0 lost." in page
    assert "secret" not in page
    sent = {"how": "merge", "into": pair[0].pk}
    answer = curator.post(desk("desk_twins_settle", twins.pk), sent, follow=True)
    assert "Merged into “A piano at sea”. Of 1 highlight of 1 reader: 0 kept, 1 edited" in told(answer)
    assert not curator.get(desk("desk_twins_changelist")).context["cl"].result_count


def test_duplicates_of_chosen_articles_are_looked_for_from_their_list(curator, pair):
    answer = act(curator, "articles_article_changelist", "find_duplicates", pair[0])
    assert "1 new pair." in told(answer)


def test_an_edit_after_a_merge_carries_the_passages_that_came(twins, ben, cleo):
    from newsreader.annotations.services import revise_article

    mark(twins.second, ben, "under a tarpaulin")
    duplicates.merge(twins.second, twins.first, by=cleo, twins=twins)
    kept = Article.objects.get(pk=twins.first_id)
    did = revise_article(kept, html=clean("<p>Corrected.</p>" + LONG)).did
    assert did.kept == 1


@pytest.mark.parametrize("sent", [{}, {"how": "merge"}, {"how": "merge", "into": "987654"}, {"how": "x"}])
def test_nothing_is_decided_by_a_form_that_says_nothing(curator, twins, sent):
    assert curator.post(desk("desk_twins_settle", twins.pk), sent).status_code == 404
    twins.refresh_from_db()
    assert twins.settled == "open"
