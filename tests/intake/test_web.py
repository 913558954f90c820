"""Fetching from the web: what comes back, what is refused, and that everything has an end."""

import re
import time
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from newsreader.intake.addresses import Allowed
from newsreader.intake.dialling import resolved
from newsreader.intake.web import Failed, Web
from tests.intake.fault_server import PAGE, served

LOOPBACK = ip_address("127.0.0.1")


@pytest.fixture(scope="module")
def server():
    with served() as (port, handler):
        yield port, handler


@pytest.fixture
def port(server):
    server[1].hits.clear()
    return server[0]


@pytest.fixture
def web(port):
    """A web in which every host is this machine, and news.example is allowed to be."""
    return Web(Allowed.of([f"news.example:{port}"]), lambda host, port: [LOOPBACK], size=1_000_000)


def test_a_page_is_fetched_with_its_kind_and_charset(web, port):
    page = web.fetch(f"http://news.example:{port}/page#part")
    assert (page.status, page.body, page.media_type, page.charset) == (200, PAGE, "text/html", "utf-8")
    assert page.url == f"http://news.example:{port}/page"
    assert not page.moved


def test_what_has_not_changed_is_not_sent_again(web, port):
    etag = web.fetch(f"http://news.example:{port}/page").headers["etag"]
    again = web.fetch(f"http://news.example:{port}/page", headers={"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("path", ["gzip", "bare"])
def test_what_comes_packed_is_unpacked(web, port, path):
    assert web.fetch(f"http://news.example:{port}/{path}").body == PAGE


def test_a_redirect_is_followed_and_one_for_good_is_told(web, port):
    there = f"http://news.example:{port}/page"
    assert web.fetch(f"http://news.example:{port}/for_good?/page").moved
    passing = web.fetch(f"http://news.example:{port}/for_good?/to?/page")
    assert (passing.url, passing.moved) == (there, False)


def test_five_redirects_are_followed_and_not_one_more(web, port, server):
    start = f"http://news.example:{port}"
    assert web.fetch(start + "/to?" * 5 + "/page").body == PAGE
    with pytest.raises(Failed, match="sends on and on"):
        web.fetch(f"{start}/loop")
    assert server[1].hits.count("/loop") == 6


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "other.example"])
def test_a_redirect_into_this_machine_is_refused_before_it_is_dialled(web, port, server, host):
    with pytest.raises(Failed):
        web.fetch(f"http://news.example:{port}/to?http://{host}:{port}/secret")
    assert not [hit for hit in server[1].hits if hit == "/secret"]


@pytest.mark.parametrize("there", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://a:b@news.example/"])
def test_a_redirect_to_what_is_no_page_is_refused(web, port, there):
    with pytest.raises(Failed):
        web.fetch(f"http://news.example:{port}/to?{there}")


def test_a_name_server_that_changes_its_answer_changes_nothing(port, server):
    """It is asked once for a connection: what was checked is what is dialled."""
    answers = [[ip_address("10.0.0.1")], [LOOPBACK]]
    asked = []

    def resolve(host, number):
        asked.append(host)
        return answers.pop()

    web = Web(Allowed.of([f"127.0.0.1:{port}"]), resolve)
    assert web.fetch(f"http://turning.example:{port}/page").body == PAGE
    assert asked == ["turning.example"]
    with pytest.raises(Failed, match="not on the public internet"):
        web.fetch(f"http://turning.example:{port}/page")
    assert server[1].hits == ["/page"]


def test_a_host_with_one_address_that_is_not_public_is_dialled_only_at_the_others(web, port):
    mixed = Web(web.allowed, lambda host, number: [ip_address("10.0.0.1"), LOOPBACK])
    narrow = Web(Allowed.of([f"127.0.0.1:{port}"]), mixed.resolve)
    assert narrow.fetch(f"http://mixed.example:{port}/page").body == PAGE


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("bomb", "too large"),
        ("large", "too large"),
        ("broken", "broken"),
        ("brotli", "not asked for"),
        ("picture", "image/png"),
        ("garbage", "as servers of the web do"),
        ("cut", "as servers of the web do"),
        ("missing", "no page at this address"),
        ("status?410", "gone for good"),
    ],
)
def test_what_can_t_be_read_is_told_in_a_sentence(web, port, path, told):
    with pytest.raises(Failed, match=told):
        web.fetch(f"http://news.example:{port}/{path}")


@pytest.mark.parametrize("path", ["hang", "drip", "to?/hang"])
def test_whatever_a_server_does_there_is_an_end(web, port, path):
    hasty = replace(web, seconds=0.5, stall=0.4)
    begin = time.monotonic()
    with pytest.raises(Failed, match="too long") as failed:
        hasty.fetch(f"http://news.example:{port}/{path}")
    assert failed.value.again
    assert time.monotonic() - begin < web.seconds


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (503, True), (429, True), (404, False), (410, False), (403, False)]
)
def test_only_what_may_pass_is_worth_another_try(web, port, status, again):
    with pytest.raises(Failed) as failed:
        web.fetch(f"http://news.example:{port}/status?{status}")
    assert (failed.value.status, failed.value.again, failed.value.after) == (status, again, 120)


def test_a_host_that_nobody_knows_is_told(port):
    def unknown(host, number):
        raise OSError

    with pytest.raises(Failed, match=r"no host of the name nowhere\.example"):
        Web(resolve=unknown).fetch("http://nowhere.example/")


def test_the_name_of_this_machine_is_resolved():
    assert LOOPBACK in resolved("localhost", 80)


def test_proxies_of_the_environment_are_not_used(web, port, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert web.fetch(f"http://news.example:{port}/page").body == PAGE


def test_nothing_else_of_ours_opens_a_socket():
    """Whatever fetches goes through intake.web, so that no address is dialled unchecked."""
    opens = re.compile(
        r"^\s*(?:import|from)\s+(?:socket|ssl|http\.client|urllib\.request|urllib3|requests|httpx|httpcore|aiohttp|"
        r"ftplib|smtplib|imaplib|poplib|telnetlib|xmlrpc|asyncio|websockets?)\b|trafilatura\.fetch|fetch_url",
        re.MULTILINE,
    )
    root = Path(__file__).parents[2] / "newsreader"
    found = {str(one.relative_to(root)) for one in root.rglob("*.py") if opens.search(one.read_text())}
    assert found == {"intake/dialling.py", "intake/web.py"}
