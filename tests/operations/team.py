"""A team's library for tests: PostgreSQL with a streaming replica, web processes on it, and people at browsers."""

import os
import re
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import CookieJar
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, build_opener

from scripts.postgres import Cluster, Server, free_port
from tests.factories import PASSWORD
from tests.operations.conftest import PATIENCE, ROOT, bare_environment

PEOPLE = """
import django; django.setup()
from tests.factories import make_article, make_user
make_user("ada"), make_user("ben")
print(make_article("The ferry that carried a piano").slug)
"""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def prepare(url: str, var: Path, **more: str) -> str:
    """Tables, seeds, ada, ben and an article, whose slug it is. `var` has been started once, on SQLite."""
    environment = {**bare_environment(), "NEWSREADER_VAR": str(var), "DATABASE_URL": url, **more}
    python(["-m", "scripts.prepare", "http://127.0.0.1"], environment)
    return python(["-c", PEOPLE], environment | {"DJANGO_SETTINGS_MODULE": "newsreader.settings"}).strip()


def python(arguments: list[str], environment: dict[str, str]) -> str:
    """What a program of ours says on standard output. Raises AssertionError with its words when it fails."""
    answer = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def ask(server: Server, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """One statement, straight to a server."""
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def replay_paused(cluster: Cluster) -> Iterator[None]:
    """The replica stands still: what it has is what the primary had just now."""
    [replica] = cluster.replicas
    catch_up(cluster)
    ask(replica, "SELECT pg_wal_replay_pause()")
    while ask(replica, "SELECT pg_get_wal_replay_pause_state()") != [("paused",)]:
        pass
    try:
        yield
    finally:
        ask(replica, "SELECT pg_wal_replay_resume()")


def catch_up(cluster: Cluster) -> None:
    """Comes back when the replica has what the primary has now."""
    [[position]] = ask(cluster.primary, "SELECT pg_current_wal_lsn()::text")
    for replica in cluster.replicas:
        while ask(replica, "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", position) != [(True,)]:
            pass


@dataclass
class Site:
    """A machine of the team: web processes at a port, and what they say."""

    port: int
    log: Path
    slug: str

    def visitor(self) -> "Visitor":
        return Visitor(f"http://127.0.0.1:{self.port}", self.slug)

    def said(self, words: str) -> int:
        """How many lines of the log have these words."""
        return sum(words in line for line in self.log.read_text().splitlines())


@contextmanager
def site(environment: dict[str, str], folder: Path, slug: str, **more: str) -> Iterator[Site]:
    """Two web processes, started as make starts them."""
    port, log = free_port(), folder / "log"
    with (
        log.open("w") as words,
        subprocess.Popen(
            [sys.executable, "-m", "scripts.serve"],
            cwd=ROOT, env={**environment, **more, "PORT": str(port)}, stdout=subprocess.PIPE, stderr=words, text=True,
        ) as server,
    ):  # fmt: skip
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith("Newsreader is open"), log.read_text()
            yield Site(port, log, slug)
        finally:
            server.terminate()
            server.wait(PATIENCE)


def until(true: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Asks again and again. Raises AssertionError when it doesn't come true."""
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, "it never came true"


def used(library: Site, times: int = 1) -> None:
    """Comes back when both processes read from the replica, for the first time or again."""
    visitor = library.visitor()
    until(lambda: visitor.get("/") and library.said("replica1 is read from") == 2 * times)


@dataclass
class Answer:
    status: int
    headers: Message
    text: str


@dataclass
class Visitor:
    """Somebody at one browser."""

    base: str
    slug: str
    jar: CookieJar = field(default_factory=CookieJar)

    context: ClassVar[ssl.SSLContext | None] = None
    headers: dict[str, str] = field(default_factory=dict)

    def open(self, path: str, data: bytes | None = None) -> Answer:
        opener = build_opener(HTTPCookieProcessor(self.jar), HTTPSHandler(context=self.context))
        opener.addheaders += list(self.headers.items())
        try:
            answer = opener.open(self.base + path, data, timeout=PATIENCE)
        except HTTPError as refused:  # what isn't 2xx is an answer, too
            answer = refused
        with answer:
            return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))

    def get(self, path: str) -> str:
        """The page, which must be there."""
        answer = self.open(path)
        assert answer.status == 200, f"{path} answered {answer.status}"
        return answer.text

    def post(self, path: str, form: str = "", **fields: str) -> str:
        """Sends the form of the page `form`, and reads the page that it leads to."""
        answer = self.send(path, form or path, **fields)
        assert answer.status == 200, f"POST {path} answered {answer.status}"
        return answer.text

    def send(self, path: str, form: str, **fields: str) -> Answer:
        token = TOKEN.search(self.get(form))
        assert token
        return self.open(path, urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode())

    def sign_in(self, name: str) -> "Visitor":
        self.post("/accounts/sign-in/", username=name, password=PASSWORD)
        return self

    def mark(self, words: str, note: str) -> str:
        """Marks words of the article."""
        article = f"/articles/{self.slug}/"
        return self.post(f"{article}highlights/", article, exact=words, colour="rose", note=note)

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    def forget(self, name: str) -> None:
        """As when a cookie's time has passed."""
        for cookie in list(self.jar):
            if cookie.name == name:
                self.jar.clear(cookie.domain, cookie.path, cookie.name)


def environment_of(cluster: Cluster, var: Path) -> dict[str, str]:
    """A machine of the team's: nothing is shared but the database and the key."""
    key = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG"
    return {
        **{name: value for name, value in bare_environment().items() if name in os.environ},
        **cluster.environment, "NEWSREADER_VAR": str(var), "NEWSREADER_SECRET_KEY": key,
    }  # fmt: skip
