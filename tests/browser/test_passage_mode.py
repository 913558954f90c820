"""Passage mode: reading, marking, noting and tagging by keys alone; and what jumps, hides and copies passages."""

import re

import pytest
from playwright.sync_api import expect

from newsreader.annotations.models import Highlight
from tests.browser.conftest import PHONE, WIDE
from tests.browser.hands import bar, hold_over, marked
from tests.browser.test_accessible import STILL, broken_rules
from tests.factories import make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

STORY = """
<p>Dr. Holt opened the log at six. She read it twice! Was it hers?</p>
<p>It was <em>not.</em> The <a href="https://example.org/">second page</a> was torn out, and nobody knew by whom.</p>
<ul><li>One rope.</li><li>One lamp.</li></ul>
<p lang="ja">船は六時に出た。誰も知らなかった。</p>
<p dir="rtl" lang="ar">غادرت العبّارة الميناء. لم يسأل أحد.</p>
"""
CURSOR = "() => [...(CSS.highlights.get('cursor') ?? [])].map((range) => range.toString()).join('')"
# What the status region has said since the page was opened, one entry a change.
LISTEN = """() => {
  window.said = [];
  const region = document.getElementById("told");
  new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true });
}"""


def cursor(page, words):
    page.wait_for_function(f"(words) => ({CURSOR})() === words", arg=words)
    becomes(page, "document.activeElement.className", "cursor")


def test_an_article_is_read_marked_noted_and_tagged_by_keys_alone(room, ada):
    story = make_article("The log", STORY)
    mark(make_article("Other"), ada, "Lamp oil", tags=["ropes", "lamps"])
    page = room.of(ada, screen=WIDE, **STILL)
    page.goto(story.get_absolute_url())
    page.evaluate(LISTEN)
    step_and_extend(page)
    mark_and_note(page)
    tag(page)
    assert {one.exact: one.colour for one in Highlight.objects.filter(article=story)} == {
        "She read it twice! Was it hers": "rose",
        "It was not.": "rose",
        "The second page was torn out, and nobody knew by whom.": "rose",
    }
    go_on(page)
    ask_for_help(page)


def step_and_extend(page):
    before = page.evaluate("document.documentElement.scrollHeight")
    # By paragraph, then by sentence: a title's full stop ends none.
    page.keyboard.press("j")
    cursor(page, "Dr. Holt opened the log at six. She read it twice! Was it hers?")
    page.keyboard.press("ArrowDown")
    cursor(page, "Dr. Holt opened the log at six.")
    page.keyboard.press("ArrowRight")
    cursor(page, "She read it twice!")
    said = [
        "Paragraph 1 of 6. Dr. Holt opened the log at six. She read it twice! Was it hers?",
        "Sentence 1 of 3. Dr. Holt opened the log at six.",
        "Sentence 2 of 3. She read it twice!",
    ]
    becomes(page, "said", said)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    cursor(page, "She read it twice! Was it hers?\nIt was not.")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Control+Shift+ArrowLeft")
    cursor(page, "She read it twice! Was it hers")
    becomes(page, "document.documentElement.scrollHeight", before)


def mark_and_note(page):
    # The cursor stays where it was, also after the server's answer.
    page.keyboard.press("4")
    expect(page.locator("#text mark")).to_have_text("She read it twice! Was it hers")
    cursor(page, "She read it twice! Was it hers")
    page.keyboard.press("ArrowDown")
    cursor(page, "It was not.")
    page.keyboard.press("n")
    expect(page.get_by_label("Note, in Markdown")).to_be_focused()
    page.keyboard.type("Whose, j k 1 then?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes .note")).to_contain_text("Whose, j k 1 then?")
    cursor(page, "It was not.")


def tag(page):
    # T, Enter for the tag used last, Enter to save.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("t")
    tags = page.get_by_role("combobox")
    expect(tags).to_be_focused()
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("option", selected=True)).to_have_text(re.compile("^(ropes|lamps)$"))
    latest = page.get_by_role("option", selected=True).inner_text()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#notes .tag")).to_have_text(latest)
    cursor(page, "The second page was torn out, and nobody knew by whom.")
    # A passage gets another colour by its key, and has the old one back; note and tags stay.
    page.keyboard.press("5")
    expect(page.locator("#text mark").last).to_have_attribute("data-c", "violet")
    cursor(page, "The second page was torn out, and nobody knew by whom.")
    expect(page.locator("#notes .tag")).to_have_text(latest)
    page.keyboard.press("z")
    expect(page.locator("#text mark").last).to_have_attribute("data-c", "rose")
    # The same words again open what there is.
    page.keyboard.press("t")
    expect(tags).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    cursor(page, "The second page was torn out, and nobody knew by whom.")


def go_on(page):
    # The bar by Enter, and back; Tab to the link in the sentence; other scripts; the end.
    page.keyboard.press("Enter")
    expect(bar(page).get_by_role("button", name="Highlight in yellow")).to_be_focused()
    page.keyboard.press("Escape")
    cursor(page, "The second page was torn out, and nobody knew by whom.")
    page.keyboard.press("Tab")
    becomes(page, "document.activeElement.textContent", "second page")
    for _ in range(3):
        page.keyboard.press("j")
    cursor(page, "船は六時に出た。誰も知らなかった。")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    cursor(page, "誰も知らなかった。")
    page.keyboard.press("ArrowDown")
    cursor(page, "غادرت العبّارة الميناء.")
    assert broken_rules(page) == []
    page.keyboard.press("Escape")
    becomes(page, CURSOR, "")
    becomes(page, "document.activeElement.id", "text")


def ask_for_help(page):
    # Keys are off where the reader has said so, and the help names those that work.
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys")
    expect(help_).to_contain_text("Next, previous sentence")
    expect(help_).not_to_contain_text("Next, previous article")
    assert broken_rules(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("j")
    becomes(page, CURSOR, "")


COPIED = "navigator.clipboard.readText()"


def test_passages_lie_beside_their_notes_are_jumped_to_hidden_and_copied(room, ada):
    lines = "".join(f"<p>Sentence number {n} stands here, on a line.</p>" for n in range(200))
    story = make_article("Two hundred", lines)
    for n in range(200):
        colour = ("yellow", "blue")[n % 2]
        mark(story, ada, f"number {n} stands", note=f"Note {n}.\n\nIn two paragraphs.", colour=colour)
    page = room.of(ada, screen=WIDE, permissions=["clipboard-read", "clipboard-write"], **STILL)
    page.add_init_script(SHIFTS)
    page.goto(story.get_absolute_url())
    page.wait_for_selector("#notes.is-placed")

    # No note lies on another, none stands above its words, and nothing has jumped.
    becomes(page, COLLISIONS, [])
    becomes(page, "shifts", [])
    before = page.evaluate(LINES)
    page.locator("#text mark").nth(2).click()
    page.get_by_label("Note, in Markdown").fill("Note 2, written again.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes .note").nth(2)).to_contain_text("written again")
    becomes(page, COLLISIONS, [])
    becomes(page, LINES, before)

    # One after the other, by keys and in the menu.
    page.keyboard.press("Escape")
    page.locator("#text").focus()
    page.keyboard.press("Shift+J")
    expect(page.locator("#text .hl-ref:focus")).to_have_count(1)
    first = page.evaluate("document.activeElement.dataset.h")
    page.keyboard.press("Shift+J")
    becomes(page, f"document.activeElement.dataset.h !== '{first}'")
    page.keyboard.press("Shift+K")
    becomes(page, "document.activeElement.dataset.h", first)
    expect(page.locator("#told")).to_contain_text("of 200.")
    page.locator("#passages summary").click()
    expect(page.locator("#passages li")).to_have_count(200)
    page.locator("#passages li a").nth(150).click()
    there = page.locator("#text mark").nth(150)
    expect(there).to_be_in_viewport()
    becomes(page, "document.activeElement.dataset.h", there.get_attribute("data-h"))

    copies(page)
    hides(page)


def copies(page):
    page.keyboard.press("c")
    expect(page.locator("#toasts")).to_contain_text("Copied.")
    link = page.url.split("#")[0] + "#h-" + page.evaluate("document.activeElement.dataset.h")
    becomes(page, COPIED, link)
    note = page.locator("#notes .note").nth(150)
    note.locator("summary").click()
    page.evaluate("document.getElementById('toasts').replaceChildren()")
    note.get_by_role("button", name="Copy as Markdown").click()
    expect(page.locator("#toasts")).to_contain_text("Copied.")
    becomes(page, COPIED, f"> number 150 stands\n>\n> — [Two hundred]({link}), The Harbour Post\n")
    page.evaluate("() => { navigator.clipboard.write = navigator.clipboard.writeText = () => Promise.reject(); }")
    note.locator("summary").click()
    note.get_by_role("button", name="Copy quotation").click()
    dialog = page.get_by_role("dialog", name="Copy it from here")
    expect(dialog.get_by_role("textbox")).to_have_value(f"“number 150 stands”\nTwo hundred, The Harbour Post\n{link}")
    becomes(page, "getSelection().toString().startsWith('“number 150')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def hides(page):
    page.keyboard.press("v")
    expect(page.locator("#notes .note").first).to_be_hidden()
    expect(page.locator("#text mark").first).to_have_css("text-decoration-line", "none")
    page.reload()
    expect(page.locator("#text mark").first).to_have_css("text-decoration-line", "none")
    page.keyboard.press("v")
    expect(page.locator("#notes .note").first).to_be_visible()


# What jumped once the page was read to its end; until then, a slow machine may paint a bar of half its buttons.
SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  const read = performance.getEntriesByType("navigation")[0].domInteractive || Infinity;
  for (const { hadRecentInput, startTime, value, sources } of list.getEntries()) {
    if (!hadRecentInput && startTime >= read) shifts.push([value, ...sources.map(({ node }) => node?.className)]);
  }
}).observe({ type: "layout-shift", buffered: true });"""
# Where each line stands on the page. (What shifts after a press is forgiven for half a second, by the clock.)
LINES = """() => [...document.querySelectorAll("#text > p")].map((line) => {
  const { x, y, width, height } = line.getBoundingClientRect();
  return [x, y + scrollY, width, height];
})"""
# Notes that lie on the one before, or above the line of their words.
COLLISIONS = """async () => {
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)));
  const all = [...document.querySelectorAll("#notes-list > .note")];
  const notes = all.map((note) => [note, note.getBoundingClientRect()]);
  return notes.filter(([note, box], index) => {
    const mark = document.querySelector(`#text mark[data-h="${note.dataset.h}"]`).getBoundingClientRect();
    return box.top < mark.top - 12 || (index && box.top < notes[index - 1][1].bottom);
  }).map(([note]) => note.textContent);
}"""


def test_by_touch_words_are_marked_from_a_bar_at_the_bottom_and_noted_in_a_sheet(room, ada, article):
    page = room.of(ada, screen=PHONE, **STILL)
    page.goto(article.get_absolute_url())
    hold_over(page, "forty passengers")
    # The bar is docked where the system's own menu is not, and takes no focus.
    box = bar(page).bounding_box()
    assert box["y"] > 844 / 2
    becomes(page, "document.activeElement.tagName", "BODY")
    small = """() => [...document.querySelectorAll("#select-pop :is(button, summary)")]
      .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
      .filter(({ width, height }) => width < 44 || height < 44).length"""
    bar(page).get_by_text("Copy", exact=True).tap()
    becomes(page, small, 0)
    # A selection that changes keeps it, one that is gone takes it away.
    hold_over(page, "forty passengers and a piano")
    page.evaluate("getSelection().removeAllRanges()")
    expect(bar(page)).to_be_hidden()
    hold_over(page, "forty passengers")
    bar(page).get_by_role("button", name="Tag").tap()
    sheet = page.get_by_role("dialog", name="Passage")
    expect(sheet.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("sea")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(sheet).to_be_hidden()
    expect(page.locator("#notes .tag")).to_have_text("sea")
    page.locator("#passages summary").tap()
    panel = page.locator("#passages .menu-panel").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 390
    page.locator("#passages li a").tap()
    expect(page.locator("#text mark")).to_be_in_viewport()
    becomes(page, marked, ["forty passengers"])
