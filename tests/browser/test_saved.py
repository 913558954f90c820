"""A search is kept, read along as a feed, pinned and ordered: with script and without, and nobody else's."""

import re
import xml.etree.ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from newsreader.search import saved as services
from newsreader.search.models import SavedSearch
from tests.browser.conftest import PHONE, TABLET, WIDE
from tests.browser.hands import at_rest
from tests.factories import make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Axe()
THEMES = {1440: "light", 820: "sepia", 390: "dark"}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def library(ada):
    article = make_article("The ferry that carried a piano")
    make_article("Another ferry")
    mark(article, ada, "forty passengers and a piano", note="Whose piano was it?", tags=["sea"])
    return article


def rows(page: Page):
    return page.locator(".saved-row h2")


def titles(page: Page):
    return page.locator("#results h2")


def test_the_story_from_a_search_to_its_feed_and_to_what_ben_gets_of_it(room, ada, ben, library, complaints):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/")
    page.keyboard.type("piano source:harbour is:unread tag:sea")
    expect(page).to_have_url(re.compile("tag%3Asea$"))
    expect(titles(page)).to_have_count(3)
    page.get_by_text("Save search", exact=True).click()
    name = page.get_by_label("Name of this search")
    expect(name).to_have_value("piano, harbour, unread, sea")
    name.fill("Pianos at sea")
    name.press("Enter")
    expect(page.locator("#save-button")).to_have_text("Saved")
    side = page.get_by_role("region", name="Saved searches").get_by_role("link", name="Pianos at sea")
    expect(side).to_be_visible()
    kept = SavedSearch.objects.get()
    shown = page.get_by_label("Address of the feed of Pianos at sea")
    expect(shown).to_have_value(re.compile(f"/feeds/{kept.secret}/$"))
    address = shown.input_value()

    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=room.address)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Address copied.")).to_be_visible()
    becomes(page, "navigator.clipboard.readText()", address)

    program = room.of(screen=WIDE)
    path = "/feeds/" + address.rpartition("/feeds/")[2]
    answer = program.request.get(path)
    feed = ET.fromstring(answer.body())
    entries = [entry.find(f"{ATOM}title").text for entry in feed.findall(f"{ATOM}entry")]
    assert sorted(entries) == [
        "Note: The ferry that carried a piano",
        "Passage: The ferry that carried a piano",
        "The ferry that carried a piano",
    ]

    complaints.expect("status of 404")
    other = room.of(ben, screen=WIDE)
    other.goto("/search/saved/")
    expect(other.get_by_text("No search is kept yet.")).to_be_visible()
    other.goto("/search/?q=piano+tag%3Asea")
    expect(titles(other)).to_have_count(0)
    expect(other.locator("main")).not_to_contain_text("Whose piano")
    assert program.request.get(path.replace(kept.secret, kept.secret[::-1])).status == 404
    token = other.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    renamed = other.request.post(f"/search/saved/{kept.pk}/rename/", headers={"X-CSRFToken": token}, form={"name": "x"})
    assert renamed.status == 404

    page.reload()
    expect(page.locator('link[rel="alternate"]')).to_have_attribute("href", address)
    expect(other.locator('link[rel="alternate"]')).to_have_count(0)


def test_a_name_that_is_taken_is_told_where_it_was_typed(room, ada, library, complaints):
    services.save("organ", reader=ada, name="piano")
    complaints.expect("status of 409")
    page = room.of(ada, screen=WIDE)
    page.goto("/search/?q=piano")
    page.get_by_text("Save search", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="“piano” already")).to_be_visible()
    name = page.get_by_label("Name of this search")
    expect(name).to_be_focused()
    name.fill("Pianos")
    name.press("Enter")
    expect(page.locator("#save-button")).to_have_text("Saved")
    assert {one.name for one in SavedSearch.objects.of(ada)} == {"piano", "Pianos"}


def test_ordering_by_keyboard_the_focus_goes_along(room, ada, library):
    for name in ("One", "Two", "Three"):
        services.save("piano", reader=ada, name=name)
    page = room.of(ada, screen=WIDE)
    page.goto("/search/saved/")
    page.get_by_role("button", name="Move Three up").focus()
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_text(["One", "Three", "Two"])
    expect(page.get_by_role("button", name="Move Three up")).to_be_focused()
    expect(page.locator("#said")).to_have_text("Three: 2 of 3")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_text(["Three", "One", "Two"])
    page.get_by_role("button", name="Two on the library page").click()
    expect(page.get_by_role("button", name="Two on the library page")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(rows(page)).to_have_text(["Three", "One", "Two"])


def test_deleting_is_taken_back_and_a_renewed_address_leads_nowhere(room, ada, library, complaints):
    one = services.save("piano", reader=ada, name="Pianos")
    page = room.of(ada, screen=WIDE)
    page.goto("/search/saved/")
    page.get_by_label("Feed and name of Pianos").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Pianos is deleted, and its feed is gone.")).to_be_visible()
    assert page.request.get(f"/feeds/{one.secret}/").status == 404
    page.get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_text(["Pianos"])
    assert page.request.get(f"/feeds/{one.secret}/").status == 200
    page.get_by_label("Feed and name of Pianos").click()
    page.get_by_role("button", name="Give the feed a new address").click()
    expect(page.get_by_text("The old one leads nowhere.")).to_be_visible()
    assert page.request.get(f"/feeds/{one.secret}/").status == 404


def test_the_library_shows_the_newest_of_what_is_pinned(room, ada, library):
    services.pin(services.save("piano in:articles", reader=ada, name="Pianos"), on=True)
    page = room.of(ada, screen=WIDE)
    page.goto("/")
    pinned = page.locator("#pinned")
    expect(pinned.locator("ol a")).to_have_text(["Another ferry", "The ferry that carried a piano"])
    pinned.get_by_role("link", name="Another ferry").click()
    expect(page.get_by_role("heading", level=1, name="Another ferry")).to_be_visible()


def test_everything_goes_without_script(room, ada, library):
    page = room.of(ada, screen=WIDE, java_script_enabled=False)
    page.goto("/search/?q=piano")
    page.get_by_text("Save search", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/search/?q=piano")
    expect(page.get_by_text("piano is kept.")).to_be_visible()
    page.get_by_text("Saved", exact=True).click()
    page.get_by_role("button", name="Put on the library page").click()
    page.wait_for_url("**/search/?q=piano")
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    page.goto("/")
    page.locator("#pinned").get_by_role("link", name="piano").click()
    expect(titles(page).first).to_be_visible()
    services.save("ferry", reader=ada, name="Ferries")
    page.goto("/search/saved/")
    page.get_by_role("button", name="Move Ferries up").click()
    expect(rows(page)).to_have_text(["Ferries", "piano"])
    page.get_by_label("Feed and name of piano").click()
    page.get_by_label("New name for piano").fill("Pianos")
    page.get_by_role("button", name="Rename").last.click()
    expect(rows(page)).to_have_text(["Ferries", "Pianos"])


@pytest.mark.parametrize("screen", [WIDE, TABLET, PHONE], ids=["1440", "820", "390"])
def test_no_state_breaks_a_rule(room, ada, library, screen, complaints):
    complaints.expect("status of (409|422)")
    for name, query in (("Pianos", "piano"), ("Ferries and a very long name " + "x" * 50, "ferry is:unread")):
        services.pin(services.save(query, reader=ada, name=name), on=True)
    page = room.of(ada, screen=screen, reduced_motion="reduce")
    theme = THEMES[screen["viewport"]["width"]]
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found = []

    def judge():
        if theme == "sepia":
            page.evaluate("document.documentElement.dataset.theme = 'sepia'")
        at_rest(page)
        results = AXE.run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
        found.extend(f"{page.url} {one['id']} {node['html'][:160]}" for one in results for node in one["nodes"])
        becomes(page, "document.documentElement.scrollWidth <= innerWidth")

    page.goto("/")
    expect(page.locator("#pinned ol").first).to_be_visible()
    judge()
    page.goto("/search/")
    judge()
    page.goto("/search/?q=piano")
    page.locator("#save-button").click()
    judge()
    page.goto("/search/?q=rope")
    page.locator("#save-button").click()
    page.get_by_label("Name of this search").fill("Pianos")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="already")).to_be_visible()
    judge()
    page.goto("/search/saved/")
    page.get_by_label("Feed and name of Pianos").click()
    judge()
    page.get_by_role("button", name="Delete").first.click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    judge()
    assert found == []


def test_a_feed_has_no_place_among_what_a_browser_keeps(room, ada, library):
    one = services.save("piano", reader=ada, name="Pianos")
    answer = room.of(screen=WIDE).request.get(f"/feeds/{one.secret}/")
    assert answer.headers["cache-control"] == "private"
    assert re.match("application/atom", answer.headers["content-type"])
