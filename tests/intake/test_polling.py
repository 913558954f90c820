"""Feeds visited on a server of this machine: what comes in, once; what fails, and when it is tried again."""

import datetime as dt
from dataclasses import replace
from ipaddress import ip_address

import pytest
from django.utils import timezone

from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article
from newsreader.articles.services import source_named
from newsreader.core.clean import clean
from newsreader.intake.addresses import Allowed
from newsreader.intake.feeds import polling, taking
from newsreader.intake.feeds.polling import due, poll
from newsreader.intake.feeds.rhythm import LONGEST, SHORTEST, interval_of
from newsreader.intake.models import Entry, Feed
from newsreader.intake.web import Web
from newsreader.intake.work.worker import drain
from tests.factories import make_article, mark
from tests.intake.fault_server import served
from tests.intake.feed_server import WORDS, Feeds, rss, story

HOURLY = [f"Tue, 03 Mar 2026 0{hour}:00:00 GMT" for hour in range(6, 9)]


@pytest.fixture
def server(settings):
    with served(Feeds, feeds={}, pages={}) as (port, handler):
        settings.FETCH_ALLOW = Allowed.of([f"127.0.0.1:{port}", f"sea.example:{port}"])
        handler.root = f"http://sea.example:{port}"
        yield handler


@pytest.fixture
def web(server, settings):
    return Web(settings.FETCH_ALLOW, lambda host, port: [ip_address("127.0.0.1")])


@pytest.fixture
def hasty(web):
    """For servers that never answer: nobody waits for them."""
    return replace(web, seconds=1, stall=0.6)


@pytest.fixture
def follow(db, server):
    def make(path="feed?a", name="The Harbour Post", **fields):
        return Feed.objects.create(
            source=source_named(name), address=f"{server.root}/{path}", due=timezone.now(), **fields
        )

    return make


def again(feed, web):
    feed.refresh_from_db()
    counts = poll([feed], web=web)
    feed.refresh_from_db()
    return counts


def test_entries_become_articles_of_the_library(server, web, follow, ada):
    server.feeds["a"] = rss(story(1, date=HOURLY[0]), story(2))
    feed = follow()
    assert again(feed, web)["added"] == 2
    first, second = (Article.objects.get(title=f"Story number {n} of the day") for n in (1, 2))
    assert (first.owner, first.state, first.address) == (None, "published", "https://harbour.example/story/1")
    assert list(first.sources.all()) == [feed.source]
    assert first.published == dt.datetime(2026, 3, 3, 6, tzinfo=dt.UTC)
    assert first.revisions.count() == 1
    assert second in Article.objects.visible_to(ada)
    assert feed.brought == feed.polled


def test_a_feed_that_does_not_publish_brings_drafts(server, web, follow, ada):
    server.feeds["a"] = rss(story(1))
    again(follow(publish=False), web)
    assert Article.objects.get().state == "draft"


def test_what_has_not_changed_is_not_sent_again_and_adds_nothing(server, web, follow):
    server.feeds["a"] = rss(story(1))
    feed = follow()
    assert again(feed, web)["added"] == 1
    assert again(feed, web) == {"unchanged": 1}
    server.feeds["a"] = rss(story(2), story(1))
    assert again(feed, web) == {"read": 1, "added": 1}
    assert Article.objects.count() == 2


def test_a_changed_entry_revises_its_article_and_carries_what_was_marked(server, web, follow, ada):
    server.feeds["a"] = rss(story(1))
    feed = follow()
    again(feed, web)
    highlight = mark(Article.objects.get(), ada, "left the harbour at six")
    server.feeds["a"] = rss(story(1, title="Another headline", html=f"<p>First of all, news.</p><p>{WORDS}</p>"))
    assert again(feed, web)["revised"] == 1
    article = Article.objects.get()
    highlight.refresh_from_db()
    assert (article.title, article.revisions.count(), highlight.status) == ("Another headline", 2, "kept")


def test_what_a_curator_edited_is_not_written_over(server, web, follow, cleo):
    server.feeds["a"] = rss(story(1))
    feed = follow()
    again(feed, web)
    revise_article(Article.objects.get(), html=clean("<p>Better words.</p>"), editor=cleo)
    server.feeds["a"] = rss(story(1, html="<p>The feed's next words.</p>"))
    again(feed, web)
    assert Article.objects.get().text == "Better words."


def test_what_a_curator_deleted_does_not_come_back_by_any_feed(server, web, follow):
    server.feeds["a"] = server.feeds["b"] = rss(story(1))
    feed, other = follow(), follow("feed?b", "The Sea Post")
    again(feed, web)
    Article.objects.get().delete()
    server.feeds["a"] = rss(story(1, title="Changed"))
    again(feed, web)
    again(other, web)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        story(1, id="else", html="<p>Other words.</p>"),  # the same page
        story(1, link="http://www.harbour.example/story/1/?utm_source=b", id="else", html="<p>Other words.</p>"),
        story(1, id="urn:one", link="https://copy.example/1", html="<p>Other words.</p>"),  # the same id
        story(1, id="else", link="https://copy.example/1"),  # the same text
        story(1, id="else", link="https://copy.example/1", html=story(1)["html"] + "<p>First in the Post.</p>"),
    ],
    ids=["page", "spelling", "id", "text", "likeness"],
)
def test_the_same_story_from_two_feeds_is_one_article_with_two_sources(server, web, follow, other):
    server.feeds["a"] = rss(story(1, id="urn:one"))
    server.feeds["b"] = rss(other)
    feed, second = follow(), follow("feed?b", "The Sea Post")
    again(feed, web)
    assert again(second, web)["joined"] == 1
    assert set(Article.objects.get().sources.all()) == {feed.source, second.source}
    server.feeds["b"] = rss({**other, "html": "<p>The second feed edits.</p>"})
    again(second, web)
    assert "Word1x1" in Article.objects.get().text  # the first one's words stay


@pytest.mark.parametrize(
    "other",
    [
        story(2, title=story(1)["title"]),  # a column that is called the same every day
        story(2, link="https://harbour.example/"),
        story(2, id="story-1", link="https://copy.example/1"),  # an id that means something in its own feed alone
    ],
    ids=["headline", "first page", "id"],
)
def test_what_only_looks_alike_is_another_article(server, web, follow, other):
    server.feeds["a"] = rss(story(1), {**story(3), "link": "https://harbour.example/"})
    server.feeds["b"] = rss(other)
    again(follow(), web)
    again(follow("feed?b", "The Sea Post"), web)
    assert Article.objects.count() == 3


def test_a_text_that_a_reader_saved_stays_theirs(server, web, follow, ada):
    mine = make_article(story(1)["title"], html=story(1)["html"], owner=ada, source="", address=story(1)["link"])
    server.feeds["a"] = rss(story(1))
    feed = follow()
    again(feed, web)
    assert Article.objects.exclude(pk=mine.pk).get().owner is None
    assert feed.source not in mine.sources.all()


def test_an_address_that_moved_for_good_is_asked_from_then_on(server, web, follow):
    server.feeds["a"] = rss(story(1))
    for path in ("for_good?/feed?a", "moved?/feed?a"):
        feed = follow(path, path)
        again(feed, web)
        assert feed.address == f"{server.root}/feed?a"
        feed.delete()


def test_one_that_moved_for_a_while_or_to_no_feed_keeps_its_address(server, web, follow):
    server.feeds["a"] = rss(story(1))
    for path in ("to?/feed?a", "for_good?/page"):
        feed = follow(path, path)
        again(feed, web)
        assert feed.address == f"{server.root}/{path}"


def test_a_feed_that_is_gone_is_left_alone(server, web, follow):
    feed = follow("status?410")
    again(feed, web)
    assert (feed.state, feed.due) == ("gone", None)
    assert due() == []


def test_what_a_server_asks_for_is_waited(server, web, follow):
    feed = follow("status?429")
    before = timezone.now()
    again(feed, web)
    assert feed.due >= before + dt.timedelta(seconds=polling.FIRST * 0.7)
    assert feed.told["form"] == "The server asks for fewer visits."


def test_failures_come_further_and_further_apart_and_one_good_visit_ends_them(server, web, follow):
    feed = follow("feed?a")
    waits = []
    for _ in range(12):
        before = timezone.now()
        again(feed, web)
        waits.append((feed.due - before).total_seconds())
    assert feed.failures == 12
    assert waits[0] < waits[2] < waits[4] < waits[-1] <= polling.LONGEST * 1.3
    server.feeds["a"] = rss(story(1))
    again(feed, web)
    assert (feed.failures, feed.told) == (0, {})


@pytest.mark.parametrize("path", ["page", "loop", "bomb", "garbage", "cut", "picture", "hang", "drip", "missing"])
def test_what_is_no_feed_is_told_in_a_sentence(server, web, hasty, follow, path):
    feed = follow(path)
    assert again(feed, hasty if path in {"hang", "drip"} else web)["failed"] == 1
    assert feed.told["form"]
    assert feed.state == "followed"


def test_a_poisoned_feed_and_a_slow_one_keep_no_other_from_its_news(server, web, follow, monkeypatch):
    server.feeds["a"] = rss(story(1))
    feeds = [follow("poison", "Poison"), follow("hang", "Slow"), follow()]
    order = []
    noted = polling._note
    monkeypatch.setattr(polling, "READING", 1.0)
    monkeypatch.setattr(polling, "_note", lambda feed, changes: (order.append(feed), noted(feed, changes)))
    poll(feeds, web=replace(web, stall=2))
    assert order[0] == feeds[2]
    assert Article.objects.count() == 1


def test_a_visit_that_ends_in_the_middle_is_made_again_and_each_entry_is_there_once(server, web, follow, monkeypatch):
    server.feeds["a"] = rss(*map(story, range(6)))
    feed = follow()
    taken = []

    def killed(*told, **known):
        if len(taken) == 3:
            raise KeyboardInterrupt
        taken.append(told)
        return take(*told, **known)

    take = taking.take
    monkeypatch.setattr(taking, "take", killed)
    with pytest.raises(KeyboardInterrupt):
        again(feed, web)
    monkeypatch.undo()
    assert (Article.objects.count(), Entry.objects.count()) == (3, 3)
    assert again(feed, web) == {"read": 1, "added": 3}
    assert {entry.article.title for entry in Entry.objects.all()} == {story(n)["title"] for n in range(6)}
    assert Article.objects.count() == 6


def test_a_feed_is_one_worker_s_at_a_time_and_comes_back_if_that_dies(follow):
    feed = follow()
    assert due() == [feed]
    assert due() == []
    feed.refresh_from_db()
    assert feed.due <= timezone.now() + dt.timedelta(seconds=polling.CLAIM)


def test_a_feed_that_was_stopped_during_its_visit_stays_stopped(server, web, follow):
    server.feeds["a"] = rss(story(1))
    feed = follow()
    Feed.objects.update(state="stopped", due=None)
    poll([feed], web=web)
    feed.refresh_from_db()
    assert (feed.state, feed.due) == ("stopped", None)


def test_the_whole_text_is_fetched_where_the_feed_has_only_a_summary(server, web, follow, settings):
    page = f"<title>Whole</title><article><h1>Whole</h1><p>{WORDS}</p><p>{WORDS * 6}</p></article>"
    server.pages["1"] = page.encode()
    there = server.root.replace("sea.example", "127.0.0.1")
    server.feeds["a"] = rss(story(1, html="", summary="The ferry left…", link=f"{there}/site?1"))
    feed = follow(full_text=True)
    again(feed, web)
    assert Article.objects.get().text == "The ferry left…"
    drain()
    article = Article.objects.get()
    assert article.text.count("piano") == 7
    assert article.title == story(1)["title"]
    again(feed, web)
    assert article.revisions.count() == 2


def test_without_the_switch_or_the_page_the_summary_stays(server, web, follow):
    server.feeds["a"] = rss(story(1, html="", summary="The ferry left…", link=f"{server.root}/missing"))
    again(follow(), web)
    drain()
    assert Article.objects.get().text == "The ferry left…"


def test_labels_are_filed_under_topics_that_there_are_and_make_none(server, web, follow):
    from newsreader.articles.models import Topic

    Topic.objects.create(name="Ships", slug="ships")
    server.feeds["a"] = rss(story(1)).replace(b"</item>", b"<category>Ships</category><category>x</category></item>")
    again(follow(), web)
    assert [topic.name for topic in Article.objects.get().topics.all()] == ["Ships"]
    assert Topic.objects.count() == 1


def test_entries_that_need_more_time_than_a_visit_has_come_with_the_next_one(server, web, follow, monkeypatch):
    server.feeds["a"] = rss(*map(story, range(30)))
    feed = follow()
    monkeypatch.setattr(polling, "PATIENCE", -1.0)
    again(feed, web)
    assert (Article.objects.count(), feed.etag) == (0, "")
    monkeypatch.undo()
    again(feed, web)
    assert Article.objects.count() == 30


def test_a_feed_is_visited_as_often_as_it_publishes():
    now = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)

    def every(**gap):
        return interval_of([now - n * dt.timedelta(**gap) for n in range(20)], now)

    assert every(hours=1) == 1800
    assert every(minutes=1) == SHORTEST
    assert every(days=3) == LONGEST
    assert every(minutes=1) < every(hours=1) < every(hours=6)
    assert interval_of([now - dt.timedelta(days=60)], now) == LONGEST
    assert interval_of([None, now + dt.timedelta(days=1)], now, before=5000) == 5000
