"""Without JavaScript everything can be read, and the main job is done by plain forms."""

import re

import pytest
from playwright.sync_api import expect

from newsreader.annotations.models import Highlight
from tests.browser.conftest import PHONE, WIDE
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_the_main_job_without_script(room, ada, article, screen):
    page = room.of(ada, screen=screen, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name=article.title).click()
    page.get_by_text("Mark words by typing them").click()
    page.get_by_label("Words to mark").fill("Nobody had asked about the piano.")
    page.get_by_role("radio", name="Blue").check()
    page.get_by_label("Note", exact=True).fill("Who *did* ask?")
    page.get_by_label("Tags").fill("to check, piano")
    page.get_by_role("button", name="Mark", exact=True).click()
    expect(page.locator("#text mark")).to_have_text("Nobody had asked about the piano.")
    highlight = Highlight.objects.get()
    expect(page).to_have_url(re.compile(f"#h-{highlight.public_id}$"))
    note = page.get_by_role("article", name="Note, blue")
    expect(note.locator("em")).to_have_text("did")
    expect(note.get_by_role("link", name="to-check")).to_be_visible()

    note.get_by_label("Actions for this note").click()
    page.get_by_role("link", name="Edit note").click()
    page.get_by_label("Note, in Markdown").fill("Nobody did.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article", name="Note, blue")).to_contain_text("Nobody did.")

    page.goto("/notebook/")
    page.get_by_role("button", name="Delete this passage").click()
    expect(page.get_by_text("It stays in the bin for 30 days.")).to_be_visible()
    page.goto("/bin/")
    page.get_by_role("button", name="Put back").click()
    expect(page.get_by_role("heading", name="The bin is empty.")).to_be_visible()
    page.goto("/notebook/")
    expect(page.get_by_role("article")).to_contain_text("Nobody did.")


def test_words_that_stand_twice_ask_which_one(room, ada):
    article = make_article(html="<p>The tide came in at dusk.</p><p>Nobody saw the tide go.</p>")
    page = room.of(ada, java_script_enabled=False)
    page.goto(article.get_absolute_url())
    page.get_by_text("Mark words by typing them").click()
    page.get_by_label("Words to mark").fill("tide")
    page.get_by_label("Note", exact=True).fill("The second one.")
    page.get_by_role("button", name="Mark", exact=True).click()
    expect(page.get_by_role("heading", name="Which passage?")).to_be_visible()
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Mark this one").click()
    expect(page.get_by_role("article", name="Note")).to_contain_text("The second one.")
    highlight = Highlight.objects.get()
    assert highlight.start == article.text.rindex("tide")
    assert highlight.note == "The second one."


def test_words_that_are_not_in_the_article_come_back_with_the_reason(room, ada, article, complaints):
    complaints.expect("422")
    page = room.of(ada, java_script_enabled=False)
    page.goto(article.get_absolute_url())
    page.get_by_text("Mark words by typing them").click()
    page.get_by_label("Words to mark").fill("a grand piano fell")
    page.get_by_label("Note", exact=True).fill("Kept.")
    page.get_by_role("button", name="Mark", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("not in the article")
    expect(page.get_by_label("Words to mark")).to_have_value("a grand piano fell")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Kept.")
