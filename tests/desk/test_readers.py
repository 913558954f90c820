"""Readers and rights: what a curator may do for readers, and what only the operator may do."""

import re

import pytest
from django.contrib.auth.models import Group, Permission

from newsreader.accounts.models import User
from newsreader.desk.readers import privileged
from tests.desk.pages import act, desk, form_of, told
from tests.factories import make_user

LIST = "accounts_user_changelist"
FORBIDDEN = ("is_staff", "is_superuser", "groups", "user_permissions", "password")


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.fixture
def boss(operator, signed_in):
    return signed_in(operator)


def open_reader(client, user):
    return form_of(client.get(desk("accounts_user_change", user.pk)), "user_form")


def save_reader(client, user, sent):
    return client.post(desk("accounts_user_change", user.pk), sent, follow=True)


def test_a_curator_adds_a_reader_without_a_password_and_comes_to_the_page_with_the_link(curator):
    page = curator.post(desk("accounts_user_add"), {"username": "dora", "email": "dora@example.org"}, follow=True)
    dora = User.objects.get(username="dora")
    assert not dora.has_usable_password()
    assert page.request["PATH_INFO"] == desk("accounts_user_change", dora.pk)
    assert desk("accounts_user_password_link", dora.pk) in page.content.decode()


def test_a_name_that_somebody_has_in_another_spelling_is_refused(curator, ada):
    page = curator.post(desk("accounts_user_add"), {"username": "ADA"})
    assert page.context["adminform"].form.errors["username"]


def test_a_forged_form_of_a_curators_grants_nothing(curator, ada):
    sent = {
        "is_staff": "on",
        "is_superuser": "on",
        "groups": [Group.objects.get().pk],
        "user_permissions": [Permission.objects.first().pk],
        "password": "x",
    }
    before = ada.password
    curator.post(desk("accounts_user_add"), {"username": "dora", **sent})
    save_reader(curator, ada, {**open_reader(curator, ada), **sent, "first_name": "Augusta"})
    for user in User.objects.filter(username__in=["ada", "dora"]):
        assert not privileged(user)
    ada.refresh_from_db()
    assert (ada.first_name, ada.password) == ("Augusta", before)


def test_a_curator_is_not_shown_what_grants_rights(curator, ada):
    assert not set(FORBIDDEN) & set(open_reader(curator, ada))


def equal_in_rights():
    """Everybody who may more than read, in each of the four ways."""
    by_group, by_permission = make_user("gil"), make_user("pia")
    by_group.groups.add(Group.objects.get(name="Curator"))
    by_permission.user_permissions.add(Permission.objects.get(codename="view_article"))
    return [make_user("max", is_staff=True), make_user("sue", is_superuser=True), by_group, by_permission]


def test_a_curator_changes_nobody_who_has_rights(curator, cleo, operator):
    for user in [cleo, operator, *equal_in_rights()]:
        save_reader(curator, user, {"username": "taken", "email": "cleo@example.org", "is_active": ""})
        assert curator.post(desk("accounts_user_password_link", user.pk)).status_code == 404
        act(curator, LIST, "deactivate", user)
        user.refresh_from_db()
        assert user.is_active
        assert user.username != "taken"
        assert not user.password_links.exists()
        assert "password-link" not in curator.get(desk("accounts_user_change", user.pk)).content.decode()


def test_the_operator_makes_a_curator(boss, ada, signed_in):
    sent = open_reader(boss, ada) | {"is_staff": "on", "groups": [Group.objects.get(name="Curator").pk]}
    save_reader(boss, ada, sent)
    assert signed_in(ada).get(desk("articles_article_changelist")).status_code == 200


def test_the_last_operator_stays_and_one_of_two_may_go(boss, operator):
    alone = open_reader(boss, operator)
    del alone["is_superuser"]
    assert "last operator" in save_reader(boss, operator, alone).content.decode()
    make_user("second", is_superuser=True, is_staff=True)
    save_reader(boss, operator, alone)
    operator.refresh_from_db()
    assert not operator.is_superuser


def test_deactivating_many_says_how_many_and_leaves_those_with_rights_alone(curator, ada, ben, operator):
    make_user("gone", is_active=False)
    said = told(act(curator, LIST, "deactivate", *User.objects.filter(username__in=["ada", "ben", "gone", "operator"])))
    assert said == "2 readers deactivated. 1 was so already. 1 left alone: only the operator changes those with rights."
    assert set(User.objects.filter(is_active=True).values_list("username", flat=True)) == {"cleo", "operator"}
    assert told(act(curator, LIST, "activate", ada)) == "1 reader activated."


def test_the_operator_does_not_deactivate_their_own_account_by_the_dozen(boss, operator, ada):
    said = told(act(boss, LIST, "deactivate", ada, operator))
    assert said == "1 reader deactivated. 1 left alone: your own account."


def test_a_deactivated_reader_is_out_at_once(curator, ada, signed_in):
    client = signed_in(ada)
    sent = open_reader(curator, ada)
    del sent["is_active"]
    save_reader(curator, ada, sent)
    assert not client.get(desk("index")).wsgi_request.user.is_authenticated


@pytest.mark.parametrize("who", ["cleo", "operator"])
def test_nobody_deletes_a_reader_or_sets_a_password_for_one(request, signed_in, ada, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.post(desk("accounts_user_delete", ada.pk), {"post": "yes"}).status_code == 404
    act(client, LIST, "delete_selected", ada, post="yes")
    assert User.objects.filter(pk=ada.pk).exists()
    assert client.get(desk("accounts_user_change", ada.pk) + "../password/", follow=True).status_code == 404
    assert "password" not in open_reader(client, ada)


@pytest.mark.parametrize(
    "asked", ["password__startswith=a", "password_links__digest__contains=a", "highlights__note__contains=x", "tags=1"]
)
def test_no_address_can_be_used_to_guess_passwords_or_notes(boss, ada, asked):
    assert boss.get(f"{desk(LIST)}?{asked}").status_code == 400


# The link to set a password


def test_a_link_is_shown_once_and_sets_a_password(curator, ada, client):
    page = curator.post(desk("accounts_user_password_link", ada.pk))
    link = re.search(r'value="(http://testserver[^"]+)"', page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    assert link not in curator.get(desk("accounts_user_change", ada.pk)).content.decode()
    assert link not in curator.get(desk("accounts_user_history", ada.pk)).content.decode()
    assert client.get(link).status_code == 200


def test_a_get_makes_no_link(curator, ada):
    assert curator.get(desk("accounts_user_password_link", ada.pk)).status_code == 405
    assert not ada.password_links.exists()


def test_a_missing_reader_is_the_same_404_as_one_with_rights(curator, operator):
    answers = [curator.post(desk("accounts_user_password_link", pk)) for pk in (operator.pk, 987654)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_who_is_deactivated_gets_no_link(curator, ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    page = curator.post(desk("accounts_user_password_link", ada.pk), follow=True)
    assert "Activate the account first" in told(page)
    assert not ada.password_links.exists()
