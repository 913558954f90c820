"""Saved searches on their pages: kept from the search page, listed, ordered, pinned, deleted, and nobody else's."""

import json

import pytest

from newsreader.search import saved as services
from newsreader.search.models import SavedSearch
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
PAGE = "/search/saved/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(signed_in, ada):
    """Ada's."""
    return signed_in(ada)


def keep(reader, name, query="piano", **more):
    return services.save(query, reader=reader, name=name, **more)


def names(page):
    return [row.one("h2").text for row in parsed(page).all("li", class_="saved-row")]


def test_the_search_page_keeps_its_search_under_a_name_it_suggests(client, ada, article):
    page = parsed(client.get("/search/", {"q": 'piano source:"The Harbour Post" -organ', "kind": "articles"}))
    form = page.one(id="save").one("form")
    assert form.one(id="save-name").at["value"] == "piano, The Harbour Post"
    sent = {field.at["name"]: field.at.get("value", "") for field in form.all("input")}
    response = client.post(PAGE, sent)
    assert response.status_code == 303
    kept = SavedSearch.objects.get()
    assert (kept.query, kept.kind, kept.name) == (sent["q"], "articles", "piano, The Harbour Post")
    assert response["Location"] == kept.get_absolute_url()
    page = parsed(client.get(response["Location"]))
    assert "piano, The Harbour Post is kept." in page.one(id="toasts").text
    assert page.one(id="save").one("summary").text.strip() == "Saved"
    assert page.one(id="side-saved").one("a", href=kept.get_absolute_url()).at["aria-current"] == "true"


def test_to_htmx_the_button_comes_back_with_the_side_column(client):
    response = client.post(PAGE, {"q": "piano", "name": "Pianos"}, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="save"' in page
    assert "Saved" in page
    assert 'id="side-saved"' in page
    assert "hx-swap-oob" in page
    assert SavedSearch.objects.get().secret in page


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"q": "piano", "name": "Pianos"}, 409, "“Pianos” already"),
        ({"q": "piano", "name": " "}, 422, "needs a name"),
        ({"q": "-piano", "name": "x"}, 422, "nothing to look for"),
        ({"name": "x"}, 422, "nothing to look for"),
        ({"q": "piano", "name": "x" * 81}, 422, "80 characters"),
        ({"q": "x" * 2_001, "name": "x"}, 422, "too long"),
    ],
)
def test_a_refusal_is_an_answer_that_keeps_what_was_typed(client, ada, sent, status, said):
    keep(ada, "Pianos")
    for headers in ({}, HTMX):
        response = client.post(PAGE, sent, headers=headers)
        page = parsed(response, status)
        assert said in page.one(role="alert").text
        assert page.one(id="save-name").at["value"] == sent["name"]
    assert SavedSearch.objects.count() == 1


def test_a_search_for_nothing_offers_no_saving_and_a_visitor_gets_none(client, db):
    from django.test import Client

    assert not parsed(client.get("/search/", {"q": "-piano"})).all(id="save")
    assert not parsed(client.get("/search/")).all(id="save")
    page = parsed(Client().get("/search/", {"q": "piano"}))
    assert not page.all(id="save")
    assert not page.all(id="side-saved")


def test_the_list_shows_one_s_own_in_their_order(client, ada, ben):
    keep(ada, "Pianos", "piano  is:unread")
    keep(ada, "Sea", "tag:sea", kind="notes")
    keep(ben, "Ben's")
    page = client.get(PAGE)
    assert names(page) == ["Pianos", "Sea"]
    rows = parsed(page).all("li", class_="saved-row")
    assert rows[0].one("code").text == "piano is:unread"
    assert "Notes" in rows[1].text
    assert "Ben" not in parsed(page).text


def test_without_any_the_page_says_how_they_are_made(client):
    assert "No search is kept yet." in parsed(client.get(PAGE)).text


def test_moving_pinning_and_renaming(client, ada):
    one, two = keep(ada, "One"), keep(ada, "Two")
    assert client.post(f"{PAGE}{two.pk}/move/", {"to": "up"})["Location"] == PAGE
    assert names(client.get(PAGE)) == ["Two", "One"]
    response = client.post(f"{PAGE}{two.pk}/move/", {"to": "down"}, headers=HTMX)
    assert names(response) == ["One", "Two"]
    assert "Two: 2 of 2" in response.content.decode()
    client.post(f"{PAGE}{one.pk}/pin/", {"on": "true"})
    assert [saved.name for saved in SavedSearch.objects.of(ada).pinned()] == ["One"]
    client.post(f"{PAGE}{one.pk}/pin/", {"on": "false"}, headers=HTMX)
    assert not SavedSearch.objects.of(ada).pinned()
    response = client.post(f"{PAGE}{one.pk}/rename/", {"name": "First"}, follow=True)
    assert "One is called First now." in parsed(response).one(id="toasts").text
    for name, status in (("Two", 409), ("", 422)):
        response = client.post(f"{PAGE}{one.pk}/rename/", {"name": name})
        assert parsed(response, status).one(id=f"name-{one.pk}").at["value"] == name


def test_one_too_many_on_the_library_page_is_told(client, ada, monkeypatch):
    monkeypatch.setattr(services, "PINNED", 0)
    one = keep(ada, "One")
    for headers in ({}, HTMX):
        response = client.post(f"{PAGE}{one.pk}/pin/", {"on": "true"}, headers=headers)
        assert "room for 0" in parsed(response, 409).one(role="alert").text


def test_deleting_and_taking_that_back(client, ada):
    one = keep(ada, "One")
    response = client.post(f"{PAGE}{one.pk}/delete/")
    page = client.get(response["Location"])
    assert names(page) == []
    form = parsed(page).one("form", class_="bulk")
    assert form.at["action"] == f"{PAGE}{one.pk}/restore/"
    response = client.post(form.at["action"], follow=True)
    assert names(response) == ["One"]
    assert client.post(form.at["action"]).status_code == 404
    assert "deleted" not in parsed(client.get(f"{PAGE}?deleted={one.pk}")).text


def test_ben_gets_nothing_of_ada_s(signed_in, ada, ben):
    one = keep(ada, "Adas secret pianos")
    services.pin(one, on=True)
    client = signed_in(ben)
    for act in ("rename", "move", "pin", "feed", "delete", "restore"):
        assert client.post(f"{PAGE}{one.pk}/{act}/", {"name": "x", "to": "up"}).status_code == 404
    for address in (PAGE, f"{PAGE}pinned/", "/", "/search/?q=piano", f"{PAGE}?deleted={one.pk}"):
        page = client.get(address).content.decode()
        assert "Adas secret" not in page
        assert one.secret not in page
    one.refresh_from_db()
    assert (one.name, one.deleted) == ("Adas secret pianos", None)


def test_the_library_names_what_is_pinned_and_gets_the_newest_results_after(client, ada, ben):
    old = make_article("Old piano", published="2001-01-01T00:00Z")
    make_article("New piano", published="2020-01-01T00:00Z")
    services.pin(keep(ada, "Pianos", "piano sort:oldest"), on=True)
    services.pin(keep(ada, "My notes", "in:notes piano", kind="notes"), on=True)
    keep(ada, "Not here", "zeppelin")
    mark(old, ada, "forty passengers and a piano", note="Whose piano?")
    mark(old, ben, "forty passengers and a piano", note="Ben's piano")
    page = parsed(client.get("/")).one(id="pinned")
    assert [title.text for title in page.all("h2")] == ["Pianos", "My notes"]
    assert page.at["hx-get"] == f"{PAGE}pinned/"
    page = parsed(client.get(f"{PAGE}pinned/"))
    first, second = page.one(id="pinned").all("ol")
    assert [link.text for link in first.all("a")][:3] == ["forty passengers and a piano", "Whose piano?", "New piano"]
    assert [link.text for link in second.all("a")] == ["Whose piano?"]
    assert "hx-get" not in page.one(id="pinned").at
    assert "Ben's" not in page.text


@pytest.mark.parametrize("address", ["/?unread=1", "/?place=later", "/?page=2"])
def test_only_the_inbox_itself_shows_what_is_pinned(client, ada, address):
    services.pin(keep(ada, "Pianos"), on=True)
    assert not parsed(client.get(address)).all(id="pinned")


def test_a_pinned_search_that_finds_nothing_says_so(client, ada):
    services.pin(keep(ada, "Zeppelins", "zeppelin"), on=True)
    assert "Nothing found at present." in parsed(client.get(f"{PAGE}pinned/")).text


def test_its_page_leads_feed_readers_to_the_feed_for_its_owner_only(client, signed_in, ada, ben):
    one = keep(ada, "Pianos")
    link = parsed(client.get("/search/", {"q": "piano"})).one("link", rel="alternate")
    assert link.at["type"] == "application/atom+xml"
    assert link.at["href"] == f"http://127.0.0.1:8000/feeds/{one.secret}/"
    assert "application/atom+xml" not in client.get("/search/", {"q": "organ"}).content.decode()
    assert "application/atom+xml" not in signed_in(ben).get("/search/", {"q": "piano"}).content.decode()


def test_the_copy_of_one_s_own_data_has_them_without_their_secrets(client, ada, ben):
    one = keep(ada, "Pianos")
    services.delete(keep(ada, "Gone"))
    keep(ben, "Ben's")
    text = b"".join(client.get("/accounts/data/").streaming_content).decode()
    assert [row["name"] for row in json.loads(text)["saved_searches"]] == ["Pianos", "Gone"]
    assert one.secret not in text
