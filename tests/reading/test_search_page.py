"""The search page: what it shows, to whom, and that it is a page first."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsreader.articles.models import Article
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db
PAGE = "/search/"


def html(client, **asked):
    response = client.get(PAGE, asked)
    assert response.status_code == 200
    return response.content.decode()


def copies(article, number):
    """That many copies of the article, without their HTML, in one statement."""
    values = {field.attname: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    Article.objects.bulk_create(Article(**values | {"id": None, "slug": f"copy-{number}-{n}"}) for n in range(number))


def test_before_a_query_it_says_what_search_does(client):
    page = html(client)
    assert "What do you want to find again?" in page
    assert "Signed in, it also finds" in page
    assert '<dl class="ops">' in page
    assert "autofocus" in page


def test_a_visitor_finds_published_articles(client, article):
    page = html(client, q="piano")
    assert f'<a href="{article.get_absolute_url()}?q=piano#:~:text=piano' in page
    assert '<mark class="hit">piano</mark>' in page
    assert "1 result for piano" in page
    assert 'value="piano"' in page
    assert "Passages" not in page.partition("<main")[2].partition("<h2")[0]


def test_a_visitor_signs_in_first_where_reading_is_not_open(client, article, settings):
    settings.OPEN_READING = False
    response = client.get(PAGE, {"q": "piano"})
    assert response.status_code == 302
    assert "sign-in" in response["Location"]
    assert article.title not in response.content.decode()


def test_passages_and_notes_stand_under_their_colour(signed_in, ada, article):
    made = mark(article, ada, "forty passengers", note="**Zeppelins** carry fewer", colour="rose")
    page = html(signed_in(ada), q="zeppelins")
    assert 'class="marked" data-c="rose"' in page
    assert '<mark class="hit">Zeppelins</mark> carry fewer' in page
    assert f"{article.get_absolute_url()}?q=zeppelins#h-{made.public_id}" in page
    assert '<p class="snippet about" dir="auto" lang="en">forty passengers</p>' in page
    page = html(signed_in(ada), q='"forty passengers"', kind="passages")
    assert '<mark class="hit">forty passengers</mark>' in page
    assert '<p class="yours" dir="auto">Zeppelins carry fewer</p>' in page


def test_the_tabs_count_each_kind_and_keep_the_query(signed_in, ada, article):
    mark(article, ada, "forty passengers", note="forty & more")
    response = signed_in(ada).get(PAGE, {"q": "forty", "kind": "notes"})
    tabs = {name: (link, count) for name, _, link, count, _ in response.context["tabs"]}
    assert {name: count for name, (_, count) in tabs.items()} == {
        "all": "3",
        "articles": "1",
        "passages": "1",
        "notes": "1",
    }
    assert tabs["passages"][0] == "?q=forty&kind=passages"
    assert [row["noted"] for row in response.context["rows"]] == [True]


def test_ada_s_note_shows_on_no_page_of_bens(signed_in, ada, ben, article):
    mark(article, ada, "forty passengers", note="xylophone")
    for kind in ("", "all", "passages", "notes"):
        page = html(signed_in(ben), q="xylophone", kind=kind)
        assert "No passage says that." in page
        assert "data-c=" not in page
        assert page.count('<span class="count">0</span>') == 4


def test_nothing_found_says_what_to_try(signed_in, ada, article):
    page = html(signed_in(ada), q="zeppelin")
    assert "No passage says that." in page
    assert '<details class="disclosure" open>' in page
    assert "Nothing found for zeppelin" in page


def test_nothing_found_in_one_kind_leads_to_the_others(signed_in, ada, article):
    page = html(signed_in(ada), q="piano", kind="notes")
    assert '<a class="btn" href="?q=piano" data-again>Show 1 result of all kinds</a>' in page


def test_a_line_says_how_the_query_was_read(client, article):
    page = html(client, q="shape:piano")
    assert "<code>shape:</code> is not a filter; searched for the words." in page


def test_more_is_a_link_to_a_page_of_its_own(client, article):
    copies(article, 24)
    first = client.get(PAGE, {"q": "piano ferry"})
    assert len(first.context["rows"]) == 20
    assert "20 of 25 results" in first.content.decode()
    asked = parse_qs(urlsplit(first.context["next"]).query)
    assert asked.keys() == {"q", "after"}
    second = client.get(PAGE, asked)
    assert len(second.context["rows"]) == 5
    assert second.context["next"] == ""
    assert "25 of 25 results" in second.content.decode()
    keys = [row["url"] for page in (first, second) for row in page.context["rows"]]
    assert len(set(keys)) == 25


@pytest.mark.parametrize("after", ["", "0", "-1", "x", "²", "9" * 400, "~~~"])
def test_a_cursor_that_is_none_shows_the_first_results(client, article, after):
    assert len(client.get(PAGE, {"q": "piano", "after": after}).context["rows"]) == 1


def test_an_unknown_kind_is_all(client, article):
    assert len(client.get(PAGE, {"q": "piano", "kind": "people"}).context["rows"]) == 1


def test_it_changes_nothing_and_takes_no_post(signed_in, ada):
    assert signed_in(ada).post(PAGE, {"q": "piano"}).status_code == 405


@pytest.mark.parametrize(
    "typed", ['"><script>alert(1)</script>', "<b>piano</b>", "&lt;", "{{ q }}", "\0", '" onfocus="x']
)
def test_what_is_typed_comes_back_as_text(client, article, typed):
    page = html(client, q=typed)
    assert "<script>alert" not in page
    assert "<b>piano" not in page
    assert ' onfocus="x' not in page


def test_markup_in_an_article_or_a_note_comes_back_as_text(signed_in, ada):
    article = make_article("<i>Piano</i>", "<p>&lt;img src=x onerror=alert(1)&gt; piano</p>")
    mark(article, ada, "piano", note="<img src=x onerror=alert(1)> piano")
    page = html(signed_in(ada), q="piano")
    assert "<img" not in page
    assert "<i>Piano" not in page


@pytest.mark.parametrize(
    "typed", ["C++", "don't", "a:b", "NOT NOT", '"', "a\0b", "word " * 10_000, "🙂", "الحكومة", "政府", "%", "\ud7ff"]
)
def test_whatever_is_typed_gets_a_page(client, article, typed):
    html(client, q=typed)


def test_the_number_of_queries_is_the_same_for_ten_results_and_forty(signed_in, ada):
    article = make_article("Ferry")
    mark(article, ada, "forty passengers", note="A ferry")
    taken = []
    for more in (9, 30):
        copies(article, more)
        client = signed_in(get_user_model().objects.get(pk=ada.pk))
        with CaptureQueriesContext(connection) as queries:
            html(client, q="ferry")
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_what_has_only_some_of_the_words_says_which_it_lacks(signed_in, ada, article):
    make_article("Both", "<p>A tarpaulin over a xylophone.</p>", standfirst="")
    copies(article, 30)
    client = signed_in(ada)
    page = client.get(PAGE, {"q": "tarpaulin xylophone"}).content.decode()
    assert page.count("1 result has all the words; the others say which they lack.") == 1
    assert page.count("Without: xylophone") == 19
    assert page.index(">Both</a>") < page.index("Without: xylophone")
    assert "1 of 1 result<" not in page, "it is not the number of those that are shown"
    assert "1 result for tarpaulin xylophone; others have some of the words" in page
    many = client.get(PAGE, {"q": "tarpaulin xylophone zeppelin submarine dirigible quagmire"}).content.decode()
    assert "Without: zeppelin, submarine, dirigible, quagmire<" in many
    assert "Without: xylophone, zeppelin, submarine, dirigible and 1 more<" in many
    first = client.get(PAGE, {"q": "tarpaulin zeppelin"})
    page = first.content.decode()
    assert page.count("Nothing has all the words. These have some of them") == 1
    assert "Nothing has all the words of tarpaulin zeppelin; some results have some of them" in page
    more = client.get(f"{PAGE}{first.context['next']}").content.decode()
    assert 'class="result"' in more
    assert "These have some of them" not in more


def test_a_passage_of_a_withdrawn_article_says_so_and_leads_nowhere(signed_in, ada, article):
    mark(article, ada, "forty passengers", note="A piano?")
    Article.objects.update(state="withdrawn")
    page = html(signed_in(ada), q="piano")
    assert "Article withdrawn" in page
    assert f'<h2 id="r1" tabindex="-1" class="in" dir="auto" lang="en">{article.title}</h2>' in page
    assert article.get_absolute_url() not in page
