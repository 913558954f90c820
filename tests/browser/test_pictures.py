"""The lead picture of an article in a browser: no request leaves the page before its reader says so, and then one."""

import struct
import zlib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from newsreader.intake.addresses import Allowed
from tests.browser.conftest import PHONE
from tests.factories import make_article


def png(width=120, height=63):
    """A picture of one grey."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x8c" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@contextmanager
def hosting():
    """A host of pictures on this machine: its address, and [(path, Referer, Cookie)] of what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Referer"), self.headers.get("Cookie")))
            found = self.path == "/ferry.png"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            if found:
                self.wfile.write(png())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def host(settings):
    with hosting() as (netloc, asked):
        settings.FETCH_ALLOW = Allowed.of([netloc])
        yield netloc, asked


def policy_of(answer):
    return answer.headers["content-security-policy"]


@pytest.mark.parametrize("screen", [{}, {"screen": PHONE}])
def test_no_request_leaves_the_page_before_it_is_allowed_and_then_one_to_that_host_alone(room, ada, host, screen):
    netloc, asked = host
    article = make_article("A ferry", picture=f"http://{netloc}/ferry.png", picture_text="A ferry with a piano")
    page = room.of(ada, **screen)
    elsewhere = []
    page.on("request", lambda request: elsewhere.append(request.url) if netloc in request.url else None)
    answer = page.goto(article.get_absolute_url())
    expect(page.get_by_text(f"Picture from {netloc.partition(':')[0]}")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert (elsewhere, asked) == ([], [])
    assert netloc not in policy_of(answer)
    with page.expect_response(lambda response: "picture=1" in response.url) as answered:
        page.get_by_role("link", name="Show", exact=True).click()
    image = page.get_by_role("img", name="A ferry with a piano")
    expect(image).to_have_js_property("naturalWidth", 120)
    assert f" http://{netloc};" in f"{policy_of(answered.value)};"
    assert asked == [("/ferry.png", None, None)]
    page.get_by_role("button", name="Always from The Harbour Post").click()
    expect(page.get_by_role("button", name="Not from this source any more")).to_be_visible()
    expect(image).to_have_js_property("naturalWidth", 120)
    page.get_by_role("button", name="Not from this source any more").click()
    expect(page.get_by_role("link", name="Show", exact=True)).to_be_visible()
    expect(image).to_have_count(0)
    assert {path for path, _, _ in asked} == {"/ferry.png"}
    assert {(referrer, cookie) for _, referrer, cookie in asked} == {(None, None)}


def test_a_picture_that_does_not_come_leaves_its_words_and_says_so(room, ada, host, complaints):
    complaints.expect("404")
    article = make_article("A ferry", picture=f"http://{host[0]}/gone.png", picture_text="A ferry with a piano")
    page = room.of(ada)
    page.goto(f"{article.get_absolute_url()}?picture=1")
    expect(page.get_by_text("The picture did not come")).to_be_visible()
    expect(page.get_by_text("A ferry with a piano")).to_be_visible()


def test_without_script_a_picture_is_shown_by_a_link_and_always_by_a_form(room, ada, host):
    article = make_article("A ferry", picture=f"http://{host[0]}/ferry.png", picture_text="A ferry with a piano")
    page = room.of(ada, java_script_enabled=False)
    page.goto(article.get_absolute_url())
    expect(page.get_by_role("img", name="A ferry with a piano")).to_have_count(0)
    page.get_by_role("link", name="Show", exact=True).click()
    expect(page.get_by_role("img", name="A ferry with a piano")).to_be_visible()
    page.get_by_role("button", name="Always", exact=True).click()
    expect(page.get_by_role("button", name="Ask each time")).to_be_visible()
    expect(page.get_by_role("img", name="A ferry with a piano")).to_be_visible()


def test_a_copy_for_when_there_is_no_network_has_no_picture_that_was_shown_once(room, ada, host, complaints):
    complaints.expect_no_network()
    article = make_article("A ferry", picture=f"http://{host[0]}/ferry.png", picture_text="A ferry with a piano")
    page = room.of(ada, service_workers="allow")
    page.goto(article.get_absolute_url())
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller")
    page.wait_for_function("async (path) => Boolean(await caches.match(path))", arg=article.get_absolute_url())
    page.get_by_role("link", name="Show", exact=True).click()
    expect(page.get_by_role("img", name="A ferry with a piano")).to_have_js_property("naturalWidth", 120)
    page.context.set_offline(True)
    page.goto(article.get_absolute_url())
    expect(page.get_by_role("link", name="Show", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="A ferry with a piano")).to_have_count(0)
    kept = page.evaluate(
        """async () => {
          const names = await caches.keys();
          const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          return kept.flat().map(({ url }) => url);
        }"""
    )
    assert not [url for url in kept if host[0] in url]
