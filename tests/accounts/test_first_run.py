"""The first account, and who can make it."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from newsreader.accounts import services
from newsreader.accounts.models import Attempt, Claim, User

PASSWORD = "correct horse staple"
BASE = "http://127.0.0.1:8000"


def printed():
    out = StringIO()
    call_command("claim_link", base=BASE, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def link(db):
    return printed().removeprefix(BASE)


def claim(client, link, username="olga", password=PASSWORD):
    return client.post(link, {"username": username, "password": password})


def test_the_command_prints_one_whole_link(db):
    assert printed().startswith(f"{BASE}/accounts/claim/")
    assert "\n" not in printed()


def test_who_opens_the_link_owns_the_library_and_is_signed_in(client, link):
    page = client.get(link)
    assert page.status_code == 200
    assert 'autocomplete="new-password"' in page.text
    assert claim(client, link)["Location"] == reverse("reading:library")
    owner = User.objects.get()
    assert (owner.username, owner.is_superuser, owner.is_staff) == ("olga", True, True)
    assert owner.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_opening_the_link_changes_nothing(client, link):
    client.get(link)
    client.head(link)
    assert not User.objects.exists()
    assert claim(client, link).status_code == 303


def test_the_link_is_dead_afterwards_and_looks_like_any_wrong_one(client, link):
    claim(client, link)
    wrong = Client().get("/accounts/claim/wrong/")
    for dead in (Client().get(link), claim(Client(), link, "mallory")):
        assert dead.status_code == 404
        assert dead.text == wrong.text
    assert User.objects.count() == 1


@pytest.mark.parametrize("key", ["wrong", "%00", "é", "0" * 500])
def test_without_the_key_nobody_can_claim_it(client, link, key):
    assert claim(client, f"/accounts/claim/{key}/").status_code == 404
    assert not User.objects.exists()


def test_the_key_is_not_in_the_database_in_clear(link):
    key = link.split("/")[-2]
    assert len(key) >= 43
    assert key not in str(list(Claim.objects.values()))


def test_a_newer_link_ends_the_older_one(client, link):
    newer = printed().removeprefix(BASE)
    assert client.get(link).status_code == 404
    assert client.get(newer).status_code == 200


def test_an_account_made_in_the_terminal_kills_the_link(client, link, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="root", email="r@example.org", interactive=False, verbosity=0)
    assert client.get(link).status_code == 404
    assert claim(client, link).status_code == 404
    assert printed() == ""
    assert not Claim.objects.exists()


def test_a_weak_password_is_refused_beside_its_field_and_the_link_lives_on(client, link):
    response = claim(client, link, password="12345678")
    assert response.status_code == 422
    assert 'id="id_password_error"' in response.text
    assert 'aria-describedby="id_password_helptext id_password_error"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert not User.objects.exists()
    assert claim(client, link).status_code == 303


def test_a_password_like_the_name_is_refused(client, link):
    assert claim(client, link, "olgapetrovna", "olgapetrovna1").status_code == 422


def test_wrong_keys_get_a_429_in_the_end_and_the_right_one_still_works(client, link):
    answers = [claim(client, "/accounts/claim/wrong/").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
    waiting = client.get("/accounts/claim/wrong/")
    assert waiting.status_code == 429
    assert int(waiting["Retry-After"]) > 0
    assert "There were too many attempts. Wait 15 minutes, then try again." in waiting.text
    assert claim(client, link).status_code == 303


def test_a_get_counts_nothing(client, link):
    client.get("/accounts/claim/wrong/")
    assert not Attempt.objects.exists()


def test_the_last_look_at_the_key_is_taken_while_it_is_used(link, operator):
    key = link.split("/")[-2]
    with pytest.raises(services.Gone):  # an account came first
        services.claim(User(username="olga"), key)
    User.objects.all().delete()
    with pytest.raises(services.Gone):  # another key came first
        services.claim(User(username="olga"), "wrong")
    assert services.claim(User(username="olga"), key).is_superuser


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_wins():
    link = printed().removeprefix(BASE)

    def one(n):
        try:
            return claim(Client(), link, f"olga{n}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(one, range(6)))
    assert answers == [303] + [404] * 5
    assert User.objects.count() == 1


def test_nobody_signs_up_before_there_is_an_owner(client, link, settings):
    settings.SIGNUP = True
    assert client.post("/accounts/sign-up/", {"username": "eve", "password": PASSWORD}).status_code == 404
    assert claim(client, link).status_code == 303
