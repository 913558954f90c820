"""The feed of a saved search: well-formed whatever is in it, private, quiet where nothing is new."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsreader.annotations.services import delete, edit
from newsreader.articles.models import Article
from newsreader.search import saved as services
from newsreader.search.models import SavedSearch
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def reader():
    """Somebody without a session: a program."""
    return Client()


@pytest.fixture
def pianos(ada):
    return services.save("piano", reader=ada, name="Pianos")


def address(saved):
    return f"/feeds/{saved.secret}/"


def feed(reader, saved):
    response = reader.get(address(saved))
    assert response.status_code == 200
    return ET.fromstring(response.content)


def texts(root, path):
    return [node.text for node in root.findall(path, ATOM)]


def test_it_holds_the_newest_results_with_all_that_a_feed_reader_needs(reader, pianos):
    make_article("Old", published="2001-01-01T00:00Z", byline="Mary Smith")
    new = make_article("New", published="2020-01-01T00:00Z")
    make_article("No such thing", html="<p>organ</p>")
    response = reader.get(address(pianos))
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.content)
    assert texts(root, "a:title") == ["Pianos"]
    assert texts(root, "a:entry/a:title") == ["New", "Old"]
    assert texts(root, "a:entry/a:author/a:name") == ["The Harbour Post", "Mary Smith"]
    assert all(root.findall(f"a:entry/a:{name}", ATOM) for name in ("id", "updated", "published", "link", "summary"))
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
    assert links == {
        "alternate": "http://127.0.0.1:8000/search/?q=piano",
        "self": f"http://127.0.0.1:8000{address(pianos)}",
    }
    entry = root.find("a:entry", ATOM)
    assert entry.find("a:link", ATOM).get("href").startswith(f"http://127.0.0.1:8000{new.get_absolute_url()}#:~:text=")
    assert "piano" in entry.find("a:summary", ATOM).text


def test_ids_stay_when_an_article_is_edited_and_the_address_renewed(reader, pianos):
    article = make_article("First title")
    before = texts(feed(reader, pianos), ".//a:id")
    Article.objects.filter(pk=article.pk).update(title="Second title", slug="second")
    services.renew(pianos)
    assert texts(feed(reader, pianos), ".//a:id") == before
    assert len(set(before)) == 2


@pytest.mark.parametrize(("kind", "kinds"), [("all", "anp"), ("articles", "a"), ("passages", "p"), ("notes", "n")])
def test_passages_and_notes_are_entries_where_the_kind_says_so(reader, ada, ben, kind, kinds):
    article = make_article("Ferry", published="2001-01-01T00:00Z")
    mine = mark(article, ada, "forty passengers and a piano", note="Whose *piano*?")
    mark(article, ben, "forty passengers and a piano", note="Ben's piano")
    saved = services.save("piano", reader=ada, name="Pianos", kind=kind)
    root = feed(reader, saved)
    titles = {"Ferry": "a", "Passage: Ferry": "p", "Note: Ferry": "n"}
    assert sorted(titles[title] for title in texts(root, "a:entry/a:title")) == sorted(kinds)
    assert "Ben" not in ET.tostring(root, encoding="unicode")
    if "n" in kinds:
        assert "Whose *piano*?" in texts(root, "a:entry/a:summary")
        assert any(link.get("href").endswith(f"#h-{mine.public_id}") for link in root.findall("a:entry/a:link", ATOM))


NASTY = [
    "NUL-like \x01\x08\x0b\x1f piano",
    "astral 🎹𝒜 piano",
    "\u202eRTL العربية piano",
    "]]> <![CDATA[ piano",
    "</title><script>piano</script> &amp; &#0;",
    "\ufffe\uffff piano",
    "<!DOCTYPE x [<!ENTITY piano 'x'>]>",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_a_title_is_the_feed_is_well_formed(reader, ada, nasty):
    article = make_article(nasty, html="<p>a piano ]]&gt; &lt;b&gt;</p>", byline=nasty[:200], source="")
    mark(article, ada, "a piano", note=nasty)
    root = feed(reader, services.save("piano", reader=ada, name=nasty[:80]))
    assert len(root.findall("a:entry", ATOM)) == 3
    plain = "".join(c for c in nasty if c not in "\x01\x08\x0b\x1f\ufffe\uffff")
    assert plain in texts(root, "a:entry/a:title")
    assert any("&lt;b&gt;" in text for text in texts(root, "a:entry/a:summary"))  # HTML that says “<b>”


def test_no_more_than_fifty(reader, pianos):
    for _ in range(52):
        make_article()
    assert len(feed(reader, pianos).findall("a:entry", ATOM)) == 50


def test_whoever_has_it_as_it_is_gets_no_more_than_that(reader, pianos):
    article = make_article("A piano")
    first = reader.get(address(pianos))
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = reader.get(address(pianos), headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    assert reader.head(address(pianos))["ETag"] == first["ETag"]
    article.title = "Another piano"
    article.save()
    assert reader.get(address(pianos), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_note_that_is_written_or_deleted_makes_another_state(reader, ada, pianos, article):
    seen = {reader.get(address(pianos))["ETag"]}

    def again():
        response = reader.get(address(pianos), headers={"If-None-Match": ", ".join(seen)})
        assert response.status_code == 200
        seen.add(response["ETag"])

    highlight = mark(article, ada, "forty passengers and a piano")
    again()
    edit(highlight, version=highlight.version, colour="rose", note="A piano!")
    again()
    Article.objects.filter(pk=article.pk).update(state="withdrawn")
    again()
    delete(highlight)
    assert not feed(reader, pianos).findall("a:entry", ATOM)


def test_an_empty_feed_is_as_old_as_its_search(reader, pianos):
    first, second = reader.get(address(pianos)), reader.get(address(pianos))
    assert first.content == second.content
    assert not ET.fromstring(first.content).findall("a:entry", ATOM)


def test_it_is_nobody_else_s_to_keep_or_to_list(reader, pianos):
    for response in (reader.get(address(pianos)), reader.head(address(pianos))):
        assert response["Cache-Control"] == "private"
        assert response["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in response


def test_every_feed_that_is_not_there_is_the_same_404(reader, ada, ben, pianos):
    renewed = address(pianos)
    services.renew(pianos)
    gone = services.save("piano", reader=ada, name="Gone")
    services.delete(gone)
    closed = services.save("piano", reader=ben, name="Ben's")
    ben.is_active = False
    ben.save()
    missing = reader.get("/feeds/nothing-here/")
    assert missing.status_code == 404
    for path in (renewed, address(gone), address(closed), f"/feeds/{pianos.digest}/", f"/feeds/{'x' * 43}/"):
        response = reader.get(path)
        assert (response.status_code, response.content) == (404, missing.content), path
        assert response.headers == missing.headers
    services.undelete(gone)
    assert reader.get(address(gone)).status_code == 200


def test_it_shows_what_its_reader_may_see_at_that_moment(reader, ada, ben, pianos):
    make_article("Draft", state="draft")
    make_article("Ben's own", owner=ben)
    own = make_article("Ada's own", owner=ada)
    assert texts(feed(reader, pianos), "a:entry/a:title") == ["Ada's own"]
    Article.objects.filter(pk=own.pk).update(state="withdrawn")
    assert texts(feed(reader, pianos), "a:entry/a:title") == []


def test_a_session_of_somebody_else_changes_nothing(signed_in, ben, pianos, ada):
    make_article("Ada's own", owner=ada)
    assert texts(feed(signed_in(ben), pianos), "a:entry/a:title") == ["Ada's own"]


def test_fifty_entries_take_as_many_statements_as_five_and_a_304_takes_fewer(reader, ada, pianos):
    def statements(**headers):
        with CaptureQueriesContext(connection) as asked:
            response = reader.get(address(pianos), headers=headers)
        return len(asked), response

    for number in range(3):
        mark(make_article(source=f"S{number}"), ada, "forty passengers and a piano", note="piano")
    few, _ = statements()
    for number in range(30):
        mark(make_article(source=f"T{number}"), ada, "forty passengers and a piano", note="piano")
    many, response = statements()
    assert many <= few
    unchanged, _ = statements(**{"If-None-Match": response["ETag"]})
    assert unchanged < many / 1.5


def test_a_search_that_takes_too_long_says_when_to_come_again(reader, pianos, monkeypatch):
    from newsreader.search import feeds
    from newsreader.search.limits import TooCostly

    def given_up(saved):
        raise TooCostly

    monkeypatch.setattr(feeds, "state", given_up)
    response = reader.get(address(pianos))
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "private"


def test_relative_dates_move_on(reader, ada):
    article = make_article("A piano", published=timezone.now() - timedelta(days=3))
    saved = services.save("piano after:-1w", reader=ada, name="This week")
    assert texts(feed(reader, saved), "a:entry/a:title") == ["A piano"]
    Article.objects.filter(pk=article.pk).update(dated=timezone.now() - timedelta(days=9))
    assert texts(feed(reader, saved), "a:entry/a:title") == []
    assert SavedSearch.objects.get(pk=saved.pk).query == "piano after:-1w"
