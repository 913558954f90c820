"""No GET or HEAD writes: all tables are the same before and after every page was asked for."""

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import get_resolver

from newsreader.annotations.services import delete, revise_article
from newsreader.annotations.tags import delete as delete_tag
from newsreader.articles.models import Collection
from newsreader.articles.services import note_state, topic_named
from newsreader.search.saved import save
from tests.factories import make_article, mark
from tests.urls import addresses

pytestmark = pytest.mark.django_db


def dump():
    """Every row of every table, sessions aside: they are what signing in has made."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
        if model is not Session
    }


@pytest.mark.parametrize("who", ["nobody", "ada", "ben", "cleo", "operator"])
def test_a_page_that_is_only_asked_for_changes_nothing(request, client, signed_in, ada, who):
    reader = client if who == "nobody" else signed_in(request.getfixturevalue(who))
    article = make_article()
    article.topics.add(topic_named("Sea"))
    Collection.objects.create(name="First", slug="first").items.create(article=article)
    note_state(article, reader=ada, place="later")
    passage = mark(article, ada, "forty", note="n", tags=["sea", "gone"])
    delete(mark(article, ada, "Rope"))
    delete_tag(passage.tags.get(name="gone"))
    mark(article, ada, "Lamp oil")
    save("piano", reader=ada, name="Pianos")
    revise_article(article, html=article.html.replace("<li>Lamp oil</li>", ""))
    asked = {"place": "archive", "unread": "false", "position": "9", "version": "1", "note": "x", "colour": "blue"}
    asked |= {"action": "withdraw", "_selected_action": str(article.pk), "post": "yes", "name": "x", "tag": "1"}
    before = dump()
    walked = 0
    for _, address in addresses(get_resolver(), article=article, passage=passage, reader=ada):
        for ask in (reader.get, reader.head):
            ask(address, asked)
        walked += 1
    assert walked > 70
    assert dump() == before
