"""The pages people wait for, beside a trivial page behind the same middleware: CPU per request and latencies.

Every figure is also given in units, the trivial page's own CPU time, since machines differ and the ratio does not.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench.harness.load import HOST, cpu_seconds, free_port, load, request, wait_for

ROOT = Path(__file__).parent.parent
ROUNDS = 3
REQUESTS = 100
TOKEN = "a" * 32  # a CSRF secret is any 32 letters; cookie and header must agree
SERVER = [sys.executable, "-m", "granian", "bench.harness.wsgi:application", "--interface", "wsgi", "--no-ws"]
SERVER += ["--host", HOST, "--workers", "1", "--blocking-threads", "8"]
WORDS = "harbour ferry piano fog island captain rope lamp quay winter timetable mate tide gull hull deck".split()  # noqa: SIM905


def main() -> None:
    """Fill a library of its own in a temporary folder, serve it, and print the tables."""
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"NEWSREADER_VAR": var, "DJANGO_SETTINGS_MODULE": "bench.harness.site"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        in_process()
        over_http()


def in_process() -> None:
    """Weaving, cleaning and the service, without a server."""
    from newsreader.annotations import services
    from newsreader.core.clean import clean
    from newsreader.core.text import text_of
    from newsreader.core.weave import Mark, weave

    html = clean(prose(20_000))
    length = len(text_of(html))
    starts = random.Random(1).sample(range(length - 200), 200)
    marks = [Mark(f"m{n}", s, s + 80, "yellow", f"/h/{n}/", "Passage", False) for n, s in enumerate(starts)]
    raw = prose(50_000)
    article, ada = make_article(20_000), make_reader("service")
    import newsreader.wsgi  # noqa: F401 - the collector is set as it is in the server

    quotes = iter(some_quotes(article.text, 2_000))
    print("In this process: median of 200, in ms of processor time")
    print(f"  weave 200 marks into 20 KB{once(lambda: weave(html, marks)):>24.2f}   goal ≤ 1")
    print(f"  clean 50 KB{once(lambda: clean(raw)):>39.2f}")

    def create() -> Any:
        return services.highlight(article, reader=ada, quote=next(quotes))

    print(f"  create a highlight (service, one commit){once(create):>10.2f}")


def once(act: Callable[[], object], times: int = 200) -> float:
    """The median processor time of an act, in milliseconds; waiting for the disk is not in it."""
    taken = []
    for _ in range(times):
        begin = time.process_time()
        act()
        taken.append((time.process_time() - begin) * 1000)
    return median(taken)


def over_http() -> None:
    """Each page from a server of its own process. The library grows in between."""
    ada = make_reader("ada")
    paths = {f"reader page, {n} highlights": marked_article(ada, n) for n in (0, 50, 200)}
    paths["reader page, 200 with notes"] = marked_article(ada, 200, notes=True)
    fill_library(100)
    small, large = make_article(20_000), make_article(200_000)
    with served() as (pid, port):
        cookie = f"Cookie: sessionid={session_of(ada)}; csrftoken={TOKEN}"
        print(f"\nOver HTTP, signed in: {REQUESTS} requests, median of {ROUNDS} rounds, times in ms")
        print(f"{'':<34}{'CPU/req':>9}{'units':>7}{'p50 ×1':>9}{'p95 ×1':>9}{'p50 ×8':>9}{'p95 ×8':>9}   goal")
        unit = row("unit: a trivial page", pid, port, lambda: request("/unit/", headers=[cookie]))
        goals = {"reader page, 200 highlights": "≤ 20 units", "reader page, 200 with notes": "≤ 40 units"}
        for name, path in paths.items():
            row(name, pid, port, lambda path=path: request(path, headers=[cookie]), unit=unit, goal=goals.get(name, ""))
        first = row(
            "library, 100 articles", pid, port, lambda: request("/", headers=[cookie]), unit=unit, goal="≤ 14 units"
        )
        for name, article in {"create, 20 KB article": small, "create, 200 KB article": large}.items():
            posts = Posts(article, cookie)
            row(name, pid, port, lambda posts=posts: posts, unit=unit, goal="≤ 8 units")
        fill_library(10_000)
        last = row(
            "library, 10,000 articles", pid, port, lambda: request("/", headers=[cookie]), unit=unit, goal="≤ 14 units"
        )
        print(f"{'library, 10,000 against 100':<34}{last / first:>9.2f}{'':>43}   ≤ 1.2")


def row(
    name: str, pid: int, port: int, messages: Callable[[], Any], *, unit: float | None = None, goal: str = ""
) -> float:
    """Print one row; its CPU time per request in ms."""
    load(port, messages(), connections=8, requests=40)  # every thread has its connection and its templates
    rounds = []
    for _ in range(ROUNDS):
        before = cpu_seconds(pid)
        one = load(port, messages(), connections=1, requests=REQUESTS)
        eight = load(port, messages(), connections=8, requests=REQUESTS)
        if one.refused or eight.refused:
            raise SystemExit(f"{name}: {one.refused + eight.refused} requests were refused; the figures mean nothing")
        cpu = (cpu_seconds(pid) - before) / (2 * REQUESTS) * 1000
        rounds.append((cpu, one.p50, one.p95, eight.p50, eight.p95))
    cpu, p50, p95, p50_8, p95_8 = (median(column) for column in zip(*rounds, strict=True))
    units = cpu / (unit or cpu)
    print(f"{name:<34}{cpu:>9.2f}{units:>7.1f}{p50:>9.2f}{p95:>9.2f}{p50_8:>9.2f}{p95_8:>9.2f}   {goal}", flush=True)
    return cpu


class Posts:
    """Requests that each mark other words, as htmx sends them."""

    def __init__(self, article: Any, cookie: str) -> None:
        self._address = f"{article.get_absolute_url()}highlights/"
        self._quotes = iter(some_quotes(article.text, 4_000))
        self._headers = [cookie, f"X-CSRFToken: {TOKEN}", "HX-Request: true"]
        self._headers.append("Content-Type: application/x-www-form-urlencoded")

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        quote = next(self._quotes)
        fields = {"exact": quote.exact, "before": quote.prefix, "after": quote.suffix, "hint": quote.hint}
        body = urlencode(fields | {"colour": "blue", "note": "Why *here*?", "tags": "to-check"}).encode()
        return request(self._address, method="POST", headers=self._headers, body=body)


class served:  # noqa: N801 - a context manager
    """The site on a free port of the loopback address."""

    def __enter__(self) -> tuple[int, int]:
        port = free_port()
        self._server = subprocess.Popen([*SERVER, "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
        wait_for(port)
        return self._server.pid, port

    def __exit__(self, *_: object) -> None:
        self._server.send_signal(signal.SIGINT)
        self._server.wait(30)


def prose(size: int, seed: int = 7) -> str:
    """Paragraphs of about 400 characters, `size` characters in all."""
    chance = random.Random(seed)
    parts: list[str] = []
    while sum(map(len, parts)) < size:
        words = " ".join(chance.choices(WORDS, k=64))
        parts.append(f"<p>{words[:200]} <em>{words[200:220]}</em> {words[220:]} “{chance.random():.9f}”.</p>")
    return "\n".join(parts)


def some_quotes(text: str, count: int) -> list[Any]:
    """`count` quotes of 40 to 120 characters at places of their own, spread over the text."""
    from newsreader.core.passages import Span, quote_at, tidy

    chance = random.Random(3)
    starts = [chance.randrange(len(text) - 130) for _ in range(count)]
    return [quote_at(text, tidy(text, Span(start, start + 40 + chance.randrange(80)))) for start in starts]


def make_reader(name: str) -> Any:
    from newsreader.accounts.models import User

    return User.objects.create_user(name)


def make_article(size: int) -> Any:
    from newsreader.articles.services import add_article, source_named
    from newsreader.core.clean import clean

    source = source_named("The Harbour Post")
    title = f"Night ferry {random.random():.6f}"
    return add_article(title=title, html=clean(prose(size)), sources=[source], state="published", language="en")


def marked_article(reader: Any, highlights: int, *, notes: bool = False) -> str:
    from newsreader.annotations import services

    article = make_article(20_000)
    for quote in some_quotes(article.text, highlights):
        told = {"note": "Why *here*? Ask the **harbour office**.", "tags": ["to-check"]} if notes else {}
        services.highlight(article, reader=reader, quote=quote, **told)
    return str(article.get_absolute_url())


def fill_library(total: int) -> None:
    """Articles of 300 words until there are `total` of them."""
    from django.db import transaction

    from newsreader.articles.models import Article

    with transaction.atomic():
        for _ in range(total - Article.objects.count()):
            make_article(2_000)


def session_of(reader: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(reader)
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    main()
