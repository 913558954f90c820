"""The notebook: all of a reader's passages by article, narrowed, paged, and kept when an article is withdrawn."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsreader.annotations.models import Highlight
from newsreader.annotations.services import delete, revise_article
from newsreader.annotations.tags import delete as delete_tag
from newsreader.articles.models import Article
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def client(signed_in, ada):
    """Ada's."""
    return signed_in(ada)


@pytest.fixture
def passages(ada, ben):
    """Four of Ada's on two articles, the older article last; one of Ben's."""
    now = timezone.now()
    new = make_article("New", published=now - DAY)
    old = make_article("Old", published=now - 9 * DAY, source="Another")
    made = {
        "rope": mark(new, ada, "Rope", note="*Strong*.", tags=["things", "sea"], colour="rose"),
        "forty": mark(new, ada, "forty", tags=["sea"], colour="blue"),
        "oil": mark(old, ada, "Lamp oil", tags=["things"], colour="rose"),
        "fog": mark(old, ada, "fog"),
    }
    mark(new, ben, "piano", note="Ben's own.", tags=["bens", "sea"])
    for name, days in (("rope", 1), ("forty", 10), ("oil", 100), ("fog", 400)):
        Highlight.objects.filter(pk=made[name].pk).update(created=now - days * DAY)
    return made


def words(client, **asked):
    page = parsed(client.get("/notebook/", asked))
    return [one.one("blockquote").text for one in page.all("article", class_="passage")]


def test_passages_stand_by_article_in_the_order_of_the_text(client, passages):
    page = parsed(client.get("/notebook/"))
    books = page.all("section", class_="book")
    assert [book.one("h2").text for book in books] == ["New", "Old"]
    assert words(client) == ["forty", "Rope", "Lamp oil", "fog"]
    assert page.one("h1").text == "Notebook 4 passages"
    assert "Ben's own." not in page.text
    assert "bens" not in page.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"tag": "sea"}, ["forty", "Rope"]),
        ({"tag": ["sea", "things"]}, ["Rope"]),
        ({"tag": "bens"}, []),
        ({"colour": "rose"}, ["Rope", "Lamp oil"]),
        ({"colour": ["rose", "blue"]}, ["forty", "Rope", "Lamp oil"]),
        ({"colour": "red"}, ["forty", "Rope", "Lamp oil", "fog"]),
        ({"source": "another"}, ["Lamp oil", "fog"]),
        ({"source": "none-such"}, []),
        ({"days": "7"}, ["Rope"]),
        ({"days": "30"}, ["forty", "Rope"]),
        ({"days": "365"}, ["forty", "Rope", "Lamp oil"]),
        ({"days": "8"}, ["forty", "Rope", "Lamp oil", "fog"]),
        ({"article": "old"}, ["Lamp oil", "fog"]),
        ({"article": "old", "colour": "rose", "tag": "things", "days": "365", "source": "another"}, ["Lamp oil"]),
        ({"sort": "passage"}, ["Rope", "forty", "Lamp oil", "fog"]),
        ({"tag": "\0"}, ["forty", "Rope", "Lamp oil", "fog"]),
    ],
    ids=str,
)
def test_it_is_narrowed_by_tag_colour_source_date_and_article(client, passages, asked, found):
    assert words(client, **asked) == found


def test_each_filter_has_a_link_that_takes_it_off(client, passages):
    asked = {"tag": ["sea", "things"], "colour": "rose", "source": "the-harbour-post", "days": "30", "article": "new"}
    page = parsed(client.get("/notebook/", asked))
    chips = {chip.text.strip(): chip.one("a").at["href"] for chip in page.all(class_="chip")}
    assert set(chips) == {"#sea", "#things", "Rose", "The Harbour Post", "Past month", "New"}
    for link in chips.values():
        assert client.get(f"/notebook/{link}").status_code == 200
    assert chips["#sea"] == "?tag=things&colour=rose&source=the-harbour-post&days=30&article=new"


def test_the_title_of_an_article_that_ada_may_not_open_is_not_told(client, passages):
    make_article("A secret draft", state="draft")
    assert "A secret draft" not in parsed(client.get("/notebook/", {"article": "a-secret-draft"})).text
    Article.objects.filter(slug="old").update(state="withdrawn")
    assert parsed(client.get("/notebook/", {"article": "old"})).one(class_="chip").text == "Old"


def test_an_empty_notebook_and_one_narrowed_to_nothing_say_so(client, signed_in, cleo, passages):
    assert "No passage fits all of that." in parsed(client.get("/notebook/", {"tag": "none"})).text
    assert "Nothing marked yet." in parsed(signed_in(cleo).get("/notebook/")).text


def test_a_passage_leads_to_its_words_its_form_and_the_bin(client, passages):
    rope = passages["rope"]
    one = parsed(client.get("/notebook/", {"tag": "things"})).one(id=f"p-{rope.public_id}")
    assert one.one("em").text == "Strong"
    assert one.all("a", href=f"/articles/new/#h-{rope.public_id}")
    assert one.all("a", href=f"/highlights/{rope.public_id}/?next=/notebook/%3Ftag%3Dthings")
    assert one.one("button").at["formaction"] == f"/highlights/{rope.public_id}/delete/"


def test_deleted_passages_and_deleted_tags_are_not_in_it(client, passages):
    delete(passages["fog"])
    delete_tag(passages["oil"].tags.get())
    page = parsed(client.get("/notebook/"))
    assert words(client) == ["forty", "Rope", "Lamp oil"]
    assert not [tag for tag in page.all(class_="tag") if tag.text == "things"]
    assert words(client, tag="things") == []


def test_a_lost_passage_keeps_its_words_and_says_so(client, passages):
    revise_article(Article.objects.get(slug="old"), html="<p>Other words.</p>")
    page = parsed(client.get("/notebook/", {"article": "old"}))
    assert sorted(words(client, article="old")) == ["Lamp oil", "fog"]
    assert page.text.count("No longer in the text") == 2


def test_a_withdrawn_article_s_passages_stay_without_a_link_to_it(client, passages):
    Article.objects.filter(slug="old").update(state="withdrawn")
    page = parsed(client.get("/notebook/"))
    assert words(client) == ["forty", "Rope", "Lamp oil", "fog"]
    new, old = page.all("section", class_="book")
    assert "Withdrawn from the library" in old.text
    assert old.one("h2").text == "Old"
    assert not [link for link in old.all("a") if link.at["href"].startswith("/articles/")]
    assert [link for link in new.all("a") if link.at["href"].startswith("/articles/")]


# Paging


def test_more_is_a_link_to_a_page_of_its_own_and_each_passage_comes_once(client, ada):
    for _ in range(2):
        article = make_article(html="".join(f"<p>Line {n} of the log book.</p>" for n in range(60)))
        for n in range(60):
            mark(article, ada, f"Line {n} of")
    seen, address = [], "/notebook/?colour=yellow"
    for expected in (50, 50, 20):
        page = parsed(client.get(address))
        here = [one.at["id"] for one in page.all("article", class_="passage")]
        assert len(here) == expected
        seen += here
        assert f"{len(seen)} of 120 passages" in page.one(id="more").text
        link = page.all("a", rel="next")
        address = "/notebook/" + link[0].at["href"] if link else None
        assert address is None or "colour=yellow" in address
    assert address is None
    assert len(set(seen)) == 120


def test_the_number_of_queries_is_the_same_for_3_passages_and_for_60_on_20_articles(signed_in, django_user_model, ada):
    def taken():
        reader = signed_in(django_user_model.objects.get(pk=ada.pk))
        with CaptureQueriesContext(connection) as queries:
            parsed(reader.get("/notebook/"))
        return len(queries)

    def fill(number):
        for _ in range(number):
            article = make_article()
            for word in ("Rope", "forty", "fog"):
                mark(article, ada, word, note="n", tags=[word, "all"])

    fill(1)
    first = taken()
    fill(19)
    assert taken() == first
