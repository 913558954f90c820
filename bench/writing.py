"""Writing articles with the search's index and without it, in batches of 1,000 as make_library writes them.

Both databases grow in turn from nothing, batch by batch; what the articles say is made up before the clock starts.
"""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from bench.harness import library

BATCHES, BATCH = 20, 1_000
GOAL = 2.3


def main() -> int:
    """A row for each database."""
    print(f"Articles of 300 words with revision and labels, {BATCHES} batches of {BATCH:,}: ms for a batch on average")
    print(f"{'':<14}{'without index':>15}{'with it':>10}{'ratio':>8}   goal ≤ {GOAL}")
    for vendor in library.databases():
        with ExitStack() as stack:
            writers = {name: _writer(stack, vendor, name) for name in ("plain", "indexed")}
            took = dict.fromkeys(writers, 0.0)
            for _ in range(BATCHES):
                for name, writer in writers.items():  # in turn, so that a busy moment strikes both
                    took[name] += _ask(writer)
            for writer in writers.values():
                writer.stdin.close()
                writer.wait()
        plain, indexed = (took[name] / BATCHES * 1000 for name in ("plain", "indexed"))
        ratio = indexed / plain
        print(f"{vendor:<14}{plain:>15,.0f}{indexed:>10,.0f}{ratio:>8.2f}   {'' if ratio <= GOAL else 'missed'}")
    return 0


def _writer(stack: ExitStack, vendor: str, name: str) -> Any:
    """A process with a database of its own: writes a batch for each line it is sent, and answers how long it took."""
    env = stack.enter_context(library.environment(vendor, f"writing_{name}", keep=False))
    command = [sys.executable, "-m", "bench.writing", name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writer = subprocess.Popen(command, cwd=library.ROOT, env=env, **pipes)
    stack.callback(writer.kill)
    writer.stdout.readline()  # it is ready
    return writer


def _ask(writer: Any) -> float:
    writer.stdin.write("\n")
    writer.stdin.flush()
    return float(json.loads(writer.stdout.readline()))


def write(*, indexed: bool) -> None:
    """Seconds for each batch: of this processor on SQLite, on the clock on PostgreSQL."""
    library.setup()
    from django.db import connection

    from newsreader.intake import invented, making

    if not indexed:
        _without_index(connection)
    wanted = making.Wanted(BATCHES * BATCH, 0, 0, 1, 300, datetime(2026, 1, 1, tzinfo=UTC))
    filed = making.Filed.there()
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    print("ready", flush=True)
    for number, _ in enumerate(sys.stdin):
        numbers = range(number * BATCH, (number + 1) * BATCH)
        values = invented.articles(1, numbers, 300)
        begin = clock()
        making.write_batch(numbers, values, wanted, [], filed)
        print(clock() - begin, flush=True)


def _without_index(connection: Any) -> None:
    if connection.vendor == "sqlite":
        from newsreader.search.sqlite import index
    else:
        from newsreader.search.postgres import index
    index.remove(connection)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(indexed=sys.argv[1] == "indexed")
    else:
        sys.exit(main())
