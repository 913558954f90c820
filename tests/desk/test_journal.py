"""The journal: what was done at the desk stands in it, nothing in it changes, and deeds are taken back."""

import csv
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsreader.accounts.models import User
from newsreader.articles.models import Article, Topic
from newsreader.articles.services import topic_named
from newsreader.desk import journal, services
from newsreader.desk.guard import guard, unguard
from newsreader.desk.models import Deed, Entry
from tests.desk.pages import act, desk, form_of, open_article, save_article, told
from tests.factories import make_article

# What empties it without deleting, and, on SQLite, what deletes without saying so.
EMPTIED = (
    "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE desk_entry CASCADE"
    if connection.vendor == "postgresql"
    else "INSERT OR REPLACE INTO desk_entry SELECT id, at, 'Nobody', deed, kind, about, number, rows, told, ways, "
    "actor_id, undoes_id FROM desk_entry"
)


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.fixture
def admin(ines, signed_in):
    return signed_in(ines)


@pytest.fixture
def guarded(db):
    guard(connection)
    yield
    unguard(connection)


def deeds():
    return [(entry.actor_name, entry.deed, entry.about) for entry in Entry.objects.order_by("id")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE desk_entry SET about = 'nothing'",
        "DELETE FROM desk_entry",
        EMPTIED,
    ],
)
def test_the_database_keeps_the_journal_as_it_was_written(guarded, cleo, statement):
    journal.record(Deed.EDITED, by=cleo, about="The ferry")
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert deeds() == [("Cleo", "edited", "The ferry")]


def test_the_journal_outlives_the_account_of_whoever_wrote_in_it(guarded, cleo, curator):
    journal.record(Deed.EDITED, by=cleo, about="The ferry")
    cleo.delete()
    assert deeds() == [("Cleo", "edited", "The ferry")]


def test_many_articles_are_published_and_the_message_takes_it_back_in_one_press(curator, db):
    draft, withdrawn = make_article(state="draft"), make_article(state="withdrawn")
    answer = act(curator, "articles_article_changelist", "publish", draft, withdrawn)
    assert "2 articles published." in told(answer)
    [entry] = Entry.objects.all()
    undo = desk("desk_entry_undo", entry.pk)
    assert f'action="{undo}"' in answer.content.decode()
    assert "Taken back: 2 are as before." in told(curator.post(undo, follow=True))
    assert sorted(Article.objects.values_list("state", flat=True)) == ["draft", "withdrawn"]
    assert [deed for _, deed, _ in deeds()] == ["published", "undone"]


def test_what_somebody_changed_since_stays_when_a_deed_is_taken_back(cleo, operator):
    one, other = make_article(state="draft"), make_article(state="draft")
    done = services.put_in_state(Article.objects.all(), "published", by=cleo)
    services.put_in_state(Article.objects.filter(pk=one.pk), "withdrawn", by=operator)
    back = journal.undo(done.entry, by=cleo)
    assert (back.back, back.left) == (1, 1)
    assert dict(Article.objects.values_list("pk", "state")) == {one.pk: "withdrawn", other.pk: "draft"}


def test_a_deed_is_taken_back_once(cleo, article):
    done = services.put_in_state(Article.objects.all(), "withdrawn", by=cleo)
    journal.undo(done.entry, by=cleo)
    with pytest.raises(journal.NoWayBack, match="already"):
        journal.undo(done.entry, by=cleo)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("on", [True, False])
def test_a_topic_put_on_or_taken_off_is_taken_back_only_where_it_was_changed(cleo, on):
    topic = topic_named("Ports")
    with_it, without = make_article("With"), make_article("Without")
    with_it.topics.add(topic)
    done = services.label(Article.objects.all(), topic, on=on, by=cleo)
    assert [one.title for one in done.changed] == ["Without" if on else "With"]
    journal.undo(done.entry, by=cleo)
    assert list(topic.articles.all()) == [with_it]
    assert without.topics.count() == 0


def test_a_source_is_put_on_many(cleo, db):
    source = make_article(source="The Night Mail").sources.get()
    make_article(), make_article()
    done = services.label(Article.objects.all(), source, on=True, by=cleo)
    assert (len(done.changed), done.already) == (2, 1)
    assert source.articles.count() == 3


def test_saving_adding_and_deleting_stand_in_the_journal_with_what_was_changed(curator, article):
    sent = open_article(curator, article)
    save_article(curator, article, {**sent, "title": "The ferry, corrected"})
    add = form_of(curator.get(desk("articles_topic_add")), "topic_form")
    curator.post(desk("articles_topic_add"), {**add, "name": "Ports", "slug": "ports"})
    curator.post(desk("articles_topic_delete", Topic.objects.get().pk), {"post": "yes"})
    assert deeds() == [
        ("Cleo", "edited", "The ferry, corrected"),
        ("Cleo", "added", "Ports"),
        ("Cleo", "deleted", "Ports"),
    ]
    assert "Title" in Entry.objects.first().told or "Title" in Entry.objects.last().told


def test_a_form_saved_as_it_was_is_no_deed(curator, article):
    save_article(curator, article, open_article(curator, article))
    assert deeds() == []


def test_handing_out_a_link_and_letting_somebody_out_stand_in_the_journal(admin, ada):
    fresh = User.objects.create_user("dora")
    admin.post(desk("accounts_user_password_link", ada.pk))
    admin.post(desk("accounts_user_password_link", fresh.pk))
    answer = act(admin, "accounts_user_changelist", "deactivate", ada)
    assert [(deed, about) for _, deed, about in deeds()] == [
        ("way-in", "ada"),
        ("invited", "dora"),
        ("deactivated", "ada"),
    ]
    admin.post(desk("desk_entry_undo", Entry.objects.first().pk))
    ada.refresh_from_db()
    assert ada.is_active, told(answer)


def exported(client, name="export", **asked):
    return b"".join(client.get(desk(f"desk_entry_{name}"), asked).streaming_content).decode()


def test_the_journal_is_read_and_exported_with_formulas_defused(curator, cleo):
    journal.record(Deed.EDITED, by=cleo, about='=HYPERLINK("x")', told="Changed Title.")
    assert "HYPERLINK" in curator.get(desk("desk_entry_changelist")).content.decode()
    header, row = csv.reader(exported(curator).splitlines())
    assert dict(zip(header, row, strict=True))["about"] == '\'=HYPERLINK("x")'
    [told] = json.loads(exported(curator, "export_json"))
    assert (told["about"], told["actor_name"], told["deed"]) == ('=HYPERLINK("x")', "Cleo", "edited")


def test_an_empty_journal_is_an_empty_file(curator):
    assert json.loads(exported(curator, "export_json")) == []
    assert len(exported(curator).splitlines()) == 1


def test_the_journal_is_narrowed_by_person_deed_kind_time_and_words_and_so_is_its_export(curator, cleo, ines):
    topic = topic_named("Ports")
    journal.record(Deed.EDITED, by=cleo, about=topic)
    journal.record(Deed.DELETED, by=ines, about="The ferry", told="Twice in the library")
    with_old = journal.record(Deed.ADDED, by=cleo, about="Of last year")
    Entry.objects.filter(pk=with_old.pk).update(at=timezone.now() - timedelta(days=400))
    narrowed = {
        "who": {"who": "Ines"},
        "deed": {"deed__exact": "edited"},
        "kind": {"kind": "articles.topic"},
        "words": {"q": "Twice"},
        "time": {"at__gte": (timezone.now() - timedelta(days=7)).isoformat()},
        "year": {"at__year": (timezone.now() - timedelta(days=400)).year},
    }
    found = {}
    for name, asked in narrowed.items():
        listed = [entry.about for entry in curator.get(desk("desk_entry_changelist"), asked).context["cl"].result_list]
        assert [row["about"] for row in json.loads(exported(curator, "export_json", **asked))] == listed
        found[name] = listed
    assert found == {
        "who": ["The ferry"],
        "deed": ["Ports"],
        "kind": ["Ports"],
        "words": ["The ferry"],
        "time": ["The ferry", "Ports"],
        "year": ["Of last year"],
    }
    page = curator.get(desk("desk_entry_changelist"), narrowed["who"]).content.decode()
    assert f"{desk('desk_entry_export')}?who=Ines" in page


def test_an_export_that_asks_for_nonsense_is_missing(curator):
    assert curator.get(desk("desk_entry_export"), {"at__year": "x"}).status_code == 404


def test_entries_lead_to_what_is_still_there(curator, cleo, article):
    gone = topic_named("Gone")
    journal.record(Deed.EDITED, by=cleo, about=article)
    journal.record(Deed.EDITED, by=cleo, about=gone)
    many = services.put_in_state(Article.objects.all(), "withdrawn", by=cleo).entry
    gone.delete()
    page = curator.get(desk("desk_entry_changelist")).content.decode()
    assert f'<a href="{desk("articles_article_change", article.pk)}">{article.title}</a>' in page
    assert desk("articles_topic_change", 1).rsplit("/", 3)[0] not in page.split("result_list")[1]
    assert (
        desk("articles_article_change", article.pk) in curator.get(desk("desk_entry_change", many.pk)).content.decode()
    )


def test_the_list_costs_the_same_queries_for_3_entries_as_for_40(curator, cleo):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            curator.get(desk("desk_entry_changelist"))
        return len(asked)

    for _ in range(3):
        journal.record(Deed.EDITED, by=cleo, about=make_article())
    cost()
    few = cost()
    for _ in range(37):
        journal.record(Deed.EDITED, by=cleo, about=make_article())
    assert cost() == few


def test_what_was_done_to_people_is_no_curators_business(curator, admin, ada, ines):
    admin.post(desk("accounts_user_let_out", ada.pk))
    entry = Entry.objects.get()
    assert entry.about in admin.get(desk("desk_entry_changelist")).content.decode()
    assert curator.get(desk("desk_entry_change", entry.pk)).status_code == 404
    assert list(curator.get(desk("desk_entry_changelist")).context["cl"].result_list) == []
    assert "Ines" not in curator.get(desk("desk_entry_changelist")).content.decode()
    assert exported(curator).count("\n") == 1
    assert "Ines" not in curator.get(desk("index")).content.decode()


@pytest.mark.parametrize(
    ("before", "after", "deed"),
    [
        ("draft", "published", "published"),
        ("published", "withdrawn", "withdrawn"),
        ("withdrawn", "draft", "drafted"),
    ],
)
def test_publishing_by_the_form_is_told_as_publishing_and_taken_back(curator, before, after, deed):
    one = make_article(state=before)
    save_article(curator, one, {**open_article(curator, one), "state": after})
    [entry] = Entry.objects.all()
    assert (entry.deed, entry.about, entry.actor_name) == (deed, one.title, "Cleo")
    curator.post(desk("desk_entry_undo", entry.pk))
    one.refresh_from_db()
    assert one.state == before


def test_publishing_while_editing_is_told_as_publishing_with_all_that_was_changed(curator):
    one = make_article("A draft", state="draft")
    save_article(curator, one, {**open_article(curator, one), "state": "published", "title": "No draft"})
    [entry] = Entry.objects.all()
    assert entry.deed == "published"
    assert "No draft" in entry.told


def test_nobody_writes_in_the_journal_by_hand(operator, signed_in, cleo):
    entry = journal.record(Deed.EDITED, by=cleo, about="The ferry")
    client = signed_in(operator)
    assert client.get(desk("desk_entry_add")).status_code == 404
    assert client.post(desk("desk_entry_change", entry.pk), {"about": "x"}).status_code == 404
    assert client.post(desk("desk_entry_delete", entry.pk), {"post": "yes"}).status_code == 404
    assert deeds() == [("Cleo", "edited", "The ferry")]


def test_who_may_not_change_what_was_changed_cannot_take_it_back(cleo, operator, signed_in, ada):
    """A curator may see that the operator changed an account with rights, and no more."""
    entry = services.put_in_state(Article.objects.filter(pk=make_article().pk), "withdrawn", by=operator).entry
    ada.is_staff = True
    ada.save()
    assert signed_in(ada).post(desk("desk_entry_undo", entry.pk)).status_code == 404
    assert Entry.objects.count() == 1
