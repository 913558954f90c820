"""What goes wrong while saving is said, and nothing that was written is lost. And nothing jumps."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations import services
from newsreader.annotations.models import Highlight
from newsreader.core.clean import clean
from tests.browser.conftest import PHONE, WIDE
from tests.browser.hands import bar, drag_over, hold_over, marked
from tests.factories import HARBOUR, PASSWORD, make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

# Where every block and every other note stands, and how far the page is scrolled.
WHERE = """() => [scrollY, ...[...document.querySelectorAll("#text > *, #text li, #text td")].map((e) => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return [e.tagName, x, y, width, height];
})]"""
SHIFTS = """() => {
  window.shifts = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shifts += e.value; })
    .observe({ type: "layout-shift", buffered: false });
}"""


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_saving_a_highlight_moves_nothing_and_keeps_a_half_written_note(room, ada, screen):
    article = make_article(html=HARBOUR * 6)
    mark(article, ada, "two coils", note="Counted.")
    page = room.of(ada, screen=screen)
    page.goto(article.get_absolute_url())
    if screen is WIDE:
        page.locator("#text mark").click()
        page.get_by_label("Note, in Markdown").fill("Half a thou")
    hold_over(page, "It was simply there")
    page.evaluate(SHIFTS)
    before = page.evaluate(WHERE)
    bar(page).get_by_role("button", name="Highlight in rose").click()
    expect(page.locator("#text mark")).to_have_count(2)
    expect(page.locator("#toasts")).to_contain_text("Highlighted in rose")
    assert page.evaluate(WHERE) == before
    becomes(page, "() => window.shifts", 0)
    if screen is WIDE:
        expect(page.get_by_label("Note, in Markdown")).to_have_value("Half a thou")


def test_a_highlight_made_without_a_network_waits_and_is_saved_by_trying_again(room, ada, article, complaints):
    complaints.expect_no_network()
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()  # it moves the text
    drag_over(page, "forty passengers")
    bar(page).get_by_role("button", name="Highlight in yellow").click()
    waiting = page.get_by_role("region", name="Not saved yet")
    expect(waiting).to_contain_text("Waiting to send")
    expect(waiting).to_contain_text("forty passengers")
    waiting.get_by_label("Your note").fill("Count them.")
    assert Highlight.objects.count() == 0
    page.context.set_offline(False)
    waiting.get_by_role("button", name="Send now").click()
    expect(page.locator("#text mark")).to_have_text("forty passengers")
    expect(waiting.locator("form")).to_have_count(0)
    assert Highlight.objects.get().note == "Count them."


def test_a_note_that_could_not_be_sent_stays_in_its_form_and_in_this_browser(room, ada, article, complaints):
    complaints.expect_no_network()
    mark(article, ada, "forty passengers")
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    page.locator("#text mark").click()
    note = page.get_by_label("Note, in Markdown")
    note.fill("Count them again.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Waiting to send")
    expect(note).to_have_value("Count them again.")
    note.fill("Count them twice.")  # written on: it does not go out by itself any more
    expect(page.get_by_text("Waiting to send")).to_be_hidden()
    page.context.set_offline(False)

    page.goto("/")
    page.goto(article.get_absolute_url())
    page.locator("#text mark").click()
    expect(note).to_have_value("Count them twice.")
    expect(page.get_by_role("alert")).to_contain_text("not saved yet")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article", name="Note, yellow")).to_contain_text("Count them twice.")


def test_a_note_outlives_its_session(room, ada, article, complaints):
    complaints.expect("401")
    mark(article, ada, "forty passengers")
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    page.locator("#text mark").click()
    page.get_by_label("Note, in Markdown").fill("Written too slowly.")
    room.sign_out_everybody()
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("Username").fill("ada")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("article", name="Note, yellow")).to_contain_text("Written too slowly.")
    expect(dialog).to_be_hidden()
    assert Highlight.objects.get().note == "Written too slowly."


def test_a_highlight_made_after_the_session_ended_is_saved_after_signing_in(room, ada, article, complaints):
    complaints.expect("401")
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    room.sign_out_everybody()
    drag_over(page, "forty passengers")
    bar(page).get_by_role("button", name="Highlight in blue").click()
    dialog = page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("Username").fill("ada")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.locator("#text mark")).to_have_text("forty passengers")


def test_the_second_of_two_tabs_gets_both_texts(room, ada, article, complaints):
    complaints.expect("409")
    highlight = mark(article, ada, "forty passengers", note="As it was.")
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    page.locator("#text mark").click()
    note = page.get_by_label("Note, in Markdown")
    note.fill("From this window.")
    services.edit(highlight, version=1, colour="yellow", note="From the other window.")
    page.get_by_role("button", name="Save").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Edited twice")
    expect(told).to_contain_text("From the other window.")
    expect(note).to_have_value("From this window.")
    assert Highlight.objects.get().note == "From the other window."
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article", name="Note, yellow")).to_contain_text("From this window.")


def test_a_double_click_makes_one_highlight(room, ada, article):
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    drag_over(page, "forty passengers")
    bar(page).get_by_role("button", name="Highlight in yellow").dblclick()
    expect(page.locator("#text mark")).to_have_count(1)
    drag_over(page, "forty passengers")
    bar(page).get_by_role("button", name="Highlight in yellow").click()
    expect(page.locator("#toasts")).to_contain_text("These words are marked already.")
    assert Highlight.objects.count() == 1
    becomes(page, marked, ["forty passengers"])


def test_words_of_a_stale_page_are_found_on_the_new_text_or_refused_with_the_reason(room, ada, article, complaints):
    complaints.expect("422")
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    newer = HARBOUR.replace("<p>The ferry", "<p>A correction stands above.</p><p>The ferry")
    services.revise_article(article, html=clean(newer))
    drag_over(page, "closed over the islands")
    bar(page).get_by_role("button", name="Highlight in yellow").click()
    expect(page.locator("#toasts")).to_contain_text("Highlighted")
    placed = Highlight.objects.get()
    article.refresh_from_db()
    assert article.text[placed.start : placed.end] == "closed over the islands"
    becomes(page, "() => document.getElementById('text').textContent", article.text)

    services.revise_article(article, html=clean(newer.replace("out of tune", "in tune")))
    drag_over(page, "out of tune")
    bar(page).get_by_role("button", name="Highlight in yellow").click()
    refused = page.get_by_role("region", name="Not saved yet")
    expect(refused).to_contain_text("not in the article as it is now")
    expect(refused).to_contain_text("out of tune")
    refused.get_by_role("button", name="Discard").click()
    expect(refused.locator("form")).to_have_count(0)


def test_escape_keeps_what_was_written_and_cancel_drops_it(room, ada, article):
    mark(article, ada, "forty passengers")
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    page.locator("#text mark").click()
    note = page.get_by_label("Note, in Markdown")
    note.fill("Later.")
    note.press("Escape")
    expect(note).to_have_count(0)
    page.locator("#text mark").click()
    expect(note).to_have_value("Later.")
    page.get_by_role("link", name="Cancel").click()
    page.locator("#text mark").click()
    expect(note).to_have_value("")
