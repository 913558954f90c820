"""The desk's list of articles: searched by the index, narrowed with numbers, at one cost for any number of rows."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsreader.annotations import services as annotations
from newsreader.articles.models import Article, Collection, Reading
from newsreader.articles.services import source_named, topic_named
from newsreader.desk.capped import CAP, AtLeast, Count
from newsreader.desk.models import Entry
from newsreader.desk.order import BACKWARD, At, Order, Turn, turn
from tests.desk.pages import act, desk, told
from tests.factories import make_article, mark

LIST = "articles_article_changelist"
MOST = 12  # queries


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


def shown(client, query="", **asked):
    return client.get(desk(LIST) + query, asked or None).context["cl"]


def titles(client, query="", **asked):
    return [article.title for article in shown(client, query, **asked).result_list]


def choices(client, filter_title, query="", **asked):
    """What a filter offers: {label: number as it is shown}."""
    (spec,) = [one for one in shown(client, query, **asked).filter_specs if str(one.title) == filter_title]
    return {one.label: None if one.number is None else str(one.number) for one in spec.offered}


def queries(sent):
    """How many ask for rows. A search on PostgreSQL also sets limits to itself, inside a transaction of its own."""
    own = ("SAVEPOINT", "RELEASE", "SELECT current_setting(", "BEGIN", "COMMIT")
    return sum(not one["sql"].startswith(own) for one in sent)


def many(number, **fields):
    """Articles by the row, three of each minute and length, the newest first."""
    begin = dt.datetime(2024, 6, 1, 2, tzinfo=dt.UTC)
    made = [
        Article(
            **{
                "title": f"Bulk {n}",
                "slug": f"bulk-{n}-{fields.get('state', '')}",
                "state": "published",
                "dated": begin - dt.timedelta(minutes=n // 3),
                "language": "en",
                "words": n // 3,
                "content_hash": "0" * 64,
                "html": "<p>Bulk.</p>",
                "text": f"Bulk text {n}",
                **fields,
            }
        )
        for n in range(number)
    ]
    return Article.objects.bulk_create(made)


# The search


def test_a_word_in_the_text_is_found_in_drafts_and_in_what_was_withdrawn(curator):
    for state in ("draft", "published", "withdrawn"):
        make_article(f"A {state} one", "<p>A zebra came aboard.</p>", state=state)
    make_article("Another")
    assert set(titles(curator, q="zebras")) == {"A draft one", "A published one", "A withdrawn one"}


def test_the_readers_language_is_understood(curator):
    make_article("Wanted", "<p>The harbour master said no.</p>", byline="Zoe", published=timezone.now())
    make_article("Other", "<p>The master of the harbour said no.</p>", byline="Ann")
    for typed in ('"harbour master"', "title:wanted", "author:zoe", "harbo* -title:other", "wanted OR nothing"):
        assert titles(curator, q=typed) == ["Wanted"], typed


def test_the_best_come_first_and_the_newest_on_demand(curator):
    old, new = timezone.now() - dt.timedelta(days=9), timezone.now()
    make_article("Piano, piano", "<p>A piano.</p>", published=old)
    make_article("Elsewhere", "<p>Nobody said piano here, and much else was said.</p>", published=new)
    best = shown(curator, q="piano")
    assert [row.title for row in best.result_list] == ["Piano, piano", "Elsewhere"]
    assert titles(curator, best.newest_link) == ["Elsewhere", "Piano, piano"]
    assert best.get_ordering_field_columns() == {}


def test_what_is_not_understood_is_said_as_on_the_readers_page(curator, article):
    page = curator.get(desk(LIST), {"q": "ferry wibble:quack"}).content.decode()
    assert "`wibble:` is not a filter; searched for the words." in page.replace("&#x27;", "'")
    assert "Add a word to look for." in curator.get(desk(LIST), {"q": "-ferry"}).content.decode()


@pytest.mark.parametrize("typed", ["\0", '"', "(((", "*", "a" * 3000, "x:" * 500, "'; DROP TABLE", "%s %(a)s"])
def test_no_search_breaks_the_page(curator, article, typed):
    assert curator.get(desk(LIST), {"q": typed}).status_code == 200


def test_a_readers_own_copy_is_found_by_nobody_at_the_desk(curator, cleo, ada):
    make_article("Adas secret zebra", owner=ada)
    make_article("Cleos own zebra", owner=cleo)
    assert titles(curator, q="zebra") == []
    assert shown(curator, q="zebra").result_count == 0
    assert titles(curator, q="zebra", o="-10") == []
    assert titles(curator, q="is:unread") == []


def test_search_and_filters_work_together(curator):
    for state in ("draft", "published"):
        for source in ("The Ledger", "The Night Mail"):
            make_article(f"{state} of {source}", "<p>A zebra.</p>", state=state, source=source)
    assert titles(curator, q="zebra", state__exact="draft", source="the-ledger") == ["draft of The Ledger"]
    assert choices(curator, "state", q="zebra") == {"All": None, "Draft": "2", "Published": "2"}


def test_a_field_that_completes_finds_by_the_beginning_of_the_last_word_and_the_best_first(curator):
    make_article("Elsewhere", "<p>The lighthouse is mentioned, and a lot is said besides.</p>")
    make_article("The lighthouse keeper")
    asked = {"app_label": "articles", "model_name": "collectionitem", "field_name": "article"}
    answer = curator.get(desk("autocomplete"), {**asked, "term": "the lightho"}).json()
    assert [one["text"] for one in answer["results"]] == ["The lighthouse keeper", "Elsewhere"]
    assert curator.get(desk("autocomplete"), {**asked, "term": "(("}).json()["results"] == []


# Columns


def test_a_row_says_how_many_readers_opened_it_and_never_who(curator, ada, ben, article):
    Reading.objects.create(reader=ada, article=article)
    Reading.objects.create(reader=ben, article=article, place="later")
    mark(article, ada, "an hour late")
    annotations.delete(mark(article, ada, "Lamp oil"))
    page = curator.get(desk(LIST)).content.decode()
    readers = re.search(r'field-readers">(\d+)<span class="desk-unit"> (\w+)', page)
    passages = re.search(r'field-passages">(\d+)<span class="desk-unit"> (\w+)', page)
    assert (readers.groups(), passages.groups()) == (("2", "readers"), ("1", "passage"))
    assert "ada" not in page.lower().replace("canada", "")


@pytest.mark.parametrize("column", ["words_counted", "date", "changed_at"])
def test_columns_that_an_index_has_are_sorted_by_and_no_others(curator, column):
    for number in range(3):
        article = make_article(f"Report {number}", f"<p>{'word ' * (number + 1)}</p>")
        moment = timezone.now() - dt.timedelta(days=9 - number)
        Article.objects.filter(pk=article.pk).update(dated=moment, changed=moment)
    cl = shown(curator)
    number = list(cl.list_display).index(column)
    assert titles(curator, o=f"-{number}") == ["Report 2", "Report 1", "Report 0"]
    assert titles(curator, o=f"{number}") == ["Report 0", "Report 1", "Report 2"]
    by_title = list(cl.list_display).index("title")
    assert titles(curator, o=f"{by_title}") == ["Report 2", "Report 1", "Report 0"]


# Filters, dates and numbers


def test_filters_say_how_many_each_choice_would_leave(curator, ada):
    for number in range(3):
        article = make_article(state="draft" if number else "published", source="The Ledger", language="de")
        article.topics.add(topic_named("Ports"))
    make_article(source="The Night Mail", language="")
    make_article(owner=ada, source="The Ledger", state="published")
    assert choices(curator, "state") == {"All": None, "Draft": "2", "Published": "2"}
    assert choices(curator, "source") == {"All": None, "The Ledger": "3", "The Night Mail": "1"}
    assert choices(curator, "topic") == {"All": None, "Ports": "3"}
    assert choices(curator, "language") == {"All": None, "German": "3", "Not said": "1"}
    # The others of a filter are counted as they would be in place of the one that is chosen.
    assert choices(curator, "state", state__exact="draft") == {"All": None, "Draft": "2", "Published": "2"}
    assert choices(curator, "language", state__exact="draft") == {"All": None, "German": "2"}
    assert titles(curator, language="-", state__exact="published") == [Article.objects.get(language="").title]


def test_counts_are_exact_up_to_a_thousand_and_say_so_beyond(curator):
    many(CAP + 1, state="draft")
    many(3)
    cl = shown(curator)
    assert "1–50 of 1,000+ articles" in curator.get(desk(LIST)).content.decode()
    assert choices(curator, "state") == {"All": None, "Draft": "1,000+", "Published": "3"}
    assert choices(curator, "language") == {"All": None, "English": "1,000+"}
    assert not cl.result_count.exact
    assert (str(Count(1000)), str(Count(1001)), str(AtLeast(57)), str(Count(7))) == ("1,000", "1,000+", "57+", "7")


def test_beside_a_long_list_sources_and_topics_are_counted_without_readers_copies(curator, ada):
    made = many(CAP + 5)
    ledger, ports = source_named("The Ledger"), topic_named("Ports")
    for article in made[:7]:
        article.sources.add(ledger)
        article.topics.add(ports)
    make_article(owner=ada, source="The Ledger")
    assert choices(curator, "source") == {"All": None, "The Ledger": "7"}
    assert choices(curator, "topic") == {"All": None, "Ports": "7"}
    # A search looks at the newest thousand by key, among which are three of the seven.
    assert choices(curator, "source", q="bulk")["The Ledger"] == "3+"


def test_a_source_is_found_by_its_name_without_javascript(curator):
    wanted = make_article("Wanted", source="The Night Mail")
    make_article("Other", source="The Night Watch")
    assert titles(curator, source_named="the night mail") == ["Wanted"]
    assert titles(curator, source_named="mail") == ["Wanted"]
    page = curator.get(desk(LIST), {"source_named": "night"})
    assert "Which one?" in page.content.decode()
    assert f"?source={wanted.sources.get().slug}" in page.content.decode()
    assert "No source is called “quack”." in curator.get(desk(LIST), {"source_named": "quack"}).content.decode()


def test_years_months_and_days_are_those_that_have_articles(curator):
    for year, month, day in ((2021, 3, 4), (2024, 6, 1), (2024, 6, 9), (2024, 11, 30)):
        make_article(f"{year}-{month}-{day}", published=dt.datetime(year, month, day, 12, tzinfo=dt.UTC))
    assert [str(one) for one in shown(curator).dates] == ["2021", "2024"]
    assert [one.month for one in shown(curator, dated__year=2024).dates] == [6, 11]
    june = shown(curator, dated__year=2024, dated__month=6)
    assert [one.day for one in june.dates] == [1, 9]
    assert [str(one) for one, _ in june.around_links()][1:] == ["2024"]
    assert titles(curator, dated__year=2024, dated__month=6, dated__day=9) == ["2024-6-9"]


def test_beside_a_long_list_years_are_read_off_the_library(curator):
    many(CAP + 5)
    make_article("Old", published=dt.datetime(1999, 12, 31, 12, tzinfo=dt.UTC))
    assert [str(one) for one in shown(curator).dates] == ["1999", "2024"]
    assert [one.month for one in shown(curator, dated__year=2024).dates] == [5, 6]


@pytest.mark.parametrize(
    "asked",
    ["dated__year=0", "dated__year=99999", "dated__year=9999", "dated__month=3", "dated__year=2024&dated__month=13",
     "dated__year=x", "dated__year=2024&dated__day=3", "dated__gte=2024-01-01"],
)  # fmt: skip
def test_a_date_that_is_none_leads_back_to_the_list(curator, article, asked):
    answer = curator.get(f"{desk(LIST)}?{asked}", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0].endswith("?e=1")


def test_an_empty_list_says_why_and_offers_the_way_out(curator):
    assert "The library is empty." in curator.get(desk(LIST)).content.decode()
    make_article()
    page = curator.get(desk(LIST), {"q": "quack", "state__exact": "draft"}).content.decode()
    assert "No article matches “quack”." in page
    assert "Clear the search" in page
    assert "Clear all filters" in page
    assert "No article fits these filters." in curator.get(desk(LIST), {"state__exact": "draft"}).content.decode()


# Pages


@pytest.mark.parametrize("number", [130, CAP + 130])
@pytest.mark.parametrize("asked", [{}, {"o": "6"}, {"o": "-6"}, {"language": "en"}, {"source": "the-ledger"}])
def test_pages_go_on_and_back_and_hold_every_row_once(curator, number, asked):
    made = many(number)
    ledger = source_named("The Ledger")
    Article.sources.through.objects.bulk_create(
        Article.sources.through(article=article, source=ledger) for article in made
    )
    seen, pages, cl = [], [], shown(curator, **asked)
    while True:
        pages.append([row.pk for row in cl.result_list])
        seen += pages[-1]
        links = {rel: link for rel, _, link in cl.page_links()}
        if "next" not in links:
            break
        cl = shown(curator, links["next"])
    assert len(seen) == len(set(seen)) == number
    assert cl.page.start == len(seen) - len(pages[-1]) + 1
    back = shown(curator, links["prev"])
    assert [row.pk for row in back.result_list] == pages[-2]
    assert [row.pk for row in shown(curator, links["first"]).result_list] == pages[0]
    last = shown(curator, {rel: link for rel, _, link in back.page_links()}["last"])
    assert last.result_list[-1].pk == seen[-1]
    assert {row.pk for row in last.result_list} <= set(seen[-50:])


def test_pages_of_a_search_go_on_and_hold_every_row_once(curator):
    many(130)
    cl, seen = shown(curator, q="bulk"), []
    while True:
        seen += [row.pk for row in cl.result_list]
        links = {rel: link for rel, _, link in cl.page_links()}
        if "next" not in links:
            break
        cl = shown(curator, links["next"])
    assert len(seen) == len(set(seen)) == 130
    assert shown(curator, links["first"]).page.start == 1


@pytest.mark.parametrize("place", ["x", "2", "-1", "~~~", "a~1.2.3~~", "9" * 2000, "\0"])
def test_a_place_that_is_none_is_the_first_page(curator, article, place):
    assert titles(curator, p=place) == [article.title]


def test_a_place_is_read_as_it_was_written():
    order = Order.by("dated", falls=True)
    for moment in (dt.datetime(1650, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC), dt.datetime(2399, 1, 1, tzinfo=dt.UTC)):
        placed = Turn(BACKWARD, order.at(moment, 7), 120)
        assert turn(placed.written("here"), "here") == placed
        assert turn(placed.written("here"), "elsewhere") == Turn()
    assert turn(Turn(at=At(3, 4), before=None).written(""), "").before is None


# What it costs


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"state__exact": "published"},
        {"source": "the-harbour-post", "topic": "ports"},
        {"language": "en", "dated__year": 2026},
        {"o": "6"},
        {"q": "piano"},
        {"q": "piano", "o": "-6", "state__exact": "published", "source": "the-harbour-post"},
        {"source_named": "harbour"},
    ],
)
def test_the_list_costs_the_same_few_queries_for_3_rows_as_for_200(curator, ada, asked):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as sent:
            assert curator.get(desk(LIST), asked).status_code == 200
        return queries(sent)

    def add(number):
        for article in [make_article(published=dt.datetime(2026, 3, 4, tzinfo=dt.UTC)) for _ in range(number)]:
            article.topics.add(topic_named("Ports"))

    add(3)
    mark(Article.objects.first(), ada, "an hour late")
    curator.get(desk(LIST))
    few = cost()
    add(197)
    assert cost() <= few <= MOST


@pytest.mark.parametrize("asked", [{}, {"state__exact": "published"}, {"q": "bulk"}, {"o": "6", "language": "en"}])
def test_a_long_list_costs_few_queries_too(curator, asked):
    many(CAP + 60)
    curator.get(desk(LIST))
    with CaptureQueriesContext(connection) as sent:
        assert len(curator.get(desk(LIST), asked).context["cl"].result_list) == 50
    assert queries(sent) <= MOST


# Many at once


def all_that_match(client, action, query, **more):
    sent = {"action": action, "select_across": "1", "_selected_action": ["0"], "index": 0, **more}
    return client.post(desk(LIST) + query, sent, follow=True)


def undo(client):
    return told(client.post(desk("desk_entry_undo", Entry.objects.first().pk), follow=True))


def test_what_is_done_to_all_that_match_is_done_to_2500_and_taken_back(curator):
    many(2_500, state="draft")
    make_article("Not of them", state="draft", language="de")
    assert told(all_that_match(curator, "publish", "?language=en")) == "2500 articles published."
    assert Article.objects.filter(state="published").count() == 2_500
    assert undo(curator) == "Taken back: 2500 are as before."
    assert not Article.objects.filter(state="published").exists()


def test_what_is_done_to_all_that_a_search_finds_is_done_to_those(curator):
    many(1_200)
    other = make_article("Not of them")
    topic = topic_named("Ports")
    assert "1200 articles given the topic" in told(all_that_match(curator, "add_topic", "?q=bulk", topic=topic.pk))
    assert other not in topic.articles.all()
    assert undo(curator) == "Taken back: 1200 are as before."
    assert not topic.articles.exists()


# A collection holds five hundred.
@pytest.mark.parametrize(("action", "number"), [("set_source", 1_100), ("collect", 450)])
def test_many_are_filed_in_batches_and_taken_back(curator, django_assert_max_num_queries, action, number):
    made = many(number)
    Article.sources.through.objects.create(article=made[0], source=source_named("The Ledger"))
    source, collection = source_named("The Night Mail"), Collection.objects.create(name="Briefing", slug="briefing")
    filed = source.articles if action == "set_source" else collection.articles
    with django_assert_max_num_queries(120):
        all_that_match(curator, action, "", source=source.pk, collection=collection.pk)
    assert filed.count() == number
    with django_assert_max_num_queries(60):
        assert undo(curator) == f"Taken back: {number} are as before."
    assert not filed.exists()
    assert made[0].sources.get().name == "The Ledger"


def test_what_to_file_under_can_be_typed_without_javascript(curator, article):
    topic = topic_named("Ports")
    assert "given the topic" in told(act(curator, LIST, "add_topic", article, topic_named="PORTS"))
    assert topic.articles.get() == article
    assert "Choose the topic" in told(act(curator, LIST, "add_topic", article, topic_named="quack"))


def test_cleaning_many_stops_in_time_and_says_how_many_are_left(cleo):
    from newsreader.desk import texts

    many(250)
    done = texts.clean_again(Article.objects.all(), by=cleo, patience=0)
    assert (done.same + done.refused, done.left) == (100, 150)
