"""How well a search answers: natural questions with judged answers, and articles that are looked for by their titles.

The service is the function that the search page calls, for a visitor, `kind="articles"`. The fill alone is the order
that it gives where few rows have all the words, of rows that it is told have none, and for every question. Plain bm25
is FTS5's own over the same words of the same table, any of them; tantivy has title and text in one field.

`odd` and `even` are halves of the questions. What was chosen by measuring (docs/decisions/007-filling.md) was chosen
with both in view, so neither is a check on questions that were never seen.
"""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, median
from time import perf_counter

DATA = Path(os.environ.get("BENCH_DATA", "../shared/data"))
FIRST, DEPTH = 10, 100  # rows of a page; rows that mean average precision looks at
NEUTRAL = "Untitled"  # the title of articles that are looked for by theirs
WORD = re.compile(r"[^\W_]+")

Answers = Callable[[str, int], Sequence[int]]  # the keys of the first rows for a question


@dataclass(frozen=True)
class Collection:
    """Documents (title, byline, text) and questions by number, and the grades of documents for each question."""

    name: str
    documents: dict[int, tuple[str, str, str]]
    questions: dict[int, str]
    judged: dict[int, dict[int, int]]


def main() -> int:
    """Print one row for each collection and way to search it."""
    if not (DATA / "search").is_dir():
        print(f"No data in {DATA / 'search'}: nothing measured. Name its folder in BENCH_DATA.")
        return 0
    print(f"nDCG, recall and MRR at {FIRST}, MAP at {DEPTH}; wall ms of a search for {FIRST} rows, median")
    print(
        f"{'':<11}{'':<34}{'nDCG':>7}{'odd':>7}{'even':>7}{'MAP':>7}{'recall':>8}{'MRR':>7}{'odd':>7}{'even':>7}{'ms':>7}"
    )
    given = os.environ.get("DATABASE_URL", "")
    for url in ("", given) if given.startswith("postgres") else ("",):
        with tempfile.TemporaryDirectory() as var:
            database = url or f"sqlite:///{var}/bench.sqlite3"
            settings = {
                "NEWSREADER_VAR": var,
                "DATABASE_URL": database,
                "DJANGO_SETTINGS_MODULE": "newsreader.settings",
            }
            failed = subprocess.run(
                [sys.executable, "-m", "bench.relevance", "one"], env=os.environ | settings
            ).returncode
            if failed:
                return failed
    return 0


def one_database() -> None:
    """The rows of the database that DATABASE_URL names, in a database that is made for it and thrown away."""
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        for collection in collections():
            fill(collection)
            for name, answers in ways(collection):
                print(f"{collection.name:<11}{name:<34}{measured(collection, answers)}", flush=True)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def collections() -> Iterator[Collection]:
    for folder in ("cranfield", "medline"):
        path = DATA / "search" / folder
        judged: dict[int, dict[int, int]] = {}
        for line in (path / "qrels.tsv").read_text().splitlines()[1:]:
            question, document, grade = map(int, line.split())
            judged.setdefault(question, {})[document] = grade
        documents = {
            one["id"]: tuple(one.get(part) or "" for part in ("title", "author", "text"))
            for one in lines(path / "docs.jsonl")
        }
        questions = {one["id"]: one["text"] for one in lines(path / "queries.jsonl") if one["id"] in judged}
        yield Collection(folder.capitalize(), documents, questions, judged)
    posts = dict(enumerate(lines(DATA / "news-text" / "us-gov-posts.jsonl"), 1))
    yield Collection(
        "By title",
        {number: ("", "", unescape(post["text"])) for number, post in posts.items()},
        {number: unescape(post["title"]) for number, post in posts.items()},
        {number: {number: 1} for number in posts},
    )


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def fill(collection: Collection) -> None:
    """The documents as articles with the same keys, all of one day."""
    from django.utils import timezone

    from newsreader.articles.models import Article

    Article.objects.all().delete()
    now = timezone.now()
    Article.objects.bulk_create(
        Article(
            id=key,
            slug=f"a-{key}",
            state="published",
            language="en",
            title=" ".join(title.split())[:500] or NEUTRAL,
            byline=" ".join(byline.split())[:300],
            dated=now,
            text=text,
            html="",
            length=len(text),
            words=len(text.split()),
            content_hash=str(key),
        )
        for key, (title, byline, text) in collection.documents.items()
    )
    settle()


def settle() -> None:
    """What a database does by itself when it has time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ways(collection: Collection) -> Iterator[tuple[str, Answers]]:
    from django.contrib.auth.models import AnonymousUser
    from django.db import connection

    from newsreader.core.query import parse
    from newsreader.search import service

    nobody = AnonymousUser()

    def search(question: str, limit: int) -> list[int]:
        return [row.article.pk for row in service.search(question, user=nobody, kind="articles", limit=limit).results]

    def fill_alone(question: str, limit: int) -> list[int]:
        backend = service.backend_for(parse(question), nobody)
        with backend.bounded():
            return [row.pk for row in backend.fill("articles", ())[:limit]]

    yield f"{connection.vendor}: service", search
    yield f"{connection.vendor}: the fill alone", fill_alone
    if connection.vendor == "sqlite":
        yield "plain FTS5 bm25, porter", plain
        if find_spec("tantivy"):
            yield "tantivy, default splitter", tantivy(collection, "default")
            yield "tantivy, English stems", tantivy(collection, "en_stem")
        else:
            print(f"{collection.name:<11}tantivy: not installed (pip install tantivy)")


def plain(question: str, limit: int) -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM search_articles WHERE search_articles MATCH %s ORDER BY rank LIMIT %s",
            [" OR ".join(f'"{word}"' for word in WORD.findall(question)), limit],
        )
        return [key for (key,) in cursor.fetchall()]


def tantivy(collection: Collection, splitter: str) -> Answers:
    import tantivy as engine

    schema = engine.SchemaBuilder()
    schema.add_unsigned_field("key", stored=True)
    schema.add_text_field("text", tokenizer_name=splitter)
    index = engine.Index(schema.build())
    writer = index.writer()
    for key, (title, _, text) in collection.documents.items():
        writer.add_document(engine.Document(key=key, text=f"{title}\n{text}"))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(question: str, limit: int) -> list[int]:
        query = index.parse_query(" ".join(WORD.findall(question)).lower(), ["text"])
        return [searcher.doc(address)["key"][0] for _, address in searcher.search(query, limit).hits]

    return search


def measured(collection: Collection, answers: Answers) -> str:
    """A row of figures."""
    ranks: dict[int, tuple[float, ...]] = {}
    took = []
    for number, question in collection.questions.items():
        begin = perf_counter()
        first = answers(question, FIRST)
        took.append(perf_counter() - begin)
        grades = collection.judged[number]
        # One row answers what is looked for by title: behind the page there is nothing more to know.
        deep = answers(question, DEPTH) if len(grades) > 1 else first
        ranks[number] = (gain(first, grades), precision(deep, grades), recall(first, grades), reciprocal(first, grades))

    def mean(place: int, half: int | None = None) -> str:
        return f"{fmean(one[place] for number, one in ranks.items() if half is None or number % 2 == half):.3f}"

    figures = (mean(0), mean(0, 1), mean(0, 0), mean(1), mean(2), mean(3), mean(3, 1), mean(3, 0))
    widths = (7, 7, 7, 7, 8, 7, 7, 7)
    return (
        "".join(f"{one:>{width}}" for one, width in zip(figures, widths, strict=True)) + f"{median(took) * 1000:>7.1f}"
    )


def gain(found: Sequence[int], grades: dict[int, int]) -> float:
    """Normalised discounted cumulative gain; gains are linear in the grades."""
    best = discounted(sorted(grades.values(), reverse=True)[:FIRST])
    return discounted([grades.get(key, 0) for key in found[:FIRST]]) / best if best else 0.0


def discounted(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def precision(found: Sequence[int], grades: dict[int, int]) -> float:
    """Average precision."""
    right = [place for place, key in enumerate(found, 1) if grades.get(key, 0) > 0]
    return sum(number / place for number, place in enumerate(right, 1)) / wanted(grades)


def recall(found: Sequence[int], grades: dict[int, int]) -> float:
    return sum(grades.get(key, 0) > 0 for key in found[:FIRST]) / wanted(grades)


def reciprocal(found: Sequence[int], grades: dict[int, int]) -> float:
    return next((1 / place for place, key in enumerate(found[:FIRST], 1) if grades.get(key, 0) > 0), 0.0)


def wanted(grades: dict[int, int]) -> int:
    return max(1, sum(grade > 0 for grade in grades.values()))


if __name__ == "__main__":
    sys.exit(one_database() if sys.argv[1:] == ["one"] else main())
