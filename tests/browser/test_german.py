"""German in a browser: what scripts say, in one and in many; and an article from right to left in the middle of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import FIND
from tests.factories import make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

SIDES = """() => {
  const [text, notes, trace] = ["#text", "#notes", "#trace"].map((id) => document.querySelector(id));
  const note = document.querySelector("#notes-list .note");
  return [notes.getBoundingClientRect().right < text.getBoundingClientRect().left, getComputedStyle(trace).scale,
    getComputedStyle(note).direction, getComputedStyle(note.querySelector(".note-foot")).direction];
}"""

WORDS = """() => import("/static/js/i18n.js").then(({ _, ngettext }) => {
  const words = (count) => ngettext("{count} word.", "{count} words.", { count });
  return [_("Copied."), _("{n}", { n: 12000 }), words(1), words(2)];
})"""


def test_scripts_speak_german_and_an_arabic_article_has_its_margin_on_the_left(room, ada):
    ada.language = "de"
    ada.save()
    html = "<p>اقرأ ببطء، ثم اكتب سؤالا واحدا في الهامش.</p><p>The harbour in the evening, in another language.</p>"
    article = make_article("هامش الصفحة", html, language="ar")
    mark(article, ada, "سؤالا واحدا", note="لماذا؟")
    page = room.of(ada)
    page.goto(article.get_absolute_url())
    becomes(page, SIDES, [True, "-1 1", "rtl", "ltr"])
    page.evaluate(f"(words) => getSelection().addRange(({FIND})(words))", "ببطء")
    page.get_by_role("toolbar", name="Ausgewählter Text").get_by_role("button", name="Markieren: rosa").click()
    expect(page.locator("#toasts")).to_contain_text("In Rosa markiert.")
    becomes(page, WORDS, ["Kopiert.", "12.000", "1 Wort.", "2 Wörter."])
