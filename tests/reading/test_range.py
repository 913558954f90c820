"""The ends of a passage are moved on the server's side: what is sent is a selection, what comes back are the blocks."""

import json

import pytest

from newsreader.annotations.models import Highlight
from newsreader.annotations.services import edit, revise_article
from newsreader.core.clean import clean
from newsreader.core.passages import Span, quote_at
from tests.factories import HARBOUR, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(signed_in, ada):
    """Ada's."""
    return signed_in(ada)


@pytest.fixture
def passage(ada, article):
    return mark(article, ada, "and a piano", note="Which?", tags=["sea"])


def address(passage):
    return f"/highlights/{passage.public_id}/words/"


def selection(article, words, version=1):
    """What script sends of words that are in the article."""
    start = article.text.index(words)
    quote = quote_at(article.text, Span(start, start + len(words)))
    return {
        "exact": quote.exact,
        "before": quote.prefix,
        "after": quote.suffix,
        "hint": quote.hint,
        "version": version,
    }


def marked(page, passage):
    return "".join(one.text for one in page.all("mark") if passage.public_id in one.at["data-h"].split())


def reference(page, passage):
    return page.one("a", id=f"h-{passage.public_id}")


def test_the_version_stands_where_the_words_do_and_goes_on_with_each_change(client, article, passage):
    page = parsed(client.get(article.get_absolute_url()))
    assert reference(page, passage).at["href"] == f"/highlights/{passage.public_id}/#v1"
    response = client.post(address(passage), selection(article, "passengers and a piano"), headers=HTMX)
    page = parsed(response)
    assert marked(page, passage) == "passengers and a piano"
    assert reference(page, passage).at["href"].endswith("/#v2")
    assert json.loads(response["HX-Trigger-After-Swap"])["chosen"]["id"] == passage.public_id
    passage.refresh_from_db()
    assert (passage.exact, passage.note, passage.version) == ("passengers and a piano", "Which?", 2)
    assert [tag.name for tag in passage.tags.all()] == ["sea"]


def test_a_passage_that_leaves_a_block_is_taken_off_there_too(client, article, passage):
    longer = selection(article, "and a piano.\nNobody had asked")
    page = parsed(client.post(address(passage), longer, headers=HTMX))
    assert [one.at["id"] for one in page.all(id=True) if one.at["id"].startswith("b-")] == ["b-0", "b-1"]
    shorter = selection(article, "Nobody had asked", version=2)
    page = parsed(client.post(address(passage), shorter, headers=HTMX))
    assert page.one(id="b-0").all("mark") == []
    assert marked(page.one(id="b-1"), passage) == "Nobody had asked"
    assert page.one(id=f"n-{passage.public_id}").at["data-start"] == str(article.text.index("Nobody"))


def test_the_place_of_words_that_stand_more_than_once_is_the_one_that_was_selected(client, article, passage):
    second = article.text.index("piano", article.text.index("asked"))
    quote = quote_at(article.text, Span(second, second + 5))
    sent = {"exact": "piano", "before": quote.prefix, "after": quote.suffix, "hint": second, "version": 1}
    assert client.post(address(passage), sent, headers=HTMX).status_code == 200
    passage.refresh_from_db()
    assert passage.span == Span(second, second + 5)


def test_the_second_of_two_windows_gets_what_the_first_one_made(client, article, passage):
    edit(passage, version=1, colour="rose", note="Meanwhile.")
    response = client.post(address(passage), selection(article, "passengers and a piano"), headers=HTMX)
    page = parsed(response, 409)
    assert marked(page, passage) == "and a piano"
    assert reference(page, passage).at["href"].endswith("/#v2")
    assert "stale" in json.loads(response["HX-Trigger-After-Swap"])
    passage.refresh_from_db()
    assert (passage.exact, passage.version) == ("and a piano", 2)


def test_words_that_an_edit_took_away_are_refused_and_the_old_ends_stay(client, article, passage):
    sent = selection(article, "and a piano.\nNobody had asked")
    revise_article(article, html=clean(HARBOUR.replace("Nobody had asked about", "No one ever minded")))
    assert client.post(address(passage), sent, headers=HTMX).status_code == 422
    passage.refresh_from_db()
    assert (passage.exact, passage.version) == ("and a piano", 1)


def test_ben_moves_nothing_of_adas_and_gets_the_same_404_as_for_none(signed_in, ben, article, passage):
    sent = selection(article, "passengers and a piano")
    hers = signed_in(ben).post(address(passage), sent, headers=HTMX)
    none = signed_in(ben).post("/highlights/aaaaaaaaaaaa/words/", sent, headers=HTMX)
    assert (hers.status_code, hers.content) == (404, none.content)
    assert Highlight.objects.get().exact == "and a piano"
