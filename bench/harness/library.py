"""A library of a given size for a bench: made by make_library, measured while it is made, kept where BENCH_KEEP says.

SQLite's is a file in a folder of its own; PostgreSQL's a database of its own on the server that DATABASE_URL names,
never the one that it names.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
READERS, PASSAGES = 50, 20_000  # 400 passages of each reader, 200 of them with a note


@dataclass(frozen=True, slots=True)
class Filled:
    """How large it is, and how long it took. `seconds` are None where it was kept by another run."""

    articles: int
    megabytes: float
    seconds: float | None
    rate: float  # articles a second, the index included

    def __str__(self) -> str:
        when = "now" if self.seconds is not None else "by an earlier run"
        return (
            f"{self.articles:,} articles of 300 words, {PASSAGES:,} passages of {READERS} readers: "
            f"{self.megabytes:,.0f} MB, {self.rate:,.0f} articles a second when it was filled ({when})"
        )


def databases() -> list[str]:
    """SQLite, and PostgreSQL where DATABASE_URL names one."""
    return ["sqlite", *(["postgresql"] if os.environ.get("DATABASE_URL", "").startswith("postgres") else [])]


@contextmanager
def environment(vendor: str, name: str, *, keep: bool = True) -> Iterator[dict[str, str]]:
    """The environment of a process whose database is this bench's own, called `name`: empty, or as it was kept."""
    kept = os.environ.get("BENCH_KEEP") if keep else None
    with tempfile.TemporaryDirectory() as passing:
        var = Path(kept or passing).resolve() / f"{vendor}-{name}"
        (var / "static").mkdir(parents=True, exist_ok=True)
        env = {**os.environ, "NEWSREADER_VAR": str(var), "DJANGO_SETTINGS_MODULE": "newsreader.settings"}
        env.pop("DATABASE_REPLICA_URLS", None)
        if vendor == "sqlite":
            yield {**env, "DATABASE_URL": f"sqlite:///{var}/newsreader.sqlite3"}
            return
        server = urlsplit(os.environ["DATABASE_URL"])
        database = f"newsreader_bench_{name}"
        if not kept:
            _tell(server.geturl(), f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        if not _tell(server.geturl(), f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
            _tell(server.geturl(), f"CREATE DATABASE {database}")
        try:
            yield {**env, "DATABASE_URL": server._replace(path=f"/{database}").geturl()}
        finally:
            if not kept:
                _tell(server.geturl(), f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def _tell(url: str, statement: str) -> list[tuple[object, ...]]:
    """One statement to PostgreSQL, and the rows that it answers."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def setup() -> None:
    """Django, the tables, and the static files as they are served: in the environment that stands."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def fill(articles: int) -> Filled:
    """Makes what is missing in the database of this process, and says how fast that went."""
    from django.db import connection

    note = Path(os.environ["NEWSREADER_VAR"]) / "filled.json"
    if note.exists() and (kept := json.loads(note.read_text()))["articles"] == articles:
        return Filled(articles, megabytes(connection), None, kept["rate"])
    make = [sys.executable, "manage.py", "make_library", "--seed", "1", "--until", "2026-01-01", "--verbosity", "0"]
    from newsreader.articles.models import Article

    before = Article.objects.count()  # of a run that was stopped
    begin = time.perf_counter()
    subprocess.run([*make, "--articles", str(articles)], cwd=ROOT, check=True)
    seconds = time.perf_counter() - begin
    rate = (articles - before) / seconds
    people = ["--articles", str(articles), "--readers", str(READERS), "--highlights", str(PASSAGES)]
    subprocess.run([*make, *people], cwd=ROOT, check=True)
    filled = Filled(articles, megabytes(connection), seconds, rate)
    note.write_text(json.dumps(asdict(filled)))
    return filled


def megabytes(connection: object) -> float:
    """What the database takes on the disk."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        if connection.vendor == "sqlite":  # type: ignore[attr-defined]
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        return float(cursor.fetchone()[0]) / 1e6
