"""Links that set a password, accounts that people make themselves, and changing one's own password."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.test import Client
from django.utils import timezone

from newsreader.accounts.models import PasswordLink, User
from newsreader.accounts.services import password_link
from tests.factories import PASSWORD, make_user

NEW = "a pencil will do as well"
CHANGED = {"current": PASSWORD, "password": NEW}


def use(client, key, password=NEW):
    return client.post(f"/accounts/password/{key}/", {"password": password})


def knows(user, password):
    user.refresh_from_db()
    return user.check_password(password)


def test_ada_sets_a_password_with_the_link_that_ines_gave_her(client, ada, ines):
    key = password_link(ada, by=ines)
    assert "For the account <b>ada</b>" in client.get(f"/accounts/password/{key}/").text
    assert use(client, key).status_code == 303
    assert knows(ada, NEW)
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_the_link_works_once(client, ada, ines):
    key = password_link(ada, by=ines)
    use(client, key)
    again = use(Client(), key, "mallory was here too")
    assert again.status_code == 404
    assert again.text == use(Client(), "wrong").text
    assert knows(ada, NEW)


def test_the_link_lasts_seven_days(client, ada, ines):
    key = password_link(ada, by=ines)
    PasswordLink.objects.update(made=F("made") - timedelta(days=6, hours=23, minutes=59))
    assert client.get(f"/accounts/password/{key}/").status_code == 200
    PasswordLink.objects.update(made=F("made") - timedelta(minutes=2))
    assert client.get(f"/accounts/password/{key}/").status_code == 404
    assert use(client, key).status_code == 404


def test_a_newer_link_ends_the_older_one(client, ada, ines):
    older, newer = password_link(ada, by=ines), password_link(ada, by=ines)
    assert use(client, older).status_code == 404
    assert use(client, newer).status_code == 303


def test_using_it_ends_every_session_of_that_reader_only(ada, ben, ines, signed_in):
    hers, his = signed_in(ada), signed_in(ben)
    use(Client(), password_link(ada, by=ines))
    assert hers.get("/accounts/").status_code == 302
    assert his.get("/accounts/").status_code == 200


def test_the_key_is_not_in_the_database_in_clear(ada, ines):
    key = password_link(ada, by=ines)
    assert len(key) >= 43
    assert key not in str(list(PasswordLink.objects.values()))


def test_a_weak_password_is_refused_and_the_link_lives_on(client, ada, ines):
    key = password_link(ada, by=ines)
    assert use(client, key, "ada").status_code == 422
    assert knows(ada, PASSWORD)
    assert use(client, key).status_code == 303


def test_an_administrator_makes_no_way_into_more_rights_than_their_own(ines, operator):
    trusted, grouped = make_user("theo"), make_user("gus")
    trusted.user_permissions.add(Permission.objects.get(codename="change_article"))
    grouped.groups.add(Group.objects.create(name="Board"))
    for target in (operator, trusted, grouped):
        with pytest.raises(PermissionDenied):
            password_link(target, by=ines)
    assert not PasswordLink.objects.exists()


def test_curators_and_readers_make_no_way_into_any_account(ada, ben, cleo):
    for by in (ada, ben, cleo):
        with pytest.raises(PermissionDenied):
            password_link(ben, by=by)
    assert not PasswordLink.objects.exists()


def test_who_may_only_change_accounts_makes_links_into_those_that_nobody_has_used(ada, cleo):
    cleo.user_permissions.add(Permission.objects.get(codename="change_user"))
    fresh = User.objects.create_user("dora")
    assert password_link(fresh, by=cleo)
    with pytest.raises(PermissionDenied):
        password_link(ada, by=cleo)
    User.objects.filter(pk=fresh.pk).update(last_login=timezone.now())
    fresh.refresh_from_db()
    with pytest.raises(PermissionDenied):
        password_link(fresh, by=cleo)


def test_the_operator_makes_links_for_everybody(client, ines, operator):
    assert use(client, password_link(ines, by=operator)).status_code == 303


def test_an_administrators_link_dies_when_its_reader_becomes_an_operator(client, ada, ines):
    key = password_link(ada, by=ines)
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    assert use(client, key).status_code == 404
    assert knows(ada, PASSWORD)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_an_administrators_links_die_with_their_place(client, ada, ines, change):
    key = password_link(ada, by=ines)
    User.objects.filter(pk=ines.pk).update(**change)
    assert use(client, key).status_code == 404


def test_an_administrators_links_die_when_they_leave_the_group(client, ada, ines):
    key = password_link(ada, by=ines)
    ines.groups.clear()
    assert use(client, key).status_code == 404


def test_an_account_that_was_switched_off_is_not_opened_by_a_link(client, ada, ines):
    key = password_link(ada, by=ines)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert use(client, key).status_code == 404


def test_a_link_that_opens_nothing_says_what_to_do_whatever_is_the_matter(ada, ines):
    replaced, old = password_link(ada, by=ines), password_link(ada, by=ines)
    PasswordLink.objects.update(made=F("made") - timedelta(days=8))
    pages = [Client().get(f"/accounts/password/{key}/") for key in (replaced, old, "wrong", "x" * 300)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert "ask whoever gave it to you for a new one" in pages[0].text


# Readers are told of links into their accounts


def sign_in(client, user, password=PASSWORD):
    return client.post("/accounts/sign-in/", {"username": user.username, "password": password}, follow=True)


def test_ada_is_told_once_when_she_next_signs_in_and_her_account_keeps_it(client, ada, ines):
    password_link(ada, by=ines)
    assert "A link to set your password was made by Ines" in sign_in(client, ada).text
    client.post("/accounts/sign-out/")
    assert "A link to set your password" not in sign_in(client, ada).text
    page = client.get("/accounts/").text
    assert "Made by Ines on" in page
    assert "never used" in page


def test_who_comes_in_by_the_link_does_not_use_up_what_ada_is_told(client, ada, ines):
    """It may be ines who opened it: ada hears of it when she next signs in by a password."""
    key = password_link(ada, by=ines)
    assert (
        "A link to set your password"
        not in Client().post(f"/accounts/password/{key}/", {"password": NEW}, follow=True).text
    )
    page = sign_in(client, ada, NEW).text
    assert "was made by Ines" in page
    assert "used on" in client.get("/accounts/").text


def test_who_was_just_added_is_told_of_no_link(client, ines):
    dora = User.objects.create_user("dora")
    use(client, password_link(dora, by=ines))
    assert "Links into your account" not in client.get("/accounts/").text
    assert not dora.links_made.exists()


def test_wrong_keys_get_a_429_in_the_end_and_the_right_one_still_works(client, ada, ines):
    assert [use(client, "wrong").status_code for _ in range(31)] == [404] * 30 + [429]
    assert use(client, password_link(ada, by=ines)).status_code == 303


def test_ada_changes_her_password_and_stays_signed_in_here_only(ada, signed_in):
    here, elsewhere = signed_in(ada), signed_in(ada)
    before = here.session.session_key
    assert here.post("/accounts/", CHANGED)["Location"] == "/accounts/"
    assert knows(ada, NEW)
    assert "Password changed." in here.get("/accounts/").text
    assert here.session.session_key != before
    assert elsewhere.get("/accounts/").status_code == 302


def test_changing_it_ends_a_link_that_is_still_about(client, ada, ines, signed_in):
    key = password_link(ada, by=ines)
    signed_in(ada).post("/accounts/", CHANGED)
    assert use(client, key).status_code == 404


def test_whoever_finds_the_page_open_can_not_guess_the_present_password(ada, signed_in):
    client = signed_in(ada)
    answers = [client.post("/accounts/", {**CHANGED, "current": f"guess {n}"}).status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    assert client.post("/accounts/", CHANGED).status_code == 429
    assert knows(ada, PASSWORD)


def test_a_wrong_present_password_is_said_beside_its_field(ada, signed_in):
    page = signed_in(ada).post("/accounts/", {**CHANGED, "current": "wrong"})
    assert "This is not your present password." in page.text
    assert 'aria-describedby="id_current_error"' in page.text


def test_nobody_has_no_account_page(client, db):
    assert client.get("/accounts/")["Location"] == "/accounts/sign-in/?next=/accounts/"


def test_sign_up_is_not_there_unless_it_is_switched_on(client, ada):
    assert client.get("/accounts/sign-up/").status_code == 404
    assert client.post("/accounts/sign-up/", {"username": "eve", "password": NEW}).status_code == 404
    assert "sign-up" not in client.get("/accounts/sign-in/").text


@pytest.fixture
def open_house(settings, operator):
    settings.SIGNUP = True


def sign_up(client, username="eve", password=NEW):
    return client.post("/accounts/sign-up/", {"username": username, "password": password})


def test_eve_makes_an_account_that_may_nothing_special(client, open_house):
    assert client.get("/accounts/sign-up/").status_code == 200
    assert sign_up(client).status_code == 303
    eve = User.objects.get(username="eve")
    assert (eve.is_staff, eve.is_superuser) == (False, False)
    assert client.session["_auth_user_id"] == str(eve.pk)


def test_nobody_makes_themselves_staff_by_adding_a_field(client, open_house):
    fields = {"username": "eve", "password": NEW, "is_staff": "on", "is_superuser": "on", "id": "1"}
    client.post("/accounts/sign-up/", fields)
    eve = User.objects.get(username="eve")
    assert (eve.is_staff, eve.is_superuser) == (False, False)


def test_a_name_that_is_taken_in_another_spelling_is_refused(client, open_house, ada):
    response = sign_up(client, "ADA")
    assert response.status_code == 422
    assert response.text.count("Somebody here has that name. Choose another one.") == 1


def test_one_address_makes_no_more_than_twenty_accounts_an_hour(open_house):
    assert [sign_up(Client(), f"eve{n}").status_code for n in range(21)] == [303] * 20 + [429]
    assert User.objects.filter(username__startswith="eve").count() == 20
