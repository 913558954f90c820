"""A file goes out, is changed, looked at, comes in, and is taken back: with a mouse, and without script."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from newsreader.articles.models import Article, Collection
from newsreader.articles.services import topic_named
from newsreader.desk import curators
from tests.desk.pages import desk
from tests.factories import make_article, make_user, mark


@pytest.fixture
def library(transactional_db):
    """Two articles, one of them marked by ada."""
    ferry, second = make_article("The ferry that carried a piano"), make_article("=1+1")
    ferry.topics.add(topic_named("Sea"))
    Collection.objects.create(name="Briefing", slug="briefing").items.create(article=ferry)
    mark(ferry, make_user("ada"), "an hour late")
    return ferry, second


def at_the_desk(page, live_server):
    client = Client()
    client.force_login(curators.appoint(make_user("cleo", first_name="Cleo")))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.open = lambda name, *args: page.goto(live_server.url + desk(name, *args))
    return page


def exported(page, form):
    page.get_by_role("link", name="Export", exact=True).click()
    page.get_by_label(form, exact=True).check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export", exact=True).click()
    return waiting.value


def serious(page):
    """Of our own making: what Django's pages have around it is Django's."""
    found = Axe().run(page, context={"include": ["#content"], "exclude": [".breadcrumbs"]}).response["violations"]
    return [one for one in found if one["impact"] in {"serious", "critical"}]


def whole_way(page, ferry, tmp_path):
    page.open("articles_article_changelist")
    file = exported(page, "JSON")
    assert file.suggested_filename.startswith("articles-")
    rows = json.loads(file.path().read_text(encoding="utf-8"))
    for row in rows:
        if row["slug"] == ferry.slug:
            row["title"], row["html"] = "The piano", row["html"].replace("an hour late, ", "")
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps([*rows, {"title": "New", "text": "Words."}, {"slug": "none"}]), encoding="utf-8")
    page.open("articles_article_changelist")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("CSV or JSON").set_input_files(changed)
    page.get_by_role("button", name="Look first").click()
    page.get_by_role("heading", name="Look before you import").wait_for()
    page.get_by_text("title: a new article needs one").wait_for()
    page.get_by_role("link", name="Changed 1").click()
    page.get_by_text("Of 1 highlight of 1 reader: 0 kept, 0 edited, 0 moved, 1 lost.").wait_for()
    assert Article.objects.count() == 2
    page.get_by_label("Leave 1 wrong row out").check()
    page.get_by_role("button", name="Import 2 rows").click()
    page.get_by_text("1 is new. 1 is changed.").wait_for()
    ferry.refresh_from_db()
    assert ferry.title == "The piano"
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back: 2 are as before.").wait_for()
    ferry.refresh_from_db()
    assert ferry.title == "The ferry that carried a piano"
    assert Article.objects.count() == 2


def test_a_file_goes_out_is_changed_comes_in_and_is_taken_back(page, live_server, complaints, library, tmp_path):
    whole_way(at_the_desk(page, live_server), library[0], tmp_path)
    assert complaints == []


def test_it_works_without_script(browser, live_server, library, tmp_path):
    context = browser.new_context(java_script_enabled=False)
    whole_way(at_the_desk(context.new_page(), live_server), library[0], tmp_path)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_anybody(page, live_server, library, tmp_path, scheme):
    page = at_the_desk(page, live_server)
    page.emulate_media(color_scheme=scheme)
    file = tmp_path / "them.json"
    file.write_text(json.dumps([{"slug": library[0].slug, "title": "The piano"}, {"slug": "none"}]), encoding="utf-8")
    for kind in ("article", "topic", "collection"):
        for what in ("export", "import"):
            page.open(f"articles_{kind}_{what}")
            assert serious(page) == []
    page.open("articles_article_import")
    page.get_by_label("CSV or JSON").focus()
    page.get_by_label("CSV or JSON").set_input_files(file)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Look before you import").wait_for()
    assert serious(page) == []
    page.get_by_role("link", name="Changed 1").click()
    page.get_by_role("link", name="The ferry that carried a piano").wait_for()
    assert serious(page) == []
