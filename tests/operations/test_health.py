"""/healthz says whether the databases are there, to whoever asks, and never waits for one that is silent."""

import json
import socket
import subprocess
import sys

import pytest
from django.test import Client
from django.utils import timezone

from newsreader.intake.models import Worker
from newsreader.intake.work import reaper
from tests.operations.conftest import ROOT


@pytest.mark.django_db(transaction=True)
def test_it_answers_under_any_name_without_https_and_without_an_account(settings):
    settings.OPEN_READING, settings.SECURE_SSL_REDIRECT = False, True
    answer = Client().get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"primary": "ok", "worker": "away"})
    assert "sessionid" not in answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
def test_it_says_whether_a_worker_lives(client):
    worker = Worker.objects.create(name="w", seen=timezone.now())
    assert client.get("/healthz").json() == {"primary": "ok", "worker": "ok"}
    worker.seen -= reaper.DEAD
    worker.save()
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["worker"]) == (200, "away")


def test_only_its_own_address_is_its_own(client, db):
    assert client.get("/healthz/").status_code == 404
    assert client.post("/healthz").status_code == 404


ASK = """
import django, json
django.setup()
from django.test import Client
client = Client()
answers = [client.get("/healthz") for _ in range(2)]
print(json.dumps([(answer.status_code, answer.json()) for answer in answers]))
"""
AWAY = [503, {"primary": "away", "worker": "away"}]


def asked(environment, port):
    """What a process says, twice, whose database should be at that port."""
    url = {"DATABASE_URL": f"postgres://u:p@127.0.0.1:{port}/n", "DJANGO_SETTINGS_MODULE": "newsreader.settings"}
    return json.loads(subprocess.check_output([sys.executable, "-c", ASK], cwd=ROOT, env=environment | url))


@pytest.mark.only_on("postgresql", "psycopg is there")
def test_a_database_that_is_not_there_is_away(environment):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert asked(environment, port) == [AWAY, AWAY]


@pytest.mark.only_on("postgresql", "psycopg is there")
def test_a_server_that_says_nothing_is_away_and_is_not_asked_again_meanwhile(environment):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert asked(environment, silent.getsockname()[1]) == [AWAY, AWAY]
        silent.settimeout(0.1)
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):
            silent.accept()
