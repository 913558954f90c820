"""The column that narrows a search: pressed and taken out, by mouse and keyboard, counted late, and without script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from newsreader.articles.models import Article
from newsreader.articles.services import topic_named
from newsreader.reading.pages import facets
from tests.browser.conftest import PHONE, TABLET, WIDE
from tests.browser.hands import at_rest
from tests.factories import make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Axe()
THEMES = {1440: "light", 820: "sepia", 390: "dark"}


@pytest.fixture
def library(ada, ben):
    first = make_article("First ferry", source="The Harbour Post", published="2021-06-01T12:00Z")
    first.topics.add(topic_named("Sea"))
    make_article("Second ferry", source="The Harbour Post", published="2022-06-01T12:00Z")
    make_article("Third ferry", source="Lantern Weekly", published="2022-07-01T12:00Z")
    mark(first, ada, "forty passengers and a piano", tags=["sea"], colour="rose")
    mark(first, ben, "forty passengers and a piano", tags=["bens-own"], colour="blue")


def facet(page: Page, group: str, name: str):
    return page.get_by_role("group", name=group, exact=True).get_by_role("link", name=re.compile(rf"(^|\s){name}\b"))


def titles(page: Page):
    return page.locator("#results h2")


def test_a_value_is_pressed_exchanged_and_taken_out(room, ada, library):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/?q=piano&kind=articles")
    expect(titles(page)).to_have_count(3)
    expect(facet(page, "Source", "The Harbour Post")).to_contain_text("2")
    facet(page, "Source", "The Harbour Post").click()
    expect(titles(page)).to_have_count(2)
    expect(page.locator("#q")).to_have_value('piano source:"The Harbour Post"')
    expect(facet(page, "Source", "The Harbour Post")).to_have_attribute("aria-current", "true")
    facet(page, "Source", "Lantern Weekly").click()
    expect(titles(page)).to_have_text(["Third ferry"])
    expect(page.locator("#q")).to_have_value('piano source:"Lantern Weekly"')
    facet(page, "Source", "Lantern Weekly").click()
    expect(titles(page)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"\?q=piano&kind=articles$"))
    page.go_back()
    expect(titles(page)).to_have_text(["Third ferry"])


def test_by_keyboard_the_focus_stays_with_the_value(room, ada, library):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/?q=piano")
    facet(page, "Tag", "sea").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_have_value("piano tag:sea")
    expect(facet(page, "Tag", "sea")).to_have_attribute("aria-current", "true")
    expect(facet(page, "Tag", "sea")).to_be_focused()


def test_a_filter_of_no_facet_has_its_way_out_too(room, ada, library):
    page = room.of(ada, screen=WIDE)
    page.goto("/search/?q=piano+after%3A2022&kind=articles")
    expect(titles(page)).to_have_count(2)
    facet(page, "Also asked for", "after:2022").click()
    expect(titles(page)).to_have_count(3)


def test_ben_is_offered_nothing_of_ada_s(room, ben, library):
    page = room.of(ben, screen=WIDE)
    page.goto("/search/?q=piano")
    expect(facet(page, "Tag", "bens-own")).to_be_visible()
    expect(page.locator("#facets")).not_to_contain_text("sea")
    expect(page.locator("#facets")).not_to_contain_text("Rose")


def copies(number: int) -> None:
    article = Article.objects.get(title="Second ferry")
    values = {field.attname: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    Article.objects.bulk_create(Article(**values | {"id": None, "slug": f"copy-{n}"}) for n in range(number))


def test_of_more_than_a_thousand_results_the_counts_come_after_the_page(room, ada, library):
    copies(1_001)
    page = room.of(ada, screen=WIDE)
    page.goto("/search/?q=piano&kind=articles")
    expect(titles(page).first).to_be_visible()
    expect(facet(page, "Year", "2022")).to_contain_text("1,000+")
    expect(facet(page, "Year", "2021")).to_contain_text(re.compile(r"2021\s+1$"))
    facet(page, "Year", "2021").click()
    expect(titles(page)).to_have_text(["First ferry"])


def test_without_script_the_counts_are_a_link_away_and_every_value_is_a_link(room, ada, library, monkeypatch):
    monkeypatch.setattr(facets, "AT_ONCE", 2)
    page = room.of(ada, screen=WIDE, java_script_enabled=False)
    page.goto("/search/?q=piano&kind=articles")
    page.get_by_role("link", name="Count what these can be narrowed by").click()
    facet(page, "Source", "Lantern Weekly").click()
    expect(titles(page)).to_have_text(["Third ferry"])
    facet(page, "Source", "Lantern Weekly").click()
    expect(titles(page)).to_have_count(3)


@pytest.mark.parametrize("screen", [WIDE, TABLET, PHONE], ids=["1440", "820", "390"])
def test_the_column_breaks_no_rule(room, ada, library, screen):
    for number in range(9):
        make_article(f"Ferry {number}", source=f"Source {number}")
    page = room.of(ada, screen=screen, reduced_motion="reduce")
    page.goto("/search/?q=piano+is%3Aunread+after%3A2001")
    theme = THEMES[page.viewport_size["width"]]
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    if theme == "sepia":
        page.evaluate("document.documentElement.dataset.theme = 'sepia'")
    page.get_by_text("5 more").click()
    expect(facet(page, "Source", "Source 8")).to_be_visible()
    at_rest(page)
    results = AXE.run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    assert [f"{one['id']} {node['html'][:160]}" for one in results for node in one["nodes"]] == []
    becomes(page, "document.documentElement.scrollWidth <= innerWidth")
