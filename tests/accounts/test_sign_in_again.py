"""The session ended while somebody was writing: the dialog, and what the page's JavaScript gets from it."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD

HTMX = {"HX-Request": "true"}
SIGN_IN, AGAIN = "/accounts/sign-in/", "/accounts/sign-in/again/"


@pytest.fixture
def strict():
    """A client that has to send the token, as browsers do."""
    return Client(enforce_csrf_checks=True)


def token_in(text):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]


def sign_in(client, username, before, password=PASSWORD, **more):
    form = client.get(AGAIN, {"reader": before.pk, "username": before.username}, headers=HTMX)
    fields = {
        "username": username,
        "password": password,
        "reader": before.pk,
        "csrfmiddlewaretoken": token_in(form.text),
    }
    return client.post(SIGN_IN, fields, headers=HTMX, **more)


def test_htmx_is_told_with_a_401_and_not_with_a_page(client, db):
    response = client.get("/accounts/", headers=HTMX)
    assert (response.status_code, response["Content-Type"]) == (401, "text/plain")


def test_the_dialog_gets_a_form_with_the_name_filled_in(client, ada):
    form = client.get(AGAIN, {"reader": ada.pk, "username": "ada"}, headers=HTMX).text
    assert form.lstrip().startswith("<form")
    assert 'value="ada"' in form
    assert f'name="reader" value="{ada.pk}"' in form
    assert "<html" not in form


def test_the_answer_carries_a_token_that_works_and_who_it_is(strict, ada):
    response = sign_in(strict, "ada", ada)
    assert response.status_code == 200
    signed_in = re.search(r'<div id="signed-in" data-csrf="(\w+)" data-reader="(\d+)">', response.text)
    assert signed_in[2] == str(ada.pk)
    assert "Reload the page" not in response.text
    sent = strict.post("/accounts/sign-out/", headers={"X-CSRFToken": signed_in[1]})
    assert sent.status_code == 303


def test_the_token_from_before_no_longer_works(strict, ada):
    stale = token_in(strict.get(SIGN_IN).text)
    sign_in(strict, "ada", ada)
    assert strict.post("/accounts/sign-out/", headers={"X-CSRFToken": stale}).status_code == 403


def test_another_account_is_told_to_reload(strict, ada, ben):
    response = sign_in(strict, "ben", ada)
    assert f'data-reader="{ben.pk}"' in response.text
    assert "You are signed in as Ben now. Reload the page to go on." in response.text


def test_a_wrong_password_brings_the_form_back_and_the_sentence(strict, ada):
    response = sign_in(strict, "ada", ada, password="wrong")
    assert response.status_code == 422
    assert response.text.lstrip().startswith("<form")
    assert 'role="alert"' in response.text
    assert f'name="reader" value="{ada.pk}"' in response.text


def test_too_many_attempts_bring_the_form_back_too(strict, ada):
    for _ in range(5):
        sign_in(strict, "ada", ada, password="wrong")
    response = sign_in(strict, "ada", ada)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "There were too many attempts. Wait 15 minutes" in response.text
    assert response.text.lstrip().startswith("<form")


def test_a_sign_in_in_another_window_is_noticed(client, ada):
    client.force_login(ada)
    response = client.get(AGAIN, {"reader": ada.pk}, headers=HTMX)
    assert f'data-reader="{ada.pk}"' in response.text
    assert "Reload" not in response.text


def test_every_page_of_a_reader_holds_the_dialog_and_no_password_field(client, ada):
    client.force_login(ada)
    page = client.get(SIGN_IN).text
    assert '<dialog class="dialog" id="sign-in-again" aria-labelledby="sign-in-again-title">' in page
    assert page.count('type="password"') == 1  # the page's own


def test_a_visitor_gets_no_dialog(client, db):
    assert "sign-in-again" not in client.get(SIGN_IN).text
