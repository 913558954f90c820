"""How serving grows: web processes, SQLite or PostgreSQL, a pooler and a replica; what a signed-in reader opens.

All of it stands on one machine, so this shows what each part costs. What several machines bring can't be seen here.
BENCH_REQUESTS and BENCH_ROUNDS: how many of them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.harness.load import HOST, cpu_seconds, free_port, load, request, wait_for
from scripts.pooler import find, pooler
from scripts.postgres import cluster

ROOT = Path(__file__).parent.parent
ARTICLES, HIGHLIGHTS = 2_000, 2_000
REQUESTS, ROUNDS = int(os.environ.get("BENCH_REQUESTS", "200")), int(os.environ.get("BENCH_ROUNDS", "3"))
CONNECTIONS = 8
THREADS = 4
FILL = ["make_library", "--add", "--articles", str(ARTICLES), "--highlights", str(HIGHLIGHTS), "--readers", "5"]
# Prints the session of a reader, a word that some articles have, and the newest article's address.
VISIT = """
import django; django.setup()
from bench.pages import session_of
from newsreader.accounts.models import User
from newsreader.articles.models import Article
reader = User.objects.get(username="reader-1")
article = Article.objects.visible_to(reader).newest()[0]
print(session_of(reader), max(article.title.split(), key=len).strip(".,:;!?").lower(), article.get_absolute_url())
"""


def main() -> None:
    """Print a table for each set-up with one and with two web processes."""
    print(f"{ARTICLES:,} articles, {HIGHLIGHTS:,} passages; {REQUESTS} requests over {CONNECTIONS} connections,")
    print(f"rounds: {ROUNDS} (their median), {THREADS} threads a process; CPU is the web processes' own, times in ms")
    print(f"{'':<46}{'page':<10}{'requests/s':>12}{'p50':>8}{'p95':>8}{'CPU/req':>9}", flush=True)
    with tempfile.TemporaryDirectory() as folder, cluster(replicas=1) as made:
        var = Path(folder) / "sqlite"
        reader = fill(var, {"DATABASE_URL": ""})
        measure("SQLite", var, {"DATABASE_URL": ""}, reader)
        shutil.copytree(var / "static", Path(folder) / "postgres/static")
        var = Path(folder) / "postgres"
        direct = {"DATABASE_URL": made.primary.url}
        reader = fill(var, direct)
        measure("PostgreSQL", var, direct, reader)
        measure("PostgreSQL, reads on a replica", var, made.environment, reader)
        if find() is None:
            print("PgBouncer isn't installed: not measured")
            return
        with pooler(made) as pooled:
            measure("PostgreSQL through PgBouncer", var, pooled | {"DATABASE_REPLICA_URLS": ""}, reader)
            measure("the replica through PgBouncer", var, pooled, reader)


def environment(var: Path, settings: dict[str, str]) -> dict[str, str]:
    """Of every program that this bench starts."""
    ours = ("NEWSREADER_", "DATABASE_", "DJANGO_", "HOST", "PORT")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    key = "only-for-the-bench-0123456789-abcdefghijklmnopqrstuvwxyz"
    own = {"NEWSREADER_VAR": str(var), "NEWSREADER_SECRET_KEY": key, "DJANGO_SETTINGS_MODULE": "bench.harness.site"}
    return {**bare, **own, **settings}


def fill(var: Path, settings: dict[str, str]) -> list[str]:
    """Make the library; a reader's session, a word and an article's address."""
    var.mkdir(exist_ok=True)
    for arguments in (["-m", "scripts.prepare", "http://127.0.0.1"], ["manage.py", *FILL], ["-c", VISIT]):
        answer = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment(var, settings), capture_output=True, text=True
        )
        if answer.returncode:
            sys.exit(f"{arguments[:2]} failed: {answer.stderr}")
    return answer.stdout.split()


def measure(name: str, var: Path, settings: dict[str, str], reader: list[str]) -> None:
    """The rows of one set-up."""
    session, word, article = reader
    pages = {"library": "/", "article": article, "search": f"/search/?q={word}"}
    for processes in (1, 2):
        with served(var, settings, processes) as (pid, port):
            for page, path in pages.items():
                message = request(path, headers=[f"Cookie: sessionid={session}"])
                load(port, message, connections=CONNECTIONS, requests=32)  # every thread has its connection
                rounds = [once(pid, port, message) for _ in range(ROUNDS)]
                rate, p50, p95, cpu = (median(column) for column in zip(*rounds, strict=True))
                told = f"{name}, {processes} process{'es' if processes > 1 else ''}" if page == "library" else ""
                print(f"{told:<46}{page:<10}{rate:>12.0f}{p50:>8.1f}{p95:>8.1f}{cpu:>9.1f}", flush=True)


def once(pid: int, port: int, message: bytes) -> tuple[float, ...]:
    before = cpu_seconds(pid)
    figures = load(port, message, connections=CONNECTIONS, requests=REQUESTS)
    if figures.refused:
        sys.exit("a page was refused: the figures would mean nothing")
    return figures.rate, figures.p50, figures.p95, (cpu_seconds(pid) - before) / REQUESTS * 1000


@contextmanager
def served(var: Path, settings: dict[str, str], processes: int) -> Iterator[tuple[int, int]]:
    """The whole site from so many web processes: (pid, port)."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "bench.harness.wsgi:application", "--interface", "wsgi", "--no-ws"]
    command += ["--host", HOST, "--port", str(port), "--workers", str(processes), "--blocking-threads", str(THREADS)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=environment(var, settings), stdout=quiet, stderr=quiet) as server:
        try:
            wait_for(port)
            yield server.pid, port
        finally:
            server.terminate()
            server.wait(60)


if __name__ == "__main__":
    main()
