"""The fragment that the search box asks for while one types."""

import pytest

from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
PAGE = "/search/suggestions/"


def options(client, **asked):
    response = client.get(PAGE, asked)
    assert response.status_code == 200
    return parsed(response).all("li", role="option")


def test_an_option_says_what_the_text_will_be(client):
    make_article(source="The Harbour Post")
    (option,) = options(client, q="piano source:har organ", at="16")
    assert option.at["data-text"] == 'piano source:"The Harbour Post" organ'
    assert option.at["data-caret"] == str(len('piano source:"The Harbour Post" '))
    assert option.text.split() == ["The", "Harbour", "Post", "1"]


def test_names_of_fields_come_with_the_second_letter_or_when_they_are_asked_for(client):
    assert options(client, q="s", at="1") == []
    assert [one.at["data-text"] for one in options(client, q="so", at="2")] == ["source:", "sort:"]
    assert options(client, q="piano ", at="6") == []
    assert len(options(client, q="piano ", at="6", open="1")) > 5


@pytest.mark.parametrize("at", ["", "x", "-1", "9" * 30, "²", "99999999"])
@pytest.mark.parametrize("q", ["source:", "\0source:\0", '"', "(" * 90_000, "\ud800"])
def test_whatever_is_asked_gets_an_answer(client, q, at):
    make_article(source="The Harbour Post")
    assert client.get(PAGE, {"q": q.encode("utf-8", "surrogatepass"), "at": at}).status_code == 200


def test_it_is_kept_shortly_and_for_nobody_else(signed_in, ada, ben, article):
    mark(article, ada, "forty", tags=["adas"])
    response = signed_in(ada).get(PAGE, {"q": "tag:", "at": "4"})
    assert response["Cache-Control"] == "max-age=60, private" or "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
    assert "adas" in response.content.decode()
    assert "adas" not in signed_in(ben).get(PAGE, {"q": "tag:", "at": "4"}).content.decode()


def test_names_are_text(client):
    make_article(source="<b>&amp; Post")
    (option,) = options(client, q="source:", at="7")
    assert option.at["data-text"] == 'source:"<b>&amp; Post" '
