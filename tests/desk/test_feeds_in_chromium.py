"""A feed is followed as a curator follows it: from the front page to its articles in the library."""

import pytest
from playwright.sync_api import expect

from newsreader.articles.models import Article
from newsreader.intake.addresses import Allowed
from newsreader.intake.models import Feed
from newsreader.intake.work.worker import drain
from tests.desk.test_uploads_in_chromium import at_the_desk, serious
from tests.intake.fault_server import served
from tests.intake.feed_server import Feeds, rss, story


@pytest.fixture
def server(settings):
    with served(Feeds, feeds={"a": rss(story(1), story(2))}, pages={}) as (port, handler):
        settings.FETCH_ALLOW = Allowed.of([f"127.0.0.1:{port}"])
        handler.root = f"http://127.0.0.1:{port}"
        handler.pages["home"] = b"""<title>Harbour</title>
        <link rel="alternate" type="application/rss+xml" title="All stories" href="/feed?a"><p>Hello"""
        yield handler


def test_a_feed_is_found_from_its_sites_address_followed_read_stopped_and_followed_again(
    page, live_server, transactional_db, complaints, server
):
    at_the_desk(page, live_server)
    page.open("index")
    page.get_by_role("region", name="Feeds").get_by_role("link", name="Follow a feed").click()
    page.get_by_label("Address of a site or of a feed").fill(f"{server.root}/site?home")
    page.get_by_role("button", name="Look first").click()
    page.get_by_role("button", name="Look at it “All stories”").click()
    expect(page.get_by_text("Story number 2 of the day")).to_be_visible()
    assert serious(page) == []
    page.get_by_label("Name of the source").fill("The Harbour Post")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.get_by_text("“The Harbour Post” is followed from now on.")).to_be_visible()
    drain()
    page.goto(f"{live_server.url}/")
    expect(page.get_by_role("link", name="Story number 1 of the day")).to_be_visible()
    page.open("intake_feed_change", Feed.objects.get().pk)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("“The Harbour Post” is not visited any more.")).to_be_visible()
    page.get_by_role("button", name="Follow again").click()
    expect(page.get_by_text("“The Harbour Post” is followed again.")).to_be_visible()
    assert Article.objects.count() == 2
    assert complaints == []
