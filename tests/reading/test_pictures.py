"""The lead picture of an article: asked for by nobody's browser until its reader, and only this reader, allows it."""

import re

import pytest

from newsreader.articles.models import PicturesFrom, Source
from newsreader.articles.services import source_named
from tests.factories import make_article

pytestmark = pytest.mark.django_db

SRC = "https://img.example.org/ferry.jpg?w=1200&h=630"


@pytest.fixture
def pictured(db):
    return make_article("A ferry", source="Harbour News", picture=SRC, picture_text="A ferry with a piano")


def loads(answer):
    """What of its page an answer lets come from elsewhere; and that it asks for it, in the one safe way."""
    allowed = re.search(r"img-src ([^;]*)", answer["Content-Security-Policy"])[1].split()
    images = re.findall(r"<img [^>]*>", answer.text)
    assert len(images) == len(allowed) - 2
    for image in images:
        assert 'referrerpolicy="no-referrer"' in image
        assert 'loading="lazy"' in image
        assert 'alt="A ferry with a piano"' in image
    assert allowed[:2] == ["'self'", "data:"]
    return allowed[2:]


def choose(client, article, show):
    return client.post(f"{article.get_absolute_url()}pictures/", {"show": show})


def test_nothing_is_loaded_before_it_is_allowed_and_the_page_says_where_the_picture_is(
    client, signed_in, ada, pictured
):
    for reader in (client, signed_in(ada)):
        answer = reader.get(pictured.get_absolute_url())
        assert loads(answer) == []
        assert "Picture from <bdi>img.example.org</bdi>" in answer.text
        assert SRC.partition("?")[0] not in answer.text


def test_it_is_shown_once_by_a_click_to_a_visitor_too_and_the_next_time_they_are_asked_again(client, pictured):
    there = pictured.get_absolute_url()
    assert loads(client.get(f"{there}?picture=1")) == ["https://img.example.org"]
    assert loads(client.get(there)) == []


def test_another_site_s_link_shows_no_picture(client, pictured):
    answer = client.get(f"{pictured.get_absolute_url()}?picture=1", headers={"Sec-Fetch-Site": "cross-site"})
    assert loads(answer) == []


def test_a_reader_allows_a_source_and_takes_it_back_and_nobody_else_is_concerned(signed_in, ada, ben, pictured):
    reader, there = signed_in(ada), pictured.get_absolute_url()
    told = choose(reader, pictured, "from-harbour-news")
    assert (told.status_code, told["Location"]) == (303, f"{there}#picture")
    assert loads(reader.get(there)) == ["https://img.example.org"]
    other = make_article("Another", source="Hill Post", picture=SRC, picture_text="A ferry with a piano")
    assert loads(reader.get(other.get_absolute_url())) == []
    assert loads(signed_in(ben).get(there)) == []
    choose(reader, pictured, "ask")
    assert loads(reader.get(there)) == []
    assert not PicturesFrom.objects.exists()


def test_a_reader_allows_all_of_them_and_is_asked_again_from_the_page_or_the_account(signed_in, ada, pictured):
    reader, there = signed_in(ada), pictured.get_absolute_url()
    choose(reader, pictured, "all")
    assert loads(reader.get(there)) == ["https://img.example.org"]
    choose(reader, pictured, "ask")
    assert loads(reader.get(there)) == []
    assert 'name="pictures"' in reader.get("/accounts/").text
    reader.post("/accounts/preferences/", {"pictures": "all"})
    assert loads(reader.get(there)) == ["https://img.example.org"]
    reader.post("/accounts/preferences/", {"reset": "typography"})
    assert loads(reader.get(there)) == ["https://img.example.org"]


def test_a_cookie_is_no_account(client, pictured):
    client.post("/accounts/preferences/", {"pictures": "all"})
    assert loads(client.get(pictured.get_absolute_url())) == []


def test_the_host_is_let_into_this_page_alone(signed_in, ada, pictured):
    reader = signed_in(ada)
    choose(reader, pictured, "all")
    plain = make_article("Without a picture")
    for page in ("/", "/notebook/", plain.get_absolute_url(), f"{pictured.get_absolute_url()}history/"):
        assert "img.example.org" not in reader.get(page)["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["http://192.168.1.1/a.jpg", "https://x.example;script-src *", "javascript:alert(1)"]
)
def test_what_is_no_picture_of_the_public_web_is_not_even_offered(signed_in, ada, address):
    article = make_article("A trap", picture=address)
    reader = signed_in(ada)
    choose(reader, article, "all")
    answer = reader.get(f"{article.get_absolute_url()}?picture=1")
    assert loads(answer) == []
    assert 'id="picture"' not in answer.text


def test_only_a_source_of_this_article_can_be_chosen_and_nonsense_is_refused(signed_in, ada, pictured):
    source_named("Hill Post")
    reader = signed_in(ada)
    assert choose(reader, pictured, "from-hill-post").status_code == 404
    assert choose(reader, pictured, "everything").status_code == 422
    assert not PicturesFrom.objects.exists()


def test_a_text_keeps_its_offsets_where_a_picture_is_shown(signed_in, ada, pictured):
    reader = signed_in(ada)
    there = pictured.get_absolute_url()
    text = re.compile(r'<article class="article" id="text".*?</article>', re.DOTALL)
    before = text.search(reader.get(there).text)[0]
    assert text.search(reader.get(f"{there}?picture=1").text)[0] == before


def test_what_a_page_brought_of_a_picture_is_kept_and_one_that_brings_none_takes_none_away(ada):
    from newsreader.intake.arrivals import _revise
    from newsreader.intake.pages import Page
    from newsreader.intake.shape import Document

    own = make_article("Mine", owner=ada, source="")
    document = Document("Mine", "", "", "", None, "", "<p>One.</p>")
    _revise(own, Page(document, "https://news.example/a/b", "/img/a.jpg", "A boat"), editor=ada, reason="")
    assert (own.picture, own.picture_text) == ("https://news.example/img/a.jpg", "A boat")
    _revise(own, Page(document, "https://news.example/a/b", ""), editor=ada, reason="")
    assert own.picture == "https://news.example/img/a.jpg"
    assert Source.objects.get(name="news.example").private
