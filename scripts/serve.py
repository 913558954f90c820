"""Starts the library and serves it until Ctrl-C, or until the one who started it is gone.

The whole of `make run` after the packages are installed. Anything that keeps it from starting is said in one line.
"""

import contextlib
import errno
import fcntl
import http.client
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104
# Measured in docs/decisions/003-serving.md
PROCESSES = 2
THREADS = 4
PATIENCE = 10  # seconds that a request under way gets at the end
AGAIN = 5.0  # seconds until a worker that ended by itself is started again


def main() -> None:
    """Prepare, serve, say where."""
    host, port, processes = os.environ.get("HOST", "").strip() or "127.0.0.1", port_number(), process_number()
    see_that_it_is_free(host, port)
    address = f"http://{url_host('127.0.0.1' if host in EVERYWHERE else host)}:{port}"
    public = os.environ.get("NEWSREADER_URL", "").strip().rstrip("/")
    var = writable_folder()
    with use(var):
        prepared = subprocess.run(
            [sys.executable, "-m", "scripts.prepare", public or address], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        if prepared.returncode:
            sys.exit(prepared.returncode)
        lines = [f"Newsreader is open at {address}", "Ctrl-C closes it."]
        if host in EVERYWHERE:
            lines.insert(1, f"and on port {port} of every address of this machine.")
        if public:
            lines.insert(1, f"Its readers find it at {public}")
        if link := prepared.stdout.strip():
            lines.append(f"It has no owner yet. Whoever opens this link becomes the owner; it works once:\n  {link}")
        opened = threading.Event()
        threading.Thread(target=announce, args=(host, port, "\n".join(lines), opened), daemon=True).start()
        with worker(opened):
            serve(host, port, processes)
    print("\nNewsreader is closed.")


def port_number() -> int:
    """PORT, or 8000; ends with a line when it's no port."""
    value = os.environ.get("PORT", "").strip() or "8000"
    if value.isascii() and value.isdigit() and 0 < int(value) < 65_536:
        return int(value)
    sys.exit(f"PORT is '{value}': choose a number from 1 to 65535, as in: make run PORT=8001")


def process_number() -> int:
    """NEWSREADER_PROCESSES, or as many as are good for two cores; ends with a line when it's no such number."""
    value = os.environ.get("NEWSREADER_PROCESSES", "").strip() or str(PROCESSES)
    if value.isascii() and value.isdigit() and 0 < int(value) <= 64:
        return int(value)
    sys.exit(f"NEWSREADER_PROCESSES is '{value}': choose a number from 1 to 64, one for each core.")


def see_that_it_is_free(host: str, port: int) -> None:
    """Try the address before anything slow is done; ends with a line when it can't be had."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free
            probe.bind(where)
    except socket.gaierror:
        sys.exit(f"HOST is '{host}', which is no address of this machine: leave it out, or use 127.0.0.1 or 0.0.0.0.")
    except PermissionError:
        sys.exit(f"Port {port} is kept for the system: choose one from 1024 up, as in: make run PORT=8001")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65_535 else 8001
            sys.exit(f"Port {port} is taken: stop what listens there, or choose another one: make run PORT={other}")
        sys.exit(f"HOST is '{host}', which can't be used here ({error.strerror}): leave it out, or use 0.0.0.0.")


def writable_folder() -> Path:
    """The folder for everything that is kept, made if it is missing; ends with a line when it can't be written."""
    var = Path(os.environ.get("NEWSREADER_VAR") or ROOT / "var")
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(var, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        sys.exit(f"The folder {var} can't be written ({error.strerror}): make it writable, or set NEWSREADER_VAR.")
    return var


def use(var: Path) -> contextlib.ExitStack:
    """Hold the folder as one of its users, which a restore waits for. Several servers may share it."""
    stack = contextlib.ExitStack()
    lock = stack.enter_context((var / "in-use").open("w"))
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("A backup is being restored just now: start again when that is done.")
    return stack


def serve(host: str, port: int, processes: int) -> None:
    """Serve until a signal. Returns when the last request is answered."""
    multiprocessing.set_start_method("spawn")  # the same on every system, and safe beside our threads
    server = Granian(
        "newsreader.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
    )
    end_with_parent()
    # A closed terminal closes the library; granian would take it as the word to start its workers anew.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    server.serve(target_loader=load)


@contextlib.contextmanager
def worker(opened: threading.Event) -> Iterator[None]:
    """What works behind the pages, from when they are `opened`; started again when it ends. None with 0 threads."""
    if os.environ.get("NEWSREADER_WORKER_THREADS", "").strip() == "0":
        yield
        return
    closing, running = threading.Event(), []

    def watch() -> None:
        opened.wait()
        while not closing.is_set():
            if not running or running[-1].poll() is not None:
                running.append(start_worker())
            closing.wait(AGAIN)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        closing.set()
        opened.set()
        watching.join()
        for process in running[-1:]:
            end(process)


def start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "scripts.work"], cwd=ROOT)


def end(process: subprocess.Popen[bytes]) -> None:
    """Lets it finish what it is at, for a while."""
    process.terminate()
    try:
        process.wait(PATIENCE + 5)
    except subprocess.TimeoutExpired:
        process.kill()


def load(target: str) -> Callable[..., Any]:
    """In a worker: the application."""
    end_with_parent()
    from newsreader.wsgi import application  # noqa: PLC0415 only the workers load Django

    return application


def end_with_parent() -> None:
    """End this process in good order when its parent is gone, even one that was killed: nothing may stay behind."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def announce(host: str, port: int, words: str, opened: threading.Event) -> None:
    """Say `words`, and set `opened`, as soon as a first request is answered."""
    while True:
        connection = http.client.HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=5)  # noqa: S104
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
        else:
            print(words, flush=True)
            opened.set()
            return
        finally:
            connection.close()


def url_host(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
