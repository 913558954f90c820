"""Collections at the desk: articles in order, by every way there is, notes on them, drafts, and two curators."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsreader.articles.models import Article, Collection, CollectionItem, Former
from newsreader.desk import briefings, duplicates, journal
from newsreader.desk.models import Entry, Twins
from tests.desk.pages import desk, form_of, told
from tests.factories import make_article

JSON = {"accept": "application/json"}


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.fixture
def briefing(cleo):
    """Four articles: A, B, C, D."""
    made = Collection.objects.create(name="Briefing", slug="briefing")
    for position, title in enumerate("ABCD", 1):
        made.items.create(article=make_article(title), position=position)
    return made


def titles(collection):
    return "".join(collection.items.order_by("position", "pk").values_list("article__title", flat=True))


def key(title):
    return Article.objects.get(title=title).pk


def seen(collection):
    return briefings.stamp(briefings.in_order(collection))


def send(client, collection, follow=True, headers=None, **sent):
    address = desk("articles_collection_contents", collection.pk)
    return client.post(address, sent, follow=follow, headers=headers or {})


def take_back(client):
    client.post(desk("desk_entry_undo", Entry.objects.first().pk))


# Order


@pytest.mark.parametrize(
    ("title", "where", "order"),
    [("C", "up", "ACBD"), ("B", "down", "ACBD"), ("C", "top", "CABD"), ("B", "end", "ACDB"), ("A", "up", "ABCD")],
)
def test_a_button_moves_an_article_and_the_page_says_where_it_is(curator, briefing, title, where, order):
    answer = send(curator, briefing, move=f"{key(title)}:{where}", seen=seen(briefing))
    assert titles(briefing) == order
    assert told(answer) == f"“{title}” is now {order.index(title) + 1} of 4."
    assert answer.redirect_chain[0][0].endswith(f"?at={key(title)}:{where}#contents")


def test_the_button_that_was_pressed_has_the_focus_on_the_page_that_follows(curator, briefing):
    page = send(curator, briefing, move=f"{key('C')}:up", seen=seen(briefing)).content.decode()
    pressed = page[page.index(f'value="{key("C")}:up"') :]
    assert "autofocus" in pressed[: pressed.index(">")]
    assert page.count("autofocus") == 1


def test_a_script_sends_the_whole_order_and_gets_the_way_back(curator, briefing):
    order = ",".join(str(key(title)) for title in "DCBA")
    answer = send(curator, briefing, follow=False, headers=JSON, order=order, seen=seen(briefing))
    assert titles(briefing) == "DCBA"
    assert answer.json()["seen"] == seen(briefing)
    curator.post(answer.json()["undo"])
    assert titles(briefing) == "ABCD"


def test_the_second_of_two_curators_is_told_and_overwrites_nothing(curator, briefing):
    old = seen(briefing)
    send(curator, briefing, move=f"{key('A')}:end", seen=old)
    answer = send(curator, briefing, move=f"{key('D')}:top", seen=old)
    assert "Somebody has changed this collection meanwhile" in told(answer)
    assert titles(briefing) == "BCDA"
    order = ",".join(str(key(title)) for title in "ABCD")
    answer = send(curator, briefing, follow=False, headers=JSON, order=order, seen=old)
    assert answer.status_code == 409
    assert titles(briefing) == "BCDA"


def test_an_order_with_another_number_of_articles_is_not_taken(curator, briefing):
    for titles_sent in ("ABC", "ABCDA"):
        order = ",".join(str(key(title)) for title in titles_sent)
        assert send(curator, briefing, headers=JSON, order=order, seen=seen(briefing)).status_code == 409
    assert titles(briefing) == "ABCD"


@pytest.mark.parametrize(
    "sent",
    [
        {"move": "x:up"},
        {"move": "1:sideways"},
        {"order": "1,x"},
        {"order": ",".join("1" * 5_000)},
        {"remove": "-1"},
        {},
    ],
)
def test_what_no_button_sends_is_missing(curator, briefing, sent):
    assert send(curator, briefing, **sent, seen=seen(briefing)).status_code == 404
    assert titles(briefing) == "ABCD"


def test_an_order_is_taken_back_unless_it_changed_again(curator, briefing, cleo):
    send(curator, briefing, move=f"{key('D')}:top", seen=seen(briefing))
    first = Entry.objects.first()
    send(curator, briefing, move=f"{key('A')}:end", seen=seen(briefing))
    done = journal.undo(first, by=cleo)
    assert (done.back, done.left) == (0, 1)
    assert titles(briefing) == "DBCA"
    take_back_entry = Entry.objects.filter(undoes=None).first()
    assert journal.undo(take_back_entry, by=cleo).back == 1
    assert titles(briefing) == "DABC"


def test_a_move_costs_as_many_statements_among_200_as_among_few(curator, briefing, cleo):
    with CaptureQueriesContext(connection) as few:
        send(curator, briefing, headers=JSON, move=f"{key('D')}:top", seen=seen(briefing))
    for number in range(196):
        briefing.items.create(article=make_article(f"N{number}"), position=10 + number)
    with CaptureQueriesContext(connection) as many:
        send(curator, briefing, headers=JSON, move=f"{key('N195')}:top", seen=seen(briefing))
    assert len(many) == len(few)
    assert titles(briefing).startswith("N195")


def test_the_page_costs_as_many_queries_for_many_articles_as_for_few(curator, briefing):
    address = desk("articles_collection_change", briefing.pk)
    with CaptureQueriesContext(connection) as few:
        curator.get(address)
    for number in range(40):
        briefing.items.create(article=make_article(), position=10 + number)
    with CaptureQueriesContext(connection) as many:
        curator.get(address)
    assert len(many) == len(few)


# What is in it


def test_articles_are_added_at_the_end_and_what_was_there_is_said(curator, briefing):
    new = make_article("E")
    answer = send(curator, briefing, add="1", article=[new.pk, key("A")])
    assert told(answer) == "1 article added. 1 was in it already."
    assert titles(briefing) == "ABCDE"
    take_back(curator)
    assert titles(briefing) == "ABCD"


def test_nothing_chosen_is_said(curator, briefing):
    assert told(send(curator, briefing, add="1")) == "Choose an article first."


def test_more_than_there_is_room_for_is_refused_whole(curator, briefing, monkeypatch):
    monkeypatch.setattr(briefings, "MOST", 5)
    new = [make_article().pk for _ in range(2)]
    answer = send(curator, briefing, add="1", article=new)
    assert told(answer) == "There is room for 1 more article in this collection. Nothing was added."
    assert titles(briefing) == "ABCD"


def test_a_readers_own_copy_is_not_added_nor_found_nor_shown(curator, briefing, ada):
    copy = make_article("Adas secret clipping", owner=ada)
    assert told(send(curator, briefing, add="1", article=copy.pk)) == "Choose an article first."
    briefing.items.create(article=copy, position=9)
    page = curator.get(desk("articles_collection_change", briefing.pk), {"find": "secret clipping"}).content.decode()
    assert "Adas secret" not in page
    send(curator, briefing, move=f"{key('D')}:top", seen=seen(briefing))
    assert titles(briefing) == "DABCAdas secret clipping"
    assert send(curator, briefing, remove=copy.pk).status_code == 200
    assert briefing.items.filter(article=copy).exists()


def test_without_script_articles_are_found_by_the_list_s_search(curator, briefing):
    new = make_article("An unusual lighthouse")
    page = curator.get(desk("articles_collection_change", briefing.pk), {"find": "lighthouse"}).content.decode()
    assert f'<input type="checkbox" name="article" value="{new.pk}">' in page


def test_what_is_taken_out_comes_back_with_its_place_and_its_note(curator, briefing):
    CollectionItem.objects.filter(article=key("B")).update(note="Read this.")
    answer = send(curator, briefing, remove=key("B"))
    assert told(answer) == "Taken out: “B”"
    assert titles(briefing) == "ACD"
    take_back(curator)
    assert titles(briefing) == "ABCD"
    assert briefing.items.get(article=key("B")).note == "Read this."
    assert "meanwhile" in told(send(curator, briefing, remove=make_article().pk))


def test_a_note_is_saved_shown_as_readers_see_it_and_taken_back(curator, briefing):
    page = send(curator, briefing, note=key("B"), text="Why **now**?\r\n", was="").content.decode()
    assert "Why <strong>now</strong>?" in page
    assert briefing.items.get(article=key("B")).note == "Why **now**?"
    answer = send(curator, briefing, note=key("B"), text="Mine", was="")
    assert "meanwhile" in told(answer)
    assert briefing.items.get(article=key("B")).note == "Why **now**?"
    take_back(curator)
    assert briefing.items.get(article=key("B")).note == ""


def test_a_note_that_could_not_be_shown_is_refused_with_the_reason(curator, briefing):
    answer = send(curator, briefing, note=key("B"), text="[" * 9_000, was="")
    assert "Markdown" in told(answer)
    assert briefing.items.get(article=key("B")).note == ""


def test_a_merged_duplicate_leaves_its_place_and_note_to_the_one_that_stays(briefing, cleo):
    CollectionItem.objects.filter(article=key("B")).update(note="Read this.")
    gone, kept = Article.objects.get(title="B"), make_article("Kept")
    twins = Twins.objects.create(first=gone, second=kept, spread=1)
    duplicates.merge(gone, kept, by=cleo, twins=twins)
    item = briefing.items.get(article=kept)
    assert (item.position, item.note) == (2, "Read this.")


# What stands above


def test_a_new_collection_is_a_draft_and_leads_to_where_articles_are_added(curator):
    sent = {"name": "Ports", "slug": "ports", "introduction": "", "dated": ""}
    answer = curator.post(desk("articles_collection_add"), sent, follow=True)
    made = Collection.objects.get()
    assert made.state == "draft"
    assert answer.redirect_chain[-1][0] == desk("articles_collection_change", made.pk)
    assert "Nothing is in it yet." in answer.content.decode()


def test_publishing_gives_it_a_date_and_is_taken_back(curator, briefing):
    Collection.objects.update(state="draft")
    page = reverse("reading:collection", args=["briefing"])
    assert told(send(curator, briefing, state="published")).startswith("Published")
    briefing.refresh_from_db()
    assert briefing.state == "published"
    assert briefing.dated
    take_back(curator)
    briefing.refresh_from_db()
    assert (briefing.state, briefing.dated) == ("draft", None)
    assert curator.get(page).status_code == 200
    curator.logout()
    assert curator.get(page).status_code == 404


def test_the_second_to_save_the_introduction_sees_both_and_may_save_again(curator, briefing):
    address = desk("articles_collection_change", briefing.pk)
    form = form_of(curator.get(address), "collection_form")
    send(curator, briefing, move=f"{key('D')}:top", seen=seen(briefing))  # which is no conflict
    Collection.objects.update(introduction="Theirs.")
    answer = curator.post(address, {**form, "introduction": "Mine."})
    assert "Somebody has changed this meanwhile" in answer.content.decode()
    assert "Theirs." in answer.content.decode()
    again = form_of(answer, "collection_form")
    curator.post(address, {**again, "introduction": "Mine."})
    briefing.refresh_from_db()
    assert briefing.introduction == "Mine."


def test_an_address_that_was_handed_round_leads_on_when_it_changes(curator, briefing, client):
    address = desk("articles_collection_change", briefing.pk)
    sent = {**form_of(curator.get(address), "collection_form"), "name": "Morning", "slug": "morning"}
    curator.post(address, sent)
    assert Former.objects.get().collection == briefing
    for name in ("collection", "print-collection", "collection-feed"):
        old = client.get(reverse(f"reading:{name}", args=["briefing"]), {"texts": "no"})
        assert (old.status_code, old["Location"]) == (302, reverse(f"reading:{name}", args=["morning"]) + "?texts=no")


def test_two_names_that_people_would_not_tell_apart_are_refused(curator, briefing):
    sent = {"name": "BRIÉFING", "slug": "other", "introduction": "", "dated": ""}
    answer = curator.post(desk("articles_collection_add"), sent)
    assert "There is a collection “Briefing” already." in answer.content.decode()
