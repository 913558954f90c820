"""The words of a search in the article it found: where they stand, and that nobody sees more by asking."""

import pytest

from newsreader.search.hits import hits
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db


def shown(q, article, user):
    """The words at each hit."""
    found = hits(q, article, user)
    return [article.text[span.start : span.end] for span in found.spans] if found else []


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("piano", ["piano", "piano", "piano"]),
        ("passenger", ["passengers"]),
        ('"forty passengers"', ["forty passengers"]),
        ("pass*", ["passengers"]),
        ("tarpaulin -piano", ["tarpaulin"]),
        ("zeppelin OR fog", ["fog"]),
        ("lamp oil", ["Lamp oil"]),
        ("text:quay source:harbour", ["quay"]),
        ("title:ferry fog", ["fog"]),
        ("tag:sea", []),
        ("zeppelin", []),
        ("", []),
    ],
)
def test_hits_are_what_the_search_found(article, ada, q, words):
    assert shown(q, article, ada) == words


def test_accents_and_letters_outside_of_the_basic_plane_count_as_code_points(ada):
    article = make_article("Café", "<p>A 🙂 day at the <em>café</em>, &amp; another Cafe 🙂 café.</p>")
    assert shown("cafe", article, ada) == ["café", "Cafe", "café"]


def test_the_place_that_the_search_showed_is_where_the_page_opens(ada):
    far = " ".join(["nothing"] * 200)
    article = make_article("Two places", f"<p>One ferry. {far}</p><p>The ferry and the piano. {far} ferry</p>")
    found = hits("ferry piano", article, ada)
    assert found.best == 1
    assert len(found.spans) == 4


def test_an_article_without_a_search_is_the_page_that_it_was(signed_in, ada, article):
    client = signed_in(ada)
    for q in ("", "zeppelin", "is:unread", "   "):
        page = client.get(article.get_absolute_url(), {"q": q}).content.decode()
        assert "hits" not in page, q
    page = client.get(article.get_absolute_url(), {"q": "piano"}).content.decode()
    assert 'data-spans="' in page
    assert "3 hits" in page
    assert page.count("<mark") == 0
    assert 'href="#b-0"' in page


def test_what_is_typed_comes_back_as_text(client, article):
    page = client.get(article.get_absolute_url(), {"q": 'piano "><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
    assert "3 hits" in page


def test_a_search_in_the_address_opens_no_door(client, signed_in, ben, ada):
    own = make_article("Ada's own copy", owner=ada)
    mark(own, ada, "forty passengers", note="piano")
    for one in (client, signed_in(ben)):
        assert one.get(own.get_absolute_url(), {"q": "piano"}).status_code == 404


@pytest.mark.parametrize("q", ["word " * 5_000, '"' * 50, "(" * 9_000, "a\0b", "\ud7ff", "政府", "*", "OR OR"])
def test_whatever_stands_in_the_address_the_article_opens(client, article, q):
    assert client.get(article.get_absolute_url(), {"q": q}).status_code == 200
