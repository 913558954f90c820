"""Inviting as a browser does it: the link is copied, opened in another one, an account is made, and its owner reads."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from newsreader.accounts.invitations import invite
from newsreader.accounts.models import Invitation, User
from newsreader.accounts.roles import Role
from newsreader.desk import curators, journal
from newsreader.desk.models import Deed
from tests.desk.pages import desk
from tests.factories import make_article, make_user
from tests.patience import becomes


@pytest.fixture
def ines(transactional_db):
    curators.found_groups()
    return curators.appoint(make_user("ines", first_name="Ines"), Role.ADMINISTRATOR)


@pytest.fixture
def admin(page, live_server, ines):
    """The desk, with ines at it."""
    client = Client()
    client.force_login(ines)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.open = lambda name, *args: page.goto(live_server.url + desk(name, *args))
    return page


def serious(page, where, complaints):
    """What axe finds of ours; select2 and the calendar are Django's. Its own inline styles are no complaint."""
    assert complaints == [], where
    found = Axe().run(page, context={"exclude": [".select2", ".datetime"]}).response["violations"]
    complaints.clear()
    return [(where, one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}]


def test_ines_invites_by_keyboard_and_dora_comes_in_by_the_link_and_reads(admin, complaints, live_server, new_context):
    make_article("The ferry that carried a piano")
    admin.open("accounts_user_changelist")
    admin.get_by_role("link", name="Invite a reader").focus()
    admin.keyboard.press("Enter")
    admin.get_by_label("Name").focus()
    admin.keyboard.type("Dora")
    admin.keyboard.press("Enter")
    expect(admin.get_by_label("The link")).to_have_value(re.compile("^http"))
    link = admin.get_by_label("The link").input_value()
    copy = admin.get_by_role("button", name="Copy the link")
    copy.focus()
    admin.keyboard.press("Enter")
    admin.get_by_text("Copied.").wait_for()
    becomes(admin, "navigator.clipboard.readText()", link)

    hers = new_context().new_page()
    hers.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    hers.goto(link)
    hers.get_by_label("Username").fill("dora")
    hers.get_by_label("Password", exact=True).fill("a pencil will do as well")
    hers.get_by_role("button", name="Make my account").click()
    hers.get_by_role("link", name="The ferry that carried a piano").first.click()
    hers.get_by_role("heading", name="The ferry that carried a piano").wait_for()
    assert User.objects.get(username="dora").groups.get().name == "Reader"
    assert complaints == []
    hers.goto(link)  # a 404, which the browser mentions
    hers.get_by_role("heading", name="This link opens nothing any more.").wait_for()
    hers.get_by_role("link", name="Sign in").wait_for()


def test_the_pages_for_people_keep_the_policy_and_have_no_serious_fault(admin, complaints, ines):
    ada = make_user("ada", first_name="Ada")
    made, _key = invite(by=ines, name="Ben")
    entry = journal.record(Deed.EDITED, by=ines, about=ada)
    pages = [
        ("accounts_user_changelist",),
        ("accounts_user_add",),
        ("accounts_user_change", ada.pk),
        ("accounts_invitation_changelist",),
        ("accounts_invitation_add",),
        ("accounts_invitation_change", made.pk),
        ("auth_group_changelist",),
        ("desk_entry_changelist",),
        ("desk_entry_change", entry.pk),
    ]
    found = []
    for name, *args in pages:
        assert admin.open(name, *args).status == 200
        found += serious(admin, name, complaints)
    admin.open("accounts_user_change", ada.pk)
    admin.get_by_role("button", name="Make a link").click()
    expect(admin.get_by_label("The link")).to_be_visible()
    found += serious(admin, "password link", complaints)
    admin.open("accounts_invitation_change", made.pk)
    admin.get_by_role("button", name="Make a new link").click()
    expect(admin.get_by_label("The link")).to_be_visible()
    found += serious(admin, "invitation link", complaints)
    assert found == []


def test_an_account_is_let_out_from_its_page_and_undo_lets_it_in(admin, complaints):
    ada = make_user("ada", first_name="Ada")
    admin.open("accounts_user_change", ada.pk)
    admin.get_by_role("button", name="Deactivate").click()
    admin.get_by_text("1 reader deactivated.").wait_for()
    admin.get_by_role("button", name="Undo").click()
    admin.get_by_text("Taken back: 1 is as before.").wait_for()
    ada.refresh_from_db()
    assert ada.is_active
    assert complaints == []


def test_an_invitation_is_withdrawn_and_leaves_the_list_of_open_ones(admin, complaints, ines):
    made, _key = invite(by=ines, name="Ben")
    admin.open("accounts_invitation_change", made.pk)
    admin.get_by_role("button", name="Withdraw").click()
    admin.get_by_text("Withdrawn: the link opens nothing any more.").wait_for()
    expect(admin.get_by_role("link", name="Ben")).to_have_count(0)
    assert Invitation.objects.get().withdrawn is not None
    assert complaints == []
