"""An article is written, looked at, compared and restored in the distribution's Chromium, with script and without."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from newsreader.annotations import services as annotations
from newsreader.articles.models import Article
from newsreader.core.clean import clean
from newsreader.desk import curators
from newsreader.desk.models import Entry
from tests.browser.conftest import PHONE, WIDE, complaints, room  # noqa: F401 fixtures
from tests.desk.pages import desk
from tests.factories import HARBOUR, make_article, make_user, mark
from tests.patience import becomes


@pytest.fixture
def ada(transactional_db):
    return make_user("ada", first_name="Ada")


@pytest.fixture
def cleo(transactional_db):
    return curators.appoint(make_user("cleo", first_name="Cleo"))


@pytest.fixture
def article(transactional_db):
    return make_article("The ferry that carried a piano")


def opened(room, user, article, **options):  # noqa: F811
    """The article's form, with its preview there."""
    page = room.of(user, **options)
    page.goto(desk("articles_article_change", article.pk))
    if options.get("java_script_enabled", True):
        expect(frame(page).locator("#text > p").first).to_be_attached()
    return page


def frame(page):
    return page.frame_locator(".desk-look iframe")


def body(page):
    return page.get_by_label("Text:", exact=True)


def save(page):
    page.get_by_role("button", name="Save", exact=True).last.click()


def test_markdown_is_seen_as_readers_will_see_it_while_it_is_typed(room, cleo, article):  # noqa: F811
    page = room.of(cleo)
    page.goto(desk("articles_article_add"))
    expect(page.get_by_label("Markdown")).to_be_checked()
    page.get_by_label("Title:").fill("A new one")
    body(page).press_sequentially("A *first* line.\n\n## And a heading")
    text = frame(page).locator("#text")
    expect(text.locator("em")).to_have_text("first")
    expect(text.locator("h2")).to_have_text("And a heading")
    expect(frame(page).get_by_role("heading", level=1)).to_have_text("A new one")
    looks = "element => [getComputedStyle(element).fontFamily, getComputedStyle(element).fontSize]"
    seen, width = text.locator("p").first.evaluate(looks), page.locator(".desk-look iframe").bounding_box()["width"]
    save(page)
    page.get_by_text("was added successfully").wait_for()
    made = Article.objects.get(title="A new one")
    assert made.html == "<p>A <em>first</em> line.</p>\n<h2>And a heading</h2>"
    page.set_viewport_size({"width": int(width), "height": 900})
    page.goto(made.get_absolute_url())
    becomes(page.locator("#text > p").first, looks, seen)


def test_the_preview_stays_where_it_was_scrolled_to_and_says_what_becomes_of_highlights(room, cleo, ada, article):  # noqa: F811
    annotations.revise_article(article, html=clean(HARBOUR * 12))
    mark(article, ada, "an hour late, with forty passengers")
    page = opened(room, cleo, article)
    expect(page.locator("#foreseen")).to_contain_text("The text is unchanged")
    frame(page).locator("html").evaluate("html => html.scrollTo(0, 900)")
    untouched = frame(page).locator("#text > p").last
    untouched.evaluate("block => (block.kept = true)")
    read, place = frame(page).locator("#text > blockquote").nth(2), "block => block.getBoundingClientRect().top"
    before = read.evaluate(place)
    body(page).fill(body(page).input_value().replace("forty", "fifty", 1))
    expect(page.locator("#foreseen")).to_contain_text("Of 1 highlight of 1 reader: 0 kept, 1 edited")
    body(page).fill(body(page).input_value().replace("at six, an hour late, with fifty passengers and", "with", 1))
    expect(page.locator("#foreseen")).to_contain_text("0 kept, 0 edited, 0 moved, 1 lost.")
    becomes(page, lambda _: abs(read.evaluate(place) - before) < 2)
    becomes(untouched, "block => block.kept === true")  # what did not change was not made anew
    assert article.revisions.count() == 2


def test_choosing_the_other_way_converts_what_is_typed_and_choosing_back_brings_it_again(room, cleo, article):  # noqa: F811
    page = opened(room, cleo, article)
    typed = "<h1>Head</h1>\n<p>Typed   <b>so</b></p>"
    body(page).fill(typed)
    page.get_by_label("Markdown").check()
    expect(body(page)).to_have_value("## Head\n\nTyped <b>so</b>\n")
    page.get_by_label("HTML").check()
    expect(body(page)).to_have_value(typed)
    page.get_by_label("Markdown").check()
    expect(body(page)).to_have_value("## Head\n\nTyped <b>so</b>\n")
    body(page).press_sequentially("\n- Rope")
    save(page)
    page.get_by_text("Revision 2 of the text.").wait_for()
    article.refresh_from_db()
    assert article.html == "<h2>Head</h2>\n<p>Typed <b>so</b></p>\n<ul><li>Rope</li></ul>"


def test_the_latest_text_is_shown_although_an_earlier_answer_comes_late(room, cleo, article, complaints):  # noqa: F811
    complaints.expect("Failed to load resource")
    page = opened(room, cleo, article)
    held = []

    def first_waits(route):
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route(re.compile("/look/$"), first_waits)
    with page.expect_request(re.compile("/look/$")):
        body(page).fill("<p>Earlier.</p>")
    body(page).fill("<p>Later.</p>")
    expect(frame(page).locator("#text")).to_have_text("Later.")
    assert len(held) == 2
    expect(page.locator("#look-state")).to_have_text("")


def test_without_an_answer_it_says_so_calmly_and_goes_on_when_there_is_one(room, cleo, article, complaints):  # noqa: F811
    complaints.expect("Failed to load resource")
    page = opened(room, cleo, article)
    page.route(re.compile("/look/$"), lambda route: route.abort())
    page.clock.install()
    body(page).fill("<p>Typed.</p>")
    expect(page.locator("#look-state")).to_contain_text("Nothing that you typed is lost")
    page.unroute(re.compile("/look/$"))
    page.clock.fast_forward(6_000)
    expect(frame(page).locator("#text")).to_have_text("Typed.")
    expect(page.locator("#look-state")).to_have_text("")


def test_a_link_in_the_preview_leads_nowhere(room, cleo, article):  # noqa: F811
    page = opened(room, cleo, article)
    body(page).fill('<p><a href="https://elsewhere.example/">there</a></p>')
    frame(page).get_by_role("link", name="there").click()
    expect(frame(page).locator("#text")).to_have_text("there")


def test_a_long_text_is_typed_in_without_waiting(room, cleo, article):  # noqa: F811
    long = "\n".join(f"<p>{'word ' * 1000}{n}.</p>" for n in range(60))
    annotations.revise_article(article, html=clean(long))
    page = opened(room, cleo, article)
    area = body(page)
    area.press("Control+End")
    read = area.evaluate(
        """(area) => {
          const [Form, end] = [FormData, area.value.length];
          const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
          let read = 0;
          Object.defineProperty(area, "value", { configurable: true, get: () => (read += 1, value.get.call(area)) });
          window.FormData = class extends Form { constructor(...of) { super(...of); read += 1; } };
          for (let n = 0; n < 20; n += 1) {
            area.setRangeText("x", end + n, end + n, "end");
            area.dispatchEvent(new InputEvent("input", { bubbles: true }));
          }
          delete area.value;
          window.FormData = Form;
          return read;
        }"""
    )
    assert read == 0  # what a key waits for does not grow with the text
    expect(frame(page).locator("#text > p").last).to_contain_text("xxxx", timeout=60_000)


def test_two_curators_at_once_lose_nothing(room, cleo, article):  # noqa: F811
    carl = curators.appoint(make_user("carl", first_name="Carl"))
    second = opened(room, cleo, article)
    first = opened(room, carl, article)
    body(first).fill("<p>The first one’s text.</p>")
    first.get_by_label("Byline:").fill("First")
    save(first)
    first.get_by_text("was changed successfully").wait_for()
    body(second).fill("<p>The second one’s text.</p>")
    expect(second.locator("#foreseen")).to_contain_text("saved since you opened it")
    save(second)
    panel = second.get_by_role("region", name="Theirs and yours")
    expect(panel.get_by_role("row", name="Byline First empty")).to_be_visible()
    expect(panel.locator(".differences del").last).to_contain_text("first")
    expect(panel.locator(".differences ins").last).to_contain_text("second")
    panel.get_by_role("button", name="Go on from theirs").click()
    expect(body(second)).to_have_value("<p>The first one’s text.</p>")
    expect(second.get_by_label("Your text")).to_have_value("<p>The second one’s text.</p>")
    second.get_by_role("button", name="Go back to mine").click()
    expect(body(second)).to_have_value("<p>The second one’s text.</p>")
    save(second)
    second.get_by_text("Revision 3 of the text.").wait_for()
    article.refresh_from_db()
    assert article.text == "The second one’s text."


def test_two_revisions_are_compared_by_keyboard_and_an_older_one_restored_after_a_question(room, cleo, ada, article):  # noqa: F811
    for word in ("seven", "eight"):
        html = clean(HARBOUR.replace("at six", f"at {word}") + "<p>A correction.</p>")
        annotations.revise_article(article, html=html, editor=cleo, reason=f"It was {word}")
    mark(article, ada, "A correction.")
    page = room.of(cleo)
    page.goto(desk("articles_article_history", article.pk))
    page.get_by_label("From revision 2", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Compare the two").press("Enter")
    diff = page.locator("#diff")
    expect(page.get_by_role("heading", name="From revision 1 to 3")).to_be_visible()
    expect(page).to_have_url(re.compile("from=1"))
    expect(diff.locator("del").first).to_contain_text("six")
    expect(diff.locator("ins").first).to_contain_text("eight")
    page.get_by_role("button", name="Restore revision 1").click()
    page.get_by_role("heading", name="Not restored yet: this would lose 1 highlight").wait_for()
    assert article.revisions.count() == 3
    page.get_by_role("button", name="Restore anyway").click()
    page.get_by_text("Restored revision 1.").first.wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back: 1 is as before.").wait_for()
    article.refresh_from_db()
    assert article.text.endswith("A correction.")


def test_whoever_leaves_with_words_that_are_not_saved_is_asked(room, cleo, article):  # noqa: F811
    page = opened(room, cleo, article)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    body(page).press_sequentially("x")
    page.goto(desk("articles_article_history", article.pk))
    becomes(page, lambda _: asked, ["beforeunload"])


def test_without_script_it_is_all_done_by_buttons(room, cleo, ada, article):  # noqa: F811
    mark(article, ada, "Lamp oil")
    page = opened(room, cleo, article, java_script_enabled=False)
    expect(page.locator("#look")).to_be_hidden()
    page.get_by_label("Markdown").check()
    page.get_by_role("button", name="Convert what is typed").click()
    expect(body(page)).to_have_value(re.compile(r"^The ferry left .*\n- Lamp oil\n", re.DOTALL))
    body(page).fill("A *short* one.")
    page.get_by_role("button", name="Preview what this edit does").last.click()
    expect(page.get_by_text("0 kept, 0 edited, 0 moved, 1 lost.")).to_be_visible()
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Read it as readers will see it").click()
    expect(opening.value.locator("#text em")).to_have_text("short")
    opening.value.close()
    save(page)
    page.get_by_text("lost: 1").wait_for()
    article.refresh_from_db()
    assert article.html == "<p>A <em>short</em> one.</p>"
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_of_it_stands_in_the_way_of_anybody(room, cleo, article, complaints, scheme, screen):  # noqa: F811, PLR0917
    # axe puts styles of its own into the page, and asks for a sheet that Django's imports where it is not.
    complaints.expect("inline style|CSP style-src|404")
    page = opened(room, cleo, article, screen=screen, color_scheme=scheme)
    width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    becomes(page, width)
    serious(page)
    if screen is PHONE:
        page.get_by_role("button", name="Read", exact=True).tap()
        expect(frame(page).locator("#text")).to_be_visible()
        expect(body(page)).not_to_be_visible()
        page.get_by_role("button", name="Write", exact=True).tap()
    article.save()
    body(page).fill("<p>Another.</p>")
    save(page)
    page.locator("#conflict").wait_for()
    serious(page)
    page.on("dialog", lambda dialog: dialog.accept())
    annotations.revise_article(article, html="<p>Another.</p>")
    page.goto(desk("articles_article_history", article.pk))
    serious(page)
    becomes(page, width)


def serious(page):
    """What axe finds, but in Django's own widgets as they come."""
    found = Axe().run(page, context={"exclude": [".select2", ".datetime"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
