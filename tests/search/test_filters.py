"""What the fields of the language find, for articles, passages and notes."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from newsreader.annotations import services
from newsreader.articles import services as articles
from newsreader.articles.models import Article, Collection, CollectionItem
from newsreader.core.asked import Filter
from newsreader.search.labels import Labels
from newsreader.search.service import search
from newsreader.search.sqlite.narrowing import from_rarest
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def found(typed, user=NOBODY):
    """What comes up, as "kind: words"."""
    page = search(typed, user=user)
    assert page.hints == ()
    shown = {"articles": lambda one: one.title, "passages": lambda one: one.highlight.exact}
    return [f"{one.kind}: {shown.get(one.kind, lambda one: one.highlight.note)(one)}" for one in page.results]


@pytest.fixture
def shelf(ada, ben):
    """Two articles; ada has read in the first, and marked there."""
    piano = make_article(
        "A piano at sea",
        "<p>The ferry carried a piano through the fog.</p>",
        source="The Harbour Post",
        byline="Mary Poppins",
        language="en-GB",
        published=datetime(2023, 6, 17, 12, tzinfo=UTC),
    )
    grain = make_article(
        "The price of grain",
        "<p>Barges carry grain down the river. " + "Every barge is full. " * 400 + "</p>",
        source="Field & Ledger",
        language="fr",
        published=datetime(2024, 1, 2, 12, tzinfo=UTC),
    )
    piano.topics.add(articles.topic_named("Ports"))
    CollectionItem.objects.create(
        collection=Collection.objects.create(name="Ports and rivers", slug="p"), article=piano
    )
    mark(piano, ada, "carried a piano", colour="rose", note="Ask the captain", tags=["to-check"])
    mark(piano, ada, "the fog", colour="blue")
    mark(grain, ben, "down the river", note="Ben asks the captain")
    articles.note_state(piano, reader=ada, unread=False, favourite=True, place="later")
    return piano


PIANO = "articles: A piano at sea"
GRAIN = "articles: The price of grain"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("title:piano", [PIANO, "passages: carried a piano", "passages: the fog", "notes: Ask the captain"]),
        ("text:fog in:articles", [PIANO]),
        ("title:fog", []),
        ("pia* in:articles", [PIANO]),
        ("in:articles (piano OR grain)", [PIANO, GRAIN]),
        ("in:articles carr* -piano", [GRAIN]),
        ("note:captain in:articles", [PIANO]),
        ("note:captain in:notes", ["notes: Ask the captain"]),
        ("quote:fog in:passages", ["passages: the fog"]),
        ("in:articles source:harbour", [PIANO]),
        ('in:articles source:"field & ledger"', [GRAIN]),
        ("in:articles topic:ports", [PIANO]),
        ("in:articles author:poppins", [PIANO]),
        ('in:articles in:"ports and rivers"', [PIANO]),
        ("in:articles lang:en", [PIANO]),
        ("in:articles lang:fr", [GRAIN]),
        ("in:articles tag:To-Check", [PIANO]),
        ("in:passages tag:to-check", ["passages: carried a piano"]),
        ("in:passages colour:blue", ["passages: the fog"]),
        ("in:passages has:note", ["passages: carried a piano"]),
        ("in:passages -has:tags", ["passages: the fog"]),
        ("in:articles has:passages", [PIANO]),
        ("in:articles is:read", [PIANO]),
        ("in:articles is:unread", [GRAIN]),
        ("in:articles is:later", [PIANO]),
        ("in:articles is:favourite", [PIANO]),
        ("in:articles is:archived", []),
        ("in:articles before:2024", [PIANO]),
        ("in:articles after:2024-01-02", [GRAIN]),
        ("in:articles on:2023-06", [PIANO]),
        ("in:articles minutes:<3", [PIANO]),
        ("in:articles minutes:>=3", [GRAIN]),
        ("in:articles sort:oldest lang:en OR in:articles lang:fr", [PIANO, GRAIN]),
        ("in:articles sort:newest minutes:>0", [GRAIN, PIANO]),
        ("in:articles sort:longest minutes:>0", [GRAIN, PIANO]),
        ("in:articles sort:passages minutes:>0", [PIANO, GRAIN]),
    ],
)
def test_each_field_finds_what_it_says(shelf, ada, typed, expected):
    result = found(typed, ada)
    assert result == expected if "sort:" in typed else sorted(result) == sorted(expected)


def test_a_state_of_the_text_is_found_by_its_passages(shelf, ada):
    services.revise_article(shelf, html="<p>The ferry carried a harp through the fog.</p>")
    assert found("in:articles is:changed", ada) == [PIANO]
    assert found("in:passages is:changed", ada) == ["passages: carried a piano"]
    assert found("is:lost", ada) == []


def test_nothing_of_ada_is_found_by_ben_or_by_a_visitor(shelf, ben):
    for typed in (
        "quote:piano",
        "note:captain quote:piano",
        "tag:to-check",
        "colour:rose",
        "is:favourite",
        "is:later",
        "has:tags",
    ):
        assert found(typed, ben) == [], typed
        assert found(typed) == [], typed
    assert found("in:articles note:captain", ben) == [GRAIN]


def test_what_the_page_counts_is_what_it_finds(shelf, ada):
    for typed in ("in:articles is:read", "title:piano", "tag:to-check captain", "has:passages -colour:rose"):
        page = search(typed, user=ada)
        assert page.counts["all"] == len(page.results), typed


def test_results_without_words_to_look_for_show_how_they_begin(shelf, ada):
    (result,) = search("in:articles is:read", user=ada).results
    assert "".join(text for text, _ in result.snippet).startswith("The ferry carried a piano")


@pytest.fixture
def filed():
    """Five articles of one source; those about fog are fewer, and the last of them is the oldest."""
    days = {"One": 3, "Two": 5, "Three": 1, "Four": 4, "Five": 2}
    fog = articles.topic_named("Fog")
    for name, day in days.items():
        article = make_article(name, "<p>Ferries.</p>", source="The Post", published=datetime(2024, 1, day, tzinfo=UTC))
        if name in {"One", "Two", "Three"}:
            article.topics.add(fog)
    make_article("Elsewhere", "<p>Ferries.</p>", source="Field & Ledger").topics.add(fog)


@pytest.mark.parametrize("typed", ["source:post topic:fog", "source:post topic:fog is:unread", "topic:fog source:post"])
def test_articles_of_a_source_about_a_topic_come_newest_first_page_by_page(filed, typed):
    page = search(typed, user=NOBODY, limit=1)
    seen = [one.title for one in page.results]
    while page.next:
        page = search(typed, user=NOBODY, limit=1, after=page.next)
        seen += [one.title for one in page.results]
    assert seen == ["Two", "One", "Three"]
    assert page.counts["articles"] == 3


def test_an_article_of_two_sources_that_are_called_alike_counts_once(filed):
    make_article("Of both", "<p>Ferries.</p>", source="The Post").sources.add(articles.source_named("Evening Post"))
    assert search("source:post", user=NOBODY).counts["articles"] == 6
    assert [one.title for one in search("source:post -topic:fog", user=NOBODY).results] == ["Of both", "Four", "Five"]


@pytest.mark.only_on("sqlite", "PostgreSQL keeps statistics, and begins where they say")
@pytest.mark.parametrize("extra", [0, 4])
def test_what_is_filed_under_the_rarer_label_is_where_a_search_begins(filed, extra):
    fog = articles.topic_named("Fog")
    for number in range(extra):
        make_article(f"Fog {number}", "<p>Fog.</p>").topics.add(fog)
    asked = [Filter("source", "The Post"), Filter("topic", "Fog")]
    filings = from_rarest(Labels(), asked)
    assert filings.model is (Article.sources.through if extra else Article.topics.through)
    assert filings.count() == 3
    assert from_rarest(Labels(), []) is None
