"""From 320 pixels up nothing runs out of the page, and whoever goes by keyboard sees where they are."""

import pytest
from playwright.sync_api import Page, expect

from newsreader.annotations import services
from tests.browser.conftest import WIDE
from tests.factories import make_article, make_user, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
TABLET = {"viewport": {"width": 768, "height": 1024}}
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

# What sticks out of the window and is not inside something that scrolls by itself.
STICKS_OUT = """() => {
  const wide = screen.width < 600 ? screen.width : document.documentElement.clientWidth;
  const found = document.documentElement.scrollWidth;
  if (found <= wide) return [];
  const sticks = (e) => e.checkVisibility() && e.getBoundingClientRect().right > wide + 1;
  const out = [...document.body.querySelectorAll("*")].filter(sticks);
  return [`${location.pathname} is ${found} wide`, ...out.map((e) => e.outerHTML.slice(0, 120))];
}"""

# The element that has the focus: what it is called, whether it can be seen and used, and whether the focus shows.
# A colour is chosen on a face above its transparent radio; the reference of a passage takes no room in its line.
FOCUSED = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const words = e.getAttribute("aria-label") || e.labels?.[0]?.querySelector(".vh")?.textContent
    || e.labels?.[0]?.textContent || e.textContent || e.value || "";
  const face = e.closest(".swatch") ?? e;
  const box = face.getBoundingClientRect();
  const ref = e.matches(".hl-ref");
  const seen = face.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && (ref || box.width > 1) && box.bottom > 0 && box.top < innerHeight;
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const covered = !ref && top && !face.contains(top) && !top.contains(face);
  const ring = (of, pseudo) => of && getComputedStyle(of, pseudo).outlineStyle !== "none";
  return {
    name: words.trim().replace(/\\s+/g, " "), seen, covered: covered ? top.outerHTML.slice(0, 80) : "",
    shown: ring(e) || ring(e, "::after") || ring(e.closest(".swatch, .tag-input")),
  };
}"""


@pytest.fixture
def shelf(ada):
    """Long words wherever somebody may write one."""
    body = f"<p>{WORD} and {WORD}.</p><pre>{WORD * 2}</pre><table><tr><td>{WORD}</td><td>{WORD}</td></tr></table>"
    article = make_article(
        f"About {WORD}", f"<p>Short words at first.</p>{body}", source=f"{WORD} Post", standfirst=WORD, byline=WORD
    )
    mark(article, ada, WORD, note=f"{WORD}\n\n- {WORD}\n\n`{WORD}`", tags=[WORD[:60], "b" * 60])
    mark(article, ada, "Short words at first.", colour="rose", note="https://example.org/" + "path" * 40)
    services.revise_article(article, html=article.html.replace("Short words at first.", "Others."))
    services.delete(mark(article, ada, "Others.", note=WORD))
    return article


# Words that are cut off in a box that neither scrolls nor says so with an ellipsis. What only a screen reader says is
# cut on purpose; so are the lines after the second of a standfirst.
CUT = """() => {
  const cuts = (e) => {
    const style = getComputedStyle(e);
    if (!e.checkVisibility() || e.clientWidth < 2 || e.closest(".vh, svg")) return false;
    if (style.webkitLineClamp !== "none" || style.textOverflow === "ellipsis") return false;
    const across = /hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
    const down = /hidden|clip/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1;
    return across || down;
  };
  const words = [...document.body.querySelectorAll("*")].filter((e) => [...e.childNodes].some((n) => n.data?.trim()));
  return words.filter(cuts).map((e) => `${location.pathname} cuts ${e.outerHTML.slice(0, 120)}`);
}"""


@pytest.mark.parametrize(
    ("screen", "zoom"), [(NARROW, 100), (TABLET, 100), (WIDE, 200)], ids=["320", "768", "1440 at 200 %"]
)
def test_no_page_of_a_reader_scrolls_sideways_or_cuts_words(room, ada, shelf, screen, zoom, complaints):  # noqa: PLR0917
    complaints.expect("status of (400|404)")
    page = room.of(ada, screen=screen)
    out = []
    for address in (
        "/",
        "/?place=all&source=" + shelf.sources.get().slug,
        shelf.get_absolute_url(),
        f"/highlights/{ada.highlights.filter(deleted=None).first().public_id}/",
        "/notebook/",
        f"/notebook/?tag={WORD[:60].lower()}&colour=rose&colour=blue&days=7",
        "/tags/",
        "/bin/",
        "/search/?q=" + WORD,
        f"{shelf.get_absolute_url()}history/",
        "/notebook/?changed=1",
        "/notebook/print/",
        "/keys/",
        "/accounts/",
        "/accounts/leave/",
        "/nothing-here/",
    ):
        page.goto(address)
        page.evaluate("zoom => { document.documentElement.style.fontSize = `${zoom}%`; }", zoom)
        out += page.evaluate(STICKS_OUT) + page.evaluate(CUT)
    assert out == [], "\n".join(out)


def test_no_page_of_a_visitor_scrolls_sideways(room, shelf):
    page = room.of(screen=NARROW)
    out = []
    for address in ("/", shelf.get_absolute_url(), "/search/", "/accounts/sign-in/", "/offline/", "/keys/"):
        page.goto(address)
        out += page.evaluate(STICKS_OUT) + page.evaluate(CUT)
    assert out == [], "\n".join(out)


def test_long_names_stay_inside_of_what_opens(room, shelf):
    """The sheet, the menu of an account with a long name, and the panel that renames a tag."""
    reader = make_user("w" * 150)
    mark(shelf, reader, "Others.", note=WORD, tags=[WORD[:60]])
    page = room.of(reader, screen=NARROW)
    page.goto(shelf.get_absolute_url())
    page.locator("#text mark").first.click()
    page.get_by_label("Note, in Markdown").wait_for()
    sheet = page.get_by_role("dialog", name="Passage")
    becomes(sheet, "e => e.scrollWidth <= e.clientWidth")
    becomes(page, STICKS_OUT, [])
    page.goto("/tags/")
    page.locator(".taglist .menu > summary").first.click()
    expect(page.locator(".taglist .menu-panel").first).to_be_visible()
    becomes(page, STICKS_OUT, [])
    becomes(page.locator(".taglist .menu-panel").first, lambda panel: panel.bounding_box()["x"] >= 0)
    page.goto("/notebook/")
    page.get_by_role("button", name="Filter").click()
    for filter_ in page.locator(".filters .menu").all():
        filter_.locator("summary").click()
        expect(filter_).to_have_attribute("open", "")
        becomes(page, STICKS_OUT, [])
        filter_.locator("summary").click()
    page.goto("/")
    page.locator(".account > summary").click()
    expect(page.locator(".account")).to_have_attribute("open", "")
    becomes(page, STICKS_OUT, [])


def stops(page: Page, most: int = 90) -> list[dict]:
    """Where Tab comes by from the top of the page until it leaves it."""
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            return found
        found.append(focused)
    raise AssertionError(f"Tab never leaves the page: {found[-3:]}")


LIBRARY = ("/", ["Skip to content", "Library", "Notebook", "Filter", "Inbox", "The ferry that carried a piano"])
ARTICLE = ("/articles/{}/", ["Skip to the article", "Inbox", "Read later", "Archive", "More actions", "Archive"])
NOTEBOOK = ("/notebook/", ["Skip to content", "Notebook", "Tag", "Yellow", "Sort by", "Go to this passage in the text"])
# Where it is narrow, what filters is in a sheet that a button opens.
IN_A_SHEET = ("/notebook/", ["Skip to content", "Notebook", "Filter", "Go to this passage in the text"])


@pytest.mark.parametrize("screen", [NARROW, WIDE], ids=["320", "1440"])
@pytest.mark.parametrize("of", ["library", "article", "notebook"])
def test_tab_comes_by_every_control_in_order_and_shows_where_it_is(room, ada, article, screen, of):
    book = IN_A_SHEET if screen is NARROW else NOTEBOOK
    address, controls = {"library": LIBRARY, "article": ARTICLE, "notebook": book}[of]
    mark(article, ada, "forty passengers", note="Counted.", tags=["to-check"])
    mark(article, ada, "two coils")
    page = room.of(ada, screen=screen, reduced_motion="reduce")
    page.goto(address.format(article.slug))
    found = stops(page)
    assert [stop for stop in found if not stop["seen"]] == []
    assert [stop for stop in found if not stop["shown"]] == []
    assert [stop for stop in found if stop["covered"]] == []
    names = iter(stop["name"] for stop in found)
    for control in controls:
        assert any(name.startswith(control) for name in names), (control, [stop["name"] for stop in found])


def test_a_sheet_that_closes_gives_the_focus_back_to_its_passage(room, ada, article):
    highlight = mark(article, ada, "forty passengers", note="Counted.")
    page = room.of(ada, screen=NARROW, reduced_motion="reduce")
    page.goto(article.get_absolute_url())
    sheet, passage = page.get_by_role("dialog", name="Passage"), page.locator(f"#h-{highlight.public_id}")
    for closing in (lambda: page.keyboard.press("Escape"), sheet.get_by_label("Close").click):
        passage.focus()
        page.keyboard.press("Enter")
        expect(sheet).to_be_visible()
        closing()
        expect(sheet).to_be_hidden()
        expect(passage).to_be_focused()


def test_the_link_at_the_top_skips_to_the_content(room, ada, article):
    page = room.of(ada)
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto(article.get_absolute_url())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
