"""Topics and sources under other names, and merged: looked at first, done at once, taken back to the letter."""

import pytest
from django.urls import reverse

from newsreader.articles.models import Article, Former, Source, Topic
from newsreader.articles.services import source_named, topic_named
from newsreader.core.query import parse
from newsreader.desk import journal, renaming
from newsreader.desk.models import Entry
from newsreader.search.service import search
from tests.desk.pages import act, desk, told
from tests.factories import make_article


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.fixture
def ports(db):
    return topic_named("Ports")


@pytest.fixture
def harbours(db):
    return topic_named("Harbours")


def filed(title, *topics, **fields):
    made = make_article(title, **fields)
    made.topics.set(topics)
    return made


def library(client, **asked):
    return client.get(reverse("reading:library"), {"place": "all", **asked}, follow=True)


def found(words, user):
    return {result.article.title for result in search(parse(words), user=user, kind="articles", limit=10).results}


# Renaming


def test_a_renaming_is_looked_at_and_changes_nothing_before_it_is_sent(curator, ports):
    filed("Seen", ports)
    filed("Not yet", ports, state="draft")
    asked = {"name": "Ports and quays", "slug": "quays"}
    page = curator.get(desk("articles_topic_rename", ports.pk), asked).content.decode()
    assert "2 keep it, 1 of which readers see" in page
    assert "<bdi>ports</bdi> → <b><bdi>quays</bdi></b>" in page
    ports.refresh_from_db()
    assert (ports.name, ports.slug) == ("Ports", "ports")
    assert not Entry.objects.exists()


def test_a_renamed_topic_is_found_under_its_old_address_and_name(curator, ports, ada):
    filed("Quay", ports)
    curator.post(desk("articles_topic_rename", ports.pk), {"name": "Docks", "slug": "docks"})
    ports.refresh_from_db()
    assert (ports.name, ports.slug) == ("Docks", "docks")
    old = library(curator, topic="ports", sort="oldest")
    assert old.redirect_chain == [("/?place=all&sort=oldest&topic=docks", 302)]
    assert "Quay" in old.content.decode()
    assert found("topic:Ports", ada) == found("topic:docks", ada) == {"Quay"}
    assert topic_named("Ports") == ports  # what comes in under the old name brings no second one


def test_a_renaming_is_taken_back_with_its_address_and_without_a_trace(curator, ports, cleo):
    entry = renaming.rename(ports, name="Docks", slug="docks", by=cleo)
    curator.post(desk("desk_entry_undo", entry.pk))
    ports.refresh_from_db()
    assert (ports.name, ports.slug) == ("Ports", "ports")
    assert not Former.objects.exists()


def test_what_is_called_as_before_again_has_no_former_name_of_it(ports, cleo):
    renaming.rename(ports, name="Docks", slug="docks", by=cleo)
    back = renaming.rename(Topic.objects.get(), name="Ports", slug="ports", by=cleo)
    assert [(one.name, one.slug) for one in Former.objects.all()] == [("Docks", "docks")]
    journal.undo(back, by=cleo)
    assert [(one.name, one.slug) for one in Former.objects.all()] == [("Ports", "ports")]
    assert Topic.objects.get().slug == "docks"


def test_a_name_may_change_several_times_without_its_address(ports, cleo):
    for name in ("Docks", "Quays", "Wharves"):
        renaming.rename(Topic.objects.get(), name=name, slug="ports", by=cleo)
    assert {topic_named(name) for name in ("Ports", "Docks", "Quays", "Wharves")} == {ports}


def test_a_new_topic_takes_an_address_that_was_anothers_and_keeps_it(curator, ports, cleo):
    renaming.rename(ports, name="Docks", slug="docks", by=cleo)
    new = Topic.objects.create(name="Ports", slug="ports")
    filed("New", new)
    shown = library(curator, topic="ports")
    assert not shown.redirect_chain
    assert "New" in shown.content.decode()


def test_taking_back_leaves_what_somebody_else_has_taken_meanwhile(ports, cleo):
    entry = renaming.rename(ports, name="Docks", slug="docks", by=cleo)
    Topic.objects.create(name="Ports", slug="ports")
    done = journal.undo(entry, by=cleo)
    assert done.left == 1
    assert Topic.objects.get(pk=ports.pk).name == "Docks"


@pytest.mark.parametrize("name", ["harbours", "HÀRBOURS", "  Harbours "])
def test_a_name_that_people_would_not_tell_apart_leads_to_the_merge(curator, ports, harbours, name):
    address = desk("articles_topic_rename", ports.pk)
    page = curator.get(address, {"name": name, "slug": "x"}).content.decode()
    assert f"{desk('articles_topic_merge')}?from={ports.pk}&amp;into={harbours.pk}" in page
    assert curator.post(address, {"name": name, "slug": "x"}).status_code == 409
    ports.refresh_from_db()
    assert ports.name == "Ports"


@pytest.mark.parametrize(
    "sent", [{"name": " ", "slug": "x"}, {"name": "x", "slug": "a b"}, {"name": "x" * 101, "slug": "x"}]
)
def test_no_odd_name_is_taken(curator, ports, sent):
    answer = curator.post(desk("articles_topic_rename", ports.pk), sent)
    assert answer.status_code == 409
    assert "errorlist" in answer.content.decode()
    assert Topic.objects.get().name == "Ports"


# Merging


@pytest.fixture
def filings(ports, harbours):
    """One article with each, one with both, and a draft."""
    return {
        "port": filed("Port", ports),
        "harbour": filed("Harbour", harbours),
        "both": filed("Both", ports, harbours),
        "draft": filed("Draft", ports, state="draft"),
    }


def test_a_merge_is_looked_at_from_the_list(curator, ports, harbours, filings):
    page = act(curator, "articles_topic_changelist", "merge_chosen", ports, harbours)
    assert "Which one stays?" in page.content.decode()
    asked = {"from": [ports.pk, harbours.pk], "into": harbours.pk}
    shown = curator.get(desk("articles_topic_merge"), asked)
    (weight,) = shown.context["chosen"]
    assert (weight.articles, weight.published, weight.both) == (3, 2, 1)
    assert "Merge 1 into “Harbours”" in shown.content.decode()
    assert Topic.objects.count() == 2


def test_merged_topics_leave_their_articles_their_addresses_and_their_names_to_the_one_that_stays(
    curator, ports, harbours, filings, ada
):
    answer = curator.post(desk("articles_topic_merge"), {"from": [ports.pk], "into": harbours.pk}, follow=True)
    assert told(answer) == "“Ports” merged into “Harbours”: 3 articles."
    assert list(Topic.objects.all()) == [harbours]
    assert Article.objects.filter(topics=harbours).count() == 4
    assert filings["both"].topics.count() == 1
    assert library(curator, topic="ports").redirect_chain == [("/?place=all&topic=harbours", 302)]
    assert found("topic:ports", ada) == {"Port", "Harbour", "Both"}
    assert topic_named("Ports") == harbours


def test_a_merge_is_taken_back_to_the_letter(curator, ports, harbours, filings, cleo):
    renaming.rename(ports, name="Ports", slug="the-ports", by=cleo)
    before = snapshot()
    _, entry = renaming.merge([ports], harbours, by=cleo)
    assert snapshot() != before
    answer = curator.post(desk("desk_entry_undo", entry.pk), follow=True)
    assert "Taken back" in told(answer)
    assert snapshot() == before


def snapshot():
    through = Article.topics.through.objects
    return (
        sorted(Topic.objects.values_list("pk", "name", "slug")),
        sorted(Former.objects.values_list("pk", "name", "slug", "topic")),
        sorted(through.values_list("article", "topic")),
    )


def test_taking_back_says_what_changed_since_and_leaves_it(ports, harbours, filings, cleo):
    _, entry = renaming.merge([ports], harbours, by=cleo)
    filings["port"].topics.remove(harbours)
    later = filed("Later", harbours)
    done = journal.undo(entry, by=cleo)
    back = Topic.objects.get(slug="ports")
    assert back.pk == ports.pk
    assert done.left == 0  # it has its old topic again, and the new one it does not have
    assert list(later.topics.all()) == [harbours]
    assert {one.title for one in Article.objects.filter(topics=back)} == {"Port", "Both", "Draft"}


def test_a_merge_whose_name_was_given_away_is_not_half_taken_back(ports, harbours, filings, cleo):
    _, entry = renaming.merge([ports], harbours, by=cleo)
    Topic.objects.create(name="Ports", slug="other")
    done = journal.undo(entry, by=cleo)
    assert done.left
    assert not Topic.objects.filter(pk=ports.pk).exists()
    assert Article.topics.through.objects.filter(topic_id=ports.pk).count() == 0


def test_several_go_up_in_one_by_its_name_without_regard_to_case(curator, ports, harbours, filings):
    quays = topic_named("Quäys")
    filed("Quay", quays)
    page = curator.get(desk("articles_topic_merge"), {"from": [ports.pk, harbours.pk], "named": "quays"})
    assert page.context["into"].label == quays
    curator.post(desk("articles_topic_merge"), {"from": [ports.pk, harbours.pk], "into": quays.pk})
    assert [topic.articles.count() for topic in Topic.objects.all()] == [5]
    assert Former.objects.filter(topic=quays).count() == 2


def test_a_chain_of_merges_leads_to_the_last(curator, ports, harbours, filings, cleo):
    renaming.merge([ports], harbours, by=cleo)
    sea = topic_named("Sea")
    renaming.merge([harbours], sea, by=cleo)
    assert library(curator, topic="ports").redirect_chain == [("/?place=all&topic=sea", 302)]


@pytest.mark.parametrize("sent", [{}, {"from": "x", "into": "y"}, {"from": "1", "into": "999999"}, {"named": "nobody"}])
def test_a_merge_without_one_that_stays_changes_nothing_and_says_why(curator, ports, sent):
    answer = curator.post(desk("articles_topic_merge"), {"from": ports.pk, **sent})
    assert answer.status_code == 409
    assert Topic.objects.get() == ports


def test_a_topic_is_not_merged_into_itself(curator, ports):
    answer = curator.post(desk("articles_topic_merge"), {"from": ports.pk, "into": ports.pk})
    assert answer.status_code == 409
    assert "at least one other" in answer.content.decode()


def test_readers_own_copies_move_along_and_are_not_counted_or_named(curator, ports, harbours, ada):
    own = filed("Adas own copy", ports, owner=ada)
    page = curator.get(desk("articles_topic_merge"), {"from": ports.pk, "into": harbours.pk})
    assert "Adas own" not in page.content.decode()
    answer = curator.post(desk("articles_topic_merge"), {"from": ports.pk, "into": harbours.pk}, follow=True)
    assert told(answer) == "“Ports” merged into “Harbours”: 0 articles."
    assert list(own.topics.all()) == [harbours]


def test_sources_are_merged_too_and_say_what_goes_with_them(curator):
    kept, gone = source_named("The Harbour Post"), source_named("Harbour Post")
    Source.objects.filter(pk=gone.pk).update(rights="Not to be sold.", trust="Careful.")
    make_article("One", source="Harbour Post")
    page = curator.get(desk("articles_source_merge"), {"from": gone.pk, "into": kept.pk}).content.decode()
    assert "Not to be sold." in page
    curator.post(desk("articles_source_merge"), {"from": gone.pk, "into": kept.pk})
    assert list(Article.objects.get().sources.all()) == [kept]
    entry = Entry.objects.get()
    curator.post(desk("desk_entry_undo", entry.pk))
    back = Source.objects.get(name="Harbour Post")
    assert (back.pk, back.rights, back.trust) == (gone.pk, "Not to be sold.", "Careful.")
    assert list(Article.objects.get().sources.all()) == [back]


def test_a_topic_s_page_shows_what_has_it_and_what_it_was_called(curator, ports, cleo, filings):
    renaming.rename(ports, name="Docks", slug="docks", by=cleo)
    page = curator.get(desk("articles_topic_change", ports.pk)).content.decode()
    assert "3 articles" in page
    assert "<bdi>Ports</bdi>" in page
    assert 'name="_save"' not in page
    sent = {"name": "Forged", "slug": "forged"}
    curator.post(desk("articles_topic_change", ports.pk), sent)
    assert Topic.objects.filter(name="Forged").count() == 0


def test_a_merge_costs_as_many_statements_for_many_articles_as_for_few(
    ports, harbours, cleo, django_assert_max_num_queries
):
    for number in range(30):
        filed(f"Article {number}", ports)
    with django_assert_max_num_queries(24):
        renaming.merge([ports], harbours, by=cleo)
