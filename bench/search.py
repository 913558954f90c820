"""Search at 1,000 and 10,000 articles of about 300 words: the page and the service beside raw FTS5 for the same words.

Raw FTS5 is the table as it is: rank, the row's title and a snippet of the best 20, no permission, no counts.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any

SIZES = (1_000, 10_000)
WORDS = 300
VOCABULARY = 20_000
RUNS = 15
LIMIT = 20
RAW = (
    "SELECT rowid, title, snippet(search_articles, 3, '[', ']', '…', 32), rank FROM search_articles "
    "WHERE search_articles MATCH %s ORDER BY rank LIMIT 20"
)


def main() -> None:
    """Print one row for each size and query: milliseconds, the median of RUNS."""
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {
            "NEWSREADER_VAR": var,
            "DATABASE_URL": f"sqlite:///{var}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "newsreader.settings",
        }
        (Path(var) / "static").mkdir()
        setup()
        print(f"Search: articles of {WORDS} words, Zipf; a reader with 200 notes; processor ms, median of {RUNS}")
        print(f"{'articles':>9}  {'query':<18}{'hits':>8}{'raw FTS5':>10}{'service':>9}{'page':>8}{'queries':>9}")
        reader = make_reader()
        there = 0
        for size in SIZES:
            begin = time.process_time()
            fill(size - there, begin_at=there)
            rate = (size - there) / (time.process_time() - begin)
            if not there:
                annotate(reader)
            there = size
            for name, words in queries():
                print(f"{size:>9,}  {name:<18}{measure(words, reader)}", flush=True)
            print(f"           written in batches of 1,000, index included: {rate:,.0f} articles per processor second")


def setup() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0)


def queries() -> list[tuple[str, str]]:
    return [
        ("rare word", word(9_000)),
        ("common word", word(0)),
        ("two words", f"{word(3)} {word(200)}"),
        ("phrase", f'"{word(0)} {word(1)}"'),
        ("nothing found", "zzyzx"),
    ]


def word(rank: int) -> str:
    """The word of that rank: letters that no stemmer touches."""
    letters = "bdfgklmnprtvz"
    return "".join(letters[rank // 13**place % 13] + "aou"[place % 3] for place in range(4))


def fill(number: int, *, begin_at: int) -> None:
    """Articles of Zipf words, the same each time."""
    from django.utils import timezone

    from newsreader.articles.models import Article

    dice = random.Random(begin_at)
    vocabulary = [word(rank) for rank in range(VOCABULARY)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(VOCABULARY)))
    now = timezone.now()
    for first in range(begin_at, begin_at + number, 1_000):
        articles = []
        for n in range(first, min(first + 1_000, begin_at + number)):
            words = dice.choices(vocabulary, cum_weights=weights, k=WORDS)
            text = " ".join(words)
            title = " ".join(words[5:12]).capitalize()
            articles.append(
                Article(
                    slug=f"a-{n}",
                    state="published",
                    title=title,
                    dated=now,
                    text=text,
                    html=f"<p>{text}</p>",
                    length=len(text),
                    words=WORDS,
                    content_hash=str(n),
                )
            )
        Article.objects.bulk_create(articles)


def make_reader() -> Any:
    from newsreader.accounts.models import User

    return User.objects.create_user("reader")


def annotate(reader: Any) -> None:
    from newsreader.annotations.models import Highlight
    from newsreader.articles.models import Article, Revision

    made = []
    for article in Article.objects.all()[:200]:
        revision = Revision.objects.create(article=article, number=1, title=article.title, html=article.html)
        exact = article.text[:60]
        made.append(
            Highlight(
                reader=reader, article=article, revision=revision, start=0, end=60, exact=exact, note=f"{word(0)} noted"
            )
        )
    Highlight.objects.bulk_create(made)


def measure(words: str, reader: Any) -> str:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from newsreader.core.query import parse
    from newsreader.search import sqlite
    from newsreader.search.service import search

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(reader)

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(RAW, [sqlite.match(parse(words))])
            cursor.fetchall()

    def page() -> None:
        assert client.get("/search/", {"q": words}).status_code == 200

    hits = search(words, user=reader).counts["all"]
    figures = [timed(raw), timed(lambda: search(words, user=reader, limit=LIMIT)), timed(page)]
    with CaptureQueriesContext(connection) as captured:
        page()
    return (
        f"{hits if hits <= 1_000 else '1,000+':>8}{figures[0]:>10.1f}{figures[1]:>9.1f}{figures[2]:>8.1f}"
        f"{len(captured):>9}"
    )


def timed(what: Callable[[], object]) -> float:
    """Milliseconds of processor time, SQLite's included, the median of RUNS after one to warm up."""
    what()
    took = []
    for _ in range(RUNS):
        begin = time.process_time()
        what()
        took.append(time.process_time() - begin)
    return median(took) * 1000


if __name__ == "__main__":
    sys.exit(main())
