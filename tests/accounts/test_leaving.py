"""Leaving for good, with a copy of one's data first."""

import json

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.urls import reverse

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight, Tag
from newsreader.annotations.services import delete, revise_article
from newsreader.articles.models import Article, Reading
from newsreader.articles.services import note_state
from tests.factories import PASSWORD, make_article, mark

pytestmark = pytest.mark.django_db
LEAVE = "/accounts/leave/"


def library_of(reader):
    """A shelf with a marked article of one's own, and marks in the library's."""
    own, listed = make_article("Own copy", owner=reader), make_article("Listed")
    mark(own, reader, "forty passengers", note="Own *note*", tags=["sea"])
    mark(listed, reader, "Rope, two coils", tags=["rope"])
    delete(mark(listed, reader, "Lamp oil"))
    note_state(listed, reader=reader, place="later")
    return own, listed


def test_the_copy_has_everything_of_hers_and_nothing_of_his(signed_in, ada, ben):
    library_of(ada)
    library_of(ben)
    Highlight.objects.filter(reader=ben).update(note="Ben’s")
    response = signed_in(ada).get(reverse("reading:own-data"))
    assert response["Content-Disposition"].startswith("attachment")
    text = b"".join(response.streaming_content).decode()
    assert "Ben’s" not in text
    data = json.loads(text)
    assert data["account"]["username"] == "ada"
    assert {tag["name"] for tag in data["tags"]} == {"sea", "rope"}
    told = [(row["quote"]["exact"], row["note"], row["tags"], bool(row["deleted"])) for row in data["highlights"]]
    assert told == [
        ("forty passengers", "Own *note*", ["sea"], False),
        ("Rope, two coils", "", ["rope"], False),
        ("Lamp oil", "", [], True),
    ]
    assert data["highlights"][0]["article"]["address"].startswith("http")
    assert [row["title"] for row in data["articles"]] == ["Own copy"]
    assert "<p>The ferry left" in data["articles"][0]["html"]
    assert [row["place"] for row in data["readings"]] == ["later"]


def test_she_is_gone_with_all_that_is_hers_and_he_keeps_his(signed_in, ada, ben):
    own, listed = library_of(ada)
    library_of(ben)
    his = Highlight.objects.filter(reader=ben).count()
    other_device, client = signed_in(ada), signed_in(ada)
    response = client.post(LEAVE, {"current": PASSWORD})
    assert (response.status_code, response["Location"]) == (303, "/")
    assert "gone" in client.get("/").content.decode()
    for rows in (User.objects.filter(username="ada"), Highlight.objects.filter(reader_id=ada.pk)):
        assert not rows.exists()
    assert not Tag.objects.filter(reader_id=ada.pk).exists()
    assert not Reading.objects.filter(reader_id=ada.pk).exists()
    assert not Article.objects.filter(pk=own.pk).exists()
    assert Article.objects.filter(pk=listed.pk).exists()
    assert Highlight.objects.filter(reader=ben).count() == his
    assert not [one for one in Session.objects.all() if one.get_decoded().get("_auth_user_id") == str(ada.pk)]
    assert other_device.get("/notebook/").status_code == 302


def test_a_wrong_password_changes_nothing(signed_in, ada):
    library_of(ada)
    response = signed_in(ada).post(LEAVE, {"current": "not it"})
    assert response.status_code == 422
    assert "not your present password" in response.content.decode()
    assert Highlight.objects.filter(reader=ada).count() == 3


def test_guesses_at_the_password_are_counted_as_at_sign_in(signed_in, ada):
    client = signed_in(ada)
    answers = [client.post(LEAVE, {"current": "guess"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_the_last_operator_stays_and_is_told_why(signed_in, operator):
    client = signed_in(operator)
    assert "last operator" in client.get(LEAVE).content.decode()
    response = client.post(LEAVE, {"current": PASSWORD})
    assert response.status_code == 409
    assert "last operator" in response.content.decode()
    assert User.objects.filter(pk=operator.pk).exists()


def test_a_curator_s_records_stay_without_the_person(signed_in, cleo, article):
    revise_article(article, html=article.html.replace("forty", "fifty"), editor=cleo)
    kind = ContentType.objects.get_for_model(Article)
    LogEntry.objects.create(user=cleo, content_type=kind, object_id=article.pk, object_repr="x", action_flag=CHANGE)
    about = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(user=cleo, content_type=about, object_id=cleo.pk, object_repr="cleo", action_flag=CHANGE)
    assert signed_in(cleo).post(LEAVE, {"current": PASSWORD}).status_code == 303
    assert article.revisions.first().editor is None
    assert LogEntry.objects.count() == 2
    assert {entry.user.username for entry in LogEntry.objects.all()} == {"former curator"}
    assert not LogEntry.objects.filter(object_repr="cleo").exists()
    assert not User.objects.get(username="former curator").is_active
