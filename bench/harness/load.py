"""A load on one address of a server on this machine: latencies at n connections, and the server's CPU time.

Keep-alive HTTP/1.1 over plain sockets in one thread, so that the client costs little beside a Python server.
Only the loopback address is ever asked, and every run ends after a stated number of requests.
"""

import math
import os
import selectors
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds without any answer before a run is given up


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run took: latencies in milliseconds, requests per second, and how many were not answered 2xx."""

    p50: float
    p95: float
    slowest: float
    rate: float
    refused: int


@dataclass(slots=True)
class Connection:
    """One open connection, its answer so far, and when its request went out."""

    sock: socket.socket
    sent: float = 0.0
    received: bytes = b""


def request(path: str, *, method: str = "GET", headers: Sequence[str] = (), body: bytes = b"") -> bytes:
    """One whole request as bytes. `headers` are lines such as "Cookie: a=b"."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *headers]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def load(port: int, message: bytes | Iterable[bytes], *, connections: int, requests: int) -> Figures:
    """Send `message`, or the next of several, `requests` times over `connections` connections, one at a time on each.

    Raises TimeoutError when the server stays silent, ConnectionError when it hangs up in the middle.
    """
    messages = repeat(message) if isinstance(message, bytes) else iter(message)
    selector = selectors.DefaultSelector()
    took: list[float] = []
    refused = 0
    started = 0
    begin = time.perf_counter()

    def send(connection: Connection) -> None:
        nonlocal started
        started += 1
        connection.received = b""
        connection.sent = time.perf_counter()
        connection.sock.sendall(next(messages))

    for _ in range(min(connections, requests)):
        connection = Connection(socket.create_connection((HOST, port), timeout=PATIENCE))
        selector.register(connection.sock, selectors.EVENT_READ, connection)
        send(connection)
    while len(took) < requests:
        ready = selector.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"no answer within {PATIENCE:g} s")
        for key, _ in ready:
            connection = key.data
            if not (chunk := connection.sock.recv(262_144)):
                raise ConnectionError("the server hung up")
            connection.received += chunk
            if is_whole(connection.received):
                took.append(time.perf_counter() - connection.sent)
                refused += not connection.received.startswith(b"HTTP/1.1 2")
                if started < requests:
                    send(connection)
    seconds = time.perf_counter() - begin
    for key in list(selector.get_map().values()):
        key.data.sock.close()
    selector.close()
    took.sort()
    return Figures(
        p50=percentile(took, 0.50) * 1000,
        p95=percentile(took, 0.95) * 1000,
        slowest=took[-1] * 1000,
        rate=requests / seconds,
        refused=refused,
    )


def is_whole(answer: bytes) -> bool:
    """Whether `answer` is a complete response: by its Content-Length, its last chunk, or having no body."""
    head, blank, body = answer.partition(b"\r\n\r\n")
    if not blank:
        return False
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(fields.get(b"content-length", b"0"))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of values in ascending order."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def family(pid: int) -> list[int]:
    """A process and everything it started, directly or not. Linux only; elsewhere just the process."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for parent in found:
        found.extend(children.get(parent, []))
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its descendants, in steps of 10 ms. nan where there is no /proc."""
    if not Path("/proc/self/stat").exists():
        return math.nan
    ticks = 0
    for each in family(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Memory of a process and its descendants in MB, shared pages counted once each (Pss). nan where unknown."""
    kilobytes = 0
    for each in family(pid):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            return math.nan
        kilobytes += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return kilobytes / 1024


def free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, *, seconds: float = 20.0) -> float:
    """Seconds until the port takes a connection. Raises TimeoutError after `seconds`."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return time.perf_counter() - begin
        time.sleep(0.01)
    raise TimeoutError(f"nothing listens on port {port} after {seconds:g} s")
