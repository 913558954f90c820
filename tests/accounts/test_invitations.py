"""Invitations: a link makes one account, once, until a day, as long as whoever made it may invite."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.test import Client

from newsreader.accounts.invitations import KEPT, accept, invite, renew, withdraw
from newsreader.accounts.models import Invitation, User
from newsreader.accounts.roles import Role, role_of
from newsreader.accounts.services import Gone

MINE = {"username": "dora", "password": "a pencil will do as well"}


def address(key):
    return f"/accounts/invitation/{key}/"


def test_dora_opens_the_link_chooses_a_name_and_a_password_and_is_in(client, ines):
    made, key = invite(by=ines, name="Dora from the sports desk", email="dora@example.org")
    assert "<b>Ines</b> invites you" in client.get(address(key)).text
    assert client.post(address(key), MINE)["Location"] == "/"
    dora = User.objects.get(username="dora")
    assert client.session["_auth_user_id"] == str(dora.pk)
    assert (dora.email, dora.is_staff, role_of(dora)) == ("dora@example.org", False, Role.READER)
    made.refresh_from_db()
    assert made.account == dora
    assert made.used is not None


def test_who_is_invited_as_a_curator_is_one_and_is_told_before(client, ines):
    _made, key = invite(by=ines, role=Role.CURATOR)
    assert "As a curator you also decide" in client.get(address(key)).text
    client.post(address(key), MINE)
    dora = User.objects.get(username="dora")
    assert role_of(dora) == Role.CURATOR
    assert dora.has_perm("articles.change_article")
    assert client.get("/desk/").status_code == 200


def test_nobody_becomes_more_by_adding_fields(client, ines):
    client.post(address(invite(by=ines)[1]), {**MINE, "role": "Administrator", "is_staff": "on", "is_superuser": "on"})
    dora = User.objects.get(username="dora")
    assert (dora.is_staff, dora.is_superuser, role_of(dora)) == (False, False, Role.READER)


def test_used_withdrawn_replaced_late_and_wrong_links_are_one_page_that_says_what_to_do(ines, settings):
    settings.INVITATION_DAYS = 3
    used, gone, replaced, late, of_a_stranger = (invite(by=ines) for _ in range(5))
    accept(used[1], User(username="dora"))
    withdraw(gone[0])
    renew(replaced[0], by=ines)
    Invitation.objects.filter(pk=late[0].pk).update(until=F("until") - timedelta(days=3))
    Invitation.objects.filter(pk=of_a_stranger[0].pk).update(by=None)
    keys = [key for _made, key in (used, gone, replaced, late, of_a_stranger)] + ["wrong", "ü" * 200]
    for method in ("get", "post"):
        pages = [getattr(Client(), method)(address(key)) for key in keys]
        assert {page.status_code for page in pages} == {404}
        assert len({page.content for page in pages}) == 1
        assert "ask whoever gave it to you for a new one" in pages[0].text


def test_a_renewed_invitation_works_by_its_new_link_also_when_it_was_too_old(client, ines):
    made, _old = invite(by=ines)
    Invitation.objects.update(until=F("until") - timedelta(days=30))
    assert client.post(address(renew(made, by=ines)), MINE).status_code == 303


def test_it_lasts_as_many_days_as_the_instance_says(client, ines, settings):
    settings.INVITATION_DAYS = 3
    key = invite(by=ines)[1]
    Invitation.objects.update(until=F("until") - timedelta(days=3) + timedelta(minutes=1))
    assert client.get(address(key)).status_code == 200
    Invitation.objects.update(until=F("until") - timedelta(minutes=2))
    assert client.get(address(key)).status_code == 404


def test_a_name_that_is_taken_or_a_weak_password_leaves_the_link_as_it_was(client, ines, ada):
    key = invite(by=ines)[1]
    assert client.post(address(key), {**MINE, "username": "ADA"}).status_code == 422
    assert client.post(address(key), {**MINE, "password": "dora"}).status_code == 422
    assert client.post(address(key), MINE).status_code == 303


def test_an_invitation_dies_with_the_right_of_whoever_made_it(client, ines):
    keys = [invite(by=ines, role=role)[1] for role in Role]
    User.objects.filter(pk=ines.pk).update(is_active=False)
    assert [client.get(address(key)).status_code for key in keys] == [404] * 3


@pytest.mark.parametrize("role", Role)
def test_readers_and_curators_invite_nobody(ada, cleo, role):
    for by in (ada, cleo):
        with pytest.raises(PermissionDenied):
            invite(by=by, role=role)
    assert not Invitation.objects.exists()


def test_the_key_is_not_in_the_database(ines):
    made, key = invite(by=ines)
    assert len(key) >= 43
    assert key not in str(list(Invitation.objects.values()))
    assert made.digest not in key


def test_what_was_used_can_be_neither_renewed_nor_withdrawn_nor_used_again(ines):
    made, key = invite(by=ines)
    accept(key, User(username="dora"))
    for again in (lambda: renew(made, by=ines), lambda: withdraw(made), lambda: accept(key, User(username="eve"))):
        with pytest.raises(Gone):
            again()
    assert not User.objects.filter(username="eve").exists()


def test_wrong_links_get_a_429_in_the_end_and_a_right_one_still_opens(client, ines):
    answers = [client.post(address("wrong")).status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
    assert client.get(address(invite(by=ines)[1])).status_code == 200


def test_looking_at_the_link_uses_nothing_up(client, ines):
    """A messenger that shows previews opens it before anybody does."""
    key = invite(by=ines)[1]
    assert [client.get(address(key)).status_code for _ in range(3)] == [200] * 3
    assert not User.objects.filter(username="dora").exists()


def test_no_cache_keeps_the_page_and_who_is_signed_in_is_told_that_it_makes_another_account(ines, ada, signed_in):
    page = signed_in(ada).get(address(invite(by=ines)[1]))
    assert "no-store" in page["Cache-Control"]
    assert "You are signed in as ada. This makes another account." in page.text


def test_old_invitations_and_the_names_in_them_are_forgotten(ines):
    invite(by=ines, name="Long ago")
    Invitation.objects.update(until=F("until") - KEPT - timedelta(days=30))
    invite(by=ines, name="Now")
    assert [one.name for one in Invitation.objects.all()] == ["Now"]


def test_the_account_of_whoever_was_invited_may_go_and_the_invitation_stays(ines):
    made, key = invite(by=ines)
    accept(key, User(username="dora")).delete()
    made.refresh_from_db()
    assert (made.account, made.used is None) == (None, False)
