"""A throw-away PostgreSQL for tests and benches, with streaming replicas where asked; gone with whoever started it.

    python -m scripts.postgres COMMAND …               DATABASE_URL is set for the command; its exit code is ours
    python -m scripts.postgres --replicas 1 COMMAND …  DATABASE_REPLICA_URLS is set, too
    python -m scripts.postgres                         says where it is, until Ctrl-C

It uses the distribution's own packages, and installs them where they are missing. It listens on the loopback address
only, behind a password of its own, and keeps nothing: nobody waits for the disk (fsync is off).
"""

import argparse
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
NAME = "newsreader"  # of the database, and of who owns it
SERVICE_USER = "postgres"  # the packages make one; PostgreSQL refuses to run as root
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin"  # where servers lie
PATIENCE = 60.0  # seconds until a server answers
# How each package manager installs what the tests need: server, contributed modules, pooler.
MANAGERS = {
    "apt-get": "apt-get update -qq && apt-get install -y -qq postgresql pgbouncer",
    "dnf": "dnf install -y -q postgresql-server postgresql-contrib pgbouncer",
    "pacman": "pacman -Sy --noconfirm --needed postgresql pgbouncer",
    "apk": "apk add --quiet postgresql postgresql-contrib pgbouncer",
}
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "wal_keep_size": "64MB",  # a replica that paused finds what it missed
    "hot_standby_feedback": "on",
    "max_standby_streaming_delay": "1s",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


@dataclass(slots=True)
class Server:
    """One running server: its data, its port, its password."""

    folder: Path
    port: int
    password: str
    guard: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """As in DATABASE_URL."""
        return f"postgres://{NAME}:{self.password}@{HOST}:{self.port}/{NAME}"

    @property
    def pid(self) -> int:
        """The server's own process."""
        return int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])

    def start(self) -> None:
        """Start it and wait until it answers. Ends with a line when it doesn't."""
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [program("postgres"), "-D", self.folder, "-p", f"{self.port}", *settings]
        self.guard = guarded(command, self.folder.parent / "log")
        ready = [str(program("pg_isready")), "-q", "-h", HOST, "-p", str(self.port), "-t", "1"]
        end = time.monotonic() + PATIENCE
        while subprocess.run(ready).returncode:
            if time.monotonic() > end:
                self.stop()
                sys.exit(f"PostgreSQL did not start:\n{(self.folder.parent / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it; its data stay until the cluster goes."""
        if self.guard:
            end(self.guard)
        self.guard = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A primary, and the replicas that follow it."""

    primary: Server
    replicas: tuple[Server, ...]

    @property
    def environment(self) -> dict[str, str]:
        """The settings that name these servers."""
        named = {"DATABASE_URL": self.primary.url}
        return named | ({"DATABASE_REPLICA_URLS": " ".join(one.url for one in self.replicas)} if self.replicas else {})


@contextmanager
def cluster(*, replicas: int = 0) -> Iterator[Cluster]:
    """A cluster of its own for as long as the block runs. Ends with a line when PostgreSQL can't be had."""
    if missing("initdb"):
        install()
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="newsreader-postgres-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if os.geteuid() == 0:
            shutil.chown(folder, SERVICE_USER, SERVICE_USER)
        primary = Server(folder / "primary", free_port(), secrets.token_urlsafe(16))
        make_primary(primary)
        stack.callback(primary.stop)
        primary.start()
        run("createdb", "-h", HOST, "-p", str(primary.port), "-U", NAME, NAME, PGPASSWORD=primary.password)
        followers = []
        for number in range(1, replicas + 1):
            replica = Server(folder / f"replica{number}", free_port(), primary.password)
            copy(primary, replica)
            stack.callback(replica.stop)
            replica.start()
            followers.append(replica)
        yield Cluster(primary, tuple(followers))


def make_primary(server: Server) -> None:
    """Empty data, whose one user is its owner, with a password."""
    secret = server.folder.parent / "password"
    secret.touch(mode=0o600)
    secret.write_text(server.password)
    if os.geteuid() == 0:
        shutil.chown(secret, SERVICE_USER, SERVICE_USER)
    run(
        "initdb", "-D", str(server.folder), "-U", NAME, "--pwfile", str(secret), "--auth", "scram-sha-256",
        "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
    )  # fmt: skip


def copy(primary: Server, replica: Server) -> None:
    """A base copy of a running primary that follows it from then on, as docs/operations.md says."""
    run(
        "pg_basebackup", "-h", HOST, "-p", str(primary.port), "-U", NAME, "-D", str(replica.folder),
        "-R", "-X", "stream", "-c", "fast", "--no-sync", PGPASSWORD=primary.password,
    )  # fmt: skip


def guarded(command: Sequence[object], log: Path) -> "subprocess.Popen[bytes]":
    """Start a server as the unprivileged user, for `end` to end; it ends also when we are killed."""
    # The shell ends it when our end of its pipe closes.
    shell = '"$@" </dev/null & server=$!; cat >/dev/null; kill -INT $server 2>/dev/null; wait $server'
    with log.open("ab") as words:
        return subprocess.Popen(
            ["sh", "-c", shell, "sh", *map(str, command)],
            stdin=subprocess.PIPE, stdout=words, stderr=words, cwd="/", start_new_session=True, **unprivileged(),
        )  # fmt: skip


def end(server: "subprocess.Popen[bytes]") -> None:
    """End what `guarded` started."""
    if server.stdin:
        server.stdin.close()
    server.wait(PATIENCE)


def run(name: str, *arguments: str, **environment: str) -> None:
    """One of PostgreSQL's programs to its end, as the unprivileged user; ends with its words when it fails."""
    answer = subprocess.run(
        [str(program(name)), *arguments],
        env={**os.environ, **environment}, cwd="/", capture_output=True, text=True, **unprivileged(),
    )  # fmt: skip
    if answer.returncode:
        sys.exit(f"{name} failed: {answer.stderr.strip()}")


def unprivileged() -> dict[str, Any]:
    """Arguments for a process that must not be root's."""
    if os.geteuid():
        return {}
    try:
        entry = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        sys.exit(f"PostgreSQL refuses to run as root, and there is no user {SERVICE_USER}: run this as another user.")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def program(name: str) -> Path:
    """Where the distribution keeps one of PostgreSQL's programs, the newest version's first. Raises LookupError."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: -float(path.parts[4]))
    if kept:
        return kept[0]
    if found := shutil.which(name):
        return Path(found)
    raise LookupError(name)


def missing(name: str) -> bool:
    """Whether the machine has no such program of PostgreSQL's."""
    try:
        program(name)
    except LookupError:
        return True
    return False


def may_install() -> bool:
    """Whether this is root, or a sudo asks nothing."""
    if os.geteuid() == 0:
        return True
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL).returncode == 0


def install() -> None:
    """Install the distribution's packages; ends with a line that says what to do when that can't be."""
    manager = next(filter(shutil.which, MANAGERS), None)
    if manager is None:
        sys.exit("These tests need PostgreSQL: install its server, then run this again.")
    if not may_install():
        sys.exit(f"These tests need PostgreSQL, and only root may install it: {MANAGERS[manager]}")
    print("Installing PostgreSQL and PgBouncer for the tests …", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = subprocess.DEVNULL
    command = [*(["sudo", "-n"] if os.geteuid() else []), "sh", "-c", MANAGERS[manager]]
    if subprocess.run(command, env=environment, stdin=quiet, stdout=quiet).returncode or missing("initdb"):
        sys.exit(f"PostgreSQL could not be installed ({MANAGERS[manager]} failed): install it, then run this again.")


def free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def main(arguments: Sequence[str]) -> int:
    """Run the command with a cluster's addresses in its environment; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.postgres")
    parser.add_argument("--replicas", type=int, default=0, help="how many streaming replicas")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run; without one, it says where it is")
    asked = parser.parse_args(arguments)
    if not shutil.which("pgbouncer", path=SEARCHED) and may_install():
        install()  # some tests are skipped without it
    with cluster(replicas=asked.replicas) as made:
        if asked.command:
            return subprocess.run(asked.command, env={**os.environ, **made.environment}).returncode
        print("\n".join(f"export {name}='{value}'" for name, value in made.environment.items()))
        print("Ctrl-C ends it.", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # told to end, it ends what it started
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
