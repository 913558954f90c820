"""Inviting at the desk: the link is shown once, the list says what became of it, and the journal tells it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db.models import F
from django.test import Client

from newsreader.accounts.invitations import accept, invite
from newsreader.accounts.models import Invitation, User
from newsreader.accounts.roles import Role
from newsreader.desk.models import Deed, Entry
from tests.desk.pages import desk, told
from tests.factories import make_user

LIST = "accounts_invitation_changelist"


@pytest.fixture
def admin(ines, signed_in):
    return signed_in(ines)


def link_in(page):
    return re.search(r'value="(http://testserver/accounts/invitation/[^"]+)"', page.content.decode())[1]


def deeds():
    return [(entry.deed, entry.about, entry.told) for entry in Entry.objects.order_by("id")]


def rows(client, **asked):
    return [str(row) for row in client.get(desk(LIST), asked).context["cl"].result_list]


def test_an_administrator_invites_and_the_link_is_shown_once(admin, client):
    page = admin.post(desk("accounts_invitation_add"), {"name": "Dora", "email": "", "role": "Reader"})
    link = link_in(page)
    assert page.content.decode().count(link) == 2  # by itself, and in the letter
    assert "no-store" in page["Cache-Control"]
    made = Invitation.objects.get()
    for name, *args in ((LIST,), ("accounts_invitation_change", made.pk), ("accounts_invitation_history", made.pk)):
        assert link not in admin.get(desk(name, *args)).content.decode()
    assert client.get(link).status_code == 200
    assert deeds() == [(Deed.INVITED, "Dora", f"As Reader, until {made.until.date().isoformat()}.")]


def test_neither_a_name_nor_an_address_is_asked_for(admin):
    link_in(admin.post(desk("accounts_invitation_add"), {"role": "Curator"}))
    assert str(Invitation.objects.get()) == "somebody"
    assert Invitation.objects.get().role == Role.CURATOR


def test_who_may_invite_but_not_appoint_invites_readers_only(cleo, signed_in):
    cleo.user_permissions.add(*Permission.objects.filter(content_type__model="invitation"))
    client = signed_in(cleo)
    assert 'name="role"' not in client.get(desk("accounts_invitation_add")).content.decode()
    client.post(desk("accounts_invitation_add"), {"role": "Administrator"})
    assert Invitation.objects.get().role == Role.READER
    above, _key = invite(by=make_user("sue", is_superuser=True, is_staff=True), role=Role.CURATOR)
    for what in ("renew", "withdraw"):
        assert client.post(desk(f"accounts_invitation_{what}", above.pk)).status_code == 404


def test_the_list_shows_what_is_open_and_what_became_of_others(admin, ines):
    made = {name: invite(by=ines, name=name) for name in ("open", "used", "late", "withdrawn")}
    accept(made["used"][1], User(username="dora"))
    Invitation.objects.filter(name="late").update(until=F("until") - timedelta(days=8))
    admin.post(desk("accounts_invitation_withdraw", made["withdrawn"][0].pk))
    assert rows(admin) == ["open"]
    assert {state: rows(admin, state=state) for state in ("used", "late", "withdrawn")} == {
        "used": ["used"],
        "late": ["late"],
        "withdrawn": ["withdrawn"],
    }
    assert len(rows(admin, state="all")) == 4
    page = admin.get(desk(LIST), {"state": "all"}).content.decode()
    assert "used by dora on" in page
    assert "withdrawn on" in page
    assert "too old" in page


def test_withdrawn_it_opens_nothing_and_the_journal_tells_it(admin, ines, client):
    made, key = invite(by=ines, name="Dora")
    page = admin.post(desk("accounts_invitation_withdraw", made.pk), follow=True)
    assert told(page) == "Withdrawn: the link opens nothing any more."
    assert client.get(f"/accounts/invitation/{key}/").status_code == 404
    assert deeds() == [(Deed.WITHDRAWN, "Dora", "")]
    again = admin.post(desk("accounts_invitation_withdraw", made.pk), follow=True)
    assert "used or withdrawn already" in told(again)
    assert "Withdraw</button>" not in again.content.decode()


def test_renewed_the_new_link_opens_and_the_old_one_does_not(admin, ines, client):
    made, old = invite(by=ines, name="Dora")
    new = link_in(admin.post(desk("accounts_invitation_renew", made.pk)))
    assert client.get(new).status_code == 200
    assert client.get(f"/accounts/invitation/{old}/").status_code == 404
    assert deeds() == [(Deed.INVITED, "Dora", "A new link; the one before no longer works.")]


def test_nobody_edits_or_deletes_an_invitation_by_hand(operator, signed_in, ines):
    made, _key = invite(by=ines, name="Dora")
    client = signed_in(operator)
    assert client.post(desk("accounts_invitation_change", made.pk), {"role": "Administrator"}).status_code == 404
    assert client.post(desk("accounts_invitation_delete", made.pk), {"post": "yes"}).status_code == 404
    made.refresh_from_db()
    assert (made.role, made.name) == ("Reader", "Dora")


@pytest.mark.parametrize("what", ["renew", "withdraw"])
def test_a_get_changes_nothing_and_a_post_needs_its_token(admin, ines, what):
    made, _key = invite(by=ines)
    assert admin.get(desk(f"accounts_invitation_{what}", made.pk)).status_code == 405
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines)
    assert client.post(desk(f"accounts_invitation_{what}", made.pk)).status_code == 403
    before = made.digest
    made.refresh_from_db()
    assert (made.digest, made.withdrawn) == (before, None)


@pytest.mark.parametrize("asked", ["digest__startswith=a", "by__password__contains=x"])
def test_no_address_can_be_used_to_guess_a_key(admin, ines, asked):
    invite(by=ines)
    assert admin.get(f"{desk(LIST)}?{asked}").status_code == 400
