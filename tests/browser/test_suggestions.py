"""Suggestions under the search box: by keyboard alone, by finger, in order, and without them nothing is lost."""

import re
from urllib.parse import quote_plus

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from newsreader.annotations import services
from tests.browser.conftest import PHONE, TABLET, WIDE
from tests.browser.hands import at_rest
from tests.factories import make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Axe()
THEMES = {1440: "light", 820: "sepia", 390: "dark"}


@pytest.fixture
def library(ada, ben):
    first = make_article("The ferry that carried a piano", source="The Harbour Post")
    make_article("Another ferry", source="The Harbour Post")
    make_article("A third ferry", source="Lantern Weekly")
    one = mark(first, ada, "forty passengers", tags=["sea"])
    services.edit(one, version=one.version, colour=one.colour, note="", tags=["sea", "ship"])  # last, so offered first
    mark(first, ben, "forty passengers", tags=["bens-own"])
    return first


def box(page: Page):
    return page.locator("#q")


def options(page: Page):
    return page.locator("#suggest [role=option]")


def chosen(page: Page):
    """The option that the box says is the active one."""
    expect(box(page)).to_have_attribute("aria-activedescendant", re.compile("."))
    return page.locator(f"#{box(page).get_attribute('aria-activedescendant')}")


def test_a_search_with_three_filters_by_keyboard_alone(room, ada, library):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_attribute("role", "combobox")
    page.keyboard.type("ferry so")
    expect(options(page)).to_have_count(2)
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))  # Enter would search
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("source:")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("ferry source:")
    expect(options(page)).to_have_count(2)
    expect(options(page).first).to_have_text(re.compile(r"The Harbour Post\s+2"))
    page.keyboard.press("ArrowUp")  # from the text to the last one
    expect(chosen(page)).to_contain_text("Lantern Weekly")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(box(page)).to_have_value('ferry source:"The Harbour Post" ')
    expect(box(page)).to_be_focused()
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("is:u")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("tag:s")
    expect(options(page)).to_have_text([re.compile(r"ship\s+1"), re.compile(r"sea\s+1")])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value('ferry source:"The Harbour Post" is:unread tag:sea ')
    expect(page.locator("#results h2")).to_have_count(1)
    expect(page).to_have_url(re.compile("tag%3Asea"))


def test_escape_closes_the_list_first_and_the_text_stays(room, ada, library):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/")
    page.keyboard.type("source:")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#suggest")).to_be_hidden()
    expect(box(page)).to_have_value("source:")
    expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Escape")
    expect(box(page)).to_have_value("")


def test_alt_and_the_arrow_ask_for_all_that_can_stand_there(room, ada, library):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/")
    page.keyboard.press("Alt+ArrowDown")
    expect(options(page).first).to_contain_text("source:")
    expect(options(page).nth(10)).to_be_attached()
    page.keyboard.press("Escape")
    page.keyboard.type("before: piano")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Alt+ArrowDown")
    expect(options(page).first).to_contain_text("today")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("before:today piano")
    becomes(page, "document.getElementById('q').selectionStart", len("before:today "))


def test_the_caret_is_found_behind_letters_of_two_units(room, ada, library):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/")
    page.keyboard.insert_text("🎹🎹 source: piano")
    for _ in " piano":
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("lan")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value('🎹🎹 source:"Lantern Weekly" piano')
    becomes(page, "(q => q.value.slice(q.selectionStart))(document.getElementById('q'))", "piano")


def test_what_comes_late_for_older_letters_is_not_shown(room, ada, library):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/")
    held = []
    page.route("**/search/suggestions/?q=source%3A&*", lambda route: held.append(route) or None)
    with page.expect_request("**/search/suggestions/?q=source%3A&*"):
        page.keyboard.type("source:")
    page.keyboard.type("lan")
    expect(options(page)).to_have_count(1)
    for route in held:
        route.continue_()
    expect(options(page)).to_have_count(1)
    expect(options(page).first).to_contain_text("Lantern Weekly")


def test_in_the_field_of_every_page_a_value_is_taken_with_a_finger(room, ada, library):
    page = room.of(ada, screen=TABLET)
    page.goto("/notebook/")
    box(page).tap()
    page.keyboard.type("tag:sh")
    expect(options(page)).to_have_count(1)
    options(page).first.tap()
    expect(box(page)).to_have_value("tag:ship ")
    expect(box(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=tag%3Aship+")


def test_ben_is_offered_none_of_ada_s_tags(room, ben, library):
    page = room.of(ben, screen=WIDE)
    page.goto("/search/")
    page.keyboard.type("tag:")
    expect(options(page)).to_have_text([re.compile("bens-own")])


def test_leaving_the_box_closes_the_list_and_a_failure_shows_none(room, ada, library, complaints):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/")
    page.keyboard.type("source:")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Tab")
    expect(page.locator("#suggest")).to_be_hidden()
    complaints.expect("status of 500")
    page.route("**/search/suggestions/*", lambda route: route.fulfill(status=500, body="broken"))
    box(page).focus()
    with page.expect_response("**/search/suggestions/*"):
        page.keyboard.type("l")
    expect(page.locator("#suggest")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("source:l")


def test_without_script_the_box_is_a_box(room, ada, library):
    page = room.of(ada, screen=WIDE, java_script_enabled=False)
    page.goto("/")
    expect(page.locator("#suggest")).to_be_hidden()
    box(page).fill("source:lantern")
    box(page).press("Enter")
    page.wait_for_url("**/search/?q=source%3Alantern")
    expect(page.locator("#results h2")).to_have_text(["A third ferry"])


@pytest.mark.parametrize("screen", [WIDE, TABLET, PHONE], ids=["1440", "820", "390"])
def test_the_open_list_breaks_no_rule_and_is_not_wider_than_the_page(room, ada, library, screen):
    page = room.of(ada, screen=screen, reduced_motion="reduce")
    page.goto("/search/")
    theme = THEMES[page.viewport_size["width"]]
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    if theme == "sepia":
        page.evaluate("document.documentElement.dataset.theme = 'sepia'")
    found = []
    for typed, count in (("ferry source:", 2), ("so", 2)):
        box(page).fill("")
        page.keyboard.type(typed)
        expect(options(page)).to_have_count(count)
        page.keyboard.press("ArrowDown")
        expect(page).to_have_url(re.compile(re.escape(quote_plus(typed)) + "$"))  # what is found fades in
        at_rest(page)
        results = AXE.run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
        found += [f"{one['id']} {node['html'][:160]}" for one in results for node in one["nodes"]]
        becomes(page, "document.documentElement.scrollWidth <= innerWidth")
    assert found == []
