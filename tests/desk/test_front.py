"""The desk's front page: what waits, with the way to it, and nothing of what readers wrote."""

import pytest

from newsreader.annotations.services import revise_article
from newsreader.articles.models import Collection
from newsreader.desk import duplicates, journal
from newsreader.desk.models import Deed, Entry, Twins
from tests.desk.pages import desk, told
from tests.factories import make_article, mark


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


def front(client):
    return client.get(desk("index")).content.decode()


def test_drafts_duplicates_lost_passages_and_deeds_stand_on_it(curator, cleo, ada, article):
    draft, other = make_article("About lighthouses", state="draft"), make_article("About beacons")
    mark(article, ada, "forty passengers", note="A secret of ada's")
    revise_article(article, html="<p>Corrected.</p>")
    twins = Twins.objects.create(first=draft, second=other, spread=0.999)
    journal.record(Deed.EDITED, by=cleo, about="The ferry")
    shown = front(curator)
    assert f'href="{desk("articles_article_change", draft.pk)}"' in shown
    assert f'href="{desk("articles_article_change", article.pk)}#revisions"' in shown
    assert f'href="{article.get_absolute_url()}history/"' in shown
    assert "1 passage without its words" in shown
    assert f'href="{desk("desk_twins_change", twins.pk)}"' in shown
    assert "99 % shared" in shown
    assert "<bdi>Cleo</bdi> edited <bdi>The ferry</bdi>" in shown
    assert "secret" not in shown
    assert "forty passengers" not in shown


def test_readers_own_copies_and_what_is_settled_are_not_on_it(curator, cleo, ada):
    make_article("Adas own draft", owner=ada, state="draft")
    twins = Twins.objects.create(first=make_article("One"), second=make_article("Other"), spread=1)
    duplicates.keep_apart(twins, by=cleo)
    shown = front(curator)
    assert "Adas own" not in shown
    assert f'href="{desk("desk_twins_change", twins.pk)}"' not in shown


def test_an_empty_desk_says_what_will_stand_there(curator):
    shown = front(curator)
    for sentence in (
        "waits here",
        "every passage that readers marked stands",
        "that nobody has looked at",
        "Nothing was done",
    ):
        assert sentence in shown


def test_a_draft_is_published_from_its_row_and_taken_back_there(curator):
    draft = make_article("About lighthouses", state="draft")
    assert f'action="{desk("publish_draft", draft.pk)}"' in front(curator)
    answer = curator.post(desk("publish_draft", draft.pk), follow=True)
    assert answer.redirect_chain == [(desk("index"), 302)]
    assert "Published: “About lighthouses”." in told(answer)
    draft.refresh_from_db()
    assert (draft.state, draft.released) == ("published", 1)
    entry = Entry.objects.first()
    back = curator.post(desk("desk_entry_undo", entry.pk), {"next": desk("index")}, follow=True)
    assert back.redirect_chain == [(desk("index"), 302)]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_undo_leads_nowhere_else(curator):
    draft = make_article("About lighthouses", state="draft")
    curator.post(desk("publish_draft", draft.pk))
    back = curator.post(desk("desk_entry_undo", Entry.objects.first().pk), {"next": "https://evil.example/"})
    assert back["Location"] == desk("articles_article_changelist")


def test_a_readers_own_copy_is_not_published_from_there(curator, ada):
    own = make_article("Adas own", owner=ada, state="draft")
    assert curator.post(desk("publish_draft", own.pk)).status_code == 404


def test_collections_that_are_being_built_are_on_it_and_published_ones_are_not(curator):
    Collection.objects.create(name="Half a briefing", slug="half", state="draft")
    Collection.objects.create(name="Handed round", slug="round")
    shown = front(curator)
    assert "Half a briefing" in shown
    assert "Handed round" not in shown


def test_the_front_page_costs_sixteen_queries_for_many_as_for_few(curator, cleo, ada, django_assert_max_num_queries):
    for number in range(12):
        draft, other = make_article(f"Draft {number}", state="draft"), make_article()
        Twins.objects.create(first=draft, second=other, spread=0.9)
        mark(other, ada, "forty passengers")
        revise_article(other, html="<p>Corrected.</p>")
        journal.record(Deed.EDITED, by=cleo, about="The ferry")
    Collection.objects.create(name="Half a briefing", slug="half", state="draft")
    with django_assert_max_num_queries(16):
        front(curator)
