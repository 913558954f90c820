"""Feeds at the desk: looked at, followed, stopped; lists in and out. Fetched from a server of this machine."""

import datetime as dt
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsreader.articles.models import Article, Source
from newsreader.articles.services import source_named
from newsreader.desk.models import Entry
from newsreader.intake.addresses import Allowed
from newsreader.intake.feeds.following import follow
from newsreader.intake.feeds.opml import read_opml
from newsreader.intake.models import Feed
from newsreader.intake.work.worker import drain
from tests.desk.pages import act, desk, told
from tests.intake.fault_server import served
from tests.intake.feed_server import Feeds, rss, story

pytestmark = pytest.mark.django_db
LIST = b"""<opml version="2.0"><body>
<outline text="Sea"><outline text="Harbour" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/></outline>
<outline text="Known" xmlUrl="https://b.example/feed"/>
<outline text="Script" xmlUrl="|./fetch.sh"/>
</body></opml>"""


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.fixture
def server(settings):
    with served(Feeds, feeds={"a": rss(story(1), story(2))}, pages={}) as (port, handler):
        settings.FETCH_ALLOW = Allowed.of([f"127.0.0.1:{port}"])
        handler.root = f"http://127.0.0.1:{port}"
        yield handler


@pytest.fixture
def feed():
    return Feed.objects.create(
        source=source_named("The Harbour Post"), address="https://harbour.example/feed", due=timezone.now()
    )


def look(client, address):
    return client.post(desk("intake_feed_add"), {"address": address})


def sent(data=LIST):
    return {"file": SimpleUploadedFile("feeds.opml", data)}


def test_a_feed_is_looked_at_followed_and_brings_its_articles(curator, server):
    page = look(curator, f"{server.root}/feed?a")
    assert page.context["found"].headlines == (story(1)["title"], story(2)["title"])
    assert not Feed.objects.exists()
    sent = {"address": page.context["found"].address, "name": "The Harbour Post", "publish": "on", "follow": "1"}
    answer = curator.post(desk("intake_feed_add"), sent, follow=True)
    assert "“The Harbour Post” is followed from now on." in told(answer)
    feed = Feed.objects.get()
    assert (feed.publish, feed.full_text, feed.source.name) == (True, False, "The Harbour Post")
    assert Entry.objects.get().deed == "added"
    drain()
    assert Article.objects.filter(state="published", sources=feed.source).count() == 2
    assert look(curator, f"{server.root}/feed?a").context["known"] == feed


def test_a_sites_page_offers_what_it_names(curator, server):
    server.pages["home"] = b"""<link rel="alternate" type="application/rss+xml" title="All" href="/feed?a">
    <link rel="alternate" type="application/atom+xml" title="Comments" href="/feed?b"><p>Hello"""
    offered = look(curator, f"{server.root}/site?home").context["found"].offered
    assert [(one.title, one.address) for one in offered] == [
        ("All", f"{server.root}/feed?a"),
        ("Comments", f"{server.root}/feed?b"),
    ]


def test_a_site_that_names_none_may_have_one_at_a_usual_place(curator, server):
    """Its server gives a feed at /feed whatever is asked for there."""
    server.feeds[""] = rss(story(1), title="Guessed")
    server.pages["home"] = b"<title>No feed named</title><p>Hello"
    found = look(curator, f"{server.root}/site?home").context["found"]
    assert [(one.title, one.address) for one in found.offered] == [("Guessed", f"{server.root}/feed")]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nonsense here", "This is not an address"),
        ("http://10.0.0.1/feed", "not on the public internet"),
        ("{root}/site?home", "There is no feed here"),
        ("{root}/picture", "image/png"),
        ("{root}/missing", "no page at this address"),
    ],
)
def test_what_is_no_feed_is_said_beside_the_address(curator, server, address, why):
    answer = look(curator, address.format(root=server.root))
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_followed_twice_it_is_one_feed_and_a_stopped_one_goes_on():
    feed, new = follow("https://a.example/feed", title="A")
    Feed.objects.update(state="stopped", due=None)
    again, second = follow("https://a.example/feed?utm_source=x#top", title="B")
    assert (again.pk, new, second, again.state) == (feed.pk, True, False, "followed")


def test_two_feeds_of_one_name_have_two_sources():
    names = [follow(f"https://a.example/{n}", title="News")[0].source.name for n in range(4)]
    assert len(set(names)) == 4
    assert names[:2] == ["News", "News (a.example)"]


def test_a_feed_is_stopped_visited_and_followed_again(curator, feed, cleo):
    curator.post(desk("intake_feed_stop", feed.pk))
    feed.refresh_from_db()
    assert (feed.state, feed.due) == ("stopped", None)
    curator.post(desk("intake_feed_visit", feed.pk))
    feed.refresh_from_db()
    assert feed.due is None
    curator.post(desk("intake_feed_resume", feed.pk))
    feed.refresh_from_db()
    assert feed.state == "followed"
    Feed.objects.update(due=timezone.now() + dt.timedelta(days=1))
    curator.post(desk("intake_feed_visit", feed.pk))
    feed.refresh_from_db()
    assert feed.due <= timezone.now()
    assert [entry.told for entry in Entry.objects.order_by("pk")] == ["Stopped.", "Followed again."]


def test_several_are_stopped_from_the_list(curator, feed):
    other, _ = follow("https://a.example/feed", title="A")
    answer = act(curator, "intake_feed_changelist", "stop_chosen", feed, other)
    assert "2 feeds are not visited any more." in told(answer)
    assert not Feed.objects.exclude(state="stopped").exists()


def test_how_it_is_followed_is_changed_and_what_a_visit_wrote_meanwhile_stays(curator, feed):
    page = curator.get(desk("intake_feed_change", feed.pk))
    assert page.status_code == 200
    Feed.objects.update(etag="new")
    curator.post(desk("intake_feed_change", feed.pk), {"full_text": "on"})
    feed.refresh_from_db()
    assert (feed.full_text, feed.publish, feed.etag) == (True, False, "new")


def test_the_list_and_the_front_page_say_what_failed(curator, feed):
    Feed.objects.update(failures=3, told={"form": "The server took too long.", "values": {}}, polled=timezone.now())
    for name in ("intake_feed_changelist", "intake_feed_change", "index"):
        page = curator.get(desk(name, *([feed.pk] if name.endswith("_change") else []))).content.decode()
        assert "The server took too long." in page
    assert "3 times in a row" in curator.get(desk("intake_feed_changelist")).content.decode()


def test_a_feed_that_brought_something_is_not_deleted(curator, feed):
    feed.entries.create(key="x")
    assert curator.post(desk("intake_feed_delete", feed.pk), {"post": "yes"}).status_code == 404
    feed.entries.all().delete()
    curator.post(desk("intake_feed_delete", feed.pk), {"post": "yes"})
    assert not Feed.objects.exists()


def test_a_list_is_looked_at_before_it_is_followed(curator):
    follow("https://b.example/feed", title="Known")
    page = curator.post(desk("intake_feed_import"), sent())
    listed = page.context["listed"]
    assert [one.title for one in listed.new] == ["Harbour"]
    assert [one.title for one in listed.known] == ["Known"]
    assert [one.line for one, _ in listed.refused] == [4]
    assert Feed.objects.count() == 1
    answer = curator.post(desk("intake_feed_import"), {"looked": page.context["looked"]}, follow=True)
    assert "1 feed is followed from now on." in told(answer)
    feed = Feed.objects.get(source__name="Harbour")
    assert (feed.folders, feed.publish, feed.source.site) == (["Sea"], False, "https://a.example/")
    curator.post(desk("intake_feed_import"), {"looked": page.context["looked"]})
    assert Feed.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "why"), [(b"<opml>\n<outline", "Line 2: it is no well-formed XML"), (b"", "empty"), (b"x", "Line 1")]
)
def test_a_broken_list_is_refused_with_its_line(curator, data, why):
    answer = curator.post(desk("intake_feed_import"), sent(data))
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_what_somebody_forged_in_place_of_a_looked_at_list_is_not_followed(curator):
    curator.post(desk("intake_feed_import"), {"looked": "forged"})
    assert not Feed.objects.exists()


def test_a_list_goes_out_as_it_came_in(curator):
    page = curator.post(desk("intake_feed_import"), sent())
    curator.post(desk("intake_feed_import"), {"looked": page.context["looked"]})
    answer = curator.get(desk("intake_feed_export"))
    assert answer["Content-Disposition"].endswith('.opml"')
    told = {(one.address, one.title, one.folders) for one in read_opml(answer.content)}
    assert told == {("https://a.example/feed", "Harbour", ("Sea",)), ("https://b.example/feed", "Known", ())}


def test_the_list_costs_as_many_queries_for_many_as_for_few(curator, django_assert_max_num_queries):
    for number in range(30):
        follow(f"https://a.example/{number}", title=f"Source {number}")
    with django_assert_max_num_queries(10):
        curator.get(desk("intake_feed_changelist"))


def test_the_commands_do_the_same(server, tmp_path, capsys):
    call_command("follow_feed", f"{server.root}/feed?a", "--name", "Ours", "--draft")
    call_command("poll_feeds")
    assert Article.objects.filter(state="draft", sources__name="Ours").count() == 2
    with pytest.raises(CommandError, match="no page"):
        call_command("follow_feed", f"{server.root}/missing")
    path = tmp_path / "feeds.opml"
    path.write_bytes(LIST)
    call_command("import_opml", path, "--dry-run", stderr=StringIO())
    assert Feed.objects.count() == 1
    call_command("import_opml", path, stderr=StringIO())
    assert Source.objects.filter(feed__isnull=False).count() == 3
    out = StringIO()
    call_command("export_opml", stdout=out)
    assert len(read_opml(out.getvalue().encode())) == 3
    path.write_bytes(b"<rss/>")
    with pytest.raises(CommandError, match="line 1"):
        call_command("import_opml", path)
