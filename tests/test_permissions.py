"""Who may do what: every address, every method, five people, against the table below.

A new address fails here until it has a line. Objects are ada's: her own copy of an article, her passages, her tag.
The desk has a table of its own, with administrators and actions: tests/desk/test_permission_table.py.
"""

from fnmatch import fnmatchcase

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from newsreader.annotations.services import delete
from newsreader.annotations.tags import delete as delete_tag
from newsreader.articles.models import Collection
from newsreader.intake.arrivals import expect
from newsreader.search.saved import delete as delete_search
from newsreader.search.saved import save
from tests.factories import make_article, mark
from tests.urls import example, patterns

pytestmark = pytest.mark.django_db

PEOPLE = ("nobody", "ben", "ada", "cleo", "operator")

# A line: the address's name (without one, its route) and three times what the five people get, in the order of
# PEOPLE: for GET (and HEAD, without a body), for POST, and for PUT, PATCH, DELETE and OPTIONS. Where those are 405,
# OPTIONS may answer 200 with nothing but what is allowed. * stands for any letters; the first line that fits counts.
# 302 for nobody is the way to the sign-in page. 404 is byte for byte that of what doesn't exist.
TABLE = """
reading:library                      | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:states                       | 302 405 405 405 405 | 302 303 303 303 303 | 302 405 405 405 405
reading:undo-states                  | 302 405 405 405 405 | 302 422 422 422 422 | 302 405 405 405 405
reading:add                          | 302 200 200 200 200 | 302 303 303 303 303 | 302 405 405 405 405
reading:add-text                     | 302 405 405 405 405 | 302 303 303 303 303 | 302 405 405 405 405
reading:add-files                    | 302 405 405 405 405 | 302 422 422 422 422 | 302 405 405 405 405
reading:arrival                      | 302 404 200 404 404 | 302 405 405 405 405 | 302 405 405 405 405
reading:fetch-again                  | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:arrival-text                 | 302 404 200 404 404 | 302 404 303 404 404 | 302 405 405 405 405
reading:import                       | 302 200 200 200 200 | 302 422 422 422 422 | 302 405 405 405 405
reading:import-run                   | 302 404 404 404 404 | 302 405 405 405 405 | 302 405 405 405 405
reading:import-progress              | 302 404 404 404 404 | 302 405 405 405 405 | 302 405 405 405 405
reading:start-import                 | 302 405 405 405 405 | 302 404 404 404 404 | 302 405 405 405 405
reading:undo-import                  | 302 405 405 405 405 | 302 404 404 404 404 | 302 405 405 405 405
reading:article                      | 404 404 200 404 404 | 405 405 405 405 405 | 405 405 405 405 405
reading:history                      | 404 404 200 404 404 | 405 405 405 405 405 | 405 405 405 405 405
reading:create-highlight             | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:state                        | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:pictures                     | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:proposal                     | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:position                     | 302 405 405 405 405 | 302 404 204 404 404 | 302 405 405 405 405
reading:highlight                    | 302 404 200 404 404 | 302 404 303 404 404 | 302 405 405 405 405
reading:delete-highlight             | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:restore-highlight            | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:accept-change                | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:undo-move                    | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:words                        | 302 404 200 404 404 | 302 404 303 404 404 | 302 405 405 405 405
reading:notebook                     | 302 200 200 200 200 | 302 422 422 422 422 | 302 405 405 405 405
reading:export                       | 302 200 200 200 200 | 302 405 405 405 405 | 302 405 405 405 405
reading:print-notebook               | 302 200 200 200 200 | 302 405 405 405 405 | 302 405 405 405 405
reading:preview                      | 302 405 405 405 405 | 302 200 200 200 200 | 302 405 405 405 405
reading:passage                      | 302 404 200 404 404 | 302 404 200 404 404 | 302 405 405 405 405
reading:bin                          | 302 200 200 200 200 | 302 422 422 422 422 | 302 405 405 405 405
reading:undo                         | 302 405 405 405 405 | 302 303 303 303 303 | 302 405 405 405 405
reading:tags                         | 302 200 200 200 200 | 302 405 405 405 405 | 302 405 405 405 405
reading:merge-tags                   | 302 405 405 405 405 | 302 422 422 422 422 | 302 405 405 405 405
reading:rename-tag                   | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:delete-tag                   | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:restore-tag                  | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:collection                   | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:collection-feed              | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:print-collection             | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:search                       | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:found                        | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:facets                       | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:saved                        | 302 200 200 200 200 | 302 422 422 422 422 | 302 405 405 405 405
reading:pinned                       | 302 200 200 200 200 | 302 405 405 405 405 | 302 405 405 405 405
reading:rename-search                | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:move-search                  | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:pin-search                   | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:renew-search                 | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:delete-search                | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:restore-search               | 302 405 405 405 405 | 302 404 303 404 404 | 302 405 405 405 405
reading:feed                         | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:suggestions                  | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:keys                         | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:manifest                     | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:worker                       | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:offline                      | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
reading:robots                       | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
accounts:account                     | 302 200 200 200 200 | 302 422 422 422 422 | 302 405 405 405 405
accounts:profile                     | 302 405 405 405 405 | 302 303 303 303 303 | 302 405 405 405 405
accounts:preferences                 | 405 405 405 405 405 | 303 303 303 303 303 | 405 405 405 405 405
reading:own-data                     | 302 200 200 200 200 | 302 405 405 405 405 | 302 405 405 405 405
reading:leave                        | 302 200 200 200 200 | 302 422 422 422 422 | 302 405 405 405 405
accounts:sign-in                     | 200 200 200 200 200 | 422 422 422 422 422 | 405 405 405 405 405
accounts:sign-in-again               | 200 200 200 200 200 | 405 405 405 405 405 | 405 405 405 405 405
accounts:sign-out                    | 405 405 405 405 405 | 303 303 303 303 303 | 405 405 405 405 405
accounts:sign-up                     | 404 404 404 404 404 | 404 404 404 404 404 | 405 405 405 405 405
accounts:claim                       | 404 404 404 404 404 | 404 404 404 404 404 | 405 405 405 405 405
accounts:invitation                  | 404 404 404 404 404 | 404 404 404 404 404 | 405 405 405 405 405
accounts:set-password                | 404 404 404 404 404 | 404 404 404 404 404 | 405 405 405 405 405
"""

# What is asked for and sent, so that it would succeed for whoever may.
SENT = {
    "reading:add": {"url": "https://news.example/other"},
    "reading:add-text": {"text": "The ferry left the harbour at six."},
    "reading:arrival-text": {"text": "The ferry left the harbour at six."},
    "reading:create-highlight": {"exact": "Rope, two coils", "colour": "rose", "note": "n", "tags": "x"},
    "reading:state": {"place": "later"},
    "reading:states": {"place": "later"},
    "reading:pictures": {"show": "all"},
    "reading:position": {"position": "5"},
    "reading:highlight": {"version": "1", "colour": "rose", "note": "n", "tags": "x"},
    "reading:passage": {"version": "1", "colour": "rose", "note": "n", "tags": "x"},
    "reading:accept-change": {"version": "1"},
    "reading:undo-move": {"version": "1"},
    "reading:words": {"version": "1", "exact": "Rope, two coils"},
    "reading:rename-tag": {"name": "other"},
    "reading:rename-search": {"name": "other"},
}


def expected():
    """[(pattern of a name, GET, POST, other)], each a list of five numbers."""
    lines = []
    for line in TABLE.strip().splitlines():
        name, *groups = (part.strip() for part in line.split("|"))
        lines.append((name, *([int(status) for status in group.split()] for group in groups)))
    return lines


def line_for(name, route):
    told = name or route
    return told, next((line for line in expected() if fnmatchcase(told, line[0])), None)


@pytest.fixture
def things(ada):
    """What addresses are made of."""
    own = make_article("Ada's own copy", owner=ada)
    passage = mark(own, ada, "forty passengers", tags=["sea"])
    save("passengers", reader=ada, name="Passengers")
    expect("https://news.example/ferry", reader=ada)
    Collection.objects.create(name="First", slug="first").items.create(article=make_article("In the library"))
    return {"article": own, "passage": passage, "reader": ada}


def prepared(name, passage):
    """Puts a passage, tag or saved search into the bin where an address takes it out again."""
    if name == "reading:restore-highlight":
        delete(passage)
    if name == "reading:restore-tag":
        delete_tag(passage.tags.get())
    if name == "reading:restore-search":
        delete_search(passage.reader.saved_searches.get())


def answers(client, name, address):
    """{method: response}; POST last, since it changes what the others ask for."""
    given = {
        method: getattr(client, method)(address) for method in ("get", "head", "options", "put", "patch", "delete")
    }
    return given | {"post": client.post(address, SENT.get(name, {}))}


def readers_addresses():
    return [one for one in patterns(get_resolver()) if not one[1].startswith("desk/")]


def walk(request, things, who, *, missing=False, among=lambda route: True):
    """(name, route, {method: response}) of every address, each undone before the next."""
    user = None if who == "nobody" else request.getfixturevalue(who)
    for name, route, _ in readers_addresses():
        if not among(route):
            continue
        with transaction.atomic():
            prepared(name, things["passage"])
            client = Client()
            if user:
                client.force_login(user)
            address = example(name, route, missing=missing, **things)
            yield name, route, answers(client, name, address)
            transaction.set_rollback(True)


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_table_says(request, things, who):
    column = PEOPLE.index(who)
    differ = []
    for name, route, given in walk(request, things, who):
        told, line = line_for(name, route)
        if line is None:
            continue  # the next test says so
        for method, response in given.items():
            wanted = line[{"get": 1, "head": 1, "post": 2}.get(method, 3)][column]
            bare = method == "options" and wanted == 405 and response.status_code == 200 and not response.content
            if response.status_code != wanted and not bare:
                differ.append(f"{told}: {method.upper()} answers {who} {response.status_code}, not {wanted}")
        assert not given["head"].getvalue(), told
    assert not differ, "\n".join(["", *differ])


def test_every_address_is_in_the_table():
    new = [line_for(name, route) for name, route, _ in readers_addresses()]
    lines = [
        f"{told}: add a line to TABLE in tests/test_permissions.py: who gets what there?"
        for told, line in new
        if not line
    ]
    assert not lines, "\n".join(["", *lines])


def test_every_line_of_the_table_is_of_an_address():
    names = [line_for(name, route)[1][0] for name, route, _ in readers_addresses()]
    others = [line[0] for line in expected() if line[0] not in names]
    assert others == [], "An address of the desk? Its line stands in tests/desk/test_permission_table.py."


@pytest.mark.parametrize("who", ["nobody", "ben", "cleo", "operator"])
def test_ada_s_things_are_the_same_404_as_missing_ones_byte_for_byte(request, things, who):
    compared = 0
    of_rows = {"among": lambda route: "<" in route}
    pairs = zip(walk(request, things, who, **of_rows), walk(request, things, who, missing=True, **of_rows), strict=True)
    for (name, route, hers), (_, _, none) in pairs:
        for method, response in hers.items():
            if response.status_code == 404:
                compared += 1
                told = (name or route, method)
                assert none[method].status_code == 404, told
                assert response.content == none[method].content, told
                assert timeless(response) == timeless(none[method]), told
    assert compared > 0


def timeless(response):
    return {name: value for name, value in response.headers.items() if name != "Expires"}


def test_where_reading_is_not_open_a_visitor_gets_nothing_but_the_way_in(request, things, settings):
    settings.OPEN_READING = False
    way_in = {
        *("accounts:sign-in", "accounts:sign-in-again", "accounts:sign-out", "accounts:sign-up"),
        *("accounts:claim", "accounts:invitation", "accounts:set-password"),
        "accounts:preferences",
        "reading:feed",  # to whoever has its secret address
        # Nothing of the library is in these.
        *("reading:manifest", "reading:worker", "reading:offline", "reading:robots"),
    }
    for name, _, given in walk(request, things, "nobody"):
        if name not in way_in:
            assert {response.status_code for response in given.values()} == {302}, name
