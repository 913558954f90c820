"""The desk in a library of 1,000 articles and in one of 100,000: what the larger one costs, page by page.

Both are open at the same time and asked in turn, so that what else this machine does is in both figures. BENCH_KEEP
and BENCH_ARTICLES as in bench.search; on PostgreSQL, too, where DATABASE_URL names one.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from statistics import median
from typing import Any

from bench.harness import library

SIZES = (1_000, 100_000)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
RATIO, QUERIES = 1.5, 12
FAR = 500  # page
LIST = "/desk/articles/article/"


def main() -> int:
    """A table for each database; whether a ratio was missed."""
    given = tuple(map(int, os.environ.get("BENCH_ARTICLES", "").split())) or SIZES
    return sum(compare(vendor, given) for vendor in library.databases())


def compare(vendor: str, sizes: tuple[int, ...]) -> int:
    """The pages of all sizes, in turn. How many ratios of the largest to the smallest are too high."""
    with ExitStack() as stack:
        there = [Served(stack, vendor, size) for size in sizes]
        clock = "processor time" if vendor == "sqlite" else "on the clock"
        print(f"\n{'SQLite' if vendor == 'sqlite' else 'PostgreSQL'}: the desk's pages, ms ({clock}),", end=" ")
        print(f"median of {ROUNDS}; goal: ratio ≤ {RATIO}, of a list queries ≤ {QUERIES}; rows it shows")
        heads = "".join(f"{f'{size:,}':>10}{'queries':>9}{'rows':>6}" for size in sizes)
        print(f"{'':<34}{heads}{'ratio':>8}", flush=True)
        return sum(row(name, there) for name in there[0].names)


def row(name: str, there: list["Served"]) -> int:
    """One page, the sizes in turn; 1 where the ratio or the number of queries is too high."""
    found: list[list[Any]] = [[] for _ in there]
    for number in range(ROUNDS + 1):
        for served, figures in zip(there, found, strict=True):
            figures.append(served.ask(name))
        if not number:  # the first opens caches
            found = [[] for _ in there]
    took = [median(one["ms"] for one in figures) for figures in found]
    last = [figures[-1] for figures in found]
    ratio = took[-1] / took[0]
    fine = ratio <= RATIO and all(one["queries"] <= QUERIES or not one["rows"] for one in last)
    cells = "".join(f"{ms:>10.1f}{one['queries']:>9}{one['rows']:>6}" for ms, one in zip(took, last, strict=True))
    print(f"{name:<34}{cells}{ratio:>8.2f}{'' if fine else '  missed'}", flush=True)
    return not fine


class Served:
    """A process with one library open, which answers with what a page costs."""

    def __init__(self, stack: ExitStack, vendor: str, size: int) -> None:
        env = stack.enter_context(library.environment(vendor, str(size)))
        command = [sys.executable, "-m", "bench.desk", str(size)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=library.ROOT, env=env, stdin=pipe, stdout=pipe, text=True)
        stack.callback(self._process.wait)
        stack.callback(self._process.stdin.close)  # type: ignore[union-attr]
        self.names: list[str] = self._answer()

    def ask(self, name: str) -> dict[str, Any]:
        """Milliseconds, queries, and rows of a list."""
        print(name, file=self._process.stdin, flush=True)
        answer: dict[str, Any] = self._answer()
        return answer

    def _answer(self) -> Any:
        line = self._process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise SystemExit("A process of the bench has ended; what it said stands above.")
        return json.loads(line)


# What runs where the library is open.


def serve(size: int) -> None:
    """Answers a page's name with what it costs, until nobody asks."""
    library.setup()
    from django.test.utils import setup_test_environment

    library.fill(size)
    setup_test_environment()
    pages, client = addresses(), signed_in()
    print(json.dumps(list(pages)), flush=True)
    for line in sys.stdin:
        print(json.dumps(cost(client, pages[line.strip()])), flush=True)


def signed_in() -> Any:
    """A curator's browser."""
    from django.test import Client

    from newsreader.accounts.models import User
    from newsreader.desk import curators

    curator = User.objects.filter(username="bench-curator").first() or User.objects.create_user(
        "bench-curator", email="bench-curator@made.invalid"
    )
    curators.appoint(curator)
    client = Client()
    client.force_login(curator)
    return client


def cost(client: Any, address: str) -> dict[str, Any]:
    """One request: the database's work is in it, and on SQLite in this process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    begin = clock()
    client.get(address)
    took = (clock() - begin) * 1000
    with CaptureQueriesContext(connection) as sent:
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    context = answer.context or {}
    rows = len(context["cl"].result_list) if "cl" in context else 0
    return {"ms": took, "queries": len(sent), "rows": rows}


def addresses() -> dict[str, str]:
    """The pages, chosen so that they show as many rows in a library of either size where there are so many."""
    from newsreader.articles.models import Article, Source, Topic
    from newsreader.desk.article_list import Listed
    from newsreader.intake.invented import filing
    from newsreader.intake.invented_words import vocabulary

    library_rows = Article.objects.filter(owner=None)
    names = filing()
    source = Source.objects.get(name=names.sources[0]).slug
    topic = Topic.objects.get(name=names.topics[0]).slug
    common, other = [word for word in vocabulary("en").words[:40] if len(word) > 4][:2]
    middle = library_rows.filter(state="published", words__range=(280, 320), language="en").order_by("pk").first()
    complete = "/desk/autocomplete/?app_label=articles&model_name={}&field_name={}&term="
    by_words = list(Listed.list_display).index("words_counted") + 1
    return {
        "list": LIST,
        "its page 2": LIST + place(library_rows, 50),
        f"its page {FAR}, or its last but one": LIST + place(library_rows, 50 * (FAR - 1)),
        "longest first": f"{LIST}?o=-{by_words}",
        "state: published": f"{LIST}?state__exact=published",
        "a source": f"{LIST}?source={source}",
        "a topic": f"{LIST}?topic={topic}",
        "a language": f"{LIST}?language=en",
        "a year": f"{LIST}?dated__year=2024",
        "a topic and a state": f"{LIST}?topic={topic}&state__exact=published",
        "search: a rare word": f"{LIST}?q={rare(library_rows)}",
        "search: a common word": f"{LIST}?q={common}",
        "search: two words": f"{LIST}?q={common}+{other}",
        "search: a common word, newest first": f"{LIST}?q={common}&o=-{list(Listed.list_display).index('date') + 1}",
        "search: a common word, a state": f"{LIST}?q={common}&state__exact=published",
        "search: nothing has it": f"{LIST}?q=qqzzqq",
        "an article's form": f"{LIST}{middle.pk}/change/",
        "articles completed": complete.format("collectionitem", "article") + common[:4],
        "sources completed": complete.format("article", "sources") + "the",
    }


def place(rows: Any, before: int) -> str:
    """The address of the page behind that many rows, or of the last but one."""
    from newsreader.desk.article_list import NEWEST
    from newsreader.desk.order import Turn

    before = min(before, max(0, rows.count() - 100))
    row = rows.order_by(*NEWEST.columns)[before - 1]
    # As the list itself writes it: see ArticleList.
    return f"?p={Turn(at=NEWEST.at(row.dated, row.pk), before=before).written(f'{NEWEST} ?')}"


def rare(rows: Any) -> str:
    """A word that one text has, which a library of any size shares with no other: the longest of an article's."""
    from newsreader.accounts.models import User
    from newsreader.core.query import parse
    from newsreader.search.desk import desk_search

    user = User.objects.order_by("pk").first()
    for text in rows.filter(language="en").order_by("pk").values_list("text", flat=True)[:50]:
        for word in sorted(set(text.split()), key=len, reverse=True)[:20]:
            if word.isalpha() and 1 <= len(desk_search(parse(word), user, rows, narrowed=False).keys()) <= 3:
                return str(word)
    raise SystemExit("No word of the first texts is rare.")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(int(sys.argv[1]))
    else:
        sys.exit(min(1, main()))
