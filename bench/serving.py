"""gunicorn with threads against granian: the same page, the same client, one after the other.

Measures whichever of the two is installed; the project's lock holds granian (docs/decisions/003-serving.md), so for
both: `pip install gunicorn` in a throw-away environment.
"""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.harness.load import HOST, cpu_seconds, free_port, load, memory, request, wait_for

ROOT = Path(__file__).parent.parent
REQUESTS = 2_000
ROUNDS = 3
HELD = 32  # connections that send half a request and then nothing
APP = "bench.harness.wsgi:application"

GUNICORN = [
    sys.executable,
    "-m",
    "gunicorn",
    "--no-control-socket",
    APP,
    "--worker-class",
    "gthread",
    "--keep-alive",
    "75",
]
GRANIAN = [sys.executable, "-m", "granian", APP, "--interface", "wsgi", "--no-ws", "--host", HOST]
SERVERS = {
    "gunicorn 1 × 8": ("gunicorn", [*GUNICORN, "--workers", "1", "--threads", "8", "--bind", f"{HOST}:{{port}}"]),
    "gunicorn 2 × 4": ("gunicorn", [*GUNICORN, "--workers", "2", "--threads", "4", "--bind", f"{HOST}:{{port}}"]),
    "granian 1 × 8": ("granian", [*GRANIAN, "--workers", "1", "--blocking-threads", "8", "--port", "{port}"]),
    "granian 2 × 4": ("granian", [*GRANIAN, "--workers", "2", "--blocking-threads", "4", "--port", "{port}"]),
}


def main() -> None:
    """Print one row for each way of serving; the median of three rounds each."""
    print(f"Serving: a trivial page, signed in; {REQUESTS} requests, median of {ROUNDS} rounds, times in ms")
    print(
        f"{'':<16}{'CPU/req':>9}{'p50 ×1':>9}{'p95 ×1':>9}{'p50 ×8':>9}{'p95 ×8':>9}{'req/s ×8':>10}"
        f"{'start':>8}{'stop':>8}{'MB':>7}  {HELD} held connections"
    )
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"NEWSREADER_VAR": var, "DJANGO_SETTINGS_MODULE": "bench.harness.unit"}
        message = request("/unit/", headers=[f"Cookie: sessionid={session()}"])
        for name, (package, argv) in SERVERS.items():
            if importlib.util.find_spec(package):
                print(f"{name:<16}{measure(argv, message)}", flush=True)
            else:
                print(f"{name:<16}  not installed")


def session() -> str:
    """The session key of a freshly made reader in a freshly made database."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    reader = get_user_model().objects.create_user("unit")
    store = SessionStore()
    store[SESSION_KEY] = str(reader.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def measure(argv: list[str], message: bytes) -> str:
    """Start a server, load it, hold connections open, stop it: the rest of its row."""
    port = free_port()
    with subprocess.Popen(
        [part.format(port=port) for part in argv], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            begin = time.perf_counter()
            wait_for(port)
            load(port, message, connections=1, requests=1)
            start = time.perf_counter() - begin
            load(port, message, connections=8, requests=200)  # every thread has its database connection
            rounds = [once(server.pid, port, message) for _ in range(ROUNDS)]
            cpu, p50, p95, p50_8, p95_8, rate = (median(column) for column in zip(*rounds, strict=True))
            size = memory(server.pid)
            answered = held(port, message)
            with socket.create_connection((HOST, port)):  # an idle browser must not delay the end
                begin = time.perf_counter()
                server.send_signal(signal.SIGINT)
                server.wait(60)
                stop = time.perf_counter() - begin
        finally:
            server.kill()
    figures = f"{cpu:>9.2f}{p50:>9.2f}{p95:>9.2f}{p50_8:>9.2f}{p95_8:>9.2f}{rate:>10.0f}"
    return f"{figures}{start:>7.2f}s{stop:>7.2f}s{size:>7.0f}  {answered}"


def once(pid: int, port: int, message: bytes) -> tuple[float, ...]:
    """One round at one and at eight connections. CPU is the server's own, in ms per request."""
    before = cpu_seconds(pid)
    one = load(port, message, connections=1, requests=REQUESTS)
    eight = load(port, message, connections=8, requests=REQUESTS)
    cpu = (cpu_seconds(pid) - before) / (2 * REQUESTS) * 1000
    if one.refused or eight.refused:
        raise SystemExit("the unit page was refused: the figures would mean nothing")
    return cpu, one.p50, one.p95, eight.p50, eight.p95, eight.rate


def held(port: int, message: bytes) -> str:
    """How long an honest request waits while strangers hold connections with half a request each."""
    with ExitStack() as stack:
        for _ in range(HELD):
            stranger = stack.enter_context(socket.create_connection((HOST, port)))
            stranger.sendall(b"GET / HTTP/1.1\r\nHost: ")
        time.sleep(0.5)
        with socket.create_connection((HOST, port), timeout=10) as honest:
            begin = time.perf_counter()
            honest.sendall(message)
            try:
                honest.recv(1)
            except TimeoutError:
                return "no answer within 10 s"
            return f"answered after {(time.perf_counter() - begin) * 1000:.0f} ms"


if __name__ == "__main__":
    main()
