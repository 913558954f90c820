"""Hands that are quicker than the page: what they do before an answer, a script or a pause is there, counts."""

import re

import pytest
from playwright.sync_api import expect

from newsreader.annotations.models import Highlight
from tests.browser.conftest import PHONE, WIDE
from tests.browser.hands import FIND, clock_stands, hold_over, marked
from tests.factories import mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)


def held(page, pattern):
    """Requests of that kind wait; the way to let them go."""
    waiting = []
    page.route(pattern, lambda route: waiting.append(route))  # noqa: PLW0108 Playwright takes no builtin

    def let_go():
        page.route(pattern, lambda route: route.continue_())
        for route in waiting:
            route.continue_()

    return let_go


def test_a_form_is_alive_as_soon_as_it_has_the_focus(room, ada, article):
    highlight = mark(article, ada, "forty passengers")
    page = room.of(ada, screen=WIDE)
    page.goto(article.get_absolute_url())
    page.evaluate("""() => {
      window.same = true;
      document.addEventListener("focusin", ({ target }) => {
        if (target.name !== "note") return;
        target.value = "At once.";
        target.form.requestSubmit();
      });
    }""")
    page.locator("#text mark").click()
    expect(page.get_by_role("article", name="Note, yellow")).to_contain_text("At once.")
    becomes(page, "window.same", True)
    highlight.refresh_from_db()
    assert highlight.note == "At once."


def test_what_is_marked_is_what_is_selected_now_not_what_the_bar_came_for(room, ada, article):
    page = room.of(ada, screen=WIDE)
    page.goto(article.get_absolute_url())
    hold_over(page, "forty passengers")
    with clock_stands(page):
        page.evaluate(
            f"(words) => getSelection().setBaseAndExtent(...((r) => "
            f"[r.startContainer, r.startOffset, r.endContainer, r.endOffset])(({FIND})(words)))",
            "forty passengers and a piano",
        )
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(page.locator("#text mark")).to_have_text("forty passengers and a piano")
    becomes(page, marked, ["forty passengers and a piano"])


def test_a_choice_outlives_the_answer_that_was_on_its_way(room, ada, article):
    mark(article, ada, "forty passengers", tags=["sea", "ship"])
    page = room.of(ada, screen=WIDE)
    page.goto("/search/")
    page.keyboard.type("tag:")
    options = page.locator("#suggest [role=option]")
    expect(options).to_have_count(2)
    let_go = held(page, "**/search/suggestions/?q=tag%3As&*")
    with page.expect_request("**/search/suggestions/?q=tag%3As&*"):
        page.keyboard.type("s")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#suggest [aria-selected=true]")
    name = re.match(r"\s*(\w+)", chosen.text_content())[1]
    with page.expect_response("**/search/suggestions/?q=tag%3As&*"):
        let_go()
    page.wait_for_load_state("networkidle")
    expect(chosen).to_contain_text(name)
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_have_value(f"tag:{name} ")


def test_two_presses_for_help_open_one(room, ada):
    page = room.of(ada, screen=WIDE)
    page.goto("/")
    let_go = held(page, "**/keys/")
    with page.expect_request("**/keys/"):
        page.keyboard.press("?")
    page.keyboard.press("?")
    let_go()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(page.locator("#keys-dialog")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#keys-dialog")).to_be_hidden()


def test_a_button_of_a_script_that_is_on_its_way_is_pressed_once_it_is_there(room, ada, article):
    mark(article, ada, "forty passengers")
    page = room.of(ada, screen=PHONE)
    let_go = held(page, "**/range.js")
    page.goto(article.get_absolute_url())
    page.locator("#text mark").first.tap()
    page.get_by_role("dialog", name="Passage").get_by_role("button", name="Extend to the sentence").tap()
    let_go()
    sentence = "The ferry left the harbour at six, an hour late, with forty passengers and a piano."
    expect(page.get_by_role("dialog", name="Passage").get_by_role("blockquote")).to_have_text(sentence)
    expect(page.locator("#unsaved form")).to_have_count(0)
    assert Highlight.objects.get().exact == sentence
