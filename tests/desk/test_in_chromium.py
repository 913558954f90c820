"""The desk as a curator meets it: no page breaks the Content-Security-Policy, and it works by keyboard."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from playwright.sync_api import expect

from newsreader.accounts.roles import Role
from newsreader.articles.models import Article, Collection, CollectionItem
from newsreader.articles.services import topic_named
from newsreader.desk import curators
from tests.desk.pages import desk
from tests.factories import make_article, make_user, mark
from tests.patience import becomes


@pytest.fixture
def ada(transactional_db):
    return make_user("ada", first_name="Ada")


@pytest.fixture
def article(transactional_db):
    return make_article("The ferry that carried a piano")


@pytest.fixture
def enter(page, live_server, transactional_db):
    """Signs somebody in, in this browser."""

    def enter_as(user):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        assert client.session[SESSION_KEY] == str(user.pk)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return page

    return enter_as


@pytest.fixture
def desk_page(enter, live_server):
    """The desk, with cleo at it."""
    page = enter(curators.appoint(make_user("cleo", first_name="Cleo")))
    page.open = lambda name, *args, query="": page.goto(live_server.url + desk(name, *args) + query)
    return page


def test_no_page_of_a_curators_breaks_the_policy(desk_page, complaints, ada, article):
    mark(article, ada, "an hour late")
    free, topic = make_article("Unmarked"), topic_named("Ports")
    collection = Collection.objects.create(name="Briefing", slug="briefing")
    CollectionItem.objects.create(collection=collection, article=article, position=1)
    highlight = article.highlights.get()
    rows = {
        "articles_article": free.pk,
        "articles_source": article.sources.get().pk,
        "articles_topic": topic.pk,
        "articles_collection": collection.pk,
    }
    for name in ("index", "annotations_highlight_changelist", "desk_entry_changelist", "desk_twins_changelist"):
        assert desk_page.open(name).status == 200
    for name, pk in rows.items():
        for answer in (
            desk_page.open(f"{name}_changelist"),
            desk_page.open(f"{name}_add"),
            *(desk_page.open(f"{name}_{what}", pk) for what in ("change", "history", "delete")),
        ):
            assert answer.status == 200
    assert desk_page.open("articles_article_change", article.pk).status == 200
    assert desk_page.open("articles_article_changelist", query="?dated__year=2026").status == 200
    assert desk_page.open("annotations_highlight_change", highlight.pk).status == 200
    assert complaints == []


def test_no_page_of_an_administrators_breaks_the_policy(enter, live_server, complaints, ada):
    page = enter(curators.appoint(make_user("ines", first_name="Ines"), Role.ADMINISTRATOR))
    for name, *args in (
        ("accounts_user_changelist",),
        ("accounts_user_change", ada.pk),
        ("accounts_invitation_changelist",),
        ("accounts_invitation_add",),
        ("auth_group_changelist",),
        ("desk_entry_changelist",),
    ):
        assert page.goto(live_server.url + desk(name, *args)).status == 200
    assert complaints == []


def test_no_page_of_the_operators_breaks_the_policy(enter, live_server, complaints, ada):
    page = enter(make_user("operator", is_staff=True, is_superuser=True))
    for name, *args in (("accounts_user_change", ada.pk), ("auth_group_changelist",), ("auth_group_add",)):
        assert page.goto(live_server.url + desk(name, *args)).status == 200
    assert complaints == []


def test_an_article_is_corrected_by_keyboard_and_the_page_says_what_became_of_highlights(
    desk_page, complaints, ada, article
):
    highlight = mark(article, ada, "an hour late")
    desk_page.open("articles_article_change", article.pk)
    desk_page.get_by_label("Text:", exact=True).focus()
    desk_page.keyboard.press("Control+Home")
    desk_page.keyboard.type("<p>Corrected.</p>")
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.type("A first paragraph")
    desk_page.keyboard.press("Enter")
    desk_page.get_by_text("Highlights carried over: 1, lost: 0.").wait_for()
    article.refresh_from_db()
    highlight.refresh_from_db()
    assert article.text.startswith("Corrected.")
    assert article.text[highlight.start : highlight.end] == "an hour late"
    assert article.revisions.first().reason == "A first paragraph"
    assert complaints == []


def test_an_edit_is_previewed_read_and_saved_by_keyboard(desk_page, complaints, ada, article):
    mark(article, ada, "an hour late", note="My private guess")
    mark(article, ada, "forty passengers")
    desk_page.open("articles_article_change", article.pk)
    shorter = "The ferry left the harbour at six, an hour late."
    desk_page.get_by_label("Text:", exact=True).fill(f"<p onclick='x'>{shorter}</p>")
    desk_page.get_by_role("button", name="Preview what this edit does").first.focus()
    desk_page.keyboard.press("Enter")
    panel = desk_page.get_by_role("region", name="What this edit does")
    panel.get_by_text("Of 2 highlights of 1 reader: 1 kept, 0 edited, 0 moved, 1 lost.").wait_for()
    expect(panel.get_by_text("Cleaning takes out or replaces: onclick.")).to_be_visible()
    expect(panel).to_be_focused()
    desk_page.keyboard.press("Tab")
    with desk_page.context.expect_page() as opened:
        desk_page.keyboard.press("Enter")
    as_read = opened.value
    expect(as_read.locator("#text")).to_have_text(shorter)
    expect(as_read.locator("#text")).to_have_css("font-family", re.compile("Newsreader"))
    as_read.close()
    assert article.revisions.count() == 1
    desk_page.keyboard.press("Tab")
    becomes(desk_page, "document.activeElement.value", "Save")
    desk_page.keyboard.press("Enter")
    desk_page.get_by_text("Highlights carried over: 1, lost: 1.").wait_for()
    assert complaints == []


def test_saving_what_loses_a_highlight_asks_once(desk_page, complaints, ada, article):
    mark(article, ada, "forty passengers")
    desk_page.open("articles_article_change", article.pk)
    desk_page.get_by_label("Text:", exact=True).fill("<p>Corrected.</p>")
    desk_page.get_by_role("button", name="Save", exact=True).first.click()
    desk_page.get_by_role("heading", name="Not saved yet: this edit loses 1 highlight").wait_for()
    assert complaints == []
    # It puts styles of its own into the page, which the policy stops.
    found = Axe().run(desk_page, context={"include": ["#preview"]}).response["violations"]
    assert [one for one in found if one["impact"] in {"serious", "critical"}] == []
    desk_page.get_by_role("button", name="Save anyway", exact=True).first.click()
    desk_page.get_by_text("Highlights carried over: 0, lost: 1.").wait_for()


def test_the_second_of_two_editors_sees_both_texts_beside_each_other(desk_page, complaints, article):
    desk_page.open("articles_article_change", article.pk)
    expect(desk_page.get_by_label("The text as it is now")).to_be_hidden()
    Article.objects.get(pk=article.pk).save()
    desk_page.get_by_label("Text:", exact=True).fill("<p>Mine.</p>")
    desk_page.get_by_role("button", name="Save", exact=True).first.click()
    mine, present = desk_page.get_by_label("Text:", exact=True), desk_page.get_by_label("The text as it is now")
    expect(present).to_have_value(re.compile("piano"))
    expect(present).not_to_be_editable()
    expect(mine).to_have_value("<p>Mine.</p>")
    desk_page.wait_for_load_state()
    left, right = mine.bounding_box(), present.bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 2
    assert complaints == []


def test_a_topic_is_added_to_two_articles_by_the_list(desk_page, complaints, article):
    topic_named("Ports")
    make_article()
    desk_page.open("articles_article_changelist")
    desk_page.locator("#action-toggle").check()
    desk_page.get_by_label("With those chosen:").select_option("add_topic")
    desk_page.locator(".actions .select2-selection").first.focus()
    desk_page.keyboard.press("Enter")
    with desk_page.expect_response("**/autocomplete/**term=por&**"):  # until then the list is that of no word
        desk_page.keyboard.type("por")
    expect(desk_page.locator(".select2-results__option")).to_have_text(["Ports"])
    desk_page.keyboard.press("Enter")
    desk_page.get_by_role("button", name="Go", exact=True).click()
    desk_page.get_by_text("2 articles given the topic “Ports”.").wait_for()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_our_making_stands_in_the_way_of_anybody(desk_page, ada, article, scheme):
    mark(article, ada, "an hour late")
    desk_page.emulate_media(color_scheme=scheme)
    for name, *args in (
        ("index",),
        ("articles_article_changelist",),
        ("articles_article_change", article.pk),
        ("annotations_highlight_changelist",),
        ("accounts_user_change", ada.pk),
    ):
        desk_page.open(name, *args)
        # Django's own widgets, as they come: the search inside a select, and the two fields of a moment.
        found = Axe().run(desk_page, context={"exclude": [".select2", ".datetime"]}).response["violations"]
        assert [one for one in found if one["impact"] in {"serious", "critical"}] == []
