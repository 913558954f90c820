"""The keyboard map and what the reader page gives its keys: neighbours, tags in the order of use, what to quote."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from newsreader.articles.services import note_state
from newsreader.reading.pages.article import known_tags
from newsreader.reading.pages.keys import GROUPS
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db

LISTED = {key for group in GROUPS for row in group.rows for key in row.keys}


def test_every_key_that_a_control_names_is_on_the_page_of_keys(client):
    templates = Path(settings.BASE_DIR, "templates")
    named = {
        key for file in templates.rglob("*.html") for key in re.findall(r'data-key="([^"{]+)"', file.read_text())
    }  # fmt: skip
    assert named
    assert named <= LISTED
    page = parsed(client.get("/keys/"))
    assert len(page.all("dd")) == sum(len(group.rows) for group in GROUPS)
    assert page.one("link", rel="help").at["href"] == "/keys/"


def test_the_menu_leads_to_the_keys_without_script(signed_in, ada, client):
    for who in (signed_in(ada), client):
        assert [one.at["href"] for one in parsed(who.get("/")).all("a", data_help=True)] == ["/keys/"]


def test_tags_are_offered_in_the_order_of_their_last_use(ada, ben, article):
    mark(article, ada, "The ferry", tags=["first"])
    mark(article, ada, "the harbour", tags=["second"])
    mark(article, ada, "at six", tags=["third"])
    mark(article, ada, "an hour late", tags=["first"])
    mark(article, ben, "a piano", tags=["foreign"])
    assert known_tags(ada) == ["first", "third", "second"]


def neighbours(client, article):
    page = parsed(client.get(article.get_absolute_url()))
    return {one.at["data-key"]: one.at["href"] for one in page.all("a", rel=True) if "data-key" in one.at}


def test_an_article_leads_to_its_neighbours_in_the_list_of_its_place(signed_in, ada, client):
    now = timezone.now()
    oldest, middle, later, same, newest = (
        make_article(f"Number {n}", published=now - timedelta(days=days)) for n, days in enumerate((4, 3, 2, 1, 1))
    )
    make_article("Not yet", state="draft", published=now)
    note_state(later, reader=ada, place="later")
    ada = signed_in(ada)
    assert neighbours(ada, oldest) == {"[": middle.get_absolute_url()}
    assert neighbours(ada, middle) == {"[": same.get_absolute_url(), "]": oldest.get_absolute_url()}
    assert neighbours(ada, later) == {}
    assert neighbours(ada, same) == {"[": newest.get_absolute_url(), "]": middle.get_absolute_url()}
    assert neighbours(client, same) == {"[": newest.get_absolute_url(), "]": later.get_absolute_url()}


def test_the_page_says_what_a_quotation_is_from_and_whether_marks_are_shown(signed_in, ada):
    article = make_article("Tides", source="The Harbour Post", published=datetime(2024, 6, 16, 12, tzinfo=UTC))
    client = signed_in(ada)
    page = parsed(client.get(article.get_absolute_url()))
    assert page.one(id="text").at["data-from"] == "The Harbour Post, 16 June 2024"
    assert "data-unmarked" not in page.one("body").at
    client.cookies["marks"] = "off"
    assert "data-unmarked" in parsed(client.get(article.get_absolute_url())).one("body").at


def test_read_and_unread_are_one_button(signed_in, ada, article):
    for unread, offered in ((True, "false"), (False, "true")):
        note_state(article, reader=ada, unread=unread)
        page = parsed(signed_in(ada).get(article.get_absolute_url()))
        assert page.one("button", data_key="m").at["value"] == offered


def test_only_a_copy_of_one_s_own_can_be_removed_from_its_page_and_comes_back(signed_in, ada, article):
    own = make_article("Saved by ada", owner=ada)
    client = signed_in(ada)
    assert parsed(client.get(article.get_absolute_url())).all("button", data_key="#") == []
    page = parsed(client.get(own.get_absolute_url()))
    form = next(one for one in page.all("form") if one.all("button", data_key="#"))
    library = client.post(form.at["action"], {**form.fields(), "removed": "true"}, follow=True)
    assert "Removed from your shelf." in library.content.decode()
    assert client.get(own.get_absolute_url()).status_code == 404
