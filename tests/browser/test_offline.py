"""Without a network: what was read last can be read, what is written waits; and nothing of one account is another's."""

import pytest
from playwright.sync_api import Page, expect

from newsreader.annotations.models import Highlight
from tests.browser.hands import bar, drag_over
from tests.factories import PASSWORD, make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

TAKE_ON = """async () => {
  await navigator.serviceWorker.register("/sw.js");
  while (!navigator.serviceWorker.controller) await new Promise((wake) => setTimeout(wake, 20));
}"""
KEPT = """async () => {
  const paths = [];
  for (const name of (await caches.keys()).filter((name) => name.startsWith("pages/"))) {
    for (const { url } of await (await caches.open(name)).keys()) paths.push(decodeURI(new URL(url).pathname));
  }
  return paths.sort();
}"""
PUT_BACK = """(stored) => {
  for (const [name, value] of Object.entries(stored)) if (name !== "account") localStorage.setItem(name, value);
}"""
HERS = ("Only for Ada", "A draft of Ada", "waits to be sent")


def wait_until_kept(page: Page, *paths: str) -> None:
    becomes(page, KEPT, sorted(paths))


def strip(page: Page):
    return page.locator("#offline")


def test_what_was_read_is_readable_and_what_is_written_offline_is_sent_once(room, ada, article, complaints):
    complaints.expect_no_network()
    mark(article, ada, "two coils", note="Counted.")
    unread = make_article("Never opened")
    page = room.of(ada, service_workers="allow")
    page.goto("/")
    page.evaluate(TAKE_ON)
    page.goto(article.get_absolute_url())
    wait_until_kept(page, "/", article.get_absolute_url())
    expect(strip(page)).to_be_hidden()

    page.context.set_offline(True)
    expect(strip(page)).to_contain_text("You are offline. One saved article is readable.")
    page.reload()
    expect(page).to_have_title(f"(offline) {article.title} · Newsreader")
    expect(strip(page)).to_contain_text("This is the page as it was on")
    expect(page.locator("#notes")).to_contain_text("Counted.")
    becomes(page, "() => document.fonts.check('16px Newsreader')")
    page.goto(unread.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not on this device.")
    page.get_by_role("link", name=article.title).click()
    expect(strip(page)).to_be_visible()  # it moves the text

    drag_over(page, "forty passengers")
    bar(page).get_by_role("button", name="Note").click()
    card = page.get_by_role("region", name="Not saved yet")
    expect(card).to_contain_text("Waiting to send")
    expect(card.get_by_label("Your note")).to_be_focused()
    page.keyboard.type("Who counted them?")
    expect(strip(page)).to_contain_text("One note waits to be sent.")
    page.reload()  # it waits on a page that comes from the device, too
    expect(card).to_contain_text("forty passengers")
    expect(card.get_by_label("Your note")).to_have_value("Who counted them?")
    page.goto("about:blank")
    assert Highlight.objects.count() == 1

    page.context.set_offline(False)
    page.goto("/")
    expect(page.locator("#toasts")).to_contain_text("What you wrote offline is saved.")
    expect(strip(page)).to_be_hidden()
    page.goto(article.get_absolute_url())
    expect(page.locator("#notes")).to_contain_text("Who counted them?")
    expect(card.locator("form")).to_have_count(0)
    assert Highlight.objects.count() == 2


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/sign-in/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/")


def sees_nothing_of_ada(page: Page) -> None:
    shown = page.content()
    assert not [words for words in HERS if words in shown]
    expect(page.locator("#unsaved form, #refused form")).to_have_count(0)


def reads_and_writes(page: Page, article) -> None:
    """Ada has a page kept, a draft, and a passage that waits."""
    page.evaluate(TAKE_ON)
    page.goto(article.get_absolute_url())
    wait_until_kept(page, "/", article.get_absolute_url())
    page.locator("#text mark").click()
    page.get_by_label("Note, in Markdown").fill("A draft of Ada.")
    page.context.set_offline(True)
    expect(strip(page)).to_be_visible()  # it moves the text
    drag_over(page, "forty passengers")
    bar(page).get_by_role("button", name="Highlight in rose").click()
    expect(page.get_by_role("region", name="Not saved yet")).to_contain_text("Waiting to send")


def signs_out_with_it_unsent(page: Page) -> None:
    """With a network it would go out before; so it is put aside meanwhile."""
    stored = page.evaluate("() => ({ ...localStorage })")
    page.evaluate("() => localStorage.clear()")
    page.context.set_offline(False)
    page.goto("/")
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.evaluate(PUT_BACK, stored)


def test_nothing_of_ada_is_shown_to_ben_on_the_same_browser(room, ada, ben, article, complaints):
    complaints.expect_no_network()
    mark(article, ada, "two coils", note="Only for Ada.")
    page = room.of(service_workers="allow")
    sign_in(page, "ada")
    reads_and_writes(page, article)
    signs_out_with_it_unsent(page)
    wait_until_kept(page, "/")  # a visitor's

    page.context.set_offline(True)
    page.goto(article.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not on this device.")
    sees_nothing_of_ada(page)
    page.go_back()
    sees_nothing_of_ada(page)
    page.context.set_offline(False)

    sign_in(page, "ben")
    page.goto(article.get_absolute_url())
    wait_until_kept(page, "/", article.get_absolute_url())
    sees_nothing_of_ada(page)
    page.context.set_offline(True)
    page.reload()
    expect(strip(page)).to_contain_text("This is the page as it was on")  # whatever the browser says of the network
    for _ in range(4):
        sees_nothing_of_ada(page)
        page.go_back()
    page.context.set_offline(False)
    page.goto(article.get_absolute_url())
    # As a browser shows a page again that it has held in memory since somebody else was here.
    page.evaluate("() => localStorage.setItem('account', 'somebody')")
    with page.expect_navigation():
        page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert list(Highlight.objects.values_list("reader__username", "exact")) == [("ada", "two coils")]

    sign_in(page, "ada")  # what she wrote has waited for her
    expect(page.locator("#toasts")).to_contain_text("What you wrote offline is saved.")
    assert Highlight.objects.filter(reader=ada, exact="forty passengers").count() == 1
