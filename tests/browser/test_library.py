"""The library by keyboard, several articles at once and back; and where one left off, there and in an article."""

import pytest
from playwright.sync_api import expect

from newsreader.articles.models import Reading
from newsreader.articles.services import note_position
from tests.browser.conftest import PHONE, WIDE
from tests.browser.hands import clock_stands
from tests.factories import HARBOUR, make_article, mark
from tests.patience import becomes
from tests.reading.test_library_page import shelf

pytestmark = pytest.mark.django_db(transaction=True)


def focused_on(page, title):
    """Waits until the title of that row has the focus."""
    page.wait_for_function("title => document.activeElement.closest('h3')?.textContent === title", arg=title)


def test_the_list_by_keyboard_several_at_once_with_one_undo_and_back_to_where_one_was(room, ada):
    shelf(30)
    page = room.of(ada, screen=WIDE)
    page.goto("/")
    for key in "jj":
        page.keyboard.press(key)
    focused_on(page, "No 1")
    page.keyboard.press("m")
    expect(page.locator(".row[data-state=reading]")).to_have_count(1)
    focused_on(page, "No 1")
    page.keyboard.press("e")
    expect(page.get_by_text("No 1", exact=True)).to_have_count(0)
    focused_on(page, "No 2")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#how-many")).to_have_text("2 selected")
    page.keyboard.press("l")
    expect(page.locator("#toasts")).to_contain_text("2 articles kept for later.")
    expect(page.get_by_role("link", name="Later 2")).to_be_visible()
    expect(page.locator(".row")).to_have_count(17)
    focused_on(page, "No 4")
    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text("Undone.")
    expect(page.get_by_role("link", name="Later 0")).to_be_visible()
    assert not Reading.objects.filter(place="later").exists()
    # More: nothing is skipped or shown twice, though a row is gone; the focus is on the first new title.
    page.get_by_role("link", name="Show more articles").click()
    expect(page.locator(".row")).to_have_count(29)
    focused_on(page, "No 21")
    expect(page.locator("#told")).to_have_text("9 more articles")
    row = page.get_by_role("link", name="No 25", exact=True)
    row.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    row.click()
    expect(page.locator("#text")).to_be_visible()
    page.go_back()
    expect(page.locator(".row")).to_have_count(29)
    page.wait_for_function("y => Math.abs(scrollY - y) < 3", arg=before)
    focused_on(page, "No 25")


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_an_article_opens_where_it_was_left_and_its_end_is_noticed(room, ada, screen):
    article = make_article(html=HARBOUR * 12)
    note_position(article, reader=ada, position=article.length // 2)
    page = room.of(ada, screen=screen)
    page.goto("/")
    expect(page.locator(".row")).to_contain_text("50% read")
    page.goto(article.get_absolute_url())
    becomes(page, "scrollY > 500")
    page.get_by_role("button", name="Back to the top").click()
    page.wait_for_function("scrollY === 0")
    page.goto(f"{article.get_absolute_url()}#leaf")
    becomes(page, "scrollY < 200")
    page.goto(article.get_absolute_url())
    with clock_stands(page), page.expect_response("**/position/"):  # at once: else it is sent every ten seconds
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#finished")).to_be_visible()
    assert Reading.objects.get().position == article.length


def test_a_slow_answer_is_waited_for_in_place_and_without_a_network_a_button_says_why(room, ada, complaints):
    complaints.expect_no_network()
    mark(make_article(), ada, "forty passengers", tags=["ferries"])
    page = room.of(ada, screen=WIDE)
    page.goto("/")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/library/state/", hold)
    row = page.locator(".row").first
    button = row.get_by_role("button", name="Archive:")
    row.hover()
    with clock_stands(page):
        with page.expect_request("**/library/state/"):
            button.click()
        page.clock.fast_forward(300)
        expect(button).not_to_have_attribute("aria-busy", "true")
        size = button.bounding_box()
        page.clock.fast_forward(200)
        expect(button).to_have_attribute("aria-busy", "true")
        becomes(button, lambda button: button.bounding_box(), size)
        page.clock.fast_forward(8_000)
        expect(page.locator("#toasts")).to_have_text("Still trying.")
    held[0].continue_()
    # It was the last one: the page says so, and still offers the way back.
    expect(page.get_by_role("heading", name="The inbox is read.")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Archived.")
    expect(page.locator("#toasts")).not_to_contain_text("Still trying")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("z")
    expect(page.locator(".row")).to_have_count(1)
    page.goto("/tags/")
    page.context.set_offline(True)
    page.get_by_label("Rename ferries").click()
    page.get_by_label("New name for ferries").fill("boats")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("#toasts")).to_contain_text("No connection. Nothing is lost")
    expect(page.get_by_label("New name for ferries")).to_have_value("boats")
