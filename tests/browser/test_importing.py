"""Another application's library, by its form: looked at, taken in, and its highlights found on their words."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations.models import Highlight
from newsreader.intake.imports import services
from newsreader.intake.work.worker import drain
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessible import STILL, broken_rules
from tests.browser.test_narrow import CUT, NARROW, STICKS_OUT, WORD
from tests.intake.exports import omnivore, sample
from tests.patience import becomes

pytestmark = pytest.mark.django_db(transaction=True)


def look_at(page, name, data):
    page.goto("/import/")
    page.get_by_label("The file that you exported there").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name="Look at it").click()


def take_in(page):
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("Taking it in…")).to_be_visible()
    drain()
    expect(page.get_by_text("It is taken in.")).to_be_visible()


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1440", "390"])
def test_an_omnivore_zip_comes_with_its_highlights_on_the_words(room, ada, screen, settings):
    settings.FETCH_ALLOW = ()
    page = room.of(ada, screen=screen)
    look_at(page, "omnivore.zip", omnivore())
    expect(page.get_by_role("heading", name="Omnivore")).to_be_visible()
    expect(page.get_by_text("It is added, with its passages (4).")).to_be_visible()
    take_in(page)
    page.get_by_role("link", name="The ferry that carried a piano").click()
    asked = Highlight.objects.get(note="Nobody at all?")
    marks = page.locator(f'#text mark[data-h~="{asked.public_id}"]')
    expect(marks.first).to_be_visible()
    becomes(marks, lambda marks: "".join(marks.all_text_contents()), "Nobody had asked about the piano.")
    expect(page.get_by_text("words that are not in it").first).to_be_attached()


def test_a_wallabag_file_comes_with_its_annotations_on_the_words_and_is_undone(room, ada):
    page = room.of(ada)
    look_at(page, "wallabag.json", sample("wallabag.json"))
    take_in(page)
    report = page.url
    page.get_by_role("link", name="The ferry that carried a piano").click()
    whose = Highlight.objects.get(note="Whose was it?")
    mark = page.locator(f'#text mark[data-h~="{whose.public_id}"]')
    expect(mark).to_have_text("a piano")
    expect(page.locator("#text p").nth(1).locator("mark").first).to_have_text("a piano")
    page.goto(report)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undoing it…")).to_be_visible()
    drain()
    expect(page.get_by_text("It is undone.")).to_be_visible()
    expect(page.get_by_text("Stays: It was read, or put elsewhere, since.")).to_be_visible()
    page.get_by_role("link", name="The ferry that carried a piano").click()
    expect(page.locator("#text")).to_contain_text("Nobody had asked")
    expect(page.locator("#text mark")).to_have_count(0)


def test_a_file_that_is_none_is_refused_in_words_beside_the_field(room, ada, complaints):
    complaints.expect("422")
    page = room.of(ada)
    look_at(page, "tides.txt", b"just some words\nand others\n")
    expect(page.get_by_role("alert")).to_contain_text("It is no export that is known here")


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["1440", "320"])
def test_no_page_of_an_import_breaks_a_rule_or_sticks_out(room, ada, screen):
    run = services.look(f"{WORD}.json", sample("wallabag.json"), reader=ada)
    page = room.of(ada, screen=screen, **STILL)
    for happens in (lambda run: None, services.start, services.finish):
        happens(run)
        for address in ("/import/", f"/import/{run.pk}/"):
            page.goto(address)
            assert screen is NARROW or broken_rules(page) == []
            out = page.evaluate(STICKS_OUT) + page.evaluate(CUT)
            assert out == [], "\n".join(out)
