"""Accounts at the desk: what an administrator may do for people, what only the operator may do, and what nobody may."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from newsreader.accounts.models import User
from newsreader.accounts.roles import Role, has_rights, role_of
from newsreader.desk import curators
from newsreader.desk.models import Deed, Entry
from newsreader.search.saved import save
from tests.desk.pages import act, desk, form_of, told
from tests.factories import make_article, make_user, mark

LIST = "accounts_user_changelist"


@pytest.fixture
def admin(ines, signed_in):
    return signed_in(ines)


@pytest.fixture
def boss(operator, signed_in):
    return signed_in(operator)


def open_reader(client, user):
    return form_of(client.get(desk("accounts_user_change", user.pk)), "user_form")


def save_reader(client, user, sent):
    return client.post(desk("accounts_user_change", user.pk), sent, follow=True)


def link_in(page):
    return re.search(r'value="(http://testserver[^"]+)"', page.content.decode())[1]


def special_accounts():
    """With what only the operator gives."""
    chief, own, permitted = make_user("sue", is_superuser=True), make_user("gus"), make_user("pam")
    own.groups.add(Group.objects.create(name="Board"))
    permitted.user_permissions.add(Permission.objects.get(codename="view_article"))
    return [chief, own, permitted]


def test_an_administrator_adds_a_reader_without_a_password_and_comes_to_the_page_with_the_link(admin):
    page = admin.post(desk("accounts_user_add"), {"username": "dora", "email": "dora@example.org"}, follow=True)
    dora = User.objects.get(username="dora")
    assert not dora.has_usable_password()
    assert list(dora.groups.values_list("name", flat=True)) == ["Reader"]
    assert page.request["PATH_INFO"] == desk("accounts_user_change", dora.pk)
    assert desk("accounts_user_password_link", dora.pk) in page.content.decode()


def test_a_name_that_somebody_has_in_another_spelling_is_refused(admin, ada):
    page = admin.post(desk("accounts_user_add"), {"username": "ADA"})
    assert page.context["adminform"].form.errors["username"]


def test_to_a_curator_there_are_no_accounts(cleo, signed_in, ada):
    client = signed_in(cleo)
    pages = [
        client.get(desk(LIST)),
        client.get(desk("accounts_user_change", ada.pk)),
        client.get(desk("accounts_user_add")),
    ]
    pages += [client.get(desk("accounts_invitation_changelist")), client.get(desk("auth_group_changelist"))]
    pages += [client.post(desk(f"accounts_user_{what}", ada.pk)) for what in ("password_link", "let_out", "let_in")]
    assert {page.status_code for page in pages} == {404}
    assert not ada.password_links.exists()


def test_a_forged_form_of_an_administrators_grants_nothing_that_no_role_gives(admin, ada):
    sent = {
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "",
        "groups": [Group.objects.create(name="Board").pk, Group.objects.get(name="Administrator").pk],
        "user_permissions": [Permission.objects.first().pk],
        "password": "x",
    }
    before = ada.password
    admin.post(desk("accounts_user_add"), {"username": "dora", **sent})
    save_reader(admin, ada, {**open_reader(admin, ada), **sent, "first_name": "Augusta"})
    for user in User.objects.filter(username__in=["ada", "dora"]):
        assert not has_rights(user)
        assert user.is_active
    ada.refresh_from_db()
    assert (ada.first_name, ada.password) == ("Augusta", before)


# Roles


@pytest.mark.parametrize("role", [Role.CURATOR, Role.ADMINISTRATOR])
def test_an_administrator_says_who_is_what_the_journal_tells_it_and_it_is_taken_back(admin, ada, signed_in, role):
    save_reader(admin, ada, {**open_reader(admin, ada), "role": role})
    ada = User.objects.get(pk=ada.pk)
    assert (role_of(ada), ada.is_staff) == (role, True)
    [entry] = Entry.objects.all()
    assert (entry.deed, entry.about, entry.told) == (Deed.GRANTED, "ada", f"{role.label}, before: Reader.")
    assert signed_in(ada).get(desk("articles_article_changelist")).status_code == 200
    admin.post(desk("desk_entry_undo", entry.pk))
    ada = User.objects.get(pk=ada.pk)
    assert (role_of(ada), ada.is_staff, has_rights(ada)) == (Role.READER, False, False)


def test_a_member_of_the_group_of_readers_is_a_plain_reader(ada, ben):
    curators.appoint(ada, Role.READER)
    assert ada.groups.get().name == "Reader"
    assert (has_rights(ada), has_rights(ben)) == (False, False)
    assert (role_of(ada), role_of(ben)) == (Role.READER, Role.READER)


def test_who_was_a_curator_finds_no_desk_any_more(admin, cleo, signed_in):
    client = signed_in(cleo)
    save_reader(admin, cleo, {**open_reader(admin, cleo), "role": Role.READER})
    assert client.get(desk("index")).status_code == 404


def test_nobody_changes_their_own_role_so_that_an_administrator_stays(admin, ines):
    sent = open_reader(admin, ines)
    assert "role" not in sent
    save_reader(admin, ines, {**sent, "role": Role.READER})
    assert role_of(User.objects.get(pk=ines.pk)) == Role.ADMINISTRATOR
    assert "your own account" in told(admin.post(desk("accounts_user_let_out", ines.pk), follow=True))
    assert User.objects.get(pk=ines.pk).is_active


def test_an_administrator_touches_nobody_with_what_no_role_gives(admin, operator):
    for user in [operator, *special_accounts()]:
        save_reader(admin, user, {"username": "taken", "email": "x@example.org", "role": "Reader"})
        for what in ("password_link", "let_out", "let_in"):
            assert admin.post(desk(f"accounts_user_{what}", user.pk)).status_code == 404
        act(admin, LIST, "deactivate", user)
        user.refresh_from_db()
        assert user.is_active
        assert user.username != "taken"
        assert not user.password_links.exists()
        assert "password-link" not in admin.get(desk("accounts_user_change", user.pk)).content.decode()


def test_who_may_only_change_accounts_reaches_plain_readers_alone(cleo, ada, ines, signed_in):
    cleo.user_permissions.add(*Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client = signed_in(cleo)
    assert "role" not in open_reader(client, ada)
    save_reader(client, ada, {**open_reader(client, ada), "role": "Administrator", "first_name": "Augusta"})
    assert client.post(desk("accounts_user_let_out", ines.pk)).status_code == 404
    assert client.post(desk("accounts_user_password_link", ada.pk)).status_code == 404
    ada.refresh_from_db()
    assert (ada.first_name, has_rights(ada)) == ("Augusta", False)


def test_an_undo_reaches_no_further_than_its_presser(admin, boss, operator, ines):
    """What the operator did to accounts that only the operator touches, an administrator does not take back."""
    for user in special_accounts():
        boss.post(desk("accounts_user_let_out", user.pk))
    for entry in Entry.objects.filter(deed=Deed.DEACTIVATED):
        assert admin.post(desk("desk_entry_undo", entry.pk)).status_code == 404
        assert "Take this back" not in admin.get(desk("desk_entry_change", entry.pk)).content.decode()
    assert not Entry.objects.filter(deed=Deed.UNDONE).exists()


def test_the_operator_makes_a_curator_and_what_no_role_gives_stays(boss, ada, signed_in):
    board = Group.objects.create(name="Board")
    save_reader(boss, ada, {**open_reader(boss, ada), "role": "Curator", "groups": [board.pk]})
    assert set(ada.groups.values_list("name", flat=True)) == {"Board", "Curator"}
    save_reader(boss, ada, {**open_reader(boss, ada), "first_name": "Augusta"})
    assert set(ada.groups.values_list("name", flat=True)) == {"Board", "Curator"}
    assert [entry.deed for entry in Entry.objects.order_by("id")] == [Deed.GRANTED, Deed.EDITED]
    assert signed_in(ada).get(desk("articles_article_changelist")).status_code == 200


def test_the_last_operator_stays_and_one_of_two_may_go(boss, operator):
    alone = open_reader(boss, operator)
    del alone["is_superuser"]
    assert "last operator" in save_reader(boss, operator, alone).content.decode()
    make_user("second", is_superuser=True, is_staff=True)
    save_reader(boss, operator, alone)
    operator.refresh_from_db()
    assert (operator.is_superuser, operator.is_staff) == (False, False)
    assert Entry.objects.get().told == "Changed: Superuser status."


def test_groups_say_what_they_may_and_those_of_roles_keep_their_names(admin, boss):
    page = admin.get(desk("auth_group_changelist")).content.decode()
    assert "To a reader there is no desk" in page
    group = Group.objects.get(name="Curator")
    assert admin.post(desk("auth_group_change", group.pk), {"name": "x"}).status_code == 404
    assert boss.post(desk("auth_group_delete", group.pk), {"post": "yes"}).status_code == 404
    sent = form_of(boss.get(desk("auth_group_change", group.pk)), "group_form")
    boss.post(desk("auth_group_change", group.pk), {**sent, "name": "Other"})
    assert Group.objects.get(pk=group.pk).name == "Curator"


def test_the_list_says_who_is_what(admin, ada, cleo, operator):
    names = lambda role: {user.username for user in admin.get(desk(LIST), {"role": role}).context["cl"].result_list}  # noqa: E731
    assert [names(role) for role in ("operator", *Role)] == [{"operator"}, {"ada", "operator"}, {"cleo"}, {"ines"}]


# In and out


def test_deactivating_many_says_how_many_and_leaves_those_of_the_operator_alone(admin, ada, ben, operator):
    make_user("gone", is_active=False)
    said = told(
        act(admin, LIST, "deactivate", *User.objects.filter(username__in=["ada", "ben", "gone", "operator", "ines"]))
    )
    assert said == (
        "2 readers deactivated. 1 was so already. "
        "2 left alone: your own account; only the operator changes those with such rights."
    )
    assert set(User.objects.filter(is_active=True).values_list("username", flat=True)) == {"ines", "operator"}
    assert told(act(admin, LIST, "activate", ada)) == "1 reader activated."


def test_the_operator_does_not_deactivate_their_own_account_by_the_dozen(boss, operator, ada):
    said = told(act(boss, LIST, "deactivate", ada, operator))
    assert said == "1 reader deactivated. 1 left alone: your own account."


def test_a_deactivated_reader_is_out_everywhere_at_once_and_their_feed_is_gone_but_nothing_of_theirs(
    admin, ada, signed_in, client
):
    highlight = mark(make_article(), ada, "an hour late", note="Mine")
    feed = reverse("reading:feed", args=[save("ferry", reader=ada, name="Ferry").secret])
    here, there = signed_in(ada), signed_in(ada)
    assert client.get(feed).status_code == 200
    page = admin.post(desk("accounts_user_let_out", ada.pk), follow=True)
    assert told(page) == "1 reader deactivated."
    assert "signed out everywhere" in page.content.decode()
    for one in (here, there):
        assert one.get("/notebook/").status_code == 302
    assert client.get(feed).status_code == 404
    assert ada.highlights.get() == highlight
    admin.post(desk("accounts_user_let_in", ada.pk))
    assert client.get(feed).status_code == 200
    # What was ended stays so: the reader signs in again, and finds all of theirs.
    assert here.get("/notebook/").status_code == 302
    assert "Mine" in signed_in(User.objects.get(pk=ada.pk)).get("/notebook/").text


def test_from_its_page_an_account_is_let_out_with_a_way_back(admin, ada):
    page = admin.post(desk("accounts_user_let_out", ada.pk), follow=True)
    entry = Entry.objects.get()
    assert desk("desk_entry_undo", entry.pk) in page.content.decode()
    admin.post(desk("desk_entry_undo", entry.pk))
    ada.refresh_from_db()
    assert ada.is_active


def test_nobody_is_signed_out_by_the_update_that_counts_evictions(ada, signed_in):
    """Without any, the hash that a session is checked against is Django's own."""
    from django.contrib.auth.base_user import AbstractBaseUser

    assert ada.get_session_auth_hash() == AbstractBaseUser.get_session_auth_hash(ada)
    assert ada._get_session_auth_hash() == AbstractBaseUser._get_session_auth_hash(ada)
    ada.evictions = 1
    assert ada._get_session_auth_hash() != AbstractBaseUser._get_session_auth_hash(ada)


@pytest.mark.parametrize("who", ["ines", "operator"])
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


def test_a_link_is_shown_once_and_sets_a_password(admin, ada, client):
    page = admin.post(desk("accounts_user_password_link", ada.pk))
    link = re.search(r'value="(http://testserver[^"]+)"', page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    assert link not in admin.get(desk("accounts_user_change", ada.pk)).content.decode()
    assert link not in admin.get(desk("accounts_user_history", ada.pk)).content.decode()
    assert client.get(link).status_code == 200


def test_a_get_makes_no_link(admin, ada):
    assert admin.get(desk("accounts_user_password_link", ada.pk)).status_code == 405
    assert not ada.password_links.exists()


def test_a_missing_reader_is_the_same_404_as_one_with_rights(admin, operator):
    answers = [admin.post(desk("accounts_user_password_link", pk)) for pk in (operator.pk, 987654)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_who_is_deactivated_gets_no_link(admin, ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    page = admin.post(desk("accounts_user_password_link", ada.pk), follow=True)
    assert "Activate the account first" in told(page)
    assert not ada.password_links.exists()
