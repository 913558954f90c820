"""The library on a device and in a search engine: manifest, worker, the page without a network, whose a page is."""

import json
import struct

import pytest
from django.contrib.staticfiles import finders

from newsreader.accounts.alias import alias
from newsreader.reading.views.installed import shell
from tests.factories import make_article
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db


def found(url):
    return finders.find(url.removeprefix("/static/"))


def test_the_manifest_names_what_a_device_shows_and_its_pictures_are_of_the_size_they_say(client):
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    told = json.loads(response.content)
    assert (told["name"], told["start_url"], told["scope"], told["display"]) == ("Newsreader", "/", "/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        with open(found(icon["src"]), "rb") as file:
            head = file.read(24)
        assert head.startswith(b"\x89PNG")
        assert "{}x{}".format(*struct.unpack(">II", head[16:24])) == icon["sizes"]
    for shortcut in told["shortcuts"]:
        assert client.get(shortcut["url"]).status_code in {200, 302}


def test_every_page_leads_to_the_manifest_and_the_icons(client):
    page = parsed(client.get("/"))
    assert page.one("link", rel="manifest").at["href"] == "/manifest.webmanifest"
    assert found(page.one("link", rel="apple-touch-icon").at["href"])
    assert found(page.one("link", rel="icon").at["href"])


def test_the_worker_stands_at_the_root_and_asks_only_for_files_that_there_are(client):
    response = client.get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert "no-cache" in response["Cache-Control"]
    assert 'importScripts("/static/js/sw.js")' in response.text
    assert len(shell()) > 20
    assert [url for url in shell() if not found(url)] == []
    assert not [url for url in shell() if "desk" in url or "admin" in url]


def test_the_page_without_a_network_shows_nothing_of_the_library_or_of_anybody(client, signed_in, ada, settings):
    make_article("Not to be seen")
    settings.OPEN_READING = False
    hers, nobodys = signed_in(ada).get("/offline/").text, client.get("/offline/").text
    assert hers == nobodys
    assert "Not to be seen" not in hers
    assert "csrf" not in hers


def test_a_page_says_whose_it_is_and_never_by_a_name_or_number(client, signed_in, ada, ben, article):
    told = {name: signed_in(one).get("/")["X-Account"] for name, one in (("ada", ada), ("ben", ben))}
    assert told["ada"] != told["ben"]
    assert told["ada"] == alias(ada) == signed_in(ada).get(article.get_absolute_url())["X-Account"]
    assert client.get("/")["X-Account"] == "visitor"
    assert f'data-account="{told["ada"]}"' in signed_in(ada).get("/notebook/").text
    assert "X-Account" not in client.get("/no/such/page/")


def test_robots_may_read_what_visitors_may(client, settings, article, ada):
    assert "Disallow: /accounts/\n" in client.get("/robots.txt").text
    assert "Disallow: /\n" not in client.get("/robots.txt").text
    page = parsed(client.get(article.get_absolute_url()))
    assert page.one("meta", name="description").at["content"] == article.standfirst
    assert page.one("link", rel="canonical").at["href"] == f"{settings.URL}{article.get_absolute_url()}"
    assert page.all("meta", name="robots") == []
    library = parsed(client.get("/?sort=oldest"))
    assert library.one("link", rel="canonical").at["href"] == f"{settings.URL}/"
    assert parsed(client.get("/search/")).one("meta", name="robots").at["content"] == "noindex"


def test_nothing_is_found_by_robots_where_reading_is_not_open(client, signed_in, settings, article, ada):
    settings.OPEN_READING = False
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    for address in ("/", article.get_absolute_url()):
        page = parsed(signed_in(ada).get(address))
        assert page.one("meta", name="robots").at["content"] == "noindex"
        assert page.all("meta", name="description") == []


def test_an_own_copy_is_never_offered_to_search_engines(signed_in, ada):
    own = make_article("Mine", owner=ada)
    assert parsed(signed_in(ada).get(own.get_absolute_url())).one("meta", name="robots").at["content"] == "noindex"


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/", "Inbox"),
        ("/?place=later", "Later"),
        ("/notebook/", "Notebook"),
        ("/tags/", "Tags"),
        ("/search/?q=piano", "Search: piano"),
        ("/search/", "Search"),
        ("/articles/the-ferry-that-carried-a-piano/", "The ferry that carried a piano"),
        ("/accounts/sign-in/", "Sign in"),
        ("/no/such/page/", "Page not found"),
        ("/offline/", "You are offline"),
    ],
)
def test_the_title_says_where_one_is(signed_in, ada, article, address, title):
    assert parsed_title(signed_in(ada).get(address)) == f"{title} · Newsreader"


def parsed_title(response):
    return response.text.split("<title>")[1].split("</title>")[0]
