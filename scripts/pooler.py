"""A throw-away PgBouncer in front of a throw-away cluster, with the very settings of docs/examples/pgbouncer.ini."""

import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.postgres import (
    HOST,
    NAME,
    PATIENCE,
    SEARCHED,
    SERVICE_USER,
    Cluster,
    end,
    free_port,
    guarded,
    unprivileged,
)

EXAMPLE = Path(__file__).parent.parent / "docs/examples/pgbouncer.ini"


def find() -> str | None:
    """Where PgBouncer lies on this machine."""
    return shutil.which("pgbouncer", path=SEARCHED)


@contextmanager
def pooler(cluster: Cluster, *, size: int = 10) -> Iterator[dict[str, str]]:
    """The settings that name the same servers through a PgBouncer of `size` connections to each."""
    found = find()
    if found is None:
        sys.exit("PgBouncer isn't installed: python -m scripts.postgres true installs it, where it may.")
    port, folder = free_port(), cluster.primary.folder.parent
    config, users = folder / "pgbouncer.ini", folder / "userlist.txt"
    servers = {"newsreader": cluster.primary}
    servers |= {f"replica{number}": server for number, server in enumerate(cluster.replicas, 1)}
    settings = {
        **{name: f"host={HOST} port={server.port} dbname={NAME}" for name, server in servers.items()},
        "listen_port": str(port), "auth_file": str(users), "default_pool_size": str(size),
    }  # fmt: skip
    text = EXAMPLE.read_text()
    for name, value in settings.items():
        text, times = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        if not times:
            text = text.replace("[databases]\n", f"[databases]\n{name} = {value}\n")
    users.write_text(f'"{NAME}" "{cluster.primary.password}"\n')
    config.write_text(text)
    for path in (config, users):
        path.chmod(0o600)
        if unprivileged():
            shutil.chown(path, SERVICE_USER, SERVICE_USER)
    server = guarded([found, "-q", config], folder / "pgbouncer.log")
    try:
        wait(port, folder / "pgbouncer.log")
        address = f"postgres://{NAME}:{cluster.primary.password}@{HOST}:{port}"
        urls = [f"{address}/{name}" for name in servers]
        yield {"DATABASE_URL": urls[0], "DATABASE_REPLICA_URLS": " ".join(urls[1:]), "DATABASE_POOLED": "true"}
    finally:
        end(server)


def wait(port: int, log: Path) -> None:
    """Until it takes connections; ends with its words when it doesn't."""
    patience_ends = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if time.monotonic() > patience_ends:
            sys.exit(f"PgBouncer did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.02)
