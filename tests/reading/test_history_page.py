"""An article's history: its revisions, what changed between two of them, and this reader's marks in it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsreader.annotations import changed
from newsreader.annotations.services import delete, revise_article
from newsreader.articles.models import Article
from newsreader.desk.services import put_in_state
from tests.factories import HARBOUR, make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db


def history(client, article, status=200, **asked):
    return parsed(client.get(f"{article.get_absolute_url()}history/", asked), status)


def told(page):
    """The words of the diff that went and those that came, without what is only said to screen readers."""
    diff = page.one(id="diff")
    return [seen(one) for one in diff.all("del")], [seen(one) for one in diff.all("ins")]


def seen(element):
    return "".join(
        child if isinstance(child, str) else seen(child)
        for child in element.children
        if isinstance(child, str) or child.at.get("class") != "vh"
    )


def chosen(page):
    return [option.at["value"] for option in page.all("option", selected=True)]


def revise(article, old, new, **fields):
    assert old in article.html
    revise_article(article, html=article.html.replace(old, new), **fields)
    article.refresh_from_db()


@pytest.fixture
def revised(article, cleo):
    """Three revisions: an hour late, two hours late; then a rope less."""
    revise(article, "an hour late", "two hours late", editor=cleo, reason="The harbour master wrote")
    revise(article, "<li>Lamp oil</li>", "<li>Lamp oil, one can</li>")
    return article


def test_an_article_that_was_never_edited_says_so(client, article):
    page = history(client, article)
    assert "has not changed" in page.one("h2", id="empty-h").text
    assert not page.all("form", class_="compare")


def test_the_last_two_revisions_are_compared_without_asking(client, revised):
    page = history(client, revised)
    assert chosen(page) == ["2", "3"]
    assert told(page) == ([], [", one can"])


def test_any_two_can_be_chosen_in_either_order(client, revised):
    for asked in ({"from": 1, "to": 3}, {"from": 3, "to": 1}):
        page = history(client, revised, **asked)
        assert chosen(page) == ["1", "3"]
        assert told(page) == (["an hour"], ["two hours", ", one can"])


@pytest.mark.parametrize(
    ("asked", "pair"),
    [
        ({"to": "2"}, ["1", "2"]),
        ({"to": "1"}, ["1", "2"]),
        ({"from": "2", "to": "2"}, ["1", "2"]),
        ({"from": "1"}, ["1", "3"]),
        ({"from": "0", "to": "99"}, ["2", "3"]),
        ({"from": "-1", "to": "x" * 5000}, ["2", "3"]),
        ({"from": "9" * 5000, "to": "\0"}, ["2", "3"]),
        ({"from": "²", "to": "３"}, ["2", "3"]),
    ],
)
def test_whatever_is_asked_for_two_revisions_are_shown(client, revised, asked, pair):
    assert chosen(history(client, revised, **asked)) == pair


def test_revisions_are_listed_with_date_and_reason_and_nobody_is_named(client, revised, cleo):
    page = history(client, revised)
    rows = page.one("section", class_="revisions").all("li")
    assert [row.one(class_="d-number").text for row in rows] == ["3", "2", "1"]
    assert "The harbour master wrote" in rows[1].text
    assert all(row.one("time").at["datetime"] for row in rows)
    assert "Cleo" not in page.text
    assert cleo.username not in page.text


def test_what_blocks_are_is_recognisable_and_long_stretches_are_folded(client):
    many = "".join(f"<p>Line {n} of the log book.</p>" for n in range(20))
    article = make_article(html=f"<h2>The crew</h2>{many}<ul><li>Rope</li></ul><pre>six\nseven</pre>")
    revise(article, "Rope", "Ropes")
    page = history(client, article)
    assert "20 unchanged paragraphs" in page.one(class_="d-fold").text
    assert "Item: " in page.one(class_="d-li").text
    assert page.one(class_="d-pre").text == "six\nseven"
    revise(article, "The crew", "The whole crew")
    assert "Heading: " in history(client, article).one(class_="d-heading").text


def test_a_long_unchanged_part_of_a_paragraph_is_left_out(client):
    article = make_article(html="<p>" + "the river rose again " * 200 + "in spring</p>")
    revise(article, "in spring", "in autumn")
    page = history(client, article)
    assert told(page) == (["spring"], ["autumn"])
    assert "unchanged words are left out" in page.one(class_="d-skip").text
    assert len(page.one(id="diff").text) < 1000


def test_a_title_that_changed_is_part_of_it(client, article):
    revise(article, "an hour late", "two hours late", title="The ferry that carried two pianos")
    assert told(history(client, article)) == (["a piano", "an hour"], ["two pianos", "two hours"])
    revise(article, "two hours late", "an hour late")
    page = history(client, article, **{"from": 1, "to": 3})
    assert told(page) == (["a piano"], ["two pianos"])
    assert "Only the title changed" in page.text


def test_two_revisions_that_read_the_same_are_said_to(client, article):
    revise(article, "an hour late", "two hours late")
    revise(article, "two hours late", "an hour late")
    page = history(client, article, **{"from": 1, "to": 3})
    assert "Both read the same." in page.text
    assert told(page) == ([], [])


def test_what_was_written_as_html_stays_words(client):
    article = make_article(html="<p>Write &lt;script&gt; here.</p>")
    revise(article, "here", "there &lt;b&gt;")
    page = history(client, article)
    assert told(page)[1] == ["there <b>"]
    assert not page.one(id="diff").all("script")


def test_words_of_the_page_before_a_block_do_not_decide_in_which_direction_it_runs(client):
    html = "<h2>هوامش</h2><ul><li>دفتر أصفر</li></ul><blockquote><p>ببطء</p></blockquote>"
    article = make_article("هامش", html, language="ar")
    revise_article(article, html=article.html.replace("أصفر", "أخضر"))
    before = [one.children[0] for one in history(client, article).one(id="diff").all(dir="auto")]
    assert [(one.tag, one.text.strip()) for one in before] == [
        ("bdi", "Heading:"),
        ("bdi", "Item:"),
        ("bdi", "Quotation:"),
    ]


# Marks


def marks_in(page):
    return [(one.at["data-c"], seen(one)) for one in page.one(id="diff").all("mark")]


def test_a_mark_stands_where_it_was_made_and_where_it_is_now(signed_in, ada, article):
    mark(article, ada, "at six, an hour late", colour="rose")
    revise(article, "an hour late", "two hours late")
    page = history(signed_in(ada), article)
    assert marks_in(page) == [("rose", "at six, "), ("rose", "an hour"), ("rose", "two hours"), ("rose", " late")]
    assert seen(page.one(id="diff").one("del").one("mark")) == "an hour"
    assert page.one(id="diff").text.count("your passage, rose") == 1


def test_a_lost_mark_stands_only_in_the_revision_it_was_made_on(signed_in, ada, article):
    mark(article, ada, "Rope, two coils", colour="green")
    revise(article, "<li>Rope, <strong>two coils</strong></li>", "")
    page = history(signed_in(ada), article)
    assert marks_in(page) == [("green", "Rope, two coils")]
    assert page.one(id="diff").one("del").all("mark")


def test_between_two_older_revisions_only_what_is_known_there_is_marked(signed_in, ada, article):
    made = mark(article, ada, "at six", colour="rose")
    revise(article, "an hour late", "two hours late")
    later = mark(article, ada, "forty passengers", colour="blue")
    revise(article, "a piano", "an organ")
    revise(article, "Lamp oil", "Oil")
    client = signed_in(ada)
    assert marks_in(history(client, article, **{"from": 1, "to": 2})) == [
        ("rose", "at six"),
        ("blue", "forty passengers"),
    ]
    assert marks_in(history(client, article, **{"from": 2, "to": 3})) == [("blue", "forty passengers")]
    made.refresh_from_db()
    changed.accept(made, version=made.version)
    assert marks_in(history(client, article, **{"from": 1, "to": 2})) == [("blue", "forty passengers")]
    assert later.revision.number == 2


def test_overlapping_marks_show_the_inner_and_the_outer_colour(signed_in, ada, article):
    mark(article, ada, "an hour late, with forty passengers", colour="rose")
    mark(article, ada, "forty", colour="blue")
    revise(article, "a piano", "an organ")
    inner = [one for one in history(signed_in(ada), article).one(id="diff").all("mark") if seen(one) == "forty"]
    assert [(one.at["data-c"], one.at["data-o"]) for one in inner] == [("blue", "rose")]


def test_marks_of_others_and_deleted_ones_are_on_no_history(signed_in, client, ada, ben, article):
    mark(article, ben, "forty passengers")
    delete(mark(article, ada, "at six"))
    revise(article, "an hour late", "two hours late")
    for reader in (signed_in(ada), client):
        assert not history(reader, article).all("mark")


# Who, and the way there


def test_a_visitor_may_see_it_where_reading_is_open(client, revised, settings):
    assert told(history(client, revised)) == ([], [", one can"])
    settings.OPEN_READING = False
    assert client.get(f"{revised.get_absolute_url()}history/").status_code == 302


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_the_history_of_what_is_not_published_is_a_curators(signed_in, client, ada, cleo, state):
    article = make_article(state=state)
    for reader in (client, signed_in(ada)):
        assert article.title not in history(reader, article, 404).text
    assert article.title in history(signed_in(cleo), article).text


@pytest.fixture
def released(cleo):
    """Written in two drafts, published with a third text in one go, corrected once."""
    article = make_article("The ferry", state="draft")
    revise(article, "an hour late", "two days late, says a drunken mate")
    revise(article, "two days late, says a drunken mate", "two hours late", state="published")
    revise(article, "a piano", "an organ")
    return article


def test_readers_and_visitors_see_what_was_there_from_publication_on(signed_in, client, ada, released):
    for reader in (client, signed_in(ada)):
        for asked in ({}, {"from": "1", "to": "2"}, {"from": "2", "to": "4"}):
            page = history(reader, released, **asked)
            assert chosen(page) == ["3", "4"]
            assert told(page) == (["a piano"], ["an organ"])
            assert "drunken" not in page.text
        meta = parsed(reader.get(released.get_absolute_url())).one(class_="leaf-head").text
        assert "Edited once, on " in meta


def test_a_curator_sees_the_drafts_too(signed_in, cleo, released):
    page = history(signed_in(cleo), released, **{"from": "1", "to": "2"})
    assert "says a drunken mate" in page.one(id="diff").text


def test_an_article_corrected_before_anybody_could_read_it_has_not_changed(client, signed_in, cleo):
    article = make_article(state="draft")
    revise(article, "an hour late", "two hours late")
    put_in_state(Article.objects.filter(pk=article.pk), "published", by=None)
    assert "has not changed" in history(client, article).one("h2", id="empty-h").text
    assert "Edited" not in parsed(client.get(article.get_absolute_url())).one(class_="leaf-head").text


def test_what_was_public_once_stays_in_the_history_when_it_is_published_again(client, article):
    revise(article, "an hour late", "two hours late")
    for state in ("withdrawn", "published"):
        put_in_state(Article.objects.filter(pk=article.pk), state, by=None)
    assert chosen(history(client, article)) == ["1", "2"]


def test_a_reader_sees_all_of_their_own_copys_history(signed_in, ada, ben):
    article = make_article(state="draft", owner=ada)
    revise(article, "an hour late", "two hours late")
    assert chosen(history(signed_in(ada), article)) == ["1", "2"]
    assert article.title not in history(signed_in(ben), article, 404).text


def test_the_article_says_how_often_it_was_edited_and_leads_there(signed_in, client, ada, article):
    address = f"{article.get_absolute_url()}history/"
    page = parsed(client.get(article.get_absolute_url()))
    assert not page.all("a", href=address)
    revise(article, "an hour late", "two hours late")
    page = parsed(client.get(article.get_absolute_url()))
    assert page.one("a", href=address).text.startswith("Edited once, on ")
    revise(article, "a piano", "an organ")
    page = parsed(signed_in(ada).get(article.get_absolute_url()))
    menu, meta = page.all("a", href=address)
    assert meta.text.startswith("Edited 2 times, last on ")
    assert menu.text == "History"


def test_the_number_of_queries_is_the_same_for_few_and_for_many(signed_in, django_user_model, ada):
    article = make_article(html="".join(f"<p>Line {n} of the log book.</p>" for n in range(60)))

    def taken():
        client = signed_in(django_user_model.objects.get(pk=ada.pk))
        with CaptureQueriesContext(connection) as queries:
            history(client, article)
        return len(queries)

    mark(article, ada, "Line 0 of")
    revise(article, "Line 0 ", "Line null ")
    first = taken()
    for n in range(1, 30):
        mark(article, ada, f"Line {n} of")
        revise(article, f"Line {n + 30} ", f"Line {n + 30} or so ")
    assert taken() == first


def test_every_kind_of_block_can_be_shown(client):
    article = make_article(html=HARBOUR + "<hr><dl><dt>Quay</dt><dd>A wall</dd></dl>")
    revise_article(article, html="<p>All gone.</p>")
    page = history(client, article)
    assert "A dividing line was removed" in page.text
    assert len(page.all(class_="d-tr")) == 2
