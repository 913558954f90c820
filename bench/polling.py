"""500 feeds of which many never come right, on a server of this machine: are the healthy ones all there after a round?

Servers hang, drip, fail, ask for patience, send in circles, send bombs, poison and wrong letters. A round may take
twice as long as one fetch may. The server is a process of its own; the database a new one, thrown away.
"""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

from tests.intake.feed_server import Feeds, rss, story

ENTRIES = 3
KINDS = {
    "healthy": 340,
    "unchanged (304)": 30,
    "hang": 20,
    "drip": 20,
    "error 500": 20,
    "patience (429)": 20,
    "gone (410)": 10,
    "circle": 10,
    "bomb": 10,
    "wrong letters": 10,
    "no feed": 8,
    "poison": 2,
}
PATHS = {
    "hang": "hang",
    "drip": "drip",
    "error 500": "status?500",
    "patience (429)": "status?429",
    "gone (410)": "status?410",
    "circle": "loop",
    "bomb": "bomb",
    "wrong letters": "strange",
    "no feed": "page",
    "poison": "poison",
}
WELL = {"healthy", "unchanged (304)", "wrong letters"}


class Crowd(Feeds):
    """Every feed has entries of its own."""

    feeds: dict[str, bytes] = {}  # noqa: RUF012
    pages: dict[str, bytes] = {}  # noqa: RUF012
    hits: list[str] = []  # noqa: RUF012
    over = threading.Event()

    def do_feed(self) -> None:
        name = self.path.partition("?")[2]
        if name not in self.feeds:
            first = int(name) * ENTRIES
            self.feeds[name] = rss(*(story(first + place) for place in range(ENTRIES)))
        super().do_feed()

    def do_same(self) -> None:
        """Nothing new for whoever has been here."""
        self.say(304 if self.headers.get("If-None-Match") else 200, ETag='"same"')


class Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


def serve() -> None:
    server = Server(("127.0.0.1", 0), Crowd)
    print(server.server_port, flush=True)
    server.serve_forever()


@contextmanager
def served():
    process = subprocess.Popen([sys.executable, "-m", "bench.polling", "serve"], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def main() -> int:
    with tempfile.TemporaryDirectory() as var:
        url = os.environ.get("DATABASE_URL", "")
        settings = {
            "NEWSREADER_VAR": var,
            "DATABASE_URL": url if url.startswith("postgres") else f"sqlite:///{var}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "newsreader.settings",
        }
        return subprocess.run([sys.executable, "-m", "bench.polling", "one"], env=os.environ | settings).returncode


def one_database() -> int:
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with served() as port:
            return measured(port)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def measured(port: int) -> int:
    """Print the round; 1 where a healthy feed is missing, an entry is there twice, or it took too long."""
    from newsreader.articles.models import Article
    from newsreader.intake.addresses import Allowed
    from newsreader.intake.feeds.polling import due, poll
    from newsreader.intake.models import Entry, Feed
    from newsreader.intake.web import Web

    kinds = made(port)
    web = Web(Allowed.of([f"127.0.0.1:{port}"]))
    begun, busy, writing = time.monotonic(), time.process_time(), time.thread_time()
    claimed = due()
    counts = poll(claimed, web=web)
    took = time.monotonic() - begun
    busy, writing = time.process_time() - busy, time.thread_time() - writing
    print(
        f"{len(claimed)} feeds in one round, {web.seconds:.0f} s for the slowest fetch ({web.stall:.0f} s in silence)\n"
    )
    print(f"{'':<20}{'feeds':>7}{'updated':>9}{'entries':>9}   first of what was told")
    wrong = 0
    for kind, keys in kinds.items():
        feeds = list(Feed.objects.filter(pk__in=keys))
        updated = sum(feed.failures == 0 and feed.polled is not None for feed in feeds)
        entries = Entry.objects.filter(feed__in=keys).count()
        told = next((feed.told["form"] for feed in feeds if feed.told), "")
        print(f"{kind:<20}{len(feeds):>7}{updated:>9}{entries:>9}   {told[:60]}")
        wrong += updated != (len(feeds) if kind in WELL else 0)
        wrong += kind == "healthy" and entries != len(feeds) * ENTRIES
        wrong += kind == "gone (410)" and any(feed.state != "gone" for feed in feeds)
    titles = Counter(Article.objects.values_list("title", flat=True))
    twice = sum(number > 1 for number in titles.values())
    print(f"\n{took:.1f} s, {took / web.seconds:.2f} × the slowest fetch; {dict(counts)}; {twice} articles twice")
    print(f"CPU {busy:.1f} s, {writing:.1f} of them writing, without the processes that read", end="; ")
    print(f"load of the machine {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores")
    begun = time.monotonic()
    healthy = kinds["healthy"]
    again = poll(Feed.objects.filter(pk__in=healthy).select_related("source"), web=web)
    print(f"the {len(healthy)} healthy ones again: {time.monotonic() - begun:.1f} s; {dict(again)}")
    return int(wrong > 0 or twice > 0 or took > 2 * web.seconds or again["unchanged"] != len(healthy))


def made(port: int) -> dict[str, list[int]]:
    """The feeds, mixed, by kind."""
    from django.utils import timezone

    from newsreader.articles.models import Source
    from newsreader.intake.models import Feed

    now = timezone.now()
    kinds: dict[str, list[int]] = {kind: [] for kind in KINDS}
    order = sorted((number * 500 // count, kind, number) for kind, count in KINDS.items() for number in range(count))
    for place, (_, kind, number) in enumerate(order):
        path = {"healthy": f"feed?{place}", "unchanged (304)": "same"}.get(kind) or PATHS[kind]
        source = Source.objects.create(name=f"{kind} {number}", slug=re.sub(r"\W+", "-", f"{kind} {number}"))
        mark = "&" if "?" in path else "?"
        address = f"http://127.0.0.1:{port}/{path}" + ("" if kind == "healthy" else f"{mark}n={number}")
        if path.startswith("status"):
            address = f"http://127.0.0.1:{port}/{path}#{number}"
        etag = '"same"' if kind.startswith("unchanged") else ""
        kinds[kind].append(Feed.objects.create(source=source, address=address, due=now, etag=etag).pk)
    return kinds


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["one"]:
            sys.exit(one_database())
        case _:
            sys.exit(main())
