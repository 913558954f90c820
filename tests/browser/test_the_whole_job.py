"""Browse, read, mark, note, tag, find again, change, delete, take back: with a mouse, by touch, and by keyboard."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations.models import Highlight
from tests.browser.conftest import PHONE, WIDE
from tests.browser.hands import bar, drag_over, hold_over, marked
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Nobody had asked about the piano."


def test_the_whole_job_with_a_mouse(room, ada, article):
    page = room.of(ada, screen=WIDE)
    page.goto("/")
    page.get_by_role("link", name=article.title).click()
    page.wait_for_url("**/articles/**")

    drag_over(page, WORDS)
    bar(page).get_by_role("button", name="Highlight in green").click()
    expect(page.locator("#text mark")).to_have_text(WORDS)

    page.locator("#text mark").click()
    form = page.get_by_role("form", name="Edit passage")
    form.get_by_label("Note, in Markdown").fill("Ask the **harbour office**.")
    form.get_by_label("Tags").fill("To check")
    form.get_by_label("Tags").press("Enter")
    form.get_by_role("button", name="Save").click()
    note = page.get_by_role("article", name="Note, green")
    expect(note.locator("strong")).to_have_text("harbour office")
    expect(note.get_by_role("link", name="to-check")).to_be_visible()
    beside(page)

    page.goto("/notebook/")
    expect(page.get_by_role("blockquote")).to_have_text(WORDS)
    page.get_by_role("article").get_by_role("link", name="to-check").click()
    expect(page.get_by_role("blockquote")).to_have_text(WORDS)

    everything = page.get_by_role("combobox", name="Search articles, passages and notes")
    everything.fill("harbour office")
    everything.press("Enter")
    page.get_by_role("article").filter(has_text="Ask the").get_by_role("link", name=article.title).click()
    expect(page.locator("#text mark")).to_be_in_viewport()

    page.locator("#text mark").click()
    page.get_by_role("radio", name="Rose").check()
    page.get_by_label("Note, in Markdown").fill("Nobody answers there.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article", name="Note, rose")).to_contain_text("Nobody answers there.")
    expect(page.locator("#text mark")).to_have_attribute("data-c", "rose")

    page.get_by_role("article", name="Note, rose").get_by_label("Actions for this note").click()
    page.get_by_role("button", name="Delete passage").click()
    expect(page.locator("#text mark")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#text mark")).to_have_text(WORDS)
    expect(page.get_by_role("article", name="Note, rose")).to_contain_text("Nobody answers there.")


def beside(page):
    """The note comes to stand level with the first line of its passage; it may still be on its way there."""
    page.wait_for_function(
        """() => {
          const [mark, note] = ["#text mark", ".note"].map((e) => document.querySelector(e).getBoundingClientRect());
          return Math.abs(mark.y - note.y) < 12 && note.x > mark.right;
        }"""
    )


def test_the_whole_job_by_touch(room, ada, article):
    page = room.of(ada, screen=PHONE)
    page.goto("/")
    page.get_by_role("link", name=article.title).tap()
    page.wait_for_url("**/articles/**")

    hold_over(page, WORDS)
    bar(page).get_by_role("button", name="Note").tap()
    sheet = page.get_by_role("dialog", name="Passage")
    expect(sheet.get_by_role("blockquote")).to_have_text(WORDS)
    sheet.get_by_label("Note, in Markdown").fill("Who pays for it?")
    sheet.get_by_label("Tags").fill("money")
    sheet.get_by_role("button", name="Save").tap()
    expect(sheet).to_be_hidden()
    expect(page.locator("#notes .note")).to_contain_text("Who pays for it?")
    becomes(page, marked, [WORDS])

    page.goto("/notebook/")
    expect(page.get_by_role("article")).to_contain_text("Who pays for it?")
    page.get_by_role("link", name="Go to this passage").tap()
    expect(page.locator("#text mark")).to_be_in_viewport()

    page.locator("#text mark").tap()
    sheet.get_by_role("button", name="Delete").tap()
    expect(page.locator("#text mark")).to_have_count(0)
    page.goto("/bin/")
    page.get_by_role("button", name="Put back").tap()
    expect(page.get_by_role("heading", name="The bin is empty.")).to_be_visible()
    page.goto("/notebook/")
    expect(page.get_by_role("article")).to_contain_text("Who pays for it?")


def test_the_whole_job_by_keyboard(room, ada, article):
    page = room.of(ada)
    page.goto("/")
    press_until(page, "Tab", lambda: focused_text(page) == article.title)
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")

    # A first letter, as caret browsing or a screen reader puts the selection there; everything else is keys.
    page.evaluate(
        """() => {
          const words = document.querySelector("#text p").firstChild;
          getSelection().setBaseAndExtent(words, 4, words, 5);
        }"""
    )
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    expect(bar(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    becomes(page, lambda page: focused_text(page).endswith("Highlight in green"))
    page.keyboard.press("Enter")
    expect(page.locator("#text mark")).to_have_text("ferry")

    press_until(page, "Tab", lambda: page.evaluate("() => document.activeElement.classList.contains('hl-ref')"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Note, in Markdown")).to_be_focused()
    page.keyboard.type("Which one?")
    page.keyboard.press("Control+Enter")
    note = page.get_by_role("article", name="Note, green")
    expect(note).to_contain_text("Which one?")
    expect(note.locator("summary")).to_be_focused()

    page.keyboard.press("Enter")
    press_until(page, "Tab", lambda: focused_text(page) == "Delete passage")
    page.keyboard.press("Enter")
    expect(page.locator("#text mark")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator("#text mark")).to_have_text("ferry")

    page.goto("/notebook/")
    page.keyboard.press("/")
    page.keyboard.type("which one")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article").filter(has_text="Which one?")).to_be_visible()


def focused_text(page) -> str:
    return page.evaluate("() => document.activeElement.textContent.trim()")


def press_until(page, key, done) -> None:
    for _ in range(60):
        page.keyboard.press(key)
        if done():
            return
    raise AssertionError(f"{key} never got there; the focus is on {focused_text(page)!r}")


def test_h_marks_and_escape_lets_go(room, ada, article):
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    drag_over(page, "forty passengers")
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
    assert Highlight.objects.count() == 0
    drag_over(page, "forty passengers")
    page.keyboard.press("3")
    expect(page.locator("#text mark")).to_have_attribute("data-c", "blue")
    drag_over(page, "an hour late")
    page.keyboard.press("h")
    expect(page.locator("#text mark")).to_have_count(2)
    expect(page.locator("#text mark").first).to_have_attribute("data-c", "blue")
    becomes(page, marked, ["an hour late", "forty passengers"])
    expect(page.locator("#trace .t-flag")).to_have_count(2)  # drawn after the passages
    flags = "[...document.querySelectorAll('#trace .t-flag')].map((flag) => flag.getAttribute('x'))"
    drawn = page.evaluate(flags)
    page.reload()
    becomes(page, flags, drawn)
