"""Getting in and out."""

import re

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from django.urls import reverse

from newsreader import settings as ours
from newsreader.accounts.models import User
from tests.factories import PASSWORD, make_user

SIGN_IN = "/accounts/sign-in/"


def post(client, username="ada", password=PASSWORD, **more):
    headers = more.pop("headers", None)
    return client.post(SIGN_IN, {"username": username, "password": password, **more}, headers=headers)


def test_ada_signs_in_and_is_sent_to_the_library(client, ada):
    response = post(client)
    assert (response.status_code, response["Location"]) == (303, reverse("reading:library"))
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_ada_is_sent_to_the_page_that_she_wanted(client, ada):
    assert post(client, next="/notebook/?tag=sea")["Location"] == "/notebook/?tag=sea"


def test_a_page_that_asks_for_an_account_comes_back_after_signing_in(client, ada):
    page = client.get(client.get("/accounts/?x=1")["Location"])
    assert 'name="next" value="/accounts/?x=1"' in page.text


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "http:///evil.example",
        "\x00",
    ],
)
def test_nobody_is_sent_to_another_site(client, ada, wanted):
    page = client.get(SIGN_IN, {"next": wanted})
    assert 'name="next"' not in page.text
    assert post(client, next=wanted)["Location"] == reverse("reading:library")


@pytest.mark.parametrize(("username", "password"), [("ada", "wrong"), ("nobody", "wrong"), ("nobody", PASSWORD)])
def test_a_refusal_does_not_say_which_part_was_wrong(client, ada, username, password):
    response = post(client, username, password)
    assert response.status_code == 422
    sentence = "The username and the password don’t belong together. Check both and try again."
    assert response.text.count(sentence) == 1
    assert "_auth_user_id" not in client.session


def test_a_refusal_is_tied_to_both_fields(client, ada):
    page = post(client, password="wrong").text
    assert 'id="id_sentence" role="alert"' in page
    for field in ("username", "password"):
        tag = re.search(rf'<input[^>]*name="{field}"[^>]*>', page)[0]
        assert 'aria-invalid="true"' in tag
        assert 'aria-describedby="id_sentence"' in tag


def test_an_empty_form_is_refused_in_words(client, ada):
    response = post(client, "", "")
    assert response.status_code == 422
    assert "Enter your username and your password." in response.text


def test_fields_say_what_a_password_manager_may_fill_in(client, db):
    page = client.get(SIGN_IN).text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'autocapitalize="none"' in page


def test_a_password_is_never_sent_back(client, ada):
    assert "wrong-secret" not in post(client, password="wrong-secret").text


def test_an_account_that_was_switched_off_stays_outside(client, ada):
    User.objects.update(is_active=False)
    assert post(client).status_code == 422


@pytest.mark.parametrize("spelling", ["ADA", "Ada", "ａｄａ"])
def test_a_name_signs_in_in_any_spelling(client, ada, spelling):
    assert post(client, spelling).status_code == 303


def test_letters_beyond_ascii_have_no_case_either(client, db):
    make_user("Ærlig")
    assert post(client, "ærlig").status_code == 303


def test_the_session_ends_with_the_browser_unless_ada_stays_signed_in(client, ada):
    assert post(client).cookies["sessionid"]["max-age"] == ""
    assert post(client, remember="on").cookies["sessionid"]["max-age"] == 60 * 60 * 24 * 90


def test_the_session_gets_a_new_key(client, ada):
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    post(client)
    assert client.session.session_key != planted
    assert not client.session.exists(planted)


def test_nothing_of_adas_session_is_left_when_ben_signs_in(client, ada, ben):
    post(client)
    session = client.session
    session["hers"] = 1
    session.save()
    post(client, "ben")
    assert "hers" not in client.session


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(client, ada):
    cookies = post(client).cookies
    assert set(cookies) >= {"sessionid", "device"}
    for name in ("sessionid", "device"):
        assert cookies[name]["httponly"]
        assert cookies[name]["samesite"] == "Lax"
        assert not cookies[name]["secure"]


def test_cookies_only_travel_over_https_where_the_library_does(client, ada, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    cookies = client.post(SIGN_IN, {"username": "ada", "password": PASSWORD}, secure=True).cookies
    assert all(cookies[name]["secure"] for name in ("sessionid", "device", "csrftoken"))


def test_signing_in_needs_the_forms_token(ada):
    assert post(Client(enforce_csrf_checks=True)).status_code == 403


def test_no_cache_keeps_the_page(client, db):
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]


def test_passwords_are_hashed_with_argon2(db, settings):
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    user = make_user("dora")
    assert identify_hasher(user.password).algorithm == "argon2"
    assert user.password.startswith("argon2$argon2id$")
    assert PASSWORD not in user.password


def test_the_admins_own_page_does_not_sign_anybody_in(client, operator):
    response = client.post("/desk/login/?next=/desk/", {"username": "operator", "password": PASSWORD})
    assert response["Location"] == f"{SIGN_IN}?next=/desk/"
    assert "_auth_user_id" not in client.session


def test_who_is_signed_in_already_is_told_so_and_not_sent_round_in_circles(client, ada):
    client.force_login(ada)
    page = client.get(SIGN_IN, {"next": "/desk/"})
    assert page.status_code == 200
    assert "You are signed in as Ada." in page.text


def test_ada_signs_out_with_a_post_only(client, ada):
    client.force_login(ada)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.session["_auth_user_id"]
    assert client.post("/accounts/sign-out/").status_code == 303
    assert "_auth_user_id" not in client.session


def test_signing_out_twice_is_no_error(client, db):
    assert client.post("/accounts/sign-out/")["Location"] == reverse("reading:library")


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, db):
    response = client.post("/accounts/", headers={"Referer": "http://testserver/articles/a/?p=2"})
    assert response["Location"] == f"{SIGN_IN}?next=/articles/a/%3Fp%3D2"
    elsewhere = client.post("/accounts/", headers={"Referer": "http://evil.example/a"})
    assert elsewhere["Location"] == f"{SIGN_IN}?next=/"


@pytest.mark.parametrize("name", ["ADA", "ａｄａ", "Ada"])
def test_two_names_never_differ_by_their_spelling_only(ada, name):
    from django.core.exceptions import ValidationError
    from django.db import IntegrityError

    with pytest.raises(ValidationError, match="Somebody here has that name"):
        User(username=name, password="x").full_clean()
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(username=name)])
