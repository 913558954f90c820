"""What a person sees who starts it: the address, or one line that says what to do."""

import http.client
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest

from tests.operations.conftest import PATIENCE, ROOT


def one_line(answer):
    """The single line that a program ended with, having failed without a traceback."""
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1, answer.stderr
    return answer.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_one_line_that_names_another(run):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = one_line(run("serve", PORT=str(port)))
    assert f"Port {port} is taken" in line
    assert f"make run PORT={port + 1}" in line


@pytest.mark.parametrize("port", ["eight", "0", "65536", "-1", "８０００"])
def test_a_port_that_is_none_is_one_line(run, port):
    assert f"PORT is '{port}'" in one_line(run("serve", PORT=port))


@pytest.mark.parametrize("number", ["many", "0", "65", "-1"])
def test_a_number_of_processes_that_is_none_is_one_line(run, number):
    line = one_line(run("serve", PORT=str(free_port()), NEWSREADER_PROCESSES=number))
    assert f"NEWSREADER_PROCESSES is '{number}'" in line


def test_a_host_of_another_machine_is_one_line(run):
    assert "HOST is '192.0.2.1'" in one_line(run("serve", HOST="192.0.2.1", PORT=str(free_port())))


def test_a_folder_that_cannot_be_written_is_one_line(run, tmp_path):
    (tmp_path / "file").touch()
    line = one_line(run("serve", PORT=str(free_port()), NEWSREADER_VAR=str(tmp_path / "file" / "var")))
    assert "can't be written" in line
    assert "NEWSREADER_VAR" in line


def test_a_setting_that_cannot_be_understood_is_one_line(run):
    line = one_line(run("serve", PORT=str(free_port()), NEWSREADER_SIGNUP="perhaps"))
    assert "NEWSREADER_SIGNUP is 'perhaps'" in line


def test_the_first_start_loads_the_seeds_keeps_a_key_and_compresses_static_files(var, library):
    with closing(sqlite3.connect(library)) as database:
        assert database.execute("SELECT count(*) FROM articles_article").fetchone()[0] > 1
    assert (var / "secret_key").stat().st_mode & 0o777 == 0o600
    assert list((var / "static/css").glob("tokens.*.css.br"))


def test_the_service_worker_names_the_hashed_files_of_the_shell_and_each_of_them_is_there(environment, library, var):
    ask = "\n".join([
        "import django; django.setup()",
        "from django.test import Client",
        "print(Client(headers={'host': 'localhost'}).get('/sw.js').text.split(' = ', 1)[1].split(';')[0])",
    ])  # fmt: skip
    settings = {"DJANGO_SETTINGS_MODULE": "newsreader.settings"}
    told = json.loads(subprocess.check_output([sys.executable, "-c", ask], cwd=ROOT, env=environment | settings))
    assert len(told["files"]) > 20
    for url in told["files"]:
        assert re.search(r"\.[0-9a-f]{12}\.", url), url
        assert (var / url.removeprefix("/")).is_file(), url


def test_every_start_prints_a_link_as_long_as_there_is_no_owner(run, library):
    assert run("prepare", "https://news.example.org").stdout.startswith("https://news.example.org/")


def test_the_second_start_does_nothing_again(run, var, library):
    before = times(var)
    answer = run("prepare", "http://127.0.0.1:8000")
    assert answer.returncode == 0
    assert not [word for word in ("Setting up", "Loading", "Compressing") if word in answer.stderr]
    assert times(var) == before


def times(var):
    """When each file was last written, those of the database aside: the link's key lies there."""
    files = (path for path in var.rglob("*") if path.is_file() and not path.name.startswith("newsreader.sqlite3"))
    return {path: path.stat().st_mtime_ns for path in files}


def test_a_new_database_gets_the_seeds_though_they_were_loaded_into_another(run, library):
    library.unlink()
    assert "Loading seeds" in run("prepare", "http://127.0.0.1:8000").stderr
    with closing(sqlite3.connect(library)) as database:
        assert database.execute("SELECT count(*) FROM articles_article").fetchone()[0] > 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_when_it_is_open_answers_and_stops_when_told(environment, library, how):
    port = free_port()
    with serving(environment, port) as server:
        assert server.stdout.readline() == f"Newsreader is open at http://127.0.0.1:{port}\n"
        assert status(port) == 200
        server.send_signal(how)
        rest, _ = server.communicate(timeout=PATIENCE)
    assert server.returncode == 0
    assert rest.endswith("Newsreader is closed.\n")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_nothing_stays_behind_when_the_one_who_started_it_is_killed(environment, library):
    port = free_port()
    starter = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'scripts.serve'])"
    with serving(environment, port, [sys.executable, "-c", starter]) as parent:
        assert parent.stdout.readline() == f"Newsreader is open at http://127.0.0.1:{port}\n"
        parent.kill()
        # The server and its workers hold the other end of this pipe: it ends when the last of them has.
        assert parent.communicate(timeout=PATIENCE)[0].endswith("Newsreader is closed.\n")


@contextmanager
def serving(environment, port, argv=(sys.executable, "-m", "scripts.serve")):
    """The server as make starts it, its words in a pipe; ended whatever the test found."""
    environment = {**environment, "PORT": str(port)}
    with subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server
        finally:
            server.kill()


def status(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with closing(connection):
        connection.request("GET", "/")
        return connection.getresponse().status
