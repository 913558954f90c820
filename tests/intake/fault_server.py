"""A server on this machine that answers as badly as servers do. Nothing of it leaves the loopback."""

import gzip
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = b"<title>The ferry</title><p>The ferry left the harbour at six, an hour late.</p>"


class Faults(BaseHTTPRequestHandler):
    """`/name?…` is answered by `do_name`; `hits` counts what was asked for, `over` ends what waits."""

    protocol_version = "HTTP/1.1"
    hits: list[str]
    over: threading.Event

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.close_connection = True
        getattr(self, f"do_{self.path.partition('?')[0].strip('/') or 'page'}", self.do_missing)()

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        sent = {"Content_Type": "text/html; charset=utf-8", "Content_Length": str(len(body)), **headers}
        for name, value in sent.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_page(self) -> None:
        if self.headers.get("If-None-Match") == '"one"':
            self.say(304)
        else:
            self.say(200, PAGE, ETag='"one"')

    def do_latin(self) -> None:
        """In another encoding than it says itself."""
        page = '<meta charset="iso-8859-1"><title>Łódź</title><article><p>The tram left.</p></article>'
        self.say(200, page.encode("iso-8859-2"), Content_Type="text/html; charset=ISO-8859-2")

    def do_empty(self) -> None:
        self.say(200, b"<title>Nothing</title>")

    def do_missing(self) -> None:
        self.say(404, b"no")

    def do_status(self) -> None:
        self.say(int(self.path.partition("?")[2]), b"no", Retry_After="120")

    def do_to(self) -> None:
        """Sends on to what stands behind the question mark, by status 302; `/for_good` by 301."""
        self.say(302, Location=self.path.partition("?")[2])

    def do_for_good(self) -> None:
        self.say(301, Location=self.path.partition("?")[2])

    def do_loop(self) -> None:
        self.say(302, Location="/loop")

    def do_gzip(self) -> None:
        self.say(200, gzip.compress(PAGE[:30]) + gzip.compress(PAGE[30:]), Content_Encoding="gzip")

    def do_bare(self) -> None:
        self.say(200, zlib.compress(PAGE)[2:-4], Content_Encoding="deflate")

    def do_bomb(self) -> None:
        self.say(200, gzip.compress(bytes(60_000_000)), Content_Encoding="gzip")

    def do_broken(self) -> None:
        self.say(200, b"\x1f\x8bnot gzip at all", Content_Encoding="gzip")

    def do_brotli(self) -> None:
        self.say(200, b"?", Content_Encoding="br")

    def do_large(self) -> None:
        """Longer than it says, in pieces."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        while not self.over.is_set():
            self.wfile.write(b"x" * 100_000)

    def do_picture(self) -> None:
        self.say(200, b"\x89PNG", Content_Type="image/png")

    def do_hang(self) -> None:
        self.over.wait(30)

    def do_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        while not self.over.wait(0.05):
            self.wfile.write(b"x")

    def do_garbage(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    def do_cut(self) -> None:
        self.say(200, PAGE[:20], Content_Length="1000")

    def handle(self) -> None:
        with suppress(OSError):  # whoever asked went away
            super().handle()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def served(kind: type[Faults] = Faults, **own: Any) -> Iterator[tuple[int, type[Any]]]:
    """(the port, the handler's class with its `hits`) of a server that ends with the block; `own` is the handler's."""
    handler = type("Here", (kind,), {"hits": [], "over": threading.Event(), **own})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port, handler
    finally:
        handler.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
