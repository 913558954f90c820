"""Readers put something on their own shelf, in a real browser: by address, from another page, by pasting, by file."""

import pytest
from playwright.sync_api import expect

from newsreader.articles.models import Article
from newsreader.core.sentence import Sentence
from newsreader.intake.addresses import Allowed
from newsreader.intake.arrivals import expect as expected
from newsreader.intake.arrivals import fail
from newsreader.intake.web import Failed
from newsreader.intake.work.worker import drain
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessible import STILL, broken_rules
from tests.browser.test_offline import KEPT, TAKE_ON
from tests.intake.books import epub
from tests.intake.fault_server import served
from tests.patience import becomes

PASTED = "# A letter home\n\nThe ferry left the harbour at six, with forty passengers and **a piano**."

STORY = """<!doctype html><html lang="en"><head><title>The ferry</title></head><body><article><h1>The ferry</h1>
<p>The ferry left the harbour at six, an hour late, with forty passengers and a piano on board.</p>
<p>Nobody had asked about the piano. It was simply there, under a tarpaulin, when the ramp came up behind them.</p>
<p>By noon the fog had closed over the islands, and the piano was out of tune before anybody had played it.</p>
<p>“We sail when we sail,” the mate said, and went below to look for somebody who could carry a tune.</p>
</article></body></html>"""

KEPT_ONCE = f"""async (path) => {{
  const kept = {KEPT};
  for (;;) {{
    const paths = await kept();
    if (paths.includes(path)) return paths;
    await new Promise((wake) => setTimeout(wake, 20));
  }}
}}"""


@pytest.fixture
def site(settings):
    """A web site on this machine, to which the operator lets readers go."""
    with served(do_page=lambda visit: visit.say(200, STORY.encode())) as (port, handler):
        settings.FETCH_ALLOW = Allowed.of([f"127.0.0.1:{port}"])
        yield f"http://127.0.0.1:{port}", handler


def row(page, title):
    return page.locator("#added .row", has=page.get_by_role("link", name=title, exact=True))


def test_a_page_is_saved_by_its_address_and_its_row_becomes_the_article(room, ada, site):
    page = room.of(ada)
    page.goto("/")
    page.keyboard.press("a")
    expect(page.get_by_label("Link to an article")).to_be_focused()
    page.keyboard.type(f"{site[0]}/page")
    page.keyboard.press("Enter")
    expect(page.locator("#added .row[data-state=fetching]")).to_contain_text("You can leave this page")
    expect(page.get_by_label("Link to an article")).to_have_value("")
    drain()
    expect(row(page, "The ferry")).to_have_attribute("data-state", "unread")
    expect(page.locator("#told")).to_have_text("The ferry is here.")
    expect(page.locator("[hx-trigger*=load]")).to_have_count(0)  # nothing is asked any more
    row(page, "The ferry").get_by_role("link", name="The ferry").click()
    expect(page.locator("#text")).to_contain_text("an hour late")
    expect(page.get_by_text("Only you see this.")).to_be_visible()


def test_a_failure_says_why_on_the_shelf_and_is_tried_again_there(room, ada, site):
    page = room.of(ada, screen=PHONE)
    page.goto("/add/")
    page.get_by_label("Link to an article").fill(f"{site[0]}/later")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#added .row[data-state=fetching]")).to_be_visible()
    page.goto("/")
    drain()
    failed = page.locator("#rows .row[data-state=failed]")
    expect(failed).to_contain_text("There is no page at this address.")
    site[1].do_later = site[1].do_page
    failed.get_by_role("button", name="Try again").click()
    expect(page.locator("#rows .row[data-state=fetching]")).to_be_visible()
    drain()
    expect(page.locator("#rows .row h3")).to_have_text("The ferry")


def test_the_page_of_an_article_becomes_its_text_when_that_has_come(room, ada, site):
    page = room.of(ada)
    page.goto("/add/")
    page.get_by_label("Link to an article").fill(f"{site[0]}/page")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#added .row h3 a").click()
    expect(page.locator("#coming")).to_contain_text("Fetching the text")
    drain()
    expect(page.locator("#text")).to_contain_text("an hour late")


def test_the_bookmarklet_hands_over_the_page_as_the_reader_sees_it(room, ada, site):
    page = room.of(ada)
    page.goto("/add/")
    page.get_by_text("From other pages and applications").click()
    link = page.get_by_role("link", name="Save to Newsreader")
    code = link.get_attribute("href")
    link.click()  # here it says that it is to be dragged, and nothing is run
    expect(page.get_by_text("Drag it to the bookmarks bar")).to_be_visible()
    page.goto(f"{site[0]}/page")
    page.evaluate(
        "words => document.querySelector('article').insertAdjacentHTML('beforeend', words)",
        "<p>Only members read how the piano got home.</p>",
    )
    with page.expect_popup() as opened:
        page.evaluate(code.removeprefix("javascript:"))
    window = opened.value
    expect(window.get_by_label("Link to an article")).to_have_value(f"{site[0]}/page")
    expect(window.get_by_label("Save the page as this browser shows it")).to_be_checked()
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window.locator("#added .row")).to_have_count(1)
    hits = list(site[1].hits)
    drain()
    expect(row(window, "The ferry")).to_be_visible()
    assert "Only members read how the piano got home." in Article.objects.get(owner=ada).text
    assert site[1].hits == hits  # what was handed over is not fetched


def test_the_window_of_the_bookmarklet_takes_nothing_from_another_site(room, ada, site):
    page = room.of(ada)
    page.goto(f"{site[0]}/page")
    with page.expect_popup() as opened:
        page.evaluate(
            """(address) => {
              window.w = open(`${address}/add/?url=https://bank.example/account`);
              const page = { newsreader: 1, url: "https://bank.example/", html: "<p>x</p>" };
              setInterval(() => w.postMessage(page, "*"), 50);
            }""",
            room.address,
        )
    window = opened.value
    expect(window.get_by_label("Link to an article")).to_have_value("https://bank.example/account")
    window.get_by_text("Paste a text").click()  # the page's script is there, and some messages have come
    window.get_by_text("Upload files").click()
    expect(window.locator("#add-files .add-acts")).to_be_hidden()
    expect(window.locator("#handed")).to_be_hidden()
    expect(window.locator("[name=handed]")).to_have_value("")


def test_what_another_application_shares_fills_the_form_and_waits_for_its_reader(room, ada, site):
    page = room.of(ada, screen=PHONE)
    page.goto(f"/add/?title=The+ferry&text=Look+at+this%3A+{site[0]}/page")
    expect(page.get_by_label("Link to an article")).to_have_value(f"{site[0]}/page")
    assert not Article.objects.exists()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(row(page, "The ferry")).to_have_attribute("data-state", "fetching")


def test_a_text_is_pasted_and_stays_in_its_field_while_it_is_refused(room, ada, complaints):
    complaints.expect("422")
    page = room.of(ada)
    page.goto("/add/")
    page.get_by_text("Paste a text").click()
    page.get_by_label("Title").fill("My letter")
    page.get_by_label("Text", exact=True).fill("<p></p>")
    page.get_by_role("button", name="Save the text").click()
    expect(page.locator("#text-err")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("My letter")
    page.get_by_label("Text", exact=True).fill(PASTED)
    page.get_by_role("button", name="Save the text").click()
    expect(row(page, "My letter")).to_be_visible()
    page.locator("#add-text .said").get_by_role("link", name="My letter").click()
    expect(page.locator("#text strong")).to_have_text("a piano")


def test_several_files_go_one_by_one_and_a_book_is_read(room, ada, complaints):
    complaints.expect("422")
    page = room.of(ada)
    page.goto("/add/")
    page.get_by_text("Upload files").click()
    sent = [
        {
            "name": "ferry.epub",
            "mimeType": "application/epub+zip",
            "buffer": epub("<h1>The lock</h1><p>The lock keeper slept until noon.</p>"),
        },
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
        {"name": "letter.md", "mimeType": "text/markdown", "buffer": PASTED.encode()},
    ]
    page.locator("#files").set_input_files(sent)
    expect(page.locator("#sent li")).to_have_count(3)
    expect(page.locator("#sent progress")).to_have_count(0)
    expect(page.locator("#sent li", has_text="scan.pdf")).to_contain_text("is not read here")
    expect(row(page, "A letter home")).to_be_visible()
    expect(page.locator("#added .row")).to_have_count(2)
    page.locator("#sent li", has_text="ferry.epub").get_by_role("link").click()
    expect(page.locator("#text")).to_contain_text("The lock keeper slept until noon.")


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_no_page_of_what_is_added_or_on_its_way_breaks_a_rule(room, ada, screen):
    waiting = expected("https://news.example/ferry", reader=ada).arrival
    failed = expected("https://news.example/gone", reader=ada, title="A page that is gone").arrival
    fail(failed, Failed(Sentence("There is no page at this address.")))
    page = room.of(ada, screen=screen, **STILL)
    found = []
    addresses = [waiting.article.get_absolute_url(), failed.article.get_absolute_url()]
    for address in ("/", f"/arrivals/{failed.pk}/text/", *addresses, "/add/?url=https://news.example/x&title=x"):
        page.goto(address)
        found += broken_rules(page)
    page.goto("/add/")
    for way in ("Paste a text", "Upload files", "From other pages and applications"):
        page.get_by_text(way, exact=True).click()
        found += broken_rules(page)
    assert found == []


def test_the_device_keeps_no_copy_of_the_form_or_of_what_is_on_its_way(room, ada, article):
    waiting = expected("https://news.example/ferry", reader=ada).article
    page = room.of(ada, service_workers="allow")
    page.goto("/")
    page.evaluate(TAKE_ON)
    for address in ("/add/?url=https://news.example/x", waiting.get_absolute_url(), article.get_absolute_url()):
        page.goto(address)
    # Pages are kept in turn: once this one is, those before it have been decided about.
    becomes(page, lambda page: page.evaluate(KEPT_ONCE, article.get_absolute_url()), ["/", article.get_absolute_url()])
