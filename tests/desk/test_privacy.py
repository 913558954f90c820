"""What a reader writes is read by nobody at the desk: no page of the registry tells a word of it to the operator.

Unless the instance's operator sets NEWSREADER_NOTES_AT_DESK: then by a button, one note at a time, and all are told.
"""

from itertools import chain

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.test import Client

from newsreader.annotations.services import delete
from newsreader.articles.models import Collection
from newsreader.desk import journal
from newsreader.desk.models import Deed, Entry, Twins
from newsreader.search.saved import save
from tests.desk.pages import desk
from tests.desk.test_permission_table import addresses, answers
from tests.factories import make_article, mark
from tests.urls import example

pytestmark = pytest.mark.django_db

# Ada's own: a note, one in the bin, a tag, an article of her own with a passage in it, a saved search.
NOTE, BINNED, TAG, TITLE, STANDFIRST, TEXT, NOTE_ON_IT, SEARCH, QUERY = SECRETS = (
    "quetzalcoatl",
    "nocturnally",
    "gherkinesque",
    "zyzzyvaetitle",
    "mugwumpstandfirst",
    "xylophonetext",
    "jabberwockynote",
    "brobdingnagsearch",
    "lilliputquery",
)


@pytest.fixture
def hers(ada):
    """{True: what the desk has pages for, False: what it has none for}, as tests/urls.py wants them."""
    listed, other = make_article("A ferry"), make_article("Another ferry")
    listed.topics.create(name="Sea", slug="sea")
    Collection.objects.create(name="First", slug="first").items.create(article=listed)
    passage = mark(listed, ada, "an hour late", note=f"My {NOTE}", tags=[TAG])
    delete(mark(other, ada, "an hour late", note=f"My {BINNED}"))
    own = make_article(f"My {TITLE}", f"<p>Of {TEXT} alone.</p>", owner=ada, source="", standfirst=f"On {STANDFIRST}")
    on_own = mark(own, ada, TEXT, note=f"My {NOTE_ON_IT}", tags=[TAG])
    save(QUERY, reader=ada, name=f"My {SEARCH}")
    Twins.objects.create(first=listed, second=other, spread=1.0)
    journal.record(Deed.EDITED, by=None, about=listed)
    return {True: {"article": listed, "passage": passage}, False: {"article": own, "passage": on_own}}


@pytest.fixture
def boss(operator):
    client = Client(raise_request_exception=False)
    client.force_login(operator)
    return client


def said(response):
    """All that an answer says: its body, where it leads, and what it names itself."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace") + str(dict(response.headers))


def secrets_in(response, *, but=()):
    text = said(response).lower()
    return [word for word in SECRETS if word in text and word not in but]


def test_every_address_of_the_desk_keeps_ada_s_words_to_itself(boss, hers, ada):
    """By every method, for rows that the desk knows and for those that it must not; what is written down of it, too."""
    asked = 0
    for rows in hers.values():
        for told, name, route in addresses():
            with transaction.atomic():
                address = example(name, route, reader=ada, **rows)
                for method, response in answers(boss, told, address, "operator").items():
                    asked += 1
                    assert not secrets_in(response), f"{method.upper()} {address}"
                written = chain(Entry.objects.values_list(), LogEntry.objects.values_list())
                text = " ".join(str(row) for row in written).lower()
                assert not [word for word in SECRETS if word in text], f"written of {address}"
                transaction.set_rollback(True)
    assert asked > 500


def test_what_is_ada_s_own_article_is_missing_at_the_desk_whatever_the_page(boss, hers):
    for rows in (hers[False],):
        for kind, row in (("articles_article", rows["article"]), ("annotations_highlight", rows["passage"])):
            for page in ("change", "delete", "history"):
                assert boss.get(desk(f"{kind}_{page}", row.pk)).status_code == 404


def lists():
    return [(f"{page.opts.app_label}_{page.opts.model_name}", page) for page in admin.site._registry.values()]


def test_lists_filtered_ordered_and_searched_tell_none_of_it(boss, hers):
    for name, page in lists():
        address = desk(f"{name}_changelist")
        first = boss.get(address, {"_facets": "True"})
        listing = first.context["cl"]
        asked = [{"all": ""}, *({"o": f"{sign}{n}"} for n in range(1, len(listing.list_display)) for sign in ("", "-"))]
        for spec in listing.filter_specs:
            asked += [choice["query_string"] for choice in spec.choices(listing)]
        for one in asked:
            answer = boss.get(address, one) if isinstance(one, dict) else boss.get(f"{address}{one}")
            assert not secrets_in(answer), (name, one)
        if page.search_fields:
            for word in SECRETS:
                answer = boss.get(address, {"q": word})  # which the page repeats in its field
                assert not secrets_in(answer, but={word}), (name, word)
                assert not list(answer.context["cl"].result_list), (name, word)


def test_what_completes_a_name_completes_none_of_ada_s(boss, hers):
    asked = 0
    for page in admin.site._registry.values():
        fields = set(page.autocomplete_fields) | {
            field for inline in page.inlines for field in inline.autocomplete_fields
        }
        models = [page.model, *(inline.model for inline in page.inlines)]
        for model, field in ((model, field) for model in models for field in fields):
            for term in ("", "my", *SECRETS):
                sent = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                answer = boss.get(desk("autocomplete"), {**sent, "field_name": field, "term": term})
                asked += answer.status_code == 200
                assert not secrets_in(answer), (model, field, term)
    assert asked > 10


def test_no_action_on_all_rows_tells_or_takes_what_is_ada_s(boss, hers):
    for name, page in lists():
        keys = list(page.model._default_manager.values_list("pk", flat=True))
        for _, action, _ in page._get_base_actions():
            with transaction.atomic():
                sent = {"action": action, "_selected_action": keys, "index": 0}
                answer = boss.post(desk(f"{name}_changelist"), sent, follow=True)
                assert not secrets_in(answer), (name, action)
                own = hers[False]["article"]
                before = own.state
                own.refresh_from_db()
                assert own.state == before
                transaction.set_rollback(True)


# The setting


def note_of(passage):
    return desk("annotations_highlight_note", passage.pk)


@pytest.fixture
def opened(settings):
    settings.NOTES_AT_DESK = True


def test_unless_it_is_set_nobody_is_offered_a_note_and_nobody_gets_one(boss, hers, signed_in, ada):
    passage = hers[True]["passage"]
    assert "Open the note" not in boss.get(desk("annotations_highlight_change", passage.pk)).text
    assert boss.post(note_of(passage)).status_code == 404
    assert not Entry.objects.filter(deed=Deed.READ).exists()
    reader = signed_in(ada)
    assert "Nobody at the desk can read your notes, the operator included." in reader.get("/accounts/").text
    assert "can read" not in reader.get("/notebook/").text.replace("can read your notes, the operator", "")


def test_where_it_is_set_the_operator_opens_a_note_and_the_journal_tells_it_without_a_word_of_it(boss, hers, opened):
    passage = hers[True]["passage"]
    page = boss.get(desk("annotations_highlight_change", passage.pk))
    assert "That you open this one stands in the journal." in page.text
    assert not secrets_in(page)
    answer = boss.post(note_of(passage))
    assert NOTE in answer.text
    assert TAG in answer.text
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.get(deed=Deed.READ)
    assert (entry.about, entry.actor_name, entry.ways) == ("ada: A ferry", "operator", [])
    assert not secrets_in(boss.get(desk("desk_entry_change", entry.pk)))
    boss.post(note_of(passage))
    assert Entry.objects.filter(deed=Deed.READ).count() == 2


@pytest.mark.parametrize("who", ["cleo", "ines", "ben"])
def test_where_it_is_set_nobody_but_the_operator_opens_one(request, hers, opened, signed_in, who):
    client, passage = signed_in(request.getfixturevalue(who)), hers[True]["passage"]
    assert client.post(note_of(passage)).status_code == 404
    assert "Open the note" not in client.get(desk("annotations_highlight_change", passage.pk)).text
    assert not Entry.objects.filter(deed=Deed.READ).exists()


def test_where_it_is_set_a_note_on_ada_s_own_article_stays_hers(boss, hers, opened):
    assert boss.post(note_of(hers[False]["passage"])).status_code == 404


def test_a_get_opens_no_note_and_a_post_needs_its_token(boss, hers, opened, operator):
    passage = hers[True]["passage"]
    assert boss.get(note_of(passage)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator)
    assert strict.post(note_of(passage)).status_code == 403
    assert not Entry.objects.filter(deed=Deed.READ).exists()


def test_where_it_is_set_readers_are_told_in_their_account_and_at_the_foot_of_their_notebook(
    opened, hers, signed_in, ada
):
    client = signed_in(ada)
    assert "The operator of this library can read your notes" in client.get("/accounts/").text
    assert "The operator of this library can read notes" in client.get("/notebook/").text
