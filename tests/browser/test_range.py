"""The ends of a passage are moved: by their handles, by keys, and out to the sentence. And nothing jumps."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations import services
from newsreader.annotations.models import Highlight
from newsreader.core.clean import clean
from tests.browser.conftest import PHONE, WIDE
from tests.browser.hands import bar, boxes, clock_stands, drag_over, marked
from tests.factories import HARBOUR, PASSWORD, make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

# Where every block stands, what the text is, and how far the page is scrolled.
WHERE = """() => [scrollX, scrollY, document.documentElement.scrollWidth, document.documentElement.scrollHeight,
  document.getElementById("text").textContent,
  ...[...document.querySelectorAll("#text > *, #text li, #text td, .note")].map((e) => {
    const { x, y, width, height } = e.getBoundingClientRect();
    return [e.tagName, x, y, width, height];
  })]"""
ARRIVED = """() => Promise.all(document.getAnimations()
  .filter((one) => one instanceof CSSTransition).map((one) => one.finished.catch(() => null))).then(() => null)"""
PAINTED = "() => [...CSS.highlights.values()].flatMap((some) => [...some]).map((range) => range.toString())"


@pytest.fixture
def passage(ada, article):
    return mark(article, ada, "forty passengers", note="Counted.")


def opened(room, reader, article, *, screen=WIDE):
    page = room.of(reader, screen=screen)
    page.goto(article.get_absolute_url())
    page.evaluate("document.fonts.ready.then(() => null)")
    page.evaluate(ARRIVED)
    return page


def handle(page, edge):
    return page.locator(f".handle-{edge}")


def focus(page, passage):
    page.locator(f"#h-{passage.public_id}").focus()
    expect(handle(page, "end")).to_be_visible()


def draw(page, edge, words, *, let_go=True):
    """Takes a handle with the mouse and moves it as far as `words` begin or end."""
    expect(handle(page, edge)).to_be_visible()
    box, here = handle(page, edge).bounding_box(), boxes(page, words)
    lines = page.evaluate("() => [...document.querySelectorAll('#text mark')].flatMap((m) => [...m.getClientRects()])")
    side, line, there = ("left", lines[0], here[0]) if edge == "start" else ("right", lines[-1], here[-1])
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + there[side] - line[side] - 2, y + there["top"] - line["top"], steps=8)
    if let_go:
        page.mouse.up()


def settled(page, words):
    """The page shows these words as the one passage, and nothing is painted or on its way any more."""
    expect(page.locator("#unsaved form")).to_have_count(0)
    expect(page.locator("#text .is-moving")).to_have_count(0)
    becomes(page, marked, [words])
    becomes(page, PAINTED, [])
    page.evaluate(ARRIVED)
    made = Highlight.objects.get()
    assert made.exact == words
    assert made.article.text[made.start : made.end] == words


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_the_end_is_drawn_over_two_more_words_and_nothing_moves(room, ada, article, passage):
    page = opened(room, ada, article)
    before = page.evaluate(WHERE)
    page.locator("#text mark").hover()
    expect(handle(page, "end")).to_be_visible()
    assert page.evaluate(WHERE) == before
    draw(page, "end", "forty passengers and a", let_go=False)
    becomes(page, PAINTED, ["forty passengers and a"])
    assert page.evaluate(WHERE) == before
    page.mouse.up()
    expect(page.locator("#text mark")).to_have_text("forty passengers and a")
    settled(page, "forty passengers and a")
    assert page.evaluate(WHERE) == before
    assert Highlight.objects.get().version == 2
    expect(page.get_by_role("article", name="Note, yellow")).to_contain_text("Counted.")


def test_the_start_is_drawn_back_and_the_end_in_and_both_keep_to_whole_words(room, ada, article, passage):
    page = opened(room, ada, article)
    page.locator("#text mark").hover()
    draw(page, "start", "ate, with forty")
    expect(page.locator("#text mark")).to_have_text("late, with forty passengers")
    settled(page, "late, with forty passengers")
    page.locator("#text mark").hover()
    draw(page, "end", "late, with f")
    expect(page.locator("#text mark")).to_have_text("late, with")
    settled(page, "late, with")


def test_a_handle_goes_on_into_the_next_paragraph_and_never_past_the_other_one(room, ada, article, passage):
    page = opened(room, ada, article)
    page.locator("#text mark").hover()
    draw(page, "end", "Nobody had asked")
    words = "forty passengers and a piano.\nNobody had asked"
    expect(page.locator("#text mark")).to_have_count(2)
    expect(page.locator("#unsaved form")).to_have_count(0)
    assert Highlight.objects.get().exact == words
    page.locator("#text mark").last.hover()
    draw(page, "end", "The ferry")
    expect(page.locator("#text mark")).to_have_text(["forty"])
    settled(page, "forty")


def test_escape_lets_go_of_a_handle(room, ada, article, passage):
    page = opened(room, ada, article)
    page.locator("#text mark").hover()
    draw(page, "end", "forty passengers and a", let_go=False)
    page.keyboard.press("Escape")
    page.mouse.up()
    settled(page, "forty passengers")
    assert Highlight.objects.get().version == 1


def test_a_click_on_a_handle_opens_the_note_as_one_on_the_words_does(room, ada, article, passage):
    page = opened(room, ada, article)
    page.locator("#text mark").hover()
    handle(page, "end").click()
    expect(page.get_by_label("Note, in Markdown")).to_be_focused()


def test_words_can_still_be_selected_from_where_a_passage_begins(room, ada, article, passage):
    page = opened(room, ada, article)
    page.locator("#text mark").hover()
    expect(handle(page, "start")).to_be_visible()
    drag_over(page, "forty passengers and")
    bar(page).get_by_role("button", name="Highlight in rose").click()
    expect(page.locator("#text mark")).to_have_count(2)
    assert {one.exact for one in Highlight.objects.all()} == {"forty passengers", "forty passengers and"}


def test_the_handles_are_large_enough_for_a_mouse_and_for_a_finger(room, ada, article, passage):
    for screen, least in ((WIDE, 24), (PHONE, 44)):
        page = opened(room, ada, article, screen=screen)
        focus(page, passage)
        for edge in ("start", "end"):
            box = handle(page, edge).bounding_box()
            assert min(box["width"], box["height"]) >= least


def test_by_touch_the_ends_are_moved_after_the_sheet_is_put_away(room, ada, article, passage):
    page = opened(room, ada, article, screen=PHONE)
    page.locator("#text mark").first.tap()
    page.get_by_role("button", name="Move its ends").tap()
    expect(page.get_by_role("dialog", name="Passage")).to_be_hidden()
    expect(handle(page, "end")).to_be_visible()
    before = page.evaluate(WHERE)
    finger = page.context.new_cdp_session(page)
    box, here = handle(page, "end").bounding_box(), boxes(page, "forty passengers and a")
    lines = page.evaluate("() => [...document.querySelectorAll('#text mark')].flatMap((m) => [...m.getClientRects()])")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    to = (x + here[-1]["right"] - lines[-1]["right"] - 1, y + here[-1]["top"] - lines[-1]["top"])
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (0.2, 0.6, 1):
        at = {"x": x + (to[0] - x) * part, "y": y + (to[1] - y) * part}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#text mark")).to_have_text("forty passengers and a")
    settled(page, "forty passengers and a")
    assert page.evaluate(WHERE) == before


def test_keys_move_the_end_and_the_start_by_a_word_and_ten_presses_are_one_request(room, ada, article, passage):
    page = opened(room, ada, article)
    focus(page, passage)
    requests = []
    page.on("request", lambda request: request.method == "POST" and "/words/" in request.url and requests.append(1))
    before = page.evaluate(WHERE)
    words = "hour late, with forty passengers and"
    with clock_stands(page):
        for _ in range(4):
            page.keyboard.press("Shift+ArrowRight")
        for _ in range(3):
            page.keyboard.press("Shift+ArrowLeft")
        for _ in range(3):
            page.keyboard.press("Alt+Shift+ArrowLeft")
        becomes(page, PAINTED, [words])
    expect(page.locator("#text mark")).to_have_text(words)
    settled(page, words)
    assert requests == [1]
    becomes(page, focused, f"h-{passage.public_id}")
    expect(page.get_by_role("status").filter(has_text="Now: 6 words.")).to_have_count(1)
    assert page.evaluate(WHERE) == before
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.keyboard.press("Alt+Shift+ArrowRight")
    expect(page.locator("#text mark")).to_have_text("with forty passengers and")
    settled(page, "with forty passengers and")
    becomes(page, focused, f"h-{passage.public_id}")


def test_keys_go_on_into_the_next_block_with_the_focus_and_never_leave_nothing(room, ada, article):
    passage = mark(article, ada, "a piano")
    page = opened(room, ada, article)
    focus(page, passage)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#text mark")).to_have_count(2)
    expect(page.locator("#unsaved form")).to_have_count(0)
    assert Highlight.objects.get().exact == "a piano.\nNobody"
    becomes(page, focused, f"h-{passage.public_id}")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#text mark")).to_have_text(["a"])
    settled(page, "a")


def test_escape_takes_back_what_keys_have_not_saved_yet(room, ada, article, passage):
    page = opened(room, ada, article)
    focus(page, passage)
    with clock_stands(page):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Escape")
    settled(page, "forty passengers")
    assert Highlight.objects.get().version == 1


def test_the_keys_are_letters_and_selections_while_somebody_writes(room, ada, article, passage):
    page = opened(room, ada, article)
    page.locator("#text mark").click()
    note = page.get_by_label("Note, in Markdown")
    note.press("End")
    page.keyboard.type(" ss")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Alt+Shift+ArrowLeft")
    expect(note).to_have_value("Counted. ss")
    settled(page, "forty passengers")


def test_s_takes_the_whole_sentence_and_so_do_the_buttons(room, ada, article):
    passage = mark(article, ada, "about the piano", note="Odd.")
    page = opened(room, ada, article)
    focus(page, passage)
    page.keyboard.press("s")
    expect(page.locator("#text mark")).to_have_text("Nobody had asked about the piano.")
    settled(page, "Nobody had asked about the piano.")
    becomes(page, focused, f"h-{passage.public_id}")

    for _ in range(3):
        page.keyboard.press("Alt+Shift+ArrowRight")
    expect(page.locator("#text mark")).to_have_text("about the piano.")
    settled(page, "about the piano.")
    page.get_by_label("Actions for this note").click()
    page.get_by_role("button", name="Extend to the sentence").click()
    expect(page.locator("#text mark")).to_have_text("Nobody had asked about the piano.")
    settled(page, "Nobody had asked about the piano.")
    expect(page.get_by_label("Actions for this note")).to_be_focused()


def test_a_note_that_is_being_written_is_saved_after_its_passage_was_extended(room, ada, article, passage):
    page = opened(room, ada, article)
    page.locator("#text mark").click()
    note = page.get_by_label("Note, in Markdown")
    note.fill("Half a thought")
    page.get_by_role("button", name="Extend to the sentence").click()
    sentence = "The ferry left the harbour at six, an hour late, with forty passengers and a piano."
    expect(page.locator("#text mark")).to_have_text(sentence)
    settled(page, sentence)
    expect(note).to_have_value("Half a thought")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article", name="Note, yellow")).to_contain_text("Half a thought")
    assert Highlight.objects.get().note == "Half a thought"


def test_by_touch_the_sheet_extends_to_the_sentence(room, ada, article, passage):
    page = opened(room, ada, article, screen=PHONE)
    page.locator("#text mark").first.tap()
    sheet = page.get_by_role("dialog", name="Passage")
    sheet.get_by_role("button", name="Extend to the sentence").tap()
    sentence = "The ferry left the harbour at six, an hour late, with forty passengers and a piano."
    expect(sheet.get_by_role("blockquote")).to_have_text(sentence)
    settled(page, sentence)
    sheet.get_by_label("Note, in Markdown").fill("Counted twice.")
    sheet.get_by_role("button", name="Save").tap()
    expect(page.locator("#notes .note")).to_contain_text("Counted twice.")
    assert Highlight.objects.get().exact == sentence


def test_what_another_window_changed_is_shown_and_not_overwritten(room, ada, article, passage, complaints):
    complaints.expect("409")
    page = opened(room, ada, article)
    other = opened(room, ada, article)
    focus(other, passage)
    other.keyboard.press("Alt+Shift+ArrowLeft")
    expect(other.locator("#text mark")).to_have_text("with forty passengers")
    settled(other, "with forty passengers")
    focus(page, passage)
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#toasts")).to_contain_text("changed in another window")
    settled(page, "with forty passengers")
    becomes(page, focused, f"h-{passage.public_id}")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#text mark")).to_have_text("with forty passengers and")
    settled(page, "with forty passengers and")


def test_without_a_network_the_old_ends_come_back_and_the_reason_is_said(room, ada, article, passage, complaints):
    complaints.expect_no_network()
    page = opened(room, ada, article)
    focus(page, passage)
    page.context.set_offline(True)
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#toasts")).to_contain_text("No connection")
    settled(page, "forty passengers")
    becomes(page, focused, f"h-{passage.public_id}")
    page.context.set_offline(False)
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#text mark")).to_have_text("forty passengers and")


def test_a_change_outlives_its_session_and_is_dropped_by_who_does_not_sign_in(room, ada, article, passage, complaints):
    complaints.expect("401")
    page = opened(room, ada, article)
    focus(page, passage)
    room.sign_out_everybody()
    page.keyboard.press("Shift+ArrowRight")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    settled(page, "forty passengers")
    focus(page, passage)
    page.keyboard.press("Shift+ArrowRight")
    dialog.get_by_label("Username").fill("ada")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.locator("#text mark")).to_have_text("forty passengers and")
    settled(page, "forty passengers and")


def test_a_change_on_an_edited_article_finds_its_words_there_or_says_why_not(room, ada, article, passage, complaints):
    complaints.expect("422")
    page = opened(room, ada, article)
    newer = HARBOUR.replace("<p>The ferry", "<p>A correction stands above.</p><p>The ferry")
    services.revise_article(article, html=clean(newer))
    focus(page, passage)
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#text mark")).to_have_text("forty passengers and")
    settled(page, "forty passengers and")
    article.refresh_from_db()
    becomes(page, "() => document.getElementById('text').textContent", article.text)
    services.revise_article(article, html=clean(newer.replace("a piano.", "an organ.")))
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#toasts")).to_contain_text("not in the article as it is now")
    becomes(page, marked, ["forty passengers and"])


def test_from_right_to_left_the_end_goes_on_to_the_left(room, ada):
    article = make_article("العبّارة", "<p>غادرت العبّارة الميناء في السادسة متأخرة ساعة.</p>", language="ar")
    passage = mark(article, ada, "الميناء في")
    page = opened(room, ada, article)
    focus(page, passage)
    start, end = (handle(page, edge).bounding_box() for edge in ("start", "end"))
    assert start["x"] > end["x"]
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#text mark")).to_have_text("الميناء في السادسة")
    settled(page, "الميناء في السادسة")
    page.keyboard.press("Alt+Shift+ArrowRight")
    expect(page.locator("#text mark")).to_have_text("العبّارة الميناء في السادسة")
    settled(page, "العبّارة الميناء في السادسة")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#text mark")).to_have_text("العبّارة الميناء في")
    settled(page, "العبّارة الميناء في")


@pytest.mark.parametrize(
    ("language", "html", "words", "longer"),
    [
        ("ja", "<p>私は昨日図書館で本を読みました。</p>", "昨日", "昨日図書館"),
        ("en", "<p>Well done 👩‍👩‍👧 everybody 🎉 here.</p>", "done", "done 👩‍👩‍👧"),
        ("en", "<p>One <em>and</em><br>two of <strong>three</strong>.</p>", "One", "One and"),
    ],
    ids=["Japanese", "emoji", "inline"],
)
def test_words_are_those_of_the_language_and_no_letter_is_split(room, ada, language, html, words, longer):  # noqa: PLR0917
    article = make_article(html=html, language=language)
    passage = mark(article, ada, words)
    page = opened(room, ada, article)
    focus(page, passage)
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("status").filter(has_text="Now: ")).to_have_count(1)
    assert Highlight.objects.get().exact == longer


def test_a_line_break_ends_no_sentence(room, ada):
    article = make_article(html="<p>A first one. We sail when<br>the tide is right. A last one.</p>")
    passage = mark(article, ada, "the tide")
    page = opened(room, ada, article)
    focus(page, passage)
    page.keyboard.press("s")
    expect(page.locator("#text mark")).to_have_count(2)
    expect(page.locator("#unsaved form")).to_have_count(0)
    assert Highlight.objects.get().exact == "We sail when\nthe tide is right."


def test_at_the_edge_of_a_phone_the_handles_make_nothing_scroll_sideways(room, ada, article):
    passage = mark(article, ada, article.text[: article.text.index("\n")])
    page = opened(room, ada, article, screen=PHONE)
    before = page.evaluate(WHERE)
    page.evaluate(f"document.getElementById('h-{passage.public_id}').focus({{ preventScroll: true }})")
    expect(handle(page, "start")).to_be_visible()
    assert page.evaluate(WHERE) == before


def test_a_visitor_and_whoever_reads_a_withdrawn_copy_have_no_handles(room, ada, ben, article, passage):
    page = opened(room, ben, article)
    page.locator("#text p").first.hover()
    expect(handle(page, "end")).to_be_hidden()
    page = opened(room, None, article)
    expect(page.locator(".handle")).to_have_count(0)
