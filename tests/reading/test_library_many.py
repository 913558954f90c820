"""Several articles at once, with one way back; filters and counts of the library."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsreader.articles import querysets
from newsreader.articles.models import Article, Collection, Reading
from newsreader.articles.services import note_position, note_state, note_states, restore_states, topic_named
from tests.factories import make_article, mark
from tests.reading.pages import parsed
from tests.reading.test_library_page import shelf, titles

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def stand(reader):
    """How every article stands for its reader: {pk: (place, unread, favourite)}."""
    columns = ("article", "place", "unread", "favourite", "position")
    return {pk: rest for pk, *rest in Reading.objects.filter(reader=reader).values_list(*columns)}


def undo_of(page):
    return {"former": page.one(id="toasts").one("input", name="former").at["value"]}


# Several at once


@pytest.mark.parametrize("change", [{"place": "archive"}, {"unread": "false"}, {"favourite": "true"}])
def test_undo_puts_every_row_back_as_it_was_and_leaves_no_new_ones(signed_in, ada, change):
    articles = shelf(5)
    note_state(articles[0], reader=ada, place="later", favourite=True)
    note_position(articles[1], reader=ada, position=1)
    note_state(articles[2], reader=ada, place="archive", unread=False)
    before = stand(ada)
    client = signed_in(ada)
    sent = {"article": [one.pk for one in articles], "next": "/?place=all", **change}
    answer = parsed(client.post("/library/state/", sent, headers=HTMX))
    assert stand(ada) != before
    assert len(stand(ada)) == 5
    assert "5 articles" in answer.one(id="toasts").text
    response = client.post("/library/undo/", undo_of(answer) | {"next": "/?place=all"})
    assert (response.status_code, response["Location"]) == (303, "/?place=all")
    assert stand(ada) == before


def test_undo_leaves_what_happened_since(ada):
    one, two = shelf(2)
    former = note_states([one.pk, two.pk], reader=ada, place="archive")
    note_position(one, reader=ada, position=1)
    note_state(two, reader=ada, favourite=True)
    restore_states(former, reader=ada)
    assert stand(ada) == {one.pk: ["inbox", False, False, 1], two.pk: ["inbox", True, True, 0]}


def test_the_answer_takes_away_the_rows_that_left_and_brings_those_that_stay(signed_in, ada):
    one, two, three = shelf(3)
    client = signed_in(ada)
    sent = {"article": [one.pk, two.pk], "place": "later", "next": "/"}
    answer = parsed(client.post("/library/state/", sent, headers=HTMX))
    assert [row.at["id"] for row in answer.all("article", hx_swap_oob="delete")] == [f"row-{one.pk}", f"row-{two.pk}"]
    assert "1 unread" in answer.one(id="list-name").text
    answer = parsed(client.post("/library/state/", {"article": three.pk, "unread": "false"}, headers=HTMX))
    row = answer.one("article", class_="row")
    assert (row.at["id"], row.at["data-state"]) == (f"row-{three.pk}", "reading")


def test_without_script_the_way_back_stands_on_the_next_page(signed_in, ada):
    (one,) = shelf(1)
    client = signed_in(ada)
    response = client.post("/library/state/", {"article": one.pk, "place": "archive", "next": "/?sort=oldest"})
    assert (response.status_code, response["Location"]) == (303, "/?sort=oldest")
    page = parsed(client.get("/?sort=oldest"))
    assert "Archived." in page.one(id="toasts").text
    client.post("/library/undo/", undo_of(page))
    assert stand(ada) == {}


def test_what_is_foreign_or_missing_is_left_out_and_alone_it_is_the_same_404(signed_in, ada, ben):
    (seen,) = shelf(1)
    hidden = make_article("Ada's own", owner=ada)
    client = signed_in(ben)
    for pk in (hidden.pk, 10**9):
        assert client.post("/library/state/", {"article": pk, "place": "later"}).status_code == 404
    client.post("/library/state/", {"article": [seen.pk, hidden.pk], "place": "later"})
    assert [*stand(ben)] == [seen.pk]


def test_a_reader_removes_own_copies_only_and_gets_them_back_with_their_passages(signed_in, ada):
    own, (public,) = make_article("Own", owner=ada), shelf(1)
    passage = mark(own, ada, "Lamp oil")
    client = signed_in(ada)
    assert client.post("/library/state/", {"article": public.pk, "removed": "true"}).status_code == 404
    sent = {"article": [own.pk, public.pk], "removed": "true", "next": "/"}
    answer = parsed(client.post("/library/state/", sent, headers=HTMX))
    assert titles(client, place="all") == ["No 0"]
    assert client.get(own.get_absolute_url()).status_code == 404
    client.post("/library/undo/", undo_of(answer))
    assert client.get(own.get_absolute_url()).status_code == 200
    passage.refresh_from_db()
    assert passage.deleted is None


def test_one_reader_s_undo_is_nothing_to_another(signed_in, ada, ben):
    (one,) = shelf(1)
    answer = parsed(signed_in(ada).post("/library/state/", {"article": one.pk, "place": "later"}, headers=HTMX))
    before = stand(ada)
    for former in (undo_of(answer)["former"], "", "x:y"):
        assert signed_in(ben).post("/library/undo/", {"former": former}).status_code == 422
    assert stand(ada) == before


@pytest.mark.parametrize("sent", [{"place": "attic"}, {}, {"removed": "maybe"}])
def test_what_is_no_change_is_refused(signed_in, ada, article, sent):
    assert signed_in(ada).post("/library/state/", {"article": article.pk, **sent}).status_code == 422
    assert not Reading.objects.exists()


def test_many_cost_as_many_statements_as_few_and_more_than_200_are_left(ada):
    pks = [article.pk for article in shelf(1)]
    stored = Article.objects.get()
    values = {field.attname: getattr(stored, field.attname) for field in Article._meta.concrete_fields}
    made = Article.objects.bulk_create(Article(**values | {"id": None, "slug": f"copy-{n}"}) for n in range(250))
    pks += [one.pk for one in made]

    def cost(count):
        with CaptureQueriesContext(connection) as queries:
            former = note_states(pks[:count], reader=ada, place="later")
        return len(queries), len(former.articles)

    few, many = cost(3), cost(251)
    assert many[1] == 200
    assert many[0] <= few[0] + 1  # SQLite takes the new rows in two parts


# Filters and order


def test_filters_stand_in_the_address_as_chips_and_are_cleared_at_once(signed_in, ada):
    one, two, three = shelf(3)
    mark(one, ada, "A")
    note_state(two, reader=ada, favourite=True, unread=False)
    Article.objects.filter(pk=three.pk).update(language="fr")
    client = signed_in(ada)
    assert titles(client, unread="1") == ["No 0", "No 2"]
    assert titles(client, favourite="1") == ["No 1"]
    assert titles(client, marked="1") == ["No 0"]
    assert titles(client, language="fr") == ["No 2"]
    page = parsed(client.get("/", {"place": "all", "language": "fr", "unread": "1"}))
    chips = {chip.text.strip(): chip.one("a").at["href"] for chip in page.all(class_="chip")}
    assert chips == {"Unread": "?place=all&language=fr", "Français": "?place=all&unread=1"}
    assert page.all("a", href="?place=all")
    assert "Show 1 article" in page.one(id="show-them").text


def test_it_sorts_by_length_and_by_what_was_read_last(signed_in, ada, client):
    one, two, _ = shelf(3)
    make_article("Long", published=timezone.now().replace(year=2019))
    for article in (one, two):
        note_position(article, reader=ada, position=1)
    assert titles(signed_in(ada), sort="longest")[0] == "Long"
    assert titles(signed_in(ada), sort="read") == ["No 1", "No 0"]
    assert len(titles(client, sort="read")) == 4


def test_sources_topics_and_collections_are_counted_for_their_reader_and_not_in_a_large_library(
    signed_in, ada, ben, monkeypatch
):
    shelf(2)
    topic = topic_named("Sea")
    for owner in (ada, None):
        make_article(owner=owner).topics.add(topic)
    Collection.objects.create(name="First", slug="first").items.create(article=Article.objects.first())
    make_article(state="draft").topics.add(topic)

    def counted(user):
        side = parsed(signed_in(user).get("/")).one(class_="side-more")
        return [link.text.split()[-1] for link in side.all("a")]

    assert counted(ada) == ["1", "4", "2"]
    assert counted(ben) == ["1", "3", "1"]
    monkeypatch.setattr(querysets, "COUNTED", 2)
    assert counted(ben)[1] == "Post"


def test_the_filter_stands_open_for_who_has_no_script(client, article):
    page = parsed(client.get("/"))
    opener = next(link for link in page.all("a") if link.text.strip() == "Filter")
    assert parsed(client.get(f"/{opener.at['href']}")).one("dialog", open=True)


def test_the_next_rows_begin_where_those_on_the_page_end(client):
    shelf(45)
    assert titles(client, start="13")[:2] == ["No 13", "No 14"]
