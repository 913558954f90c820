"""The cast: ada owns the highlights, ben is another reader, cleo curates, and the operator runs the place."""

import os

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

# A machine that is busy with something else must not turn a true property red.
settings.register_profile("newsreader", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsreader")

# Playwright's loop makes Django believe that it runs inside async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


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
