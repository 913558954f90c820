"""An article's history in Chromium: chosen with the keyboard, read by lines and not by colour, no rule broken."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations.services import revise_article
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessible import STILL, broken_rules
from tests.factories import HARBOUR, make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_ada_sees_what_was_changed_with_her_marks_and_chooses_two_revisions(room, ada, screen):
    many = "".join(f"<p>Line {n} of the log book, which nobody read.</p>" for n in range(9))
    end = "<h2>What came of it</h2><p>The piano stayed on the quay until a school sent for it in spring.</p><hr>"
    article = make_article("The ferry that carried a piano", html=HARBOUR + many + end)
    for colour, words in (
        ("yellow", "at six, an hour late"),
        ("rose", "an hour late, with forty"),
        ("green", "two coils"),
        ("violet", "Line 4"),
        ("blue", "until a school"),
    ):
        mark(article, ada, words, colour=colour)
    for old, new, reason in (
        ("an hour late", "two hours late", "The harbour master wrote to us: it was two hours."),
        ("<li>Lamp oil</li>", "<li>Lamp oil, one can</li>", ""),
        ("a school sent for it in spring.</p>", "an orchestra sent for it.</p><p>It is in tune again.</p>", "News"),
        ("What came of it", "What became of the piano", ""),
    ):
        revise_article(article, html=article.html.replace(old, new), reason=reason)

    page = room.of(ada, screen=screen, **STILL)
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Edited 4 times, last on").click()
    expect(page.get_by_role("heading", name="From revision 4 to 5")).to_be_visible()
    expect(page.locator("#diff ins")).to_contain_text(["became of the piano"])
    found = broken_rules(page)

    page.get_by_label("Then", exact=True).focus()
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="From revision 1 to 5")).to_be_visible()
    expect(page.locator("#diff del mark[data-c=rose]")).to_contain_text("an hour")
    expect(page.get_by_text("unchanged paragraphs · 1 of your passages")).to_be_visible()
    lines = {
        kind: page.locator(f"#diff {kind}").first.evaluate("one => getComputedStyle(one).textDecorationLine")
        for kind in ("del", "ins")
    }
    assert lines == {"del": "line-through", "ins": "underline"}
    found += broken_rules(page)
    becomes(page, "document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("link", name="What changed in revision 2").click()
    expect(page.get_by_role("heading", name="From revision 1 to 2")).to_be_visible()
    assert found == []
