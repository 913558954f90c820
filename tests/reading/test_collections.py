"""Collections as readers meet them: a page in order, a feed, all of it on paper; and what sources say of rights."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsreader.articles.models import Collection, Source
from tests.factories import make_article, make_user

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def briefing(db):
    """Three articles, the last one first; then a draft and somebody's own copy, which nobody may read here."""
    made = Collection.objects.create(
        name="Briefing", slug="briefing", introduction="Read *this* first. <script>x</script>"
    )
    for position, title in enumerate(["Third", "First", "Second"], 1):
        made.items.create(article=make_article(title), position=position)
    made.items.create(article=make_article("A draft", state="draft"), position=4)
    return made


def page(client, collection, name="collection"):
    return client.get(reverse(f"reading:{name}", args=[collection.slug]))


def test_a_collection_shows_its_introduction_and_its_articles_in_their_order(client, briefing, ada):
    briefing.items.create(article=make_article("Adas own", owner=ada), position=5)
    shown = page(client, briefing).content.decode()
    assert "Read <em>this</em> first." in shown
    assert "<script>x" not in shown
    assert shown.index("Third</a>") < shown.index("First</a>") < shown.index("Second</a>")
    assert "A draft" not in shown
    assert "Adas own" not in shown
    assert "3 articles" in shown


@pytest.mark.parametrize("name", ["collection", "collection-feed", "print-collection"])
def test_a_collection_of_which_nothing_may_be_read_is_as_missing_as_one_that_is_not_there(client, briefing, name):
    briefing.articles.update(state="draft")
    missing = client.get("/collections/no-such/")
    assert page(client, briefing, name).status_code == missing.status_code == 404


@pytest.mark.parametrize("name", ["collection", "collection-feed", "print-collection"])
def test_where_reading_is_not_open_a_visitor_is_sent_to_sign_in(client, briefing, settings, name):
    settings.OPEN_READING = False
    assert page(client, briefing, name).status_code == 302


def test_on_paper_stands_every_text_whole_with_its_source_s_rights(client, briefing):
    Source.objects.update(rights="May be shared **with a link**.")
    shown = page(client, briefing, "print-collection").content.decode()
    assert shown.count("forty passengers") == 3
    assert shown.count("May be shared <strong>with a link</strong>.") == 3
    assert shown.count("http://127.0.0.1:8000/articles/first") == 1


def test_the_feed_is_well_formed_newest_first_and_not_sent_twice(client, briefing):
    bad = make_article("Bells \x08 & ]]> whistles")
    briefing.items.create(article=bad, position=6)
    answer = page(client, briefing, "collection-feed")
    root = ElementTree.fromstring(answer.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    assert titles == ["Bells  & ]]> whistles", "Second", "First", "Third"]
    links = [entry.find(f"{ATOM}link").get("href") for entry in root.iter(f"{ATOM}entry")]
    assert all(link.startswith("http://127.0.0.1:8000/articles/") for link in links)
    again = client.get(answer.request["PATH_INFO"], headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_a_page_of_many_costs_as_many_queries_as_one_of_few(client, briefing):
    with CaptureQueriesContext(connection) as few:
        page(client, briefing)
    for number in range(20):
        briefing.items.create(article=make_article(), position=10 + number)
    with CaptureQueriesContext(connection) as many:
        page(client, briefing)
    assert len(many) == len(few)


def test_rights_stand_under_an_article_and_how_far_to_trust_its_source_does_not(client, article):
    article.sources.update(rights="Reprinted by kind permission.", trust="Check its numbers.")
    shown = client.get(article.get_absolute_url()).content.decode()
    assert "Reprinted by kind permission." in shown
    assert "Check its numbers." not in shown


def test_what_could_not_be_shown_is_refused_before_it_is_saved(briefing):
    briefing.introduction = "[" * 9_000
    with pytest.raises(ValidationError, match="Markdown"):
        briefing.full_clean()


def test_what_it_says_of_an_article_stands_on_the_page_on_paper_and_in_the_feed(client, briefing):
    briefing.items.filter(position=1).update(note="Why **now**? <script>x</script>")
    for name in ("collection", "print-collection"):
        shown = page(client, briefing, name).content.decode()
        assert "Why <strong>now</strong>?" in shown
        assert "<script>x" not in shown
    root = ElementTree.fromstring(page(client, briefing, "collection-feed").content)
    said = [entry.findtext(f"{ATOM}summary") for entry in root.iter(f"{ATOM}entry")]
    assert any(one.startswith("<p>Why now? &lt;script&gt;") for one in said)
    assert root.findtext(f"{ATOM}subtitle").startswith("Read this first.")


@pytest.mark.parametrize("name", ["collection", "collection-feed", "print-collection"])
def test_a_draft_is_a_curators_alone(client, signed_in, briefing, cleo, name):
    briefing.state = "draft"
    briefing.save()
    assert page(client, briefing, name).status_code == 404
    assert page(signed_in(make_user("ada")), briefing, name).status_code == 404
    assert page(signed_in(cleo), briefing, name).status_code == 200


def test_a_draft_is_in_no_list_filter_or_search_of_readers(client, signed_in, briefing, ada):
    briefing.state, briefing.name = "draft", "Quillwort"
    briefing.save()
    reader = signed_in(ada)
    for address in (
        reverse("reading:library"),
        f"{reverse('reading:library')}?filters=1",
        f"{reverse('reading:library')}?place=all&collection=briefing",
        f"{reverse('reading:search')}?q=in:quillwort",
        f"{reverse('reading:suggestions')}?q=in:quill&at=8",
    ):
        for who in (client, reader):
            shown = who.get(address).content.decode().lower()
            assert "q=in:quillwort" in address or "quillwort" not in shown, address  # but for what was asked
            if "collection=" in address or "q=in:quillwort" in address:
                assert "/articles/first/" not in shown


def test_what_may_not_be_read_is_not_counted_either(client, signed_in, briefing, cleo):
    for who in (client, signed_in(cleo)):
        shown = page(who, briefing)
        assert "3 articles" in shown.content.decode()
        assert len(shown.context["shown"].pieces) == 3


def test_on_paper_the_contents_alone_are_short_and_name_where_it_stands(client, briefing):
    shown = client.get(reverse("reading:print-collection", args=[briefing.slug]), {"texts": "no"}).content.decode()
    assert "forty passengers" not in shown
    assert "It left an hour late." in shown
    assert "http://127.0.0.1:8000/articles/first" in shown


def test_its_date_and_words_are_what_a_link_to_it_shows(client, briefing):
    briefing.dated = date(2026, 11, 24)
    briefing.save()
    shown = page(client, briefing).content.decode()
    assert '<time datetime="2026-11-24">24 November 2026</time>' in shown
    assert '<meta property="og:title" content="Briefing">' in shown
    assert '<meta name="description" content="Read this first.' in shown


def test_the_feed_changes_with_the_introduction_and_not_by_being_asked(client, briefing):
    before = page(client, briefing, "collection-feed")
    assert page(client, briefing, "collection-feed").content == before.content
    briefing.introduction = "Other words."
    briefing.save()
    after = page(client, briefing, "collection-feed")
    assert after["ETag"] != before["ETag"]


def test_of_more_than_a_page_holds_the_rest_is_led_to(client, briefing, monkeypatch):
    monkeypatch.setattr("newsreader.reading.pages.collection.MOST", 2)
    shown = page(client, briefing).content.decode()
    assert "These are the first 2." in shown
    assert "Second</a>" not in shown
