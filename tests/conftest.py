"""The cast: ada owns the highlights, ben also reads, cleo curates, ines administers, the operator runs the place."""

import gc
import os
from threading import Condition

import pytest
from django.apps import apps
from django.core.servers.basehttp import WSGIRequestHandler
from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings

# A machine that is busy with something else must not turn a true property red.
settings.register_profile("newsreader", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsreader")

# Playwright's loop makes Django believe that it runs inside async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The live server sends headers and body apart; with Nagle's rule each file of a page would wait for an acknowledgement.
WSGIRequestHandler.disable_nagle_algorithm = True


# It imports what only PostgreSQL's driver brings.
collect_ignore = [] if connection.vendor == "postgresql" else ["search/test_postgres.py"]


def pytest_collection_modifyitems(config, items):
    """What is about the one database is no test of the other: so a skip says that something is missing."""
    mine, others = [], []
    for item in items:
        about = {mark.args[0] for mark in item.iter_markers("only_on")}
        (mine if about <= {connection.vendor} else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = mine


def pytest_collection_finish():
    """What is loaded by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Browser tests empty every table behind them, which the journal refuses; its own tests put its guard back."""
    from newsreader.desk.guard import after_migrate, unguard
    from tests.emptying import empty, filled

    post_migrate.disconnect(after_migrate, sender=apps.get_app_config("desk"))
    with django_db_blocker.unblock():
        unguard(connection)
        founded = filled(connection)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: empty(connection, founded))
        yield
    if connection.vendor == "postgresql":  # which drops no database that a thread of a server is connected to
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


class _InFlight:
    """The requests that a server of this process is answering."""

    def __init__(self):
        self.number, self.changed = 0, Condition()
        request_started.connect(self.begun)
        request_finished.connect(self.ended)

    def begun(self, **kwargs):
        with self.changed:
            self.number += 1

    def ended(self, **kwargs):
        with self.changed:
            self.number -= 1
            self.changed.notify_all()

    def none(self, seconds=10):
        """Waits until there are none; a page may have asked for something while it was closed."""
        with self.changed:
            self.changed.wait_for(lambda: self.number <= 0, seconds)


@pytest.fixture(autouse=True)
def answered(request):
    """PostgreSQL empties no tables under a request that is being answered."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    requests = _InFlight()
    yield
    requests.none()
    request_started.disconnect(requests.begun)
    request_finished.disconnect(requests.ended)


@pytest.fixture(scope="session", autouse=True)
def patience():
    """A machine that is busy with something else must not end a search early; where it is ended, a test says when."""
    from newsreader.search import facets
    from newsreader.search.sqlite import backend, nearby

    backend.PATIENCE, nearby.PATIENCE, facets.PATIENCE = 30.0, 30.0, 30.0
    if connection.vendor == "postgresql":
        from newsreader.search.postgres.backend import SETTINGS

        SETTINGS["statement_timeout"] = "30s"


@pytest.fixture(autouse=True)
def english():
    """A page in another language leaves its thread in it."""
    yield
    translation.deactivate()


@pytest.fixture
def ada(db):
    from tests.factories import make_user

    return make_user("ada", first_name="Ada")


@pytest.fixture
def ben(db):
    from tests.factories import make_user

    return make_user("ben", first_name="Ben")


@pytest.fixture
def cleo(db):
    from newsreader.desk.curators import appoint
    from tests.factories import make_user

    user = make_user("cleo", first_name="Cleo")
    appoint(user)
    return user


@pytest.fixture
def ines(db):
    from newsreader.accounts.roles import Role
    from newsreader.desk.curators import appoint
    from tests.factories import make_user

    return appoint(make_user("ines", first_name="Ines"), Role.ADMINISTRATOR)


@pytest.fixture
def operator(db):
    from tests.factories import make_user

    return make_user("operator", is_staff=True, is_superuser=True)


@pytest.fixture
def article(db):
    from tests.factories import make_article

    return make_article("The ferry that carried a piano")


@pytest.fixture
def signed_in():
    """A client with that reader's session: `signed_in(ada).get(…)`."""

    def client_of(user):
        client = Client()
        client.force_login(user)
        return client

    return client_of
