"""How pages look is chosen in a panel, by mouse and by keys, and is there before the first word on the next page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)
SEPIA, DARK = "rgb(245, 236, 218)", "rgb(22, 25, 31)"
# What was on <html> when the body began, before any script of the page.
FIRST = """
  new MutationObserver((changes, observer) => {
    if (!document.body) return;
    window.first = document.documentElement.dataset.theme;
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
"""


def paper(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def saved(page):
    return page.expect_response(lambda response: "/preferences/" in response.url and response.status == 204)


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_the_panel_applies_at_once_and_is_remembered_without_a_flash(room, ada, article, screen):
    page = room.of(ada, screen=screen)
    page.add_init_script(FIRST)
    page.goto(article.get_absolute_url())
    text = page.locator("#text")
    size = text.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.get_by_role("button", name="Typography and theme").click()
    panel = page.locator("#type-panel")
    expect(panel).to_be_visible()
    with saved(page):  # one of three, at least: what is looked at below is what the page shows
        panel.get_by_text("Sepia").click()
        panel.get_by_role("button", name="Larger text").click()
        panel.get_by_label("Justify lines").check()
        expect(page.locator("body")).to_have_css("background-color", SEPIA)
        expect(text).to_have_css("text-align", "justify")
        becomes(text, f"e => parseFloat(getComputedStyle(e).fontSize) > {size}")
    becomes(page, "[...document.querySelectorAll('meta[name=theme-color]')].every((m) => m.content === '#f5ecda')")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page).to_have_url(f"{room.address}{article.get_absolute_url()}")

    page.goto("/")
    becomes(page, lambda page: (page.evaluate("first"), paper(page)), ("sepia", SEPIA))

    # By keys alone, and back to what everybody has.
    page.goto(article.get_absolute_url())
    page.keyboard.press(",")
    expect(panel.get_by_role("radio", name="Newsreader")).to_be_focused()
    with saved(page):
        panel.get_by_role("radio", name="Sepia").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("body")).to_have_css("background-color", DARK)
    with saved(page):
        panel.get_by_role("button", name="Back to defaults").press("Enter")
        expect(page.locator("html")).to_have_attribute("data-theme", "auto")
    ada.refresh_from_db()
    assert ada.kept_preferences == {}


def test_the_account_page_and_the_panel_work_without_script(room, ada, article):
    page = room.of(ada, java_script_enabled=False)
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="Typography and theme").click()
    page.get_by_role("radio", name="Dark").check(force=True)
    page.locator("#type-panel").get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{room.address}{article.get_absolute_url()}")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.goto("/accounts/")
    page.get_by_role("button", name="Switch them off").click()
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    page.locator(".type-form").get_by_role("button", name="Back to defaults").click()
    expect(page.locator("html[data-theme]")).to_have_count(0)
    page.get_by_label("Name", exact=True).fill("Ada Lund")
    page.get_by_label("Language", exact=True).select_option("de")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    ada.refresh_from_db()
    assert (ada.name, ada.language, ada.kept_preferences) == ("Ada Lund", "de", {"keys": "off"})
