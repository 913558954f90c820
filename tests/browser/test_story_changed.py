"""The story changes under ten passages: what the reader is told, and what she does about it, by mouse and by keys."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations import services
from newsreader.annotations.models import Highlight
from newsreader.core.clean import clean
from tests.browser.conftest import PHONE, WIDE
from tests.browser.hands import bar, drag_over, hold_over, marked
from tests.browser.test_accessible import STILL, broken_rules
from tests.factories import make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "<p>The council voted on Tuesday night to close the old swing bridge to cars from the first of March.</p>"
MOVED = (
    "<p>Fishermen on the east quay said that nobody had asked them. “We mend nets on that bridge,” said Marta "
    "Lindqvist, who has worked there since she was a girl of fourteen.</p>"
)
GONE = (
    "<p>A petition with nine hundred names lay on the counter of the bakery all winter. It was never handed in, and "
    "the baker will not say who has it now.</p>"
)
STORY = f"""
{HEAD}
<p>The decision passed by seven votes to four, after three hours in which the heating failed twice.</p>
{MOVED}
<p>The mayor, Henrik Aalto, called the plan a modest beginning and promised benches.</p>
{GONE}
<h2>What it costs</h2>
<p>Engineers put the repair at two million, of which the province pays a third.</p>
<ul><li>New bearings, <strong>cast in one piece</strong></li><li>A railing of oak</li></ul>
<blockquote><p>“A bridge that carries nobody is a sculpture,” the harbour master wrote.</p></blockquote>
<p>Work begins when the ice is off the river, and the ferry runs every twenty minutes until then.</p>
<p>The last car to cross will be chosen by lot among those who learned to drive on it.</p>
"""
WORD = "The decision passed by seven votes to four"
NAME = "Henrik Aalto, called the plan a modest beginning"
MARKS = [
    "close the old swing bridge to cars",
    WORD,
    "“We mend nets on that bridge,” said Marta Lindqvist",
    NAME,
    "A petition with nine hundred names lay on the counter of the bakery",
    "the province pays a third",
    "cast in one piece",
    "A bridge that carries nobody is a sculpture",
    "the ferry runs every twenty minutes",
    "chosen by lot",
]
LOST, NETS = MARKS[4], MARKS[2]


def edited() -> str:
    """A word of one passage, the paragraph of another deleted, a third moved, a name swapped in a fourth."""
    story = STORY.replace("seven votes", "eight votes").replace(GONE, "").replace("Henrik Aalto", "Paula Brandt")
    return story.replace(MOVED, "").replace("<p>Work begins", f"{MOVED}<p>Work begins")


@pytest.fixture
def story(db):
    return make_article("The bridge closes to cars", STORY)


def edit_at_the_desk(page, article, body):
    """As a curator does; an edit that loses highlights is asked about once."""
    page.goto(f"/desk/articles/article/{article.pk}/change/")
    page.get_by_label("Text:", exact=True).fill(body)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_role("button", name="Save anyway", exact=True).first.click()
    expect(page.get_by_text("carried over").first).to_be_visible()


def passage(words):
    return Highlight.objects.get(exact=words)


def note_of(page, words):
    return page.locator(f"#n-{passage(words).public_id}")


def told(page):
    """Then and now of each sign on the page, with what went in [] and what came in {}."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".diff")].map((diff) => [...diff.childNodes].map((node) =>
          node.nodeName === "DEL" ? `[${node.textContent}]` : node.nodeName === "INS" ? `{${node.textContent}}`
            : node.textContent).join("").trim())"""
    )


def test_a_story_that_changed_is_told_and_answered_with_a_mouse(room, ada, cleo, story):
    page = room.of(ada)
    page.goto(story.get_absolute_url())
    for words in MARKS:
        drag_over(page, words)
        bar(page).get_by_role("button", name="Highlight in yellow").click()
        expect(page.locator("#toasts")).to_contain_text("Highlighted")
        page.locator("#toasts .toast").evaluate("toast => toast.remove()")
    becomes(page, marked, MARKS)

    edit_at_the_desk(room.of(cleo), story, edited())
    page.reload()

    signs = page.locator("#notes-list .changed > summary")
    expect(signs).to_have_text(["The words changed", "The words changed", "The words moved"])
    then_and_now = [
        "The decision passed by [seven]{eight} votes to four",
        "[Henrik Aalto]{Paula Brandt}, called the plan a modest beginning",
        NETS,
    ]
    becomes(page, told, then_and_now)
    lost = page.get_by_role("region", name="No longer in the text")
    expect(lost.get_by_role("article")).to_have_count(1)
    expect(lost).to_contain_text(LOST)
    reference = page.locator(f"#h-{passage(WORD).public_id}")
    expect(reference).to_have_attribute("aria-label", "Passage, yellow, without a note, the words changed")

    # The word: accepted.
    note = note_of(page, WORD)
    note.locator("summary", has_text="The words changed").click()
    expect(note.locator("del")).to_have_text("seven")
    note.get_by_role("button", name="Accept").click()
    expect(page.locator("#toasts")).to_contain_text("Accepted.")
    expect(note).to_have_count(0)
    assert passage("The decision passed by eight votes to four").status == "kept"
    expect(reference).to_have_attribute("aria-label", "Passage, yellow, without a note")

    # The name: not what was meant.
    note = note_of(page, NAME)
    note.locator("summary", has_text="The words changed").click()
    note.get_by_role("button", name="Undo the move").click()
    expect(lost.get_by_role("article")).to_have_count(2)
    expect(lost).to_contain_text(NAME)
    expect(page.locator("#text mark", has_text="modest beginning")).to_have_count(0)

    # The move: other words of it.
    note = note_of(page, NETS)
    note.locator("summary", has_text="The words moved").click()
    note.get_by_role("link", name="Choose other words").click()
    drag_over(page, "nobody had asked them")
    bar(page).get_by_role("button", name="Use for the lost passage").click()
    expect(page.locator("#toasts")).to_contain_text("Its words are these now")
    expect(note).to_have_count(0)
    assert passage("nobody had asked them").status == "kept"

    # What was lost: other words instead, and what looks like it.
    lost.get_by_role("article").filter(has_text=LOST).get_by_role("link", name="Mark other words instead").click()
    expect(page.get_by_role("region", name="Choosing other words")).to_contain_text(LOST)
    drag_over(page, "learned to drive")
    bar(page).get_by_role("button", name="Use for the lost passage").click()
    expect(lost.get_by_role("article")).to_have_count(1)
    lost.locator("summary", has_text="look").click()
    lost.get_by_role("button", name="Mark these words").first.click()
    expect(lost).to_have_count(0)
    assert Highlight.objects.filter(status="kept").count() == 10
    becomes(page, lambda page: len(marked(page)), 10)


def test_the_same_by_keyboard_alone(room, ada, story):
    for words in MARKS:
        mark(story, ada, words)
    services.revise_article(story, html=clean(edited()))
    page = room.of(ada)
    page.goto(story.get_absolute_url())
    press_to(page, "The words changed")
    page.keyboard.press("Enter")
    press_to(page, "Accept")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Accepted.")
    expect(page.locator(f"#h-{passage(WORD.replace('seven', 'eight')).public_id}")).to_be_focused()

    press_to(page, "The words changed")
    page.keyboard.press("Space")
    press_to(page, "Undo the move")
    page.keyboard.press("Enter")
    lost = page.get_by_role("region", name="No longer in the text")
    expect(lost.get_by_role("article")).to_have_count(2)
    expect(lost.get_by_role("link", name="Mark other words instead").first).to_be_focused()

    # Escape leaves the mode and gives the focus back; the way without a selection is a page of its own.
    page.keyboard.press("Enter")
    strip = page.get_by_role("region", name="Choosing other words")
    expect(strip).to_be_visible()
    page.keyboard.press("Escape")
    expect(strip).to_be_hidden()
    opener = lost.get_by_role("link", name="Mark other words instead").first
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    press_to(page, "Type them")
    page.keyboard.press("Enter")
    page.wait_for_url("**/words/")
    press_to(page, "", "textarea")
    page.keyboard.type("promised benches")
    press_to(page, "Mark these words")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    becomes(page, lambda page: "promised benches" in marked(page))
    expect(lost.get_by_role("article")).to_have_count(1)

    # A selection as caret browsing or a screen reader makes it: from there on, keys.
    press_to(page, "Mark other words instead")
    page.keyboard.press("Enter")
    expect(strip).to_be_visible()
    hold_over(page, "learned to drive")
    page.keyboard.press("Tab")
    becomes(page, focused, "Use for the lost passage")
    page.keyboard.press("Enter")
    expect(lost).to_have_count(0)
    becomes(page, lambda page: "learned to drive" in marked(page))


def focused(page) -> str:
    return page.evaluate("() => document.activeElement.textContent.trim()")


def press_to(page, words, tag="") -> None:
    """Tab until something is focused that begins with `words`."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if tag and page.evaluate("() => document.activeElement.localName") == tag:
            return
        if not tag and focused(page).startswith(words):
            return
    raise AssertionError(f"Tab never came to {words!r}")


def test_on_a_phone_the_sheet_tells_and_asks(room, ada, story):
    highlight = mark(story, ada, WORD)
    services.revise_article(story, html=clean(edited()))
    page = room.of(ada, screen=PHONE)
    page.goto(story.get_absolute_url())
    page.locator("#text mark").first.tap()
    sheet = page.get_by_role("dialog", name="Passage")
    sheet.locator("summary", has_text="The words changed").tap()
    expect(sheet.locator("ins")).to_have_text("eight")
    sheet.get_by_role("button", name="Accept").tap()
    expect(sheet).to_be_hidden()
    expect(page.locator("#notes .changed")).to_have_count(0)
    highlight.refresh_from_db()
    assert highlight.status == "kept"


def test_a_decision_on_a_page_that_is_out_of_date_shows_what_is_there_now(room, ada, story, complaints):
    complaints.expect("409")
    mark(story, ada, WORD)
    services.revise_article(story, html=clean(edited()))
    page = room.of(ada)
    page.goto(story.get_absolute_url())
    services.revise_article(story, html=clean(edited().replace("eight votes", "nine votes")))
    page.locator("#notes-list .changed > summary").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("#toasts")).to_contain_text("changed meanwhile")
    expect(page.locator("#notes-list .note")).to_have_count(1)
    becomes(page, told, ["The decision passed by [seven]{nine} votes to four"])
    expect(page.locator("#text mark").first).to_have_text("The decision passed by nine votes to four")
    page.locator("#notes-list .changed > summary").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("#notes-list .note")).to_have_count(0)


def test_a_decision_on_a_page_of_its_own_leads_to_the_words(room, ada, story):
    highlight = mark(story, ada, WORD, note="Who counted?")
    services.revise_article(story, html=clean(edited()))
    page = room.of(ada)
    page.goto(f"/highlights/{highlight.public_id}/words/")
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/articles/**")
    expect(page.locator("#text mark")).to_have_text("The decision passed by eight votes to four")
    page.goto(f"/highlights/{highlight.public_id}/")
    page.get_by_label("Note, in Markdown").fill("Eight of them.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/articles/**")
    expect(page.get_by_role("article", name="Note, yellow")).to_contain_text("Eight of them.")


def test_words_that_are_gone_meanwhile_are_refused_with_the_reason_and_can_be_dropped(room, ada, story, complaints):
    complaints.expect("422")
    highlight = mark(story, ada, WORD)
    services.revise_article(story, html=clean(edited()))
    page = room.of(ada)
    page.goto(story.get_absolute_url())
    page.locator("#notes-list .changed > summary").click()
    page.get_by_role("link", name="Choose other words").click()
    services.revise_article(story, html=clean(edited().replace("learned to drive", "first rode")))
    drag_over(page, "learned to drive")
    bar(page).get_by_role("button", name="Use for the lost passage").click()
    refused = page.get_by_role("region", name="Not saved yet")
    expect(refused).to_contain_text("not in the article as it is now")
    expect(refused).to_contain_text("learned to drive")
    refused.get_by_role("button", name="Discard").click()
    expect(refused.locator("form")).to_have_count(0)
    highlight.refresh_from_db()
    assert (highlight.status, highlight.version) == ("edited", 1)


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_signs_lists_and_the_notebook_break_no_rule_of_axe(room, ada, story, screen):
    for words in MARKS:
        mark(story, ada, words, note="Why?")
    services.revise_article(story, html=clean(edited()))
    page = room.of(ada, screen=screen, **STILL)
    page.goto(story.get_absolute_url())
    for summary in page.locator("#notes .changed > summary, #lost .disclosure > summary").all():
        summary.click()
    found = broken_rules(page)
    page.get_by_role("link", name="Mark other words instead").first.click()
    hold_over(page, "learned to drive")
    found += broken_rules(page)
    for address in (
        "/notebook/",
        "/notebook/?changed=1",
        *(f"/highlights/{passage(w).public_id}/words/" for w in MARKS[1:5:3]),
    ):
        page.goto(address)
        found += broken_rules(page)
        becomes(page, "() => document.documentElement.scrollWidth <= innerWidth")
    assert found == []
