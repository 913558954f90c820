"""Strings that break searches, through the language and through the page: every one gets an answer in 300 ms.

Those of `text-nasties` (below BENCH_DATA), each as it is, in quotation marks and as a field's value, and some of our
own, in a library of 1,000 articles of which one holds them all.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.harness import library

DATA = Path(os.environ.get("BENCH_DATA", "../shared/data")) / "text-nasties/naughty-strings.json"
ARTICLES = 1_000
LONGEST = 300.0  # ms
OURS = (
    *("", '"', '""', "'", "C++", "C#", ".NET", "a:b", "is:blue", "NOT NOT", "AND", "OR OR", "NEAR(a b, 2)", "^a", "*"),
    *(
        "-",
        "--",
        "{text} : a",
        "(",
        ")",
        "a)",
        "\\",
        "\0",
        "a\0b",
        "%s %d %",
        "_%_",
        "'; DROP TABLE x; --",
        "：“",
        "京",
    ),
    *("word " * 10_000, " ".join(f"word{n}" for n in range(10_000)), "a" * 100_000, "(" * 100_000, '"' * 100_000),
    *(
        '"a" ' * 10_000,
        "-a " * 10_000,
        "a* " * 10_000,
        "the -the " * 5_000,
        '"' + "the " * 10_000 + '"',
        "a OR " * 10_000,
    ),
    *("title:" * 10_000, "(a OR (b " * 5_000, "港" * 10_000, "港 " * 10_000, "misspeltt " * 100, "ü" * 10_000),
)


def main() -> int:
    """Each database in a process of its own; says so and ends well when the data is not there."""
    if not DATA.is_file():
        print(f"No data in {DATA}: no strings tried. Name the folder in BENCH_DATA.")
        return 0
    failed = 0
    for vendor in library.databases():
        with library.environment(vendor, "nasties", keep=False) as env:
            command = [sys.executable, "-m", "bench.nasties", "here"]
            failed += subprocess.run(command, cwd=library.ROOT, env=env).returncode != 0
    return failed


def measure() -> bool:
    """Print one row for each way; whether all is as promised."""
    library.setup()
    from django.db import connection

    filled = library.fill(ARTICLES)
    sections = json.loads(DATA.read_text(encoding="utf-8"))
    strings = [string for section in sections for string in section["strings"]]
    hold(strings)
    tried = [*dict.fromkeys((*OURS, *(typed for string in strings for typed in ways(string))))]
    print(f"\n{connection.vendor}: {filled}")
    print(f"{len(strings)} strings in {len(sections)} sections, {len(OURS)} of our own; goal: ≤ {LONGEST:g} ms each")
    print(f"{'':<10}{'tried':>7}{'errors':>8}{'p50 ms':>9}{'p95':>8}{'slowest':>9}  which")
    return all([row("parse", tried, parsed), row("page", tried, paged())])


def ways(string: str) -> Iterator[str]:
    yield from (string, f'"{string}"', f"title:{string}")


def hold(strings: list[str]) -> None:
    """An article that has all of them, so that there is something to find and to mark."""
    from newsreader.articles.models import Article

    article = Article.objects.filter(state="published").latest("pk")
    text = "\n".join(string.encode(errors="replace").decode().replace("\0", " ") for string in strings)
    Article.objects.filter(pk=article.pk).update(text=text)


def parsed(typed: str) -> bool:
    """Whether it is read, and read the same when it was written down."""
    from newsreader.core.query import parse, unparse

    query = parse(typed)
    return parse(unparse(query)) == query


def paged() -> Callable[[str], bool]:
    """The search page for one who is signed in, whether it is a page."""
    from django.test import Client

    from newsreader.accounts.models import User

    client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="reader-1"))

    def page(typed: str) -> bool:
        return client.get("/search/", {"q": typed.encode(errors="replace")}).status_code == 200

    return page


def row(name: str, tried: list[str], answers: Callable[[str], bool]) -> bool:
    answers("warm up")
    took, wrong = [], 0
    for typed in tried:
        begin = time.process_time()
        try:
            wrong += not answers(typed)
        except Exception as error:  # that nothing raises is what is measured
            wrong += 1
            print(f"{typed[:40]!r}: {error!r}")
        took.append(((time.process_time() - begin) * 1000, typed))
    took.sort()
    times = [ms for ms, _ in took]
    middle, most = times[len(times) // 2], times[len(times) * 95 // 100]
    slowest, which = took[-1]
    print(f"{name:<10}{len(tried):>7,}{wrong:>8}{middle:>9.2f}{most:>8.2f}{slowest:>9.1f}  {which[:40]!r}")
    return not wrong and slowest <= LONGEST


if __name__ == "__main__":
    sys.exit(main() if len(sys.argv) == 1 else not measure())
