"""The desk's list of articles as a curator works with it: by keyboard, on a phone, by day and by night."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from newsreader.articles.models import Article
from newsreader.articles.services import topic_named
from newsreader.desk import curators
from tests.desk.pages import desk
from tests.desk.test_in_chromium import enter  # noqa: F401 - a fixture
from tests.factories import make_article, make_user
from tests.patience import becomes

LIST = "articles_article_changelist"


@pytest.fixture
def desk_page(enter, live_server):  # noqa: F811
    page = enter(curators.appoint(make_user("cleo", first_name="Cleo")))
    page.open = lambda query="": page.goto(live_server.url + desk(LIST) + query)
    for number in range(3):
        article = make_article(f"Report {number}", state="draft", source="The Ledger")
        article.topics.add(topic_named("Ports"))
    make_article("The ferry that carried a piano", source="The Night Mail")
    return page


def test_list_filter_choose_publish_and_undo_by_keyboard(desk_page, complaints):
    page = desk_page
    page.open()
    page.get_by_role("link", name="Draft", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("3 articles", exact=True).wait_for()
    page.locator("#action-toggle").focus()
    page.keyboard.press("Space")
    page.get_by_text("3 of 3 selected").wait_for()
    page.get_by_label("With those chosen:").focus()
    page.keyboard.type("Publish")
    page.keyboard.press("Tab")
    becomes(page, "document.activeElement.textContent", "Go")
    page.keyboard.press("Enter")
    page.get_by_text("3 articles published.").wait_for()
    assert Article.objects.filter(state="published").count() == 4
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Taken back: 3 are as before.").wait_for()
    assert Article.objects.filter(state="draft").count() == 3
    assert complaints == []


def test_the_library_is_searched_and_the_search_cleared_by_keyboard(desk_page, complaints):
    page = desk_page
    page.open()
    page.get_by_label("Search the library").focus()
    page.keyboard.type("piano title:ferry")
    page.keyboard.press("Enter")
    page.get_by_text("1 article", exact=True).wait_for()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Clear the search").focus()
    page.keyboard.press("Enter")
    page.get_by_text("4 articles", exact=True).wait_for()
    assert complaints == []


def test_a_source_is_completed_while_its_name_is_typed(desk_page, complaints):
    page = desk_page
    page.open()
    field = page.get_by_label("Another source, by name")
    field.press_sequentially("nigh")
    page.locator("#source_named-list option[value='The Night Mail']").wait_for(state="attached")
    page.keyboard.press("Enter")
    page.get_by_text("1 article", exact=True).wait_for()
    assert complaints == []


def test_only_the_field_that_an_action_needs_is_shown(desk_page, complaints):
    page = desk_page
    page.open()
    shown = page.locator(".desk-under:visible")
    expect(shown).to_have_count(0)
    for action, field in (("add_topic", "Topic"), ("set_source", "Source"), ("collect", "Collection")):
        page.get_by_label("With those chosen:").select_option(action)
        expect(shown).to_have_text([re.compile(rf"^\s*{field}\b")])
    assert complaints == []


@pytest.mark.parametrize("query", ["", "?q=piano&state__exact=published", "?q=quack", "?source_named=the"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
def test_the_list_stands_in_nobodys_way(desk_page, query, scheme, width):
    page = desk_page
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.open(query)
    becomes(page, f"document.documentElement.scrollWidth <= {width}")
    found = Axe().run(page, context={"exclude": [".select2"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
