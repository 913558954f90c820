"""Three documents come in by the form: looked at, one left out, added, published from the list; also without script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from newsreader.articles.models import Article
from newsreader.articles.services import source_named
from newsreader.desk import curators
from tests.desk.pages import desk
from tests.desk.test_uploads import THREE
from tests.factories import make_user
from tests.patience import becomes


@pytest.fixture
def documents(tmp_path):
    for name, data in (*THREE, ("empty.txt", b"")):
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in ("ferry.txt", "mail.md", "zug.html", "empty.txt")]


def at_the_desk(page, live_server):
    client = Client()
    client.force_login(curators.appoint(make_user("cleo", first_name="Cleo")))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.open = lambda name, *args: page.goto(live_server.url + desk(name, *args))
    return page


@pytest.fixture
def desk_page(page, live_server, transactional_db):
    return at_the_desk(page, live_server)


def serious(page):
    """Of our own making: what Django's pages have around it is Django's, and so is the search inside a select."""
    rooms = {"include": ["#content-main"], "exclude": [".select2"]}
    found = Axe().run(page, context=rooms).response["violations"]
    return [one for one in found if one["impact"] in {"serious", "critical"}]


def look(page, documents):
    page.open("articles_article_changelist")
    page.get_by_role("link", name="Upload documents").click()
    page.get_by_label("Documents").set_input_files(documents)
    page.get_by_role("button", name="Look first").click()
    page.get_by_text("Nothing is added yet. 3 new. 1 refused.").wait_for()


def test_three_documents_are_looked_at_one_is_left_out_and_the_others_are_published_from_the_list(
    desk_page, complaints, documents
):
    source_named("The Harbour Post")
    look(desk_page, documents)
    assert Article.objects.count() == 0
    table = desk_page.get_by_role("table", name="What each document would become")
    expect(table.get_by_role("row")).to_have_count(5)
    desk_page.get_by_label("Add “The night mail”").uncheck()
    desk_page.get_by_role("button", name="Add as drafts").click()
    desk_page.get_by_text("2 drafts added.").wait_for()
    desk_page.get_by_role("link", name="See all drafts in the list").click()
    desk_page.locator("#result_list").get_by_text("Der Zug").first.wait_for()
    desk_page.locator("#action-toggle").check()
    bar = desk_page.locator("#changelist .actions").first
    bar.locator("select[name=action]").select_option("publish")
    bar.get_by_role("button").first.click()
    desk_page.get_by_text("2 articles published.").wait_for()
    assert set(Article.objects.values_list("title", "state")) == {("A headline", "published"), ("Der Zug", "published")}
    assert complaints == []


def test_the_button_on_the_page_publishes_them_and_undo_is_beside_what_was_done(desk_page, complaints, documents):
    look(desk_page, documents)
    desk_page.get_by_role("button", name="Add as drafts").click()
    desk_page.get_by_role("button", name="Publish the 3 drafts").click()
    desk_page.get_by_text("3 articles published.").wait_for()
    desk_page.get_by_role("button", name="Undo").click()
    desk_page.get_by_text("Taken back: 3 are as before.").wait_for()
    assert set(Article.objects.values_list("state", flat=True)) == {"draft"}
    assert complaints == []


def test_all_of_it_is_done_by_keyboard(desk_page, complaints, documents):
    look(desk_page, documents)
    desk_page.get_by_label("All that can be added").focus()
    expect(desk_page.get_by_label("All that can be added")).to_be_checked()
    desk_page.keyboard.press("Space")
    expect(desk_page.locator("input[name=document]:checked")).to_have_count(0)
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.press("Space")
    expect(desk_page.get_by_label("All that can be added")).to_be_checked(indeterminate=True)
    desk_page.get_by_role("button", name="Add as drafts").focus()
    desk_page.keyboard.press("Enter")
    desk_page.get_by_text("1 draft added.").wait_for()
    desk_page.get_by_role("button", name="Undo").focus()
    desk_page.keyboard.press("Enter")
    desk_page.get_by_text("Taken back").wait_for()
    assert Article.objects.count() == 0
    assert complaints == []


def test_too_much_is_said_before_it_is_sent(desk_page, complaints, documents, settings):
    settings.UPLOAD_MOST = 100
    desk_page.open("articles_article_upload")
    field = desk_page.get_by_label("Documents")
    field.set_input_files(documents)
    becomes(field, "field => field.validationMessage.includes('Choose fewer')")
    field.set_input_files(documents[:1])
    becomes(field, "field => field.checkValidity()")
    assert complaints == []


def test_without_script_it_goes_the_same_way(browser, live_server, documents, transactional_db):
    source_named("The Harbour Post")
    context = browser.new_context(java_script_enabled=False)
    page = at_the_desk(context.new_page(), live_server)
    page.open("articles_article_upload")
    page.get_by_label("Documents").set_input_files(documents)
    page.get_by_label("Source").select_option("The Harbour Post")
    page.get_by_role("button", name="Look first").click()
    page.get_by_label("Add “The night mail”").uncheck()
    expect(page.locator("#all")).to_be_hidden()
    page.get_by_role("button", name="Add as drafts").click()
    page.get_by_text("2 drafts added.").wait_for()
    page.get_by_role("button", name="Publish the 2 drafts").click()
    page.get_by_text("2 articles published.").wait_for()
    assert {one.title for one in source_named("The Harbour Post").articles.all()} == {"A headline", "Der Zug"}
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_it_stands_in_the_way_of_anybody(desk_page, documents, scheme):
    desk_page.emulate_media(color_scheme=scheme)
    desk_page.open("articles_article_upload")
    assert serious(desk_page) == []
    look(desk_page, documents)
    assert serious(desk_page) == []
    desk_page.get_by_role("button", name="Add as drafts").click()
    desk_page.get_by_text("3 drafts added.").wait_for()
    assert serious(desk_page) == []
