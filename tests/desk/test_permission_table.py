"""Who may do what at the desk: every address and every action of the admin's registry, against the tables below.

A new page or action fails here until it has a line. The rows that addresses are made of are the library's, and ada's
account, which has passages; articles of ada's own are no part of the desk: see test_privacy.py.
"""

from copy import deepcopy
from fnmatch import fnmatchcase

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import get_resolver

from newsreader.accounts.invitations import invite
from newsreader.articles.models import Collection
from newsreader.articles.proposals import propose
from newsreader.articles.services import source_named, topic_named
from newsreader.desk import journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry, Twins
from newsreader.intake.models import Feed
from tests.desk.pages import desk
from tests.factories import make_article, make_user, mark
from tests.urls import example, patterns

pytestmark = pytest.mark.django_db

PEOPLE = ("nobody", "ada", "cleo", "ines", "operator")

# A line: the address's name (without one, its route), and what a visitor, a reader, a curator, an administrator and the
# operator get: for GET, and for POST with what SENT says. * stands for any letters; the first line that fits counts.
# 302 for nobody is the way to the sign-in page. 404 is byte for byte that of an address which doesn't exist.
# HEAD answers as GET does, and PUT, PATCH, DELETE and OPTIONS as GET, or 405: see below. What a page answers to those
# is asked as the operator, who may see the most; of everybody else, only that they don't open what GET does not.
TABLE = """
desk/login/                          | 302 302 302 302 302 | 302 302 302 302 302
login                                | 302 302 302 302 302 | 302 302 302 302 302
logout                               | 302 404 405 405 405 | 302 404 302 302 302
password_change                      | 302 404 302 302 302 | 302 404 302 302 302
password_change_done                 | 302 404 200 200 200 | 302 404 405 405 405
autocomplete                         | 302 404 200 200 200 | 302 404 405 405 405
jsi18n                               | 302 404 200 200 200 | 302 404 405 405 405
index                                | 302 404 200 200 200 | 302 404 200 200 200
app_list                             | 302 404 200 200 200 | 302 404 200 200 200
queue                                | 302 404 200 200 200 | 302 404 405 405 405
queue_*                              | 302 404 405 405 405 | 302 404 302 302 302

accounts_user_changelist             | 302 404 404 200 200 | 302 404 404 200 200
accounts_user_add                    | 302 404 404 200 200 | 302 404 404 200 200
accounts_user_change                 | 302 404 404 200 200 | 302 404 404 200 200
accounts_user_history                | 302 404 404 200 200 | 302 404 404 200 200
accounts_user_delete                 | 302 404 404 404 404 | 302 404 404 404 404
accounts_user_password_link          | 302 404 404 405 405 | 302 404 404 200 200
accounts_user_let_*                  | 302 404 404 405 405 | 302 404 404 302 302
accounts_invitation_changelist       | 302 404 404 200 200 | 302 404 404 200 200
accounts_invitation_add              | 302 404 404 200 200 | 302 404 404 200 200
accounts_invitation_change           | 302 404 404 200 200 | 302 404 404 404 404
accounts_invitation_history          | 302 404 404 200 200 | 302 404 404 200 200
accounts_invitation_delete           | 302 404 404 404 404 | 302 404 404 404 404
accounts_invitation_renew            | 302 404 404 405 405 | 302 404 404 200 200
accounts_invitation_withdraw         | 302 404 404 405 405 | 302 404 404 302 302
auth_group_changelist                | 302 404 404 200 200 | 302 404 404 200 200
auth_group_history                   | 302 404 404 200 200 | 302 404 404 200 200
auth_group_change                    | 302 404 404 200 200 | 302 404 404 404 200
auth_group_add                       | 302 404 404 404 200 | 302 404 404 404 200
auth_group_delete                    | 302 404 404 404 200 | 302 404 404 404 302

annotations_highlight_add            | 302 404 404 404 404 | 302 404 404 404 404
annotations_highlight_delete         | 302 404 404 404 404 | 302 404 404 404 404
annotations_highlight_change         | 302 404 200 200 200 | 302 404 404 404 404
annotations_highlight_note           | 302 404 404 404 404 | 302 404 404 404 404
desk_entry_add                       | 302 404 404 404 404 | 302 404 404 404 404
desk_entry_delete                    | 302 404 404 404 404 | 302 404 404 404 404
desk_entry_change                    | 302 404 200 200 200 | 302 404 404 404 404
desk_entry_export*                   | 302 404 200 200 200 | 302 404 405 405 405
desk_entry_undo                      | 302 404 405 405 405 | 302 404 302 302 302
desk_twins_add                       | 302 404 404 404 404 | 302 404 404 404 404
desk_twins_delete                    | 302 404 404 404 404 | 302 404 404 404 404
desk_twins_change                    | 302 404 200 200 200 | 302 404 405 405 405
desk_twins_scan                      | 302 404 405 405 405 | 302 404 302 302 302
desk_twins_settle                    | 302 404 405 405 405 | 302 404 302 302 302

articles_article_frame               | 302 404 200 200 200 | 302 404 405 405 405
articles_article_look*               | 302 404 405 405 405 | 302 404 200 200 200
articles_article_convert             | 302 404 405 405 405 | 302 404 200 200 200
articles_*_export                    | 302 404 200 200 200 | 302 404 200 200 200
articles_*_import                    | 302 404 200 200 200 | 302 404 422 422 422
articles_*_import_look               | 302 404 404 404 404 | 302 404 404 404 404
articles_article_upload              | 302 404 200 200 200 | 302 404 422 422 422
articles_article_uploaded            | 302 404 404 404 404 | 302 404 404 404 404
articles_article_restore             | 302 404 405 405 405 | 302 404 302 302 302
intake_feed_add                      | 302 404 200 200 200 | 302 404 422 422 422
intake_feed_import                   | 302 404 200 200 200 | 302 404 422 422 422
intake_feed_export                   | 302 404 200 200 200 | 302 404 405 405 405
intake_feed_visit                    | 302 404 405 405 405 | 302 404 302 302 302
intake_feed_stop                     | 302 404 405 405 405 | 302 404 302 302 302
intake_feed_resume                   | 302 404 405 405 405 | 302 404 302 302 302
intake_feed_change                   | 302 404 200 200 200 | 302 404 302 302 302
publish_draft                        | 302 404 405 405 405 | 302 404 302 302 302
articles_source_change               | 302 404 200 200 200 | 302 404 302 302 302
articles_topic_change                | 302 404 200 200 200 | 302 404 302 302 302
articles_proposal_add                | 302 404 404 404 404 | 302 404 404 404 404
articles_proposal_delete             | 302 404 404 404 404 | 302 404 404 404 404
articles_proposal_change             | 302 404 200 200 200 | 302 404 405 405 405
articles_proposal_read               | 302 404 200 200 200 | 302 404 405 405 405
articles_proposal_publish            | 302 404 405 405 405 | 302 404 302 302 302
articles_proposal_decline            | 302 404 405 405 405 | 302 404 302 302 302
articles_*_rename                    | 302 404 200 200 200 | 302 404 302 302 302
articles_*_merge                     | 302 404 200 200 200 | 302 404 409 409 409
articles_collection_contents         | 302 404 405 405 405 | 302 404 302 302 302
articles_article_delete              | 302 404 302 302 302 | 302 404 302 302 302
*_delete                             | 302 404 200 200 200 | 302 404 302 302 302
*_changelist                         | 302 404 200 200 200 | 302 404 200 200 200
*_add                                | 302 404 200 200 200 | 302 404 200 200 200
*_history                            | 302 404 200 200 200 | 302 404 200 200 200
*_change                             | 302 404 200 200 200 | 302 404 200 200 200
desk/*/*/<path:object_id>/           | 302 404 302 302 302 | 302 404 302 302 302
desk/(?P<url>.*)$                    | 302 404 404 404 404 | 302 404 404 404 404
"""

# A line: the list and the action of it, and to whom of curator, administrator and operator it is offered. Visitors and
# readers don't come as far as the list. Where it isn't offered, sending it anyway changes nothing.
ACTIONS = """
accounts_user.deactivate             |  no yes yes
accounts_user.activate               |  no yes yes
articles_article.*                   | yes yes yes
articles_source.merge_chosen         | yes yes yes
intake_feed.*                        | yes yes yes
articles_topic.merge_chosen          | yes yes yes
"""

# What is asked for and sent, so that it would succeed for whoever may.
ASKED = {"autocomplete": {"app_label": "articles", "model_name": "article", "field_name": "topics"}}
SENT = {
    "*_delete": {"post": "yes"},
    "desk_twins_settle": {"how": "apart"},
    "articles_article_restore": {"revision": "1"},
    "articles_*_rename": {"name": "Another", "slug": "another"},
    "articles_collection_contents": {"state": "draft"},
    "accounts_invitation_add": {"role": "Reader"},
    "articles_*_export": {"format": "csv"},
    "articles_article_convert": {"from": "html", "into": "markdown", "body": "<p>One.</p>"},
}


def lines(table):
    """[(pattern, columns, …)]"""
    found = (line.split("|") for line in table.strip().splitlines() if line.strip())
    return [(name.strip(), *(part.split() for part in parts)) for name, *parts in found]


def line_for(told, table=TABLE):
    return next((line for line in lines(table) if fnmatchcase(told, line[0])), None)


def addresses():
    """(what a line calls it, name, route) of every address under /desk/."""
    for name, route, _ in patterns(get_resolver()):
        if route.startswith("desk/"):
            short = name.removeprefix("admin:")
            yield short or route, name, route


def from_the_registry():
    """The names of what the site itself and each of its pages for a model answer."""
    pages = [("", admin.site), *(("", page) for page in admin.site._registry.values())]
    names = {name for _, page in pages for name, _, _ in patterns(_Urls(page.get_urls()))}
    return names - {""}


class _Urls:
    def __init__(self, urls):
        self.url_patterns = urls


@pytest.fixture
def rows(ada, ines):
    """What addresses are made of."""
    from django.contrib.auth.models import Group

    listed = make_article("In the library")
    listed.topics.add(topic_named("Sea"))
    Collection.objects.create(name="First", slug="first").items.create(article=listed)
    highlight = mark(listed, ada, "forty passengers", tags=["sea"])
    Twins.objects.create(first=listed, second=make_article("Again"), spread=1.0)
    back = Way("articles.article", "state", "draft", "published", [])
    journal.record(Deed.PUBLISHED, by=None, about=listed, ways=[back])
    propose(make_article("Ada's own", owner=ada), reader=ada)
    Group.objects.create(name="Board")
    Feed.objects.create(source=source_named("The Harbour Post"), address="https://harbour.example/feed")
    invite(by=ines)
    return {"article": listed, "passage": highlight, "reader": ada}


def client_of(request, who):
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    return client


def answers(client, told, address, who):
    """{method: response}; POST last, since it changes what the others ask for."""
    sent = next((sent for name, sent in SENT.items() if fnmatchcase(told, name)), {})
    given = {"get": client.get(address, ASKED.get(told, {}))}
    if given["get"].status_code != 200 or who == "operator":
        given["head"] = client.head(address, ASKED.get(told, {}))
        given |= {method: getattr(client, method)(address) for method in ("options", "put", "patch", "delete")}
    return given | {"post": client.post(address, sent)}


def walk(request, rows, who):
    """(what a line calls it, {method: response}) of every address, each undone before the next."""
    client = client_of(request, who)
    signed_in = deepcopy(client.cookies)
    for told, name, route in addresses():
        if line_for(told) is None:
            continue  # a test below says so
        with transaction.atomic():
            client.cookies = deepcopy(signed_in)  # whoever signed out there is in again
            yield told, answers(client, told, example(name, route, **rows), who)
            transaction.set_rollback(True)


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_table_says(request, rows, who):
    column, differ = PEOPLE.index(who), []
    missing = client_of(request, who).get("/desk/no/such/page/")
    for told, given in walk(request, rows, who):
        line = line_for(told)
        get, post = int(line[1][column]), int(line[2][column])
        for method, response in given.items():
            wanted = {"get": {get}, "head": {get}, "post": {post}}.get(method, {get, 405})
            bare = method == "options" and response.status_code == 200 and not response.content and 405 in wanted
            if response.status_code not in wanted and not bare:
                differ.append(f"{told}: {method.upper()} answers {who} {response.status_code}, not {sorted(wanted)}")
            if response.status_code == 404 and method != "head":
                same = (response.content, response.headers) == (missing.content, missing.headers)
                differ += [] if same else [f"{told}: the 404 for {method.upper()} is not that of a missing page"]
        assert "head" not in given or not given["head"].getvalue(), told
    assert not differ, "\n".join(["", *differ])


def test_every_address_of_the_registry_is_in_the_table():
    known = {told for told, _, _ in addresses()}
    assert from_the_registry() <= known
    new = [
        f"{told}: add a line to TABLE in tests/desk/test_permission_table.py: who gets what there?"
        for told in sorted(known)
        if line_for(told) is None
    ]
    assert not new, "\n".join(["", *new])


def test_every_line_is_of_an_address():
    used = {line_for(told)[0] for told, _, _ in addresses() if line_for(told)}
    assert [line[0] for line in lines(TABLE) if line[0] not in used] == []


# Actions


def actions():
    """(what a line calls it, the page, the action) of every action of every list."""
    for page in admin.site._registry.values():
        for name in {name for _, name, _ in page._get_base_actions()}:
            yield f"{page.opts.app_label}_{page.opts.model_name}.{name}", page, name


def test_every_action_of_the_registry_is_in_the_table():
    new = [
        f"{told}: add a line to ACTIONS in tests/desk/test_permission_table.py: to whom is it offered?"
        for told, _, _ in actions()
        if line_for(told, ACTIONS) is None
    ]
    assert not new, "\n".join(["", *sorted(new)])
    used = {line_for(told, ACTIONS)[0] for told, _, _ in actions()}
    assert [line[0] for line in lines(ACTIONS) if line[0] not in used] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_actions_are_offered_to_whom_the_table_says_and_do_nothing_for_others(request, rows, who):
    client, asked = client_of(request, who), RequestFactory().get("/")
    asked.user = client.get("/desk/login/").wsgi_request.user
    for told, page, name in actions():
        line = line_for(told, ACTIONS)
        if line is None:
            continue  # the test above says so
        wanted = who in PEOPLE[2:] and line[1][PEOPLE.index(who) - 2] == "yes"
        if who in PEOPLE[2:]:
            assert (name in page.get_actions(asked)) == wanted, f"{told} for {who}"
        if not wanted:
            before = stored(page)
            sent = {"action": name, "_selected_action": [row["id"] for row in before[0]], "index": 0, "post": "yes"}
            address = desk(f"{page.opts.app_label}_{page.opts.model_name}_changelist")
            answer = client.post(address, sent)
            assert answer.status_code == {"nobody": 302, "ada": 404}.get(who, answer.status_code), told
            assert stored(page) == before, f"{told} by {who}"


def stored(page):
    return list(page.model._default_manager.order_by("pk").values()), Entry.objects.count()


def test_who_is_out_or_has_lost_their_group_is_a_visitor_or_a_reader(request, rows):
    """The table is of those who are what they are now, not of what they were when they signed in."""
    former, gone = client_of(request, "cleo"), client_of(request, "ines")
    cleo, ines = request.getfixturevalue("cleo"), request.getfixturevalue("ines")
    cleo.groups.clear()
    cleo.is_staff = False
    cleo.save()
    ines.is_active = False
    ines.save()
    assert former.get(desk("index")).status_code == 404
    assert gone.get(desk("index")).status_code == 302


def test_staff_without_a_group_see_an_empty_desk(rows):
    client = Client()
    client.force_login(make_user("max", is_staff=True))
    refused = {"changelist", "add", "change", "delete", "history"}
    for told, name, route in addresses():
        if told != "password_change" and told.rsplit("_", 1)[-1] in refused:
            assert client.get(example(name, route, **rows)).status_code == 404, told
    assert client.get(desk("index")).status_code == 200
