"""The notebook by keyboard: narrowed, a note edited where it stands, many tagged and taken back, a file."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations.models import Highlight
from newsreader.annotations.services import edit
from tests.factories import make_article, mark
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def passages(ada, article):
    other = make_article("Another")
    return [
        mark(article, ada, "forty passengers", note="Who pays?", tags=["money"]),
        mark(article, ada, "Lamp oil", colour="rose"),
        mark(other, ada, "an hour late", colour="rose"),
    ]


def tags(passage):
    return sorted(tag.name for tag in Highlight.objects.with_tags().get(pk=passage.pk).live_tags)


def test_the_notebook_by_keyboard(room, ada, passages, complaints):
    complaints.expect("status of 4(09|22)")
    page = room.of(ada)
    page.goto("/notebook/?sort=passage")

    # Narrowed: the address says it.
    page.get_by_label("Words in the passage").fill("article")
    page.get_by_label("Words in the passage").fill("passengers")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=passengers**")
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("link", name="Remove the filter").press("Enter")
    expect(page.get_by_role("article")).to_have_count(3)

    # Edited in place; another window was faster.
    one = page.locator(f"#p-{passages[0].public_id}")
    for _ in range(3):
        page.keyboard.press("j")
    expect(one).to_be_focused()
    page.keyboard.press("n")
    note = one.get_by_label("Note, in Markdown")
    expect(note).to_be_focused()
    note.fill("**Who** pays, and to whom?")
    expect(one.get_by_label("How it will look").locator("strong")).to_have_text("Who")
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(one.get_by_role("link", name="Edit the note")).to_be_focused()
    page.keyboard.press("n")
    expect(note).to_have_value("**Who** pays, and to whom?")  # the draft
    edit(passages[0], version=1, colour="yellow", note="The mate does.", tags=["money"])
    page.keyboard.press("Control+Enter")
    expect(one.get_by_role("alert").first).to_contain_text("Edited twice.")
    expect(one).to_contain_text("The mate does.")
    expect(note).to_have_value("**Who** pays, and to whom?")
    note.press("Control+Enter")
    expect(note).to_have_count(0)
    expect(one.locator(".passage-note strong")).to_have_text("Who")
    expect(one.get_by_role("link", name="Edit the note")).to_be_focused()

    several(page, one, passages)
    take_along(page)


def several(page, one, passages):
    """Many at once, where they stand, and one step back."""
    page.evaluate("window.mine = true")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    many = page.get_by_role("form", name="The selected passages")
    expect(many).to_contain_text("2 selected")
    add = many.get_by_role("button", name="Add", exact=True)
    add.press("Enter")
    expect(many.get_by_role("alert")).to_contain_text("A tag needs a name")
    many.get_by_label("Tags").fill("check")
    add.press("Enter")
    expect(page.get_by_text("2 passages tagged check.")).to_be_visible()
    expect(one.get_by_role("link", name="check")).to_be_visible()
    expect(add).to_be_focused()
    expect(many.get_by_role("alert")).to_be_hidden()
    expect(many).to_contain_text("2 selected")
    assert [tags(one) for one in passages] == [["check", "money"], ["check"], []]
    page.keyboard.press("z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(one.get_by_role("link", name="check")).to_have_count(0)
    assert [tags(one) for one in passages] == [["money"], [], []]
    many.get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_be_focused()
    expect(page.locator("#total")).to_have_text("1 passage")
    becomes(page, "window.mine")  # never loaded anew
    page.keyboard.press("z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(3)
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(many).to_be_visible()
    page.keyboard.press("Escape")
    expect(many).to_be_hidden()


def take_along(page):
    """A file of what is shown."""
    page.get_by_role("checkbox", name="Rose").press("Space")
    page.wait_for_url("**colour=rose**")
    page.get_by_text("Export", exact=True).press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").press("Enter")
    body = download.value.path().read_text()
    assert "> Lamp oil" in body
    assert "> an hour late" in body
    assert "passengers" not in body
