"""The list of articles, its bulk actions, and what the form does to the text and to readers' highlights."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from newsreader.annotations import services as annotations
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Reading
from newsreader.articles.services import topic_named
from tests.desk.pages import act, desk, form_of, open_article, save_article, told
from tests.factories import make_article, mark

LIST = "articles_article_changelist"
ADD = "articles_article_add"


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


def rows(response):
    return [article.title for article in response.context["cl"].result_list]


# The list


def test_a_row_says_state_sources_topics_words_and_how_many_passages(curator, ada, article):
    article.topics.add(topic_named("Shipping"))
    mark(article, ada, "an hour late")
    annotations.delete(mark(article, ada, "Lamp oil"))
    page = curator.get(desk(LIST))
    shown = page.context["cl"].result_list[0]
    assert shown.told.passages == {article.pk: 1}
    for words in ("The ferry that carried a piano", "Published", "The Harbour Post", "Shipping", str(article.words)):
        assert words in page.content.decode()
    assert f'href="{article.get_absolute_url()}"' in page.content.decode()


def test_the_list_costs_the_same_queries_for_10_rows_as_for_100(curator, ada):
    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as asked:
            curator.get(desk(LIST) + "?all=")
        return len(asked)

    for number in range(10):
        mark(make_article(f"Report {number}"), ada, "an hour late")
    curator.get(desk(LIST))
    few = cost()
    for number in range(90):
        article = make_article(f"Later report {number}", source=f"Paper {number % 7}")
        article.topics.add(topic_named(f"Topic {number % 5}"))
        mark(article, ada, "an hour late")
    assert cost() == few


def test_the_list_never_loads_a_text(curator, article):
    shown = curator.get(desk(LIST)).context["cl"].result_list[0]
    assert {"html", "text"} <= shown.get_deferred_fields()


@pytest.mark.parametrize("words", ["zebra", "Zoe Byline", "unheard"])
def test_it_is_found_by_title_byline_and_standfirst(curator, article, words):
    make_article("A zebra crossing", byline="Zoe Byline", standfirst="Something unheard of.")
    assert rows(curator.get(desk(LIST), {"q": words})) == ["A zebra crossing"]


def test_filters_by_state_source_topic_and_date(curator):
    wanted = make_article("Wanted", source="The Ledger", state="draft", published=timezone.now())
    wanted.topics.add(topic_named("Ports"))
    make_article("Other")
    for asked in ({"state__exact": "draft"}, {"source": "the-ledger"}, {"topic": "ports"}):
        assert rows(curator.get(desk(LIST), asked)) == ["Wanted"]
    assert rows(curator.get(desk(LIST), {"dated__year": "1999"})) == []


@pytest.mark.parametrize(
    "asked", ["text__contains=piano", "highlights__note__contains=x", "owner__isnull=False", "html__contains=a"]
)
def test_a_column_that_no_filter_offers_can_not_be_asked_about(curator, article, asked):
    assert curator.get(f"{desk(LIST)}?{asked}").status_code == 400


# Readers' own copies


def test_adas_private_copy_is_on_no_page_and_in_no_suggestion(curator, ada, article):
    copy = make_article("Adas secret clipping", owner=ada, source="The Hidden Gazette")
    asked = {"app_label": "articles", "model_name": "collectionitem", "field_name": "article"}
    assert curator.get(desk("autocomplete"), {**asked, "term": "ferry"}).json()["results"]
    assert curator.get(desk("autocomplete"), {**asked, "term": "secret"}).json()["results"] == []
    for page in (curator.get(desk(LIST)), curator.get(desk(LIST), {"q": "secret"})):
        assert "clipping" not in page.content.decode()
        assert "Hidden" not in page.content.decode()
    for page in ("change", "delete", "history"):
        assert curator.get(desk(f"articles_article_{page}", copy.pk)).status_code == 404


def test_a_bulk_action_does_not_reach_adas_private_copy(curator, ada, article):
    copy = make_article("Adas secret clipping", owner=ada)
    act(curator, LIST, "withdraw", article, copy)
    copy.refresh_from_db()
    assert copy.state == "published"


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_missing_article_is_the_same_404_as_a_private_one(curator, ada, page):
    copy = make_article("Adas secret clipping", owner=ada)
    answers = [curator.get(desk(f"articles_article_{page}", pk)) for pk in (copy.pk, 987654)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


# Many at once


def test_publishing_many_says_how_many_it_published(curator):
    drafts = [make_article(state="draft") for _ in range(2)]
    said = told(act(curator, LIST, "publish", *drafts, make_article()))
    assert said == "2 articles published. 1 published already."
    assert set(Article.objects.values_list("state", flat=True)) == {"published"}


def test_withdrawing_keeps_the_highlights_and_is_in_the_history(curator, ada, article):
    mark(article, ada, "an hour late")
    assert told(act(curator, LIST, "withdraw", article)) == "1 article withdrawn."
    article.refresh_from_db()
    assert article.state == "withdrawn"
    assert Highlight.objects.live().count() == 1
    assert LogEntry.objects.get().change_message == "Many at once: withdrawn."


def test_a_topic_is_added_to_those_that_do_not_have_it(curator):
    topic = topic_named("Ports")
    has_it, first, second = make_article(), make_article(), make_article()
    has_it.topics.add(topic)
    said = told(act(curator, LIST, "add_topic", has_it, first, second, topic=topic.pk))
    assert said == "2 articles given the topic “Ports”. 1 had it already."
    assert topic.articles.count() == 3


@pytest.mark.parametrize("topic", ["", "987654", "x"])
def test_without_a_topic_the_action_says_so_and_changes_nothing(curator, article, topic):
    act(curator, LIST, "add_topic", article, topic=topic)
    assert article.topics.count() == 0
    assert "topic" in told(act(curator, LIST, "add_topic", article)).lower()


def test_nothing_is_deleted_in_bulk(curator, article):
    page = curator.get(desk(LIST))
    assert "delete_selected" not in page.content.decode()
    act(curator, LIST, "delete_selected", article)
    assert Article.objects.count() == 1


# Adding


def filled(curator, **fields):
    form = form_of(curator.get(desk(ADD)), "article_form")
    return {**form, "title": "A new one", "body": "<p>Its words.</p>", "state": "draft", **fields}


def test_an_added_article_is_cleaned_has_a_slug_and_its_first_revision(curator, cleo):
    sent = filled(
        curator, body="<p onclick=x>Its <script>no</script>words.</p>", published_0="2024-05-01", published_1="08:00"
    )
    assert "added successfully" in told(curator.post(desk(ADD), sent, follow=True))
    made = Article.objects.get()
    assert (made.slug, made.html, made.state) == ("a-new-one", "<p>Its words.</p>", "draft")
    assert made.dated == made.published
    assert made.revisions.get().editor == cleo


def test_sources_and_topics_are_set_when_adding(curator, article):
    sent = filled(curator, sources=[article.sources.get().pk], topics=[topic_named("Ports").pk])
    curator.post(desk(ADD), sent)
    made = Article.objects.get(title="A new one")
    assert [source.name for source in made.sources.all()] == ["The Harbour Post"]
    assert [topic.name for topic in made.topics.all()] == ["Ports"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<script>x</script>", "No words are left"),
        ("<blockquote>" * 2000 + "x", "deep"),
        ("<p>" + "x" * 5_100_000, "larger than 5"),
    ],
)
def test_a_text_that_can_not_be_taken_is_refused_in_the_form(curator, body, words):
    page = curator.post(desk(ADD), filled(curator, body=body))
    assert page.status_code == 200
    assert words in str(page.context["adminform"].form.errors["body"])
    assert not Article.objects.exists()


# Editing


def test_saving_without_a_change_makes_no_revision(curator, article):
    said = told(save_article(curator, article, open_article(curator, article)))
    assert "The text is unchanged" in said
    assert article.revisions.count() == 1


def test_an_edit_makes_a_revision_and_says_how_many_highlights_it_carried_and_lost(curator, cleo, ada, ben, article):
    kept, lost = mark(article, ada, "an hour late"), mark(article, ben, "out of tune")
    sent = open_article(curator, article)
    sent["body"] = sent["body"].replace(
        "By noon the fog had closed over the islands &amp; the piano was out of tune.", "Fog."
    )
    sent["body"] = "<p>A new first paragraph.</p>" + sent["body"]
    asked = save_article(curator, article, {**sent, "reason": "The last sentence was wrong"})
    page = save_article(curator, article, form_of(asked, "article_form"))
    assert "Highlights carried over: 1, lost: 1." in told(page)
    revision = article.revisions.first()
    assert (revision.number, revision.editor, revision.reason) == (2, cleo, "The last sentence was wrong")
    kept.refresh_from_db()
    lost.refresh_from_db()
    article.refresh_from_db()
    assert article.text[kept.start : kept.end] == "an hour late"
    assert lost.status == "lost"


def test_the_form_changes_everything_else_too(curator, article):
    sent = open_article(curator, article) | {
        "title": "Another title",
        "byline": "By Zoe",
        "language": "de",
        "state": "withdrawn",
        "published_0": "2024-05-01",
        "published_1": "08:00",
        "address": "https://harbour.example/ferry",
        "topics": [topic_named("Ports").pk],
    }
    save_article(curator, article, sent)
    article.refresh_from_db()
    assert (article.title, article.byline, article.language, article.state) == (
        "Another title",
        "By Zoe",
        "de",
        "withdrawn",
    )
    assert article.dated == article.published
    assert article.topics.get().name == "Ports"
    save_article(curator, article, open_article(curator, article) | {"published_0": "", "published_1": ""})
    article.refresh_from_db()
    assert article.dated == article.added


def test_an_edit_that_leaves_no_words_is_refused(curator, article):
    page = save_article(curator, article, open_article(curator, article) | {"body": "<script>x</script>"})
    assert "No words are left" in page.content.decode()
    assert article.revisions.count() == 1


def test_revisions_are_listed_and_nothing_in_them_can_be_changed(curator, article):
    sent = open_article(curator, article)
    save_article(curator, article, sent | {"body": "<p>Shorter.</p>", "reason": "Shortened"})
    page = curator.get(desk("articles_article_change", article.pk)).content.decode()
    listed = page[page.index('id="revisions"') :].split("</section>")[0]
    assert "Shortened" in listed
    assert "Cleo" in listed
    assert "<input" not in listed
    history = desk("articles_article_history", article.pk)
    assert f'<a href="{history}?to=2"' in listed
    assert f'<a href="{history}?to=1"' not in listed


def test_the_article_links_to_its_page_as_readers_see_it_drafts_too(curator):
    draft = make_article("Not yet", state="draft")
    page = curator.get(desk("articles_article_change", draft.pk)).content.decode()
    assert f'href="{draft.get_absolute_url()}"' in page
    assert curator.get(draft.get_absolute_url()).status_code == 200


# Two at once


def test_a_second_editor_gets_both_texts_and_overwrites_nothing(curator, cleo, article):
    first, second = open_article(curator, article), open_article(curator, article)
    save_article(curator, article, first | {"body": "<p>The first one’s text.</p>", "title": "First title"})
    page = save_article(curator, article, second | {"body": "<p>The second one’s text.</p>"})
    article.refresh_from_db()
    assert article.html == "<p>The first one’s text.</p>"
    form = page.context["adminform"].form
    assert form["body"].value() == "<p>The second one’s text.</p>"
    assert form["present"].value() == "<p>The first one’s text.</p>"
    errors = str(form.non_field_errors())
    assert "saved since you opened it" in errors
    assert "by Cleo" in errors
    assert "First title" in page.content.decode().split("Theirs and yours")[1].split("</table>")[0]
    assert "readonly" in str(form["present"])


def test_saving_again_after_seeing_both_puts_the_second_text_in_place(curator, article):
    first, second = open_article(curator, article), open_article(curator, article)
    save_article(curator, article, first | {"body": "<p>The first one’s text.</p>"})
    page = save_article(curator, article, second | {"body": "<p>The second one’s text.</p>"})
    save_article(curator, article, form_of(page, "article_form"))
    article.refresh_from_db()
    assert article.html == "<p>The second one’s text.</p>"
    assert article.revisions.count() == 3


@pytest.mark.parametrize("action", ["withdraw", "add_topic"])
def test_a_bulk_action_meanwhile_is_a_conflict_too(curator, article, action):
    sent = open_article(curator, article)
    act(curator, LIST, action, article, topic=topic_named("Ports").pk)
    page = save_article(curator, article, sent | {"title": "Changed"})
    assert "saved since you opened it" in page.content.decode()
    article.refresh_from_db()
    assert article.title != "Changed"


def test_a_form_without_its_stamp_is_refused(curator, article):
    sent = open_article(curator, article) | {"title": "Changed"}
    del sent["opened_on"]
    assert "saved since you opened it" in save_article(curator, article, sent).content.decode()


# Deleting


@pytest.fixture(params=["cleo", "operator"])
def staff(request, signed_in):
    return signed_in(request.getfixturevalue(request.param))


@pytest.mark.parametrize("binned", [False, True])
def test_an_article_with_highlights_can_not_be_deleted_and_the_desk_says_why(staff, ada, article, binned):
    highlight = mark(article, ada, "an hour late")
    if binned:
        annotations.delete(highlight)
    page = staff.get(desk("articles_article_change", article.pk))
    assert "deletelink" not in page.content.decode()
    assert "can’t be deleted" in page.content.decode()
    for answer in (
        staff.get(desk("articles_article_delete", article.pk), follow=True),
        staff.post(desk("articles_article_delete", article.pk), {"post": "yes"}, follow=True),
    ):
        assert "Withdraw it" in told(answer)
    assert Article.objects.count() == 1


def test_an_article_without_highlights_is_deleted_without_saying_who_read_it(curator, ada, article):
    Reading.objects.create(reader=ada, article=article)
    page = curator.get(desk("articles_article_delete", article.pk)).content.decode()
    assert "ferry" in page
    assert "ada" not in page.split("content-main")[-1]
    assert "eading" not in page.split('id="content"')[-1]
    assert Article.objects.count() == 1
    curator.post(desk("articles_article_delete", article.pk), {"post": "yes"})
    assert not Article.objects.exists()
