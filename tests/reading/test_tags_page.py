"""The page of tags: counted, renamed, merged in two steps, deleted and taken back."""

import pytest

from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.services import delete
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, ada):
    """Ada's."""
    return signed_in(ada)


@pytest.fixture
def tags(ada, ben, article):
    mark(article, ada, "forty", tags=["peace", "sea"])
    mark(article, ada, "Rope", tags=["peace"])
    mark(make_article(), ada, "Rope", tags=["peace", "war"])
    delete(mark(article, ada, "Lamp oil", tags=["sea", "war"]))
    mark(article, ben, "forty", tags=["bens"])
    return {tag.name: tag for tag in Tag.objects.of(ada)}


def rows(page):
    """{name: (articles, passages)}"""
    told = {}
    for row in page.one("table").one("tbody").all("tr"):
        numbers = [int(cell.text) for cell in row.all("td", class_="n") if "wide" not in cell.at["class"]]
        told[row.one("th").text] = tuple(numbers)
    return told


def names_on(words):
    """The live tags on Ada's passages with these words."""
    found = Highlight.objects.filter(exact=words, reader__username="ada").with_tags()
    return sorted(tag.name for one in found for tag in one.live_tags)


def test_each_tag_is_counted_and_leads_to_its_passages(client, tags):
    page = parsed(client.get("/tags/"))
    assert rows(page) == {"peace": (2, 3), "sea": (1, 1), "war": (1, 1)}
    assert page.one("table").all("a", href="/notebook/?tag=peace")
    assert "bens" not in page.text


def test_without_tags_the_page_says_where_they_are_made(client):
    assert "No tags yet." in parsed(client.get("/tags/")).text


def test_renaming(client, tags):
    response = client.post(f"/tags/{tags['war'].pk}/rename/", {"name": " War & Peace "})
    assert (response.status_code, response["Location"]) == (303, "/tags/")
    page = parsed(client.get("/tags/"))
    assert "war is called war-&-peace now." in page.one(id="toasts").text
    assert set(rows(page)) == {"peace", "sea", "war-&-peace"}


def test_renaming_to_a_name_that_is_there_offers_to_merge(client, tags):
    page = parsed(client.post(f"/tags/{tags['war'].pk}/rename/", {"name": "Peace"}), 409)
    assert "You already have a tag “peace”" in page.one(role="alert").text
    form = page.one("form", class_="merge")
    sent = {"tag": [one.at["value"] for one in form.all("input", name="tag")], "keep": form.fields()["keep"]}
    assert sent == {"tag": [str(tags["war"].pk), str(tags["peace"].pk)], "keep": str(tags["peace"].pk)}
    assert client.post(form.at["action"], sent).status_code == 303
    assert rows(parsed(client.get("/tags/"))) == {"peace": (2, 3), "sea": (1, 1)}


@pytest.mark.parametrize("name", ["", " # ", "\0"])
def test_renaming_to_nothing_says_why(client, tags, name):
    page = parsed(client.post(f"/tags/{tags['war'].pk}/rename/", {"name": name}), 422)
    assert "needs a name" in page.one(role="alert").text
    assert "war" in rows(page)


def test_merging_asks_which_name_stays_and_then_does_it(client, tags):
    chosen = {"tag": [tags["sea"].pk, tags["war"].pk]}
    page = parsed(client.post("/tags/merge/", chosen))
    assert "Merge 2 tags" in page.text
    assert Tag.objects.filter(name="war").exists()
    response = client.post("/tags/merge/", chosen | {"keep": tags["war"].pk})
    assert response.status_code == 303
    assert rows(parsed(client.get("/tags/"))) == {"peace": (2, 3), "war": (2, 2)}
    assert names_on("forty") == ["peace", "war"]
    assert names_on("Lamp oil") == ["war"]  # in the bin
    toast = parsed(client.get(response["Location"])).one(class_="toast")
    assert "2 tags are one now: war." in toast.text
    assert client.post(toast.one("form").at["action"], toast.one("form").fields())["Location"] == "/tags/"
    assert rows(parsed(client.get("/tags/"))) == {"peace": (2, 3), "sea": (1, 1), "war": (1, 1)}
    assert names_on("Lamp oil") == ["sea", "war"]


@pytest.mark.parametrize("chosen", [[], ["1"], ["x", "²", "9" * 30], ["-1", "\0"]])
def test_merging_less_than_two_says_why(client, tags, chosen):
    page = parsed(client.post("/tags/merge/", {"tag": chosen}), 422)
    assert "two or more" in page.one(role="alert").text
    assert len(rows(page)) == 3


def test_ben_s_tags_cannot_be_merged_into_ada_s(client, tags, ben):
    his = Tag.objects.get(reader=ben)
    chosen = {"tag": [tags["sea"].pk, his.pk], "keep": tags["sea"].pk}
    assert client.post("/tags/merge/", chosen).status_code == 422
    assert client.post("/tags/merge/", {"tag": [t.pk for t in tags.values()], "keep": his.pk}).status_code == 200
    assert Tag.objects.count() == 4


def test_deleting_answers_with_a_page_that_takes_it_back(client, tags):
    response = client.post(f"/tags/{tags['peace'].pk}/delete/")
    assert response.status_code == 303
    page = parsed(client.get(response["Location"]))
    assert set(rows(page)) == {"sea", "war"}
    assert names_on("Rope") == ["war"]
    undo = page.one(class_="bulk").one("button")
    assert client.post(undo.at["formaction"], page.one("form", id="act").fields())["Location"] == "/tags/"
    page = parsed(client.get("/tags/"))
    assert "peace is back." in page.one(id="toasts").text
    assert rows(page)["peace"] == (2, 3)


def test_taking_back_a_tag_whose_name_was_given_away_makes_one_of_them(client, ada, tags, article):
    client.post(f"/tags/{tags['peace'].pk}/delete/")
    mark(article, ada, "fog", tags=["peace"])
    client.post(f"/tags/{tags['peace'].pk}/restore/")
    assert rows(parsed(client.get("/tags/")))["peace"] == (2, 4)
    assert Tag.objects.of(ada).filter(name="peace").count() == 1


@pytest.mark.parametrize("asked", ["", "x", "0", "9" * 30, "\0"])
def test_an_undo_for_no_tag_is_not_offered(client, tags, asked):
    assert not parsed(client.get("/tags/", {"deleted": asked})).all(class_="bulk")


def test_a_live_tag_and_one_of_ben_s_are_nothing_to_take_back(client, tags, ben):
    his = Tag.objects.get(reader=ben)
    for pk in (tags["sea"].pk, his.pk):
        assert not parsed(client.get("/tags/", {"deleted": pk})).all(class_="bulk")
        assert client.post(f"/tags/{pk}/restore/").status_code == 404
