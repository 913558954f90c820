"""No rule of axe-core (WCAG 2.2 A and AA, and its best practice) is broken at three widths, each in a theme of its own.

`make audit` asks every page at every width in every theme; the desk has its own such test in tests/desk.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from newsreader.accounts.services import claim_key
from newsreader.annotations import services
from newsreader.articles import services as articles
from newsreader.articles.models import Collection, CollectionItem
from newsreader.core.clean import clean
from tests.browser.conftest import PHONE, TABLET, WIDE
from tests.browser.hands import at_rest, hold_over
from tests.factories import HARBOUR, make_article, mark

pytestmark = pytest.mark.django_db(transaction=True)
each_screen = pytest.mark.parametrize("screen", [WIDE, TABLET, PHONE], ids=["1440", "820", "390"])
THEMES = {1440: "light", 820: "sepia", 390: "dark"}

AXE = Axe()
STILL = {"reduced_motion": "reduce"}  # colours are judged where they arrive, not on their way


def broken_rules(page: Page) -> list[str]:
    """Where the page, as it is now, breaks a rule, in the theme of its width."""
    theme = THEMES[page.viewport_size["width"]]
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    if theme == "sepia":
        page.evaluate("document.documentElement.dataset.theme = 'sepia'")
    at_rest(page)
    results = AXE.run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [f"{page.url} {theme}: {one['id']} {node['html'][:160]}" for one in results for node in one["nodes"]]


@pytest.fixture
def shelf(ada, article):
    """Everything that a page can show: all colours, an overlap, a lost one, tags, the bin, Arabic, long names."""
    for colour, words in (
        ("yellow", "at six, an hour late"),
        ("blue", "hour late, with forty"),
        ("green", "two coils"),
        ("rose", "We sail when we sail"),
        ("violet", "By noon the fog"),
    ):
        mark(article, ada, words, colour=colour, note=f"About *{words}*.\n\n- and a list", tags=["to-check", colour])
    mark(article, ada, "under a tarpaulin", note="It goes.")
    without = article.html.replace(", under a tarpaulin,", "")
    services.revise_article(article, html=without)
    services.delete(mark(article, ada, "out of tune", note="To the bin."))
    articles.note_position(article, reader=ada, position=120)
    arabic = make_article("العبّارة", "<p>غادرت العبّارة الميناء في السادسة.</p>", language="ar")
    mark(arabic, ada, "الميناء", note="أين؟")
    articles.note_state(make_article("Kept " + "x" * 120), reader=ada, place="later")
    article.topics.add(articles.topic_named("Ports"))
    collection = Collection.objects.create(name="Ports and rivers", slug="ports")
    CollectionItem.objects.create(collection=collection, article=article)
    return article


@each_screen
def test_no_page_of_a_reader_breaks_a_rule(room, ada, shelf, screen, complaints):
    complaints.expect("status of 404")
    page = room.of(ada, screen=screen, **STILL)
    found = []
    for address in (
        "/",
        "/?place=later",
        "/?place=favourites&topic=ports",
        shelf.get_absolute_url(),
        "/articles/العبّارة/",
        f"/highlights/{ada.highlights.first().public_id}/",
        "/notebook/",
        "/notebook/?tag=to-check&colour=rose",
        "/notebook/?tag=to-check&days=7&colour=green&colour=blue",
        "/tags/",
        "/bin/",
        "/search/",
        "/search/?q=piano",
        "/search/?q=zeppelin",
        "/accounts/",
        "/keys/",
        "/nothing-here/",
    ):
        page.goto(address)
        found += broken_rules(page)
    assert found == []


@each_screen
def test_no_empty_page_and_no_page_of_a_visitor_breaks_a_rule(room, ben, article, screen):
    page = room.of(ben, screen=screen, **STILL)
    found = []
    for address in ("/?place=archive", article.get_absolute_url(), "/notebook/", "/tags/", "/bin/"):
        page.goto(address)
        found += broken_rules(page)
    page = room.of(screen=screen, **STILL)
    for address in ("/", article.get_absolute_url(), "/search/?q=piano", "/accounts/sign-in/?next=/notebook/"):
        page.goto(address)
        found += broken_rules(page)
    assert found == []


@each_screen
def test_no_refusal_breaks_a_rule(room, ada, shelf, screen, complaints):
    complaints.expect("status of (404|409|422)")
    found = []
    page = room.of(screen=screen, **STILL)
    page.goto("/accounts/sign-in/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password", exact=True).fill("guessed")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += broken_rules(page)

    page = room.of(ada, screen=screen, **STILL)
    page.goto(shelf.get_absolute_url())
    for words, then in (("nobody wrote this", page.get_by_role("alert")), ("piano", page.locator(".places"))):
        form = page.locator("#mark-words")
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        page.get_by_label("Words to mark").fill(words)
        page.get_by_role("button", name="Mark", exact=True).click()
        expect(then.first).to_be_visible()
        found += broken_rules(page)

    page.goto("/tags/")
    page.get_by_label("Rename blue", exact=True).click()
    expect(page.get_by_label("New name for blue")).to_be_visible()
    found += broken_rules(page)
    page.get_by_label("New name for blue").fill("green")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("heading", name="Merge 2 tags")).to_be_visible()
    found += broken_rules(page)
    assert found == []


@each_screen
def test_marking_and_writing_break_no_rule(room, ada, shelf, screen, complaints):
    complaints.expect("40[19]")
    page = room.of(ada, screen=screen, **STILL)
    page.goto(shelf.get_absolute_url())
    hold_over(page, "It was simply there")
    found = broken_rules(page)
    page.keyboard.press("Escape")
    page.locator("#text mark[data-c=rose]").click()
    note = page.get_by_label("Note, in Markdown")
    expect(note).to_be_visible()
    found += broken_rules(page)

    highlight = ada.highlights.get(colour="rose")
    services.edit(highlight, version=highlight.version, colour="rose", note="From another window.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Edited twice")).to_be_visible()
    found += broken_rules(page)

    room.sign_out_everybody()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog", name="Sign in again").get_by_label("Username")).to_be_visible()
    found += broken_rules(page)
    assert found == []


@each_screen
def test_menus_and_toasts_break_no_rule(room, ada, shelf, screen):
    page = room.of(ada, screen=screen, **STILL)
    found = []
    for address, control in (
        ("/", ".row .menu > summary"),
        ("/", ".account > summary"),
        (shelf.get_absolute_url(), ".bar .menu > summary"),
        ("/notebook/", "button:text-is('Filter')" if screen == PHONE else ".filters .menu > summary"),
    ):
        page.goto(address)
        page.locator(control).first.hover()
        page.locator(control).first.click()
        in_a_sheet = page.get_by_role("heading", name="Filter")
        expect(page.locator("details.menu[open] .menu-panel").or_(in_a_sheet).first).to_be_visible()
        found += broken_rules(page)
    page.goto("/notebook/")
    page.get_by_label("Delete this passage").first.click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    found += broken_rules(page)
    assert found == []


@each_screen
def test_an_article_with_everything_in_it_breaks_no_rule(room, ada, screen):
    parts = "<h2>Two</h2><h3>Three</h3><dl><dt>Term</dt><dd>What it is</dd></dl><pre>a line that is code</pre><hr>"
    article = make_article("Everything", clean(HARBOUR + parts + "<p>A <a href='https://example.org/'>link</a>.</p>"))
    page = room.of(ada, screen=screen, **STILL)
    page.goto(article.get_absolute_url())
    assert broken_rules(page) == []


@each_screen
def test_the_page_that_claims_a_library_breaks_no_rule(room, screen):
    page = room.of(screen=screen, **STILL)
    page.goto(f"/accounts/claim/{claim_key()}/")
    assert broken_rules(page) == []
