"""The notebook: all of a reader's passages by article, narrowed, paged, and kept when an article is withdrawn."""

import json
from copy import copy
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsreader.annotations.models import Highlight, new_public_id
from newsreader.annotations.services import delete, revise_article
from newsreader.annotations.tags import delete as delete_tag
from newsreader.articles.models import Article
from newsreader.reading.pages.notebook import CHUNK
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def on(days):
    """The date of so many days ago."""
    return (timezone.localdate() - days * DAY).isoformat()


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
    assert page.one("h1").text.split() == ["Notebook", "4", "passages"]
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
        ({"sort": "oldest"}, ["fog", "Lamp oil", "forty", "Rope"]),
        ({"q": "oil"}, ["Lamp oil"]),
        ({"q": "STRONG rope"}, ["Rope"]),
        ({"q": "old"}, ["Lamp oil", "fog"]),
        ({"q": "piano"}, []),
        ({"note": "yes"}, ["Rope"]),
        ({"note": "no"}, ["forty", "Lamp oil", "fog"]),
        ({"after": on(30)}, ["forty", "Rope"]),
        ({"before": on(30)}, ["Lamp oil", "fog"]),
        ({"after": on(200), "before": on(5)}, ["forty", "Lamp oil"]),
        ({"after": "0000-00-00", "before": "9999-12-31"}, ["forty", "Rope", "Lamp oil", "fog"]),
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


def test_by_date_passages_stand_under_their_day_with_the_title_of_their_article(client, passages):
    page = parsed(client.get("/notebook/", {"sort": "passage"}))
    books = page.all("section", class_="book")
    assert len(books) == 4
    assert [book.one("h2").one("time").at["datetime"] for book in books] == [on(1), on(10), on(100), on(400)]
    assert books[0].one(class_="passage-foot").all("a", href="/articles/new/")


def test_words_and_dates_have_chips_too(client, passages):
    page = parsed(client.get("/notebook/", {"q": "a b", "note": "yes", "after": "2026-06-16", "before": "2026-07-01"}))
    chips = [chip.text.strip() for chip in page.all(class_="chip")]
    assert chips == ["“a b”", "From 16 Jun 2026", "Before 1 Jul 2026", "With a note"]
    assert "No passage says that." in page.text


def test_the_title_of_an_article_that_ada_may_not_open_is_not_told(client, passages):
    make_article("A secret draft", state="draft")
    assert "A secret draft" not in parsed(client.get("/notebook/", {"article": "a-secret-draft"})).text
    Article.objects.filter(slug="old").update(state="withdrawn")
    assert parsed(client.get("/notebook/", {"article": "old"})).one(class_="chip").text == "Old"


def test_an_empty_notebook_and_one_narrowed_to_nothing_say_so(client, signed_in, cleo, passages):
    assert "No passage says that." in parsed(client.get("/notebook/", {"tag": "none"})).text
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


# Edited in place


def edit(client, passage, **more):
    sent = {"version": passage.version, "colour": "green", "note": "*New*", "tags": "a, b", **more}
    return client.post(f"/notebook/passages/{passage.public_id}/", sent, headers={"hx-request": "true"})


def test_a_passage_has_its_form_in_place_and_comes_back_as_it_is_then(client, passages):
    rope = passages["rope"]
    form = parsed(client.get(f"/notebook/passages/{rope.public_id}/", {"next": "/notebook/?tag=sea"})).one("form")
    assert form.fields()["note"] == "*Strong*."
    assert form.fields()["tags"] == "sea, things"
    assert form.fields()["next"] == "/notebook/?tag=sea"
    one = parsed(edit(client, rope, next="/notebook/?tag=sea")).one(id=f"p-{rope.public_id}")
    assert one.one("em").text == "New"
    assert [tag.text for tag in one.all(class_="tag")] == ["a", "b"]
    assert one.at["data-c"] == "green"
    assert one.all("a", href=f"/highlights/{rope.public_id}/?next=/notebook/%3Ftag%3Dsea")


def test_a_note_that_was_saved_elsewhere_meanwhile_gives_both_texts(client, passages):
    rope = passages["rope"]
    assert edit(client, rope, note="Theirs.").status_code == 200
    page = parsed(edit(client, rope, note="Mine."), 409)
    assert "Theirs." in page.one(class_="edited-twice").text
    sent = page.one("form").fields()
    assert sent["note"] == "Mine."
    assert edit(client, rope, note="Mine.", version=sent["version"]).status_code == 200
    rope.refresh_from_db()
    assert rope.note == "Mine."


def test_a_note_that_cannot_be_shown_is_refused_with_the_form(client, passages):
    page = parsed(edit(client, passages["rope"], note="[" * 1000), 422)
    assert page.one("textarea").text.strip() == "[" * 1000
    assert "signs of Markdown" in page.all(role="alert")[0].text


@pytest.mark.parametrize(("note", "shown"), [("**a** <b>", "a <b>"), ("", "What you write in Markdown is shown here.")])
def test_a_preview_is_what_the_note_will_be(client, note, shown):
    assert parsed(client.post("/notebook/preview/", {"note": note})).text.strip() == shown


def test_a_preview_says_why_there_is_none(client):
    assert "signs of Markdown" in parsed(client.post("/notebook/preview/", {"note": "[" * 1000}), 422).text


# Many at once


def ticked(passages, *names):
    return [passages[name].public_id for name in names]


def test_ticked_passages_are_tagged_and_one_step_takes_it_back(client, passages):
    sent = {"passage": ticked(passages, "rope", "fog"), "do": "tag", "tags": "Check, "}
    response = client.post("/notebook/?colour=rose&colour=yellow", sent)
    assert response.status_code == 303
    assert response["Location"].startswith("/notebook/?colour=rose&colour=yellow&undo=")
    assert words(client, tag="check") == ["Rope", "fog"]
    toast = parsed(client.get(response["Location"])).one(class_="toast")
    assert "2 passages tagged Check." in toast.text
    form = toast.one("form")
    again = client.post(form.at["action"], form.fields())
    assert (again.status_code, again["Location"]) == (303, "/notebook/?colour=rose&colour=yellow")
    assert words(client, tag="check") == []
    assert "can’t be undone" in parsed(client.post(form.at["action"], form.fields(), follow=True)).one(id="toasts").text


@pytest.mark.parametrize(
    ("do", "left"),
    [
        ({"do": "untag", "tags": "sea"}, {"tag": "sea", "found": ["forty"]}),
        ({"do": "paint-violet"}, {"colour": "violet", "found": ["Rope", "fog"]}),
        ({"do": "delete"}, {"found": ["forty", "Lamp oil"]}),
    ],
    ids=str,
)
def test_ticked_passages_lose_a_tag_get_a_colour_or_go(client, passages, do, left):
    left = dict(left)
    found = left.pop("found")
    assert client.post("/notebook/", {"passage": ticked(passages, "rope", "fog"), **do}).status_code == 303
    assert words(client, **left) == found


@pytest.mark.parametrize(
    "sent",
    [{}, {"do": "tag", "tags": "a"}, *({"passage": ["x"], **do} for do in ({}, {"do": "tag"}, {"do": "paint-red"}))],
    ids=str,
)
def test_what_says_too_little_is_refused_in_words(client, passages, sent):
    page = parsed(client.post("/notebook/?tag=sea", sent), 422)
    assert page.one(role="alert").text.strip().endswith(".")
    assert len(page.all(class_="passage")) == 2


def test_too_many_at_once_are_refused(client, passages):
    page = parsed(client.post("/notebook/", {"passage": ["x"] * 501, "do": "delete"}), 422)
    assert "more than 500" in page.one(role="alert").text


def test_ben_can_take_nothing_back_that_ada_did(client, signed_in, ben, passages):
    client.post("/notebook/", {"passage": ticked(passages, "rope"), "do": "delete"})
    token = client.session["undo"]["token"]
    signed_in(ben).post("/undo/", {"token": token})
    assert words(client) == ["forty", "Lamp oil", "fog"]


def test_to_htmx_only_what_was_touched_comes_back_and_what_no_longer_fits_goes(client, passages):
    rope, forty, fog = (passages[name].public_id for name in ("rope", "forty", "fog"))
    htmx = {"hx-request": "true"}
    page = parsed(client.post("/notebook/?tag=things", {"passage": rope, "do": "untag", "tags": "sea"}, headers=htmx))
    one = page.one("article", id=f"p-{rope}")
    assert one.at["hx-swap-oob"] == "true"
    assert [tag.text for tag in one.all("a", class_="tag")] == ["things"]
    page = parsed(client.post("/notebook/?tag=sea", {"passage": forty, "do": "untag", "tags": "sea"}, headers=htmx))
    assert page.one("div", id=f"p-{forty}").at["hx-swap-oob"] == "delete"
    assert page.one(id="total").text.strip() == ""
    form = page.one(id="toasts").one("form")
    assert form.fields()["next"] == "/notebook/?tag=sea"
    back = parsed(client.post("/undo/", form.fields(), headers=htmx))
    assert [one.at["id"] for one in back.all("article")] == [f"p-{forty}"]
    assert "Undone." in back.one(id="toasts").text
    refused = parsed(client.post("/notebook/", {"passage": fog, "do": "tag"}, headers=htmx), 422)
    assert [one.at["id"] for one in refused.all(id=True)] == ["many-said"]


def test_a_deletion_of_many_is_taken_back_by_the_page_as_a_whole(client, passages):
    sent = {"passage": ticked(passages, "rope"), "do": "delete"}
    page = parsed(client.post("/notebook/", sent, headers={"hx-request": "true"}))
    assert page.one(id="total").text.strip() == "3 passages"
    undone = client.post("/undo/", page.one("form").fields(), headers={"hx-request": "true"})
    assert undone["HX-Redirect"] == "/notebook/"
    assert words(client) == ["forty", "Rope", "Lamp oil", "fog"]


# To print, and as a file


def test_what_is_printed_is_numbered_and_narrowed_like_the_page(client, passages):
    page = parsed(client.get("/notebook/print/", {"tag": "things"}))
    assert [one.text for one in page.all(class_="n")] == ["1", "2"]
    assert [one.text for one in page.all("blockquote")] == ["Rope", "Lamp oil"]
    assert page.all("a", href="/notebook/?tag=things")


def taken(client, **asked):
    response = client.get("/notebook/export/", asked)
    assert response.status_code == 200
    return response, b"".join(response.streaming_content).decode()


def test_a_file_holds_just_what_the_page_shows_in_its_order(client, passages):
    links = [link for link in parsed(client.get("/notebook/", {"tag": "sea"})).all("a") if "download" in link.at]
    assert len(links) == 4
    for link in links:
        assert "tag=sea" in link.at["href"]
        body = b"".join(client.get(link.at["href"]).streaming_content).decode()
        assert body.index("forty") < body.index("Rope")
        assert "/articles/old/" not in body
        assert "Ben's own." not in body


def test_a_file_has_a_name_and_is_kept_by_nobody(client, passages):
    response, body = taken(client, tag="日本 / x", **{"as": "csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''notebook-%E6%97%A5")
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert body.count("\r\n") == 1  # its head
    response, _ = taken(client)
    assert response["Content-Disposition"] == f'attachment; filename="notebook-{on(0)}.md"'
    assert client.get("/notebook/export/", {"as": "exe"}).status_code == 404


def test_an_annotation_of_a_file_leads_back_and_selects_its_words_in_code_points(client, ada):
    oil = mark(make_article(html="<p>A 🕊 and a 🎹 came.</p><p>Lamp oil 🛢 did not.</p>"), ada, "Lamp oil 🛢")
    [annotation] = json.loads(taken(client, **{"as": "web-annotation"})[1])["first"]["items"]
    assert annotation["id"].endswith(f"/highlights/{oil.public_id}/")
    assert client.get(urlsplit(annotation["id"]).path).status_code == 200
    quote, element = annotation["target"]["selector"]
    page = parsed(client.get(urlsplit(annotation["target"]["source"]["id"]).path))
    text = page.one(id=element["value"].removeprefix("#")).text
    position = element["refinedBy"]
    assert text[position["start"] : position["end"]] == quote["exact"] == "Lamp oil 🛢"


def test_a_file_of_180_passages_costs_as_many_queries_as_one_of_60(client, ada):
    article = make_article(html="".join(f"<p>Line {n} of the log book.</p>" for n in range(180)))

    def fill(numbers):
        for n in numbers:
            mark(article, ada, f"Line {n} of", tags=["all"])
        with CaptureQueriesContext(connection) as queries:
            assert taken(client, sort="passage")[1].count("> Line ") == numbers.stop
        return len(queries)

    assert fill(range(60)) == fill(range(60, 180))


def test_a_long_file_is_read_from_the_database_while_it_is_sent(client, passages):
    one = passages["rope"]
    copies = [copy(one) for _ in range(2 * CHUNK)]
    for each in copies:
        each.pk, each.public_id = None, new_public_id()
    Highlight.objects.bulk_create(copies)
    pieces = client.get("/notebook/export/", {"as": "json"}).streaming_content
    with CaptureQueriesContext(connection) as first:
        next(pieces), next(pieces)
    with CaptureQueriesContext(connection) as rest:
        assert b"".join(pieces).count(b'"exact"') == 2 * CHUNK + 3
    assert 0 < len(first) <= len(rest)


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
    # Some are gone from the page since: the next ones begin where these end.
    here = parsed(client.get("/notebook/?colour=yellow&start=47")).all("article", class_="passage")
    assert [one.at["id"] for one in here] == seen[47:97]


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
