"""The library: what is listed, in what order, what each row says, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsreader.annotations.services import delete
from newsreader.annotations.tags import delete as delete_tag
from newsreader.articles.models import Article, Collection, Reading
from newsreader.articles.services import note_position, note_state, source_named, topic_named
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db


def titles(client, **asked):
    page = parsed(client.get("/", asked))
    return [heading.text.strip() for row in page.all("article", class_="row") for heading in row.all("h3")]


def tabs(page):
    nav = page.one("nav", aria_label="Library views")
    return {link.text.split()[0]: (link.at["href"], link.text.split()[-1]) for link in nav.all("a")}


def shelf(number, **fields):
    """That many articles, newest first: “No 0”, “No 1” and so on, a day between two."""
    now = timezone.now()
    return [
        make_article(f"No {n}", html="<p>A.</p>", published=now - timedelta(days=n), **fields) for n in range(number)
    ]


# What is listed


def test_a_visitor_reads_the_library(client, article):
    page = parsed(client.get("/"))
    row = page.one("article", class_="row")
    for told in (article.title, "The Harbour Post", "1 min", "It left an hour late."):
        assert told in row.text
    assert row.all("a", href=article.get_absolute_url())
    assert not page.all("form", id="act")
    assert "Sign in" in page.text


def test_a_visitor_signs_in_first_where_reading_is_not_open(client, article, settings):
    settings.OPEN_READING = False
    response = client.get("/?source=x")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/sign-in/?next=/%3Fsource%3Dx"


def test_drafts_what_was_withdrawn_and_others_own_copies_are_not_listed(signed_in, ada, ben, cleo, client):
    shown = make_article()
    for state in ("draft", "withdrawn"):
        make_article(state=state)
    own = make_article(owner=ada)
    assert set(titles(signed_in(ada), place="all")) == {shown.title, own.title}
    for other in (signed_in(ben), signed_in(cleo), client):
        assert titles(other, place="all") == [shown.title]


def test_sources_and_topics_are_counted_as_far_as_their_reader_sees_them(signed_in, client, ada, ben):
    topic = topic_named("Ports")
    gone = {"state": "withdrawn"}
    for fields in ({}, {"state": "draft"}, gone, {"owner": ada}, {"owner": ada, **gone}):
        make_article(topics=[topic], **fields)

    def told(reader):
        form = parsed(reader.get("/")).one(id="filters")
        return [option.text for option in form.all("option") if option.at["value"] in {"ports", "the-harbour-post"}]

    assert told(signed_in(ada)) == ["The Harbour Post (2)", "Ports (2)"]
    assert told(signed_in(ben)) == told(client) == ["The Harbour Post (1)", "Ports (1)"]


def test_the_tabs_hold_what_they_count(signed_in, ada):
    articles = shelf(4)
    note_state(articles[0], reader=ada, place="later")
    note_state(articles[1], reader=ada, place="archive", unread=False)
    note_state(articles[2], reader=ada, unread=False)
    client = signed_in(ada)
    page = parsed(client.get("/"))
    assert tabs(page) == {
        "Inbox": ("?", "2"),
        "Later": ("?place=later", "1"),
        "Archive": ("?place=archive", "1"),
        "All": ("?place=all", "All"),
    }
    assert "1 unread" in page.one("h1").text
    assert titles(client) == ["No 2", "No 3"]
    assert titles(client, place="later") == ["No 0"]
    assert titles(client, place="archive") == ["No 1"]
    assert titles(client, place="all") == ["No 0", "No 1", "No 2", "No 3"]


def test_favourites_are_listed_wherever_they_are(signed_in, ada):
    articles = shelf(3)
    note_state(articles[1], reader=ada, place="archive", favourite=True)
    assert titles(signed_in(ada), place="favourites") == ["No 1"]


def test_filters_by_source_topic_and_collection_go_together_and_can_be_taken_off(client, article):
    post, topic = article.sources.get(), topic_named("Sea")
    other = make_article(source="Another")
    collection = Collection.objects.create(name="First", slug="first")
    for one in (article, other):
        one.topics.add(topic)
        collection.items.create(article=one)
    assert set(titles(client, topic=topic.slug)) == {article.title, other.title}
    assert titles(client, topic=topic.slug, source=post.slug, collection="first") == [article.title]
    assert titles(client, source="none-such") == []
    page = parsed(client.get("/", {"topic": topic.slug, "source": post.slug}))
    chips = {chip.text.strip(): chip.one("a").at["href"] for chip in page.all(class_="chip")}
    assert chips == {"Sea": f"?source={post.slug}", "The Harbour Post": f"?topic={topic.slug}"}
    assert page.one("option", value=topic.slug, selected=True)


def test_an_article_of_several_sources_is_listed_once(client, article):
    article.sources.add(source_named("Another"), source_named("Third"))
    assert titles(client) == [article.title]


# Order


def test_it_sorts_by_date_length_and_number_of_passages(signed_in, ada, ben):
    articles = shelf(3)
    long = make_article("Long", published=timezone.now() - timedelta(days=9))
    mark(articles[2], ada, "A")
    for words in ("Rope", "Lamp oil"):
        mark(long, ada, words)
    for words in ("A",):
        mark(articles[1], ben, words)
    client = signed_in(ada)
    assert titles(client) == ["No 0", "No 1", "No 2", "Long"]
    assert titles(client, sort="oldest") == ["Long", "No 2", "No 1", "No 0"]
    assert titles(client, sort="shortest") == ["No 2", "No 1", "No 0", "Long"]
    assert titles(client, sort="passages") == ["Long", "No 2", "No 0", "No 1"]


def test_a_visitor_who_asks_for_most_passages_gets_the_newest(client, ada):
    articles = shelf(2)
    mark(articles[1], ada, "A")
    assert titles(client, sort="passages") == ["No 0", "No 1"]


# More


def test_more_is_a_link_to_a_page_of_its_own(client):
    shelf(45)
    seen, address = [], "/"
    for expected in (20, 20, 5):
        page = parsed(client.get(address))
        rows = page.all("article", class_="row")
        assert len(rows) == expected
        seen += [row.one("h3").text.strip() for row in rows]
        more = page.one(id="more")
        assert f"{len(seen)} of 45 articles" in more.text
        link = more.all("a", rel="next")
        address = link[0].at["href"] if link else ""
        assert not link or link[0].at["hx-get"] == address
    assert address == ""
    assert seen == [f"No {n}" for n in range(45)]


def test_the_link_to_more_keeps_what_was_asked_for(client):
    shelf(21)
    link = parsed(client.get("/", {"place": "all", "sort": "oldest"})).one("a", rel="next")
    assert link.at["href"] == "?place=all&sort=oldest&page=2"


def test_a_month_is_named_once_though_it_goes_on_on_the_next_page(client):
    old = timezone.now().replace(year=2019, month=5, day=20)
    for n in range(25):
        make_article(f"No {n}", html="<p>A.</p>", published=old - timedelta(hours=n))
    first, second = (parsed(client.get("/", {"page": page})) for page in (1, 2))
    assert [heading.text for heading in first.all("h2", class_="group-name")] == ["May 2019"]
    assert second.all("h2", class_="group-name") == []
    assert len(second.all("article", class_="row")) == 5


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "²", "٣", "9" * 5_000, "1.5"])
def test_a_page_number_that_is_none_is_no_error(client, signed_in, ada, article, page):
    assert client.get("/", {"page": page}).status_code == 200
    assert signed_in(ada).get("/notebook/", {"page": page}).status_code == 200


@pytest.mark.parametrize("name", ["place", "sort", "source", "topic", "collection"])
@pytest.mark.parametrize("typed", ["\0", "' OR 1=1 --", "<script>", "🙂" * 200, "\ud7ff"])
def test_whatever_is_asked_for_gets_a_page(client, article, name, typed):
    page = parsed(client.get("/", {name: typed}))
    assert "\0" not in page.text
    assert all(script.at["src"].startswith("/static/") for script in page.all("script"))


# Empty


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ({}, "The inbox is read."),
        ({"place": "later"}, "Nothing set aside."),
        ({"place": "favourites"}, "No favourites yet."),
        ({"source": "none-such"}, "Nothing here fits that filter."),
    ],
)
def test_an_empty_list_says_why_and_what_to_do(signed_in, ada, article, asked, heading):
    note_state(article, reader=ada, place="archive")
    page = parsed(signed_in(ada).get("/", asked))
    empty = page.one(class_="empty")
    assert empty.one("h2").text == heading
    assert len(empty.text) > len(heading) + 20
    assert not page.all("article", class_="row")


def test_an_empty_archive_says_what_archiving_does(signed_in, ada, article):
    page = parsed(signed_in(ada).get("/", {"place": "archive"}))
    assert page.one(class_="empty").one("h2").text == "Nothing archived yet."


def test_an_empty_library_tells_a_curator_how_to_fill_it(signed_in, ada, cleo, client):
    for user in (signed_in(ada), client):
        assert "As soon as a curator publishes something" in parsed(user.get("/")).text
    page = parsed(signed_in(cleo).get("/"))
    assert page.one(class_="empty").all("a", href="/desk/articles/article/add/")


# A row


def test_a_row_says_what_its_reader_made_of_it_and_nothing_of_others(signed_in, ada, ben, article):
    mark(article, ada, "forty passengers", note="Count *them*.", tags=["sea"], colour="rose")
    mark(article, ada, "Lamp oil")
    mark(article, ben, "Rope", note="Ben's own.", tags=["bens"])
    note_position(article, reader=ada, position=article.length // 2)
    row = parsed(signed_in(ada).get("/")).one("article", class_="row")
    for told in ("2 passages", "1 note", "50% read", "sea", "forty passengers", "Count them."):
        assert told in row.text
    for hidden in ("Ben's own.", "bens", "Rope"):
        assert hidden not in row.text
    assert [flag.at["data-c"] for flag in row.all("rect", class_="t-flag")] == ["rose", "yellow"]
    assert row.at["data-state"] == "reading"


def test_what_was_read_to_the_end_says_so(signed_in, ada, article):
    note_position(article, reader=ada, position=article.length)
    row = parsed(signed_in(ada).get("/")).one("article", class_="row")
    assert row.at["data-state"] == "read"
    assert "Read" in row.text


def test_deleted_passages_and_tags_are_off_the_row(signed_in, ada, article):
    delete(mark(article, ada, "forty passengers", note="Gone.", tags=["sea"]))
    kept = mark(article, ada, "Lamp oil", tags=["off"])
    delete_tag(kept.tags.get())
    row = parsed(signed_in(ada).get("/")).one("article", class_="row")
    assert "1 passage" in row.text
    for hidden in ("Gone.", "sea", "off"):
        assert hidden not in row.text


# Its state


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({"place": "later"}, ("Kept for later.", ("later", True, False))),
        ({"place": "archive"}, ("Archived.", ("archive", True, False))),
        ({"unread": "false"}, ("Marked as read.", ("inbox", False, False))),
        ({"favourite": "true"}, ("Added to your favourites.", ("inbox", True, True))),
    ],
)
def test_a_button_changes_one_thing_and_offers_to_put_it_back(signed_in, ada, article, sent, answer):
    said, kept = answer
    client, address = signed_in(ada), f"/articles/{article.slug}/state/"
    fragment = parsed(client.post(address, {**sent, "next": "/?page=2"}, headers={"HX-Request": "true"}))
    reading = Reading.objects.get()
    assert (reading.place, reading.unread, reading.favourite) == kept
    toast = fragment.one(id="toasts")
    assert said in toast.text
    undo = toast.one("form").fields()
    undo.pop("csrfmiddlewaretoken")
    assert undo.pop("next") == "/?page=2"
    response = client.post(address, {**undo, "next": "/?page=2"})
    assert (response.status_code, response["Location"]) == (303, "/?page=2")
    reading.refresh_from_db()
    assert (reading.place, reading.unread, reading.favourite) == ("inbox", True, False)


def test_without_javascript_a_button_comes_back_to_where_it_was(signed_in, ada, article):
    client, address = signed_in(ada), f"/articles/{article.slug}/state/"
    assert client.post(address, {"place": "later", "next": "/?sort=oldest"})["Location"] == "/?sort=oldest"
    assert client.post(address, {"place": "later"})["Location"] == article.get_absolute_url()
    assert client.post(address, {"place": "later", "next": "//evil.example/"})["Location"] == article.get_absolute_url()


@pytest.mark.parametrize("sent", [{}, {"place": "attic"}, {"unread": "maybe"}, {"place": "\0"}])
def test_a_state_that_is_none_is_refused(signed_in, ada, article, sent):
    assert signed_in(ada).post(f"/articles/{article.slug}/state/", sent).status_code == 422
    assert not Reading.objects.exists()


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 30, "1.5"])
def test_a_position_that_is_none_changes_nothing(signed_in, ada, article, sent):
    assert signed_in(ada).post(f"/articles/{article.slug}/position/", {"position": sent}).status_code == 204
    assert not Reading.objects.exists()


def test_a_position_is_remembered(signed_in, ada, article):
    assert signed_in(ada).post(f"/articles/{article.slug}/position/", {"position": "40"}).status_code == 204
    assert Reading.objects.get(reader=ada).position == 40


# What it costs


def copies(article, number):
    values = {field.attname: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    made = Article.objects.bulk_create(Article(**values | {"id": None, "slug": f"copy-{n}"}) for n in range(number))
    source, topic = source_named("Another"), topic_named("Sea")
    Article.sources.through.objects.bulk_create(
        Article.sources.through(article_id=one.pk, source_id=source.pk) for one in made
    )
    Article.topics.through.objects.bulk_create(
        Article.topics.through(article_id=one.pk, topic_id=topic.pk) for one in made
    )
    return made


@pytest.mark.parametrize("sort", ["newest", "passages"])
def test_the_number_of_queries_is_the_same_for_10_articles_and_for_200_full_of_passages(
    signed_in, django_user_model, ada, sort
):
    article = make_article()
    for one in copies(article, 9):
        one.revisions.create(number=1, title="x", html=article.html)
        mark(one, ada, "forty", note="n", tags=["one"])
        note_position(one, reader=ada, position=5)

    def taken():
        client = signed_in(django_user_model.objects.get(pk=ada.pk))
        with CaptureQueriesContext(connection) as queries:
            assert len(parsed(client.get("/", {"sort": sort})).all("article", class_="row")) in {10, 20}
        return len(queries)

    first = taken()
    Article.objects.filter(slug__startswith="copy-").update(title="Earlier")
    for number, one in enumerate(Article.objects.bulk_create(_renamed(article, 190))):
        one.revisions.create(number=1, title="x", html=article.html)
        if number > 160:
            for words in ("forty", "Rope", "Lamp oil"):
                mark(one, ada, words, note="n", tags=[words, "two"])
            note_position(one, reader=ada, position=5)
    assert taken() == first


def _renamed(article, number):
    values = {field.attname: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    return (Article(**values | {"id": None, "slug": f"more-{n}"}) for n in range(number))
