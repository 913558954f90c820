"""What is done to many articles at once says what it did, and is taken back by the button in the message."""

import pytest

from newsreader.articles.models import Article, Collection
from newsreader.articles.services import source_named, topic_named
from newsreader.desk import journal, texts
from newsreader.desk.models import Entry
from tests.desk.pages import act, desk, told
from tests.factories import make_article, mark

LIST = "articles_article_changelist"


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


def undo(client):
    return told(client.post(desk("desk_entry_undo", Entry.objects.first().pk), follow=True))


def test_a_topic_is_taken_off_those_that_have_it(curator):
    topic, has_it, other = topic_named("Ports"), make_article(), make_article()
    has_it.topics.add(topic)
    said = told(act(curator, LIST, "remove_topic", has_it, other, topic=topic.pk))
    assert said == "1 article has the topic “Ports” no more. 1 did not have it."
    assert undo(curator) == "Taken back: 1 is as before."
    assert list(topic.articles.all()) == [has_it]


def test_a_source_becomes_the_only_one_and_each_gets_its_former_ones_back(curator):
    source = source_named("The Night Mail")
    two, none, so_already = make_article(), make_article(source=""), make_article(source="The Night Mail")
    two.sources.add(source_named("The Ledger"))
    said = told(act(curator, LIST, "set_source", two, none, so_already, source=source.pk))
    assert said == "2 articles have the source “The Night Mail” now. 1 had it alone already."
    assert [list(one.sources.all()) for one in (two, none)] == [[source], [source]]
    undo(curator)
    assert {one.name for one in two.sources.all()} == {"The Harbour Post", "The Ledger"}
    assert not none.sources.exists()


def test_articles_go_to_the_end_of_a_collection_once(curator):
    collection = Collection.objects.create(name="Briefing", slug="briefing")
    first, second = make_article("First"), make_article("Second")
    collection.items.create(article=first, position=1)
    said = told(act(curator, LIST, "collect", first, second, collection=collection.pk))
    assert said == "1 article added to “Briefing”. 1 was in it already."
    assert list(collection.items.values_list("article__title", "position")) == [("First", 1), ("Second", 2)]
    undo(curator)
    assert list(collection.articles.all()) == [first]


def test_texts_are_cleaned_again_with_a_revision_and_their_highlights(curator, ada):
    article, clean = make_article(), make_article()
    highlight = mark(article, ada, "forty passengers")
    worse = article.html.replace("<p>", '<p class="x" onclick="y()">', 1)
    Article.objects.filter(pk=article.pk).update(html=worse)
    said = told(act(curator, LIST, "clean_again", article, clean))
    assert said == "1 article has a new revision. 1 was clean."
    article.refresh_from_db()
    assert "onclick" not in article.html
    assert article.revisions.count() == 2
    highlight.refresh_from_db()
    assert highlight.status == "kept"


def test_an_older_text_is_restored_as_a_new_revision_and_that_is_taken_back(cleo, ada, article):
    from newsreader.annotations.services import revise_article

    first = article.revisions.get()
    revise_article(article, html="<p>Corrected, and nothing else is left.</p>")
    _, entry = texts.restore(article, first, by=cleo)
    assert article.html == first.html
    assert article.revisions.first().reason == "Restored revision 1."
    journal.undo(entry, by=cleo)
    article.refresh_from_db()
    assert article.text == "Corrected, and nothing else is left."
    assert article.revisions.count() == 4


def test_a_text_that_was_edited_since_is_not_taken_back(cleo, article):
    from newsreader.annotations.services import revise_article

    first = article.revisions.get()
    revise_article(article, html="<p>Corrected.</p>")
    _, entry = texts.restore(article, first, by=cleo)
    revise_article(article, html="<p>Corrected again.</p>")
    assert journal.undo(entry, by=cleo).left == 1
    article.refresh_from_db()
    assert article.text == "Corrected again."


def test_restoring_the_present_text_does_nothing(cleo, article):
    _, entry = texts.restore(article, article.revisions.get(), by=cleo)
    assert entry is None
    assert article.revisions.count() == 1


@pytest.mark.parametrize("action", ["remove_topic", "set_source", "collect"])
@pytest.mark.parametrize("key", ["", "x", "987654", "9" * 40])
def test_an_action_without_its_choice_says_so_and_changes_nothing(curator, article, action, key):
    said = told(act(curator, LIST, action, article, topic=key, source=key, collection=key))
    assert "beside the action first. Nothing was changed." in said
    assert not Entry.objects.exists()


def test_an_older_text_is_restored_by_the_button_beside_it(curator, ada, article):
    from newsreader.annotations.services import revise_article

    mark(article, ada, "forty passengers")
    revise_article(article, html="<p>Corrected, and nothing else is left.</p>")
    page = curator.get(desk("articles_article_change", article.pk)).content.decode()
    assert page.count('form="restore"') == 1
    address = desk("articles_article_restore", article.pk)
    answer = curator.post(address, {"revision": "1"}, follow=True)
    assert "Revision 3 of the text. Highlights carried over: 1, lost: 0." in told(answer)
    assert undo(curator) == "Taken back: 1 is as before."
    for number in ("", "x", "99"):
        assert curator.post(address, {"revision": number}).status_code == 404
