"""Search beside the database's own: the service, and the whole page over HTTP, at 1,000 and 100,000 articles.

With BENCH_FULL at 1,000,000. On SQLite, and on PostgreSQL where DATABASE_URL names one (a database of its own there).
BENCH_KEEP=FOLDER keeps the filled libraries for the next run; BENCH_ARTICLES="2000 50000" names other sizes.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench.harness import library
from bench.harness.asking import MANY, Asked, Library
from bench.harness.load import Figures, cpu_seconds, load, request

SIZES, FULL = (1_000, 100_000), (1_000_000,)
LIMIT = 20
PAGE = 50  # the one far on that is measured
BUDGET = 20.0  # seconds for one kind of measurement of one class
RATIO, OVER = 1.5, 2.0  # the service: so many times the raw query, or so many ms over it
P50, P95 = 30.0, 80.0  # ms of the page
HEADS = ("raw", "service", "ratio", "over", "", "facets", "page p50", "p95", "", "cpu", "queries")


def main() -> int:
    """Each database and size in a process of its own."""
    given = os.environ.get("BENCH_ARTICLES", "").split()
    sizes = tuple(map(int, given)) or (FULL if os.environ.get("BENCH_FULL") else SIZES)
    failed = 0
    for vendor in library.databases():
        for size in sizes:
            with library.environment(vendor, str(size)) as env:
                command = [sys.executable, "-m", "bench.search", str(size)]
                failed += subprocess.run(command, cwd=library.ROOT, env=env).returncode != 0
    return failed


def measure(size: int) -> None:
    """In a process whose environment names the database."""
    library.setup()
    from django.db import connection

    from bench.pages import served, session_of
    from newsreader.accounts.models import User

    filled = library.fill(size)
    lite = connection.vendor == "sqlite"
    clock = "processor time" if lite else "on the clock"
    print(f"\n{'SQLite' if lite else 'PostgreSQL'}: {filled}")
    if os.getloadavg()[0] > 1:
        print(f"This machine is busy (load {os.getloadavg()[0]:.1f}): what is measured on the clock is too high")
    print(f"ms, median of up to {MANY} queries of a kind ({clock}); the page from a server of its own, signed in")
    print(f"goals: service ≤ {RATIO} × raw or ≤ {OVER:g} ms over it; page p50 ≤ {P50:g}, p95 ≤ {P95:g}\n")
    print("{:<26}{:>7}{:>9}{:>9}{:>7}{:>8} {:<7}{:>8}{:>9}{:>8} {:<7}{:>7}{:>8}".format("", "hits", *HEADS))
    reader = User.objects.get(username="reader-1")
    there = Library.there(reader)
    with served() as (pid, port):
        site = Site(pid, port, f"Cookie: sessionid={session_of(reader)}", reader)
        for name, asked in there.classes().items():
            row(name, there, asked, site)
        deep = [one for one in there.classes()["a common word"] if there.hits(one) > PAGE * LIMIT]
        if deep:
            far(deep[:10], site)


@dataclass(frozen=True, slots=True)
class Site:
    """The served library, and who asks it."""

    pid: int
    port: int
    cookie: str
    reader: Any

    def pages(self, fields: Sequence[dict[str, str]]) -> tuple[Figures, float]:
        """Latencies of the search page for these addresses, one after the other, and the server's own ms for one."""
        messages = [
            request(f"/search/?{urlencode(one)}", headers=[self.cookie, "Accept-Encoding: gzip"]) for one in fields
        ]
        load(self.port, [*messages[:4]] * 4, connections=8, requests=min(16, 4 * len(messages)))
        before = cpu_seconds(self.pid)
        figures = load(self.port, messages, connections=1, requests=len(messages))
        cpu = (cpu_seconds(self.pid) - before) / len(messages) * 1000
        if figures.refused:
            raise SystemExit(f"{figures.refused} pages were refused; the figures mean nothing")
        return figures, cpu


def row(name: str, there: Library, asked: Sequence[Asked], site: Site) -> None:
    """One class of queries: raw and service for the same words in turn, the facets' counts, then the pages."""
    from newsreader.core.query import parse
    from newsreader.search.facets import facets
    from newsreader.search.service import search

    took = []
    begin = time.perf_counter()
    for one in [*asked[:2], *asked]:
        took.append(
            (timed(lambda: raw(one)), timed(lambda: search(one.typed, user=site.reader, limit=LIMIT)))  # noqa: B023
        )
        if time.perf_counter() - begin > BUDGET and len(took) > 10:
            break
    alone, service = (median(column) for column in zip(*took[2:], strict=True))
    over = median([second - first for first, second in took[2:]])
    counted = median(timed(lambda: facets(parse(one.typed), user=site.reader)) for one in asked[:15])  # noqa: B023
    figures, cpu = site.pages([{"q": one.typed} for one in asked])
    hits = [there.hits(one) for one in asked[:20]]
    fine = service <= RATIO * alone or over <= OVER
    print(
        f"{name:<26}{told(hits):>7}{alone:>9.1f}{service:>9.1f}{service / alone:>7.2f}{over:>+8.1f} {missed(fine):<7}"
        f"{counted:>8.1f}"
        f"{figures.p50:>9.1f}{figures.p95:>8.1f} {missed(figures.p50 <= P50 and figures.p95 <= P95):<7}"
        f"{cpu:>7.1f}{statements(asked[0], site):>8}",
        flush=True,
    )


def far(asked: Sequence[Asked], site: Site) -> None:
    """Page PAGE of common words, each reached from the page before."""
    from newsreader.search.service import search

    places = []
    for one in asked:
        after = ""
        for _ in range(PAGE - 1):
            after = search(one.typed, user=site.reader, limit=LIMIT, after=after).next
            if not after:
                break
        else:
            places.append((one.typed, after))
    took = [timed(lambda: search(q, user=site.reader, limit=LIMIT, after=after)) for q, after in places]  # noqa: B023
    figures, cpu = site.pages([{"q": q, "after": after} for q, after in places] * 6)
    print(
        f"{f'its page {PAGE}':<26}{'':>7}{'':>9}{median(took):>9.1f}{'':>31}"
        f"{figures.p50:>9.1f}{figures.p95:>8.1f} {missed(figures.p50 <= P50 and figures.p95 <= P95):<7}"
        f"{cpu:>7.1f}",
        flush=True,
    )


def raw(asked: Asked) -> None:
    """The database's own answer."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.values)
        cursor.fetchall()


def timed(act: Callable[[], object]) -> float:
    """Milliseconds: of this processor on SQLite, which works in this process; on the wall on PostgreSQL."""
    from django.db import connection

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    begin = clock()
    act()
    return (clock() - begin) * 1000


def statements(asked: Asked, site: Site) -> int:
    """How many the page sends to the database."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(site.reader)
    with CaptureQueriesContext(connection) as captured:
        client.get("/search/", {"q": asked.typed})
    return len(captured)


def told(hits: Sequence[int]) -> str:
    """What is usual."""
    usual = int(median(hits))
    return "1,000+" if usual > 1_000 else f"{usual:,}" if any(hits) else ""


def missed(fine: bool) -> str:
    return "" if fine else "missed"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        sys.exit(min(1, main()))
