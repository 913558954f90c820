"""What a curator does to texts that readers have highlighted, in Chromium: one is corrected, two are merged."""

import pytest
from playwright.sync_api import expect

from newsreader.annotations.models import Highlight
from newsreader.desk import curators
from tests.browser.conftest import complaints, room  # noqa: F401 fixtures
from tests.desk.pages import desk
from tests.desk.test_duplicates import AGAIN, LONG
from tests.factories import make_article, make_user, mark

FIVE = ("The ferry left", "an hour late", "forty passengers", "two coils", "We sail when we sail")


@pytest.fixture
def ada(transactional_db):
    return make_user("ada", first_name="Ada")


@pytest.fixture
def ben(transactional_db):
    return make_user("ben", first_name="Ben")


@pytest.fixture
def cleo(transactional_db):
    return curators.appoint(make_user("cleo", first_name="Cleo"))


def test_of_five_highlights_what_was_foretold_of_a_correction_is_what_happens(room, ada, ben, cleo):  # noqa: F811
    article = make_article("The ferry that carried a piano")
    marks = [mark(article, reader, words) for reader, words in zip((ada, ada, ada, ben, ben), FIVE, strict=True)]
    page = room.of(cleo)
    page.goto(desk("articles_article_change", article.pk))
    text = page.get_by_label("Text:", exact=True)
    text.fill(text.input_value().replace("forty passengers", "fifty passengers").replace("two coils", ""))
    foretold = page.locator("#foreseen")
    expect(foretold).to_contain_text("Of 5 highlights of 2 readers: 3 kept, 1 edited, 0 moved, 1 lost.")
    page.get_by_label("Reason").fill("Counted again")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("button", name="Save anyway", exact=True).last.click()
    expect(page.get_by_text("Highlights carried over: 4, lost: 1.")).to_be_visible()
    article.refresh_from_db()
    states = []
    for one in marks:
        one.refresh_from_db()
        states.append(article.text[one.start : one.end] if one.status != "lost" else "lost")
    assert states == ["The ferry left", "an hour late", "fifty passengers", "lost", "We sail when we sail"]


def test_a_duplicate_is_found_and_merged_and_the_highlights_of_both_stand_in_one(room, ada, ben, cleo):  # noqa: F811
    first = make_article("A piano at sea", LONG, source="The Harbour Post")
    second = make_article("Piano travels by ferry", AGAIN, source="The Night Mail")
    hers, his = mark(first, ada, "an hour late", note="Why?"), mark(second, ben, "forty passengers")
    page = room.of(cleo)
    page.goto(desk("desk_twins_changelist"))
    page.get_by_role("button", name="Look for duplicates").click()
    page.locator("#result_list tbody a").first.click()
    expect(page.get_by_role("heading", name="A piano at sea")).to_be_visible()
    page.wait_for_load_state()
    assert "Why?" not in page.content()
    page.get_by_role("button", name="Keep the left one").click()
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    page.wait_for_load_state()
    kept, gone = (first, second) if not Highlight.objects.filter(article=second).exists() else (second, first)
    for reader, one in ((ada, hers), (ben, his)):
        theirs = room.of(reader)
        theirs.goto(gone.get_absolute_url())
        expect(theirs).to_have_url(room.address + kept.get_absolute_url())
        expect(theirs.locator("#text mark")).to_have_text(one.exact)
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("Taken back").first).to_be_visible()
    assert Highlight.objects.filter(article=first, reader=ada).exists()
    assert Highlight.objects.filter(article=second, reader=ben).exists()
