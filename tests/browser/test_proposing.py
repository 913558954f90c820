"""A reader proposes an article of their own; a curator reads it as readers will, publishes it, and takes that back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from newsreader.articles.models import Article
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessible import STILL, broken_rules
from tests.factories import make_article, mark

TITLE = "The weevils that crossed the sound"


@pytest.fixture
def own(ada):
    article = make_article(TITLE, owner=ada, source="Weevil Gazette", picture="https://img.example.org/weevil.jpg")
    mark(article, ada, "forty passengers", note="jabberwocky")
    return article


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_from_a_shelf_to_the_library_and_back(room, ada, cleo, own, screen):
    page = room.of(ada, screen=screen, **STILL)
    page.goto(own.get_absolute_url())
    page.get_by_text("Propose to the library").click()
    page.get_by_label("A word to the curators").fill("Our readers like insects.")
    assert broken_rules(page) == []
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_role("button", name="Withdraw the proposal")).to_be_visible()
    assert broken_rules(page) == []

    desk = room.of(cleo, screen=screen, **STILL)
    desk.goto("/desk/articles/proposal/")
    desk.get_by_role("link", name=TITLE).click()
    expect(desk.get_by_text("Our readers like insects.")).to_be_visible()
    frame = desk.frame_locator("iframe")
    expect(frame.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(frame.get_by_text("forty passengers")).to_be_visible()
    expect(frame.locator("mark")).to_have_count(0)
    found = Axe().run(desk).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    desk.reload()  # without the styles that axe leaves behind
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text(f"Published: “{TITLE}”.")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="it is in the library").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text("jabberwocky")).to_have_count(0)
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Taken back")).to_be_visible()
    assert not Article.objects.filter(owner=None).exists()
    page.goto(own.get_absolute_url())
    expect(page.get_by_role("button", name="Withdraw the proposal")).to_be_visible()
