"""Connections to addresses that may be dialled, with an end to all of them at one time."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from queue import Empty, Queue
from typing import Any

import httpcore

from newsreader.core.sentence import Sentence
from newsreader.intake.addresses import Address, Allowed, Refused

Resolve = Callable[[str, int], Iterable[Address]]

NAMING = 5.0  # seconds for the name server
MOST = 6  # addresses of one host that are tried


def resolved(host: str, port: int) -> list[Address]:
    """The host's addresses, the best first. Raises OSError: there are none, or no name server answers in time."""
    answer: Queue[Any] = Queue()

    def ask() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answer.put(error)

    # The system's resolver knows no end: it is left behind where it takes too long.
    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=NAMING)
    except Empty:
        raise TimeoutError(host) from None
    if isinstance(found, OSError):
        raise found
    return list(dict.fromkeys(ip_address(row[4][0].partition("%")[0]) for row in found))


class Dialling(httpcore.NetworkBackend):
    """A host's name is resolved once for each connection, and the address that is dialled is one that was checked."""

    def __init__(self, allowed: Allowed, resolve: Resolve, end: float, stall: float) -> None:
        self._allowed, self._resolve, self._end, self._stall = allowed, resolve, end, stall
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """Raises `Refused` where no address of the host may be dialled, and httpcore's errors."""
        failure: Exception = httpcore.ConnectError(host)
        for address in self.addresses(host, port):
            try:
                stream = self._backend.connect_tcp(str(address), port, self._left(timeout), None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Ending(stream, self._left)
        raise failure

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        """Never."""
        raise Refused(Sentence("There is no such host: its name or number is not written as one."))

    def addresses(self, host: str, port: int) -> list[Address]:
        """Those of the host that may be dialled. Raises `Refused` where there are none, and httpcore's errors."""
        try:
            found = [ip_address(host)]
        except ValueError:
            try:
                found = list(self._resolve(host, port))[:MOST]
            except TimeoutError as error:
                raise httpcore.ConnectTimeout(host) from error
            except OSError as error:
                raise Refused(Sentence("There is no host of the name {host}.", host=host)) from error
        allowed = [address for address in found if self._allowed.address(host, port, address)]
        if not allowed:
            raise Refused(Sentence("{host} is not on the public internet, and so it is not fetched from.", host=host))
        return allowed

    def _left(self, timeout: float | None = None) -> float:
        """The seconds that something may take now."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, timeout or self._stall)


class _Ending(httpcore.NetworkStream):
    """A connection on which nothing waits for longer than there is time."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[float | None], float]) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Ending(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
