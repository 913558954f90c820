"""How pages look: written into <html> by the server, kept with the account, or on a visitor's device."""

import re

import pytest

from newsreader.accounts.preferences import CHOICES, Preferences
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
PLACE = "/accounts/preferences/"


def html_tag(response):
    return re.search(r"<html[^>]*>", response.content.decode())[0]


def test_what_is_kept_is_read_back_and_nonsense_counts_as_not_chosen():
    chosen = Preferences(theme="sepia", size="5", justify="on")
    assert Preferences.read(chosen.kept) == chosen
    assert Preferences().kept == {}
    for nonsense in (None, [], "dark", {"theme": ["dark"]}, {"theme": '"><script>', "size": 9, "other": "x"}):
        assert Preferences.read(nonsense) == Preferences()
    assert set(CHOICES) == set(Preferences.__dataclass_fields__)


def test_a_reader_s_choice_is_in_the_first_answer_on_every_page_and_device(signed_in, ada, article):
    told = signed_in(ada).post(PLACE, {"theme": "dark", "size": "5", "justify": ["off", "on"]})
    assert told.status_code == 303
    ada.refresh_from_db()
    assert ada.kept_preferences == {"theme": "dark", "size": "5", "justify": "on"}
    for page in ("/", "/notebook/", "/accounts/", "/search/", article.get_absolute_url()):
        response = signed_in(ada).get(page)  # another device: it has no cookie
        assert 'data-size="5" data-theme="dark" data-justify="on"' in html_tag(response), page
        assert b'<meta name="color-scheme" content="dark">' in response.content
        assert response.content.count(b'name="theme-color" content="#16191f"') == 2


def test_a_visitor_s_device_remembers_and_error_pages_do_too(client, article):
    client.post(PLACE, {"theme": "sepia"})
    assert client.cookies["look"]["httponly"]
    for page in (article.get_absolute_url(), "/accounts/sign-in/", "/nothing/here/"):
        assert 'data-theme="sepia"' in html_tag(client.get(page)), page


def test_a_form_says_only_what_it_is_about_and_what_there_is_no_such_choice_of_is_refused(signed_in, ada):
    client = signed_in(ada)
    client.post(PLACE, {"theme": "dark"})
    client.post(PLACE, {"keys": "off"})
    assert 'data-theme="dark" data-keys="off"' in html_tag(client.get("/"))
    assert client.post(PLACE, {"theme": "pink"}).status_code == 422
    client.post(PLACE, {"reset": "typography", "theme": "light"})
    ada.refresh_from_db()
    assert ada.kept_preferences == {"keys": "off"}


def test_the_panel_gets_a_204_and_a_plain_form_goes_back_to_where_it_was(client, article):
    assert client.post(PLACE, {"font": "sans"}, headers={"HX-Request": "true"}).status_code == 204
    there = article.get_absolute_url()
    assert client.post(PLACE, {"font": "sans", "next": there})["Location"] == there
    assert client.post(PLACE, {"font": "sans", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_signing_in_brings_the_account_s_look_to_the_device(client, signed_in, ada):
    signed_in(ada).post(PLACE, {"theme": "dark"})
    client.post("/accounts/sign-in/", {"username": "ada", "password": PASSWORD})
    client.post("/accounts/sign-out/")
    assert 'data-theme="dark"' in html_tag(client.get("/accounts/sign-in/"))


@pytest.mark.parametrize(
    ("chosen", "asks", "spoken"),
    [("", "de-CH,en", "de"), ("", "fr", "en-gb"), ("", "en-US", "en-gb"), ("de", "en", "de"), ("en-gb", "de", "en-gb")],
)
def test_the_reader_s_language_wins_over_what_the_browser_asks_for(signed_in, ada, chosen, asks, spoken):
    client = signed_in(ada)
    told = client.post("/accounts/profile/", {"name": "Ada Lund", "language": chosen})
    assert told.status_code == 303
    response = client.get("/", headers={"Accept-Language": asks})
    assert f'<html lang="{spoken}" dir="ltr"' in html_tag(response)
    assert "Ada Lund" in response.content.decode()


def test_a_visitor_is_spoken_to_as_the_browser_says(client, db):
    assert 'lang="de"' in html_tag(client.get("/", headers={"Accept-Language": "de"}))
    assert 'lang="de"' in html_tag(client.get("/nothing/here/", headers={"Accept-Language": "de"}))


def test_a_language_that_there_is_not_is_refused_beside_its_field(signed_in, ada):
    response = signed_in(ada).post("/accounts/profile/", {"name": "", "language": "tlh"})
    assert response.status_code == 422
    assert b'id="id_language_error"' in response.content
