"""Which pictures a page may load, and what it has to allow for one: exactly a scheme, a host and a port."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.intake.addresses import Allowed
from newsreader.intake.pictures import kept, picture


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://img.example.org/a.jpg", "https://img.example.org"),
        ("https://IMG.Example.org:443/a.jpg?w=1200&h=630", "https://img.example.org"),
        ("http://img.example.org:80/a b.jpg".replace(" ", "%20"), "http://img.example.org"),
        ("https://bücher.example/bild.jpg", "https://xn--bcher-kva.example"),
        ("https://my_bucket.example.org/a.jpg", "https://my_bucket.example.org"),
        ("https://8.8.8.8/a.jpg", "https://8.8.8.8"),
        ("http://0x08080808/a.jpg", "http://8.8.8.8"),
    ],
)
def test_what_a_page_allows_is_the_scheme_and_host_of_what_it_loads(address, origin):
    found = picture(address)
    assert found.origin == origin
    assert found.src.startswith(f"{origin}/")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.jpg",
        "//img.example.org/a.jpg",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "ftp://img.example.org/a.jpg",
        "https://ada:pw@img.example.org/a.jpg",
        "https://img.example.org:8443/a.jpg",
        "https://img.example.org;script-src */a.jpg",
        "https://img.example.org,*/a.jpg",
        "https://*.example.org/a.jpg",
        "https://*/a.jpg",
        "https://-a.example/a.jpg",
        "https://img.example.org\r\nX-Header: x/a.jpg",
        "https://img.example.org\\@other.example/a.jpg",
        "https://'self'/a.jpg",
        "https://img.example.org/" + "a" * 2_000,
        "http://127.0.0.1/a.jpg",
        "http://2130706433/a.jpg",
        "http://192.168.1.1/reboot",
        "http://169.254.169.254/latest/",
        "http://[::1]/a.jpg",
        "http://[2606:4700:4700::1111]/a.jpg",
        "http://localhost/a.jpg",
        "http://router/a.jpg",
        "http://fritz.box.local/a.jpg",
        "http://printer.lan/a.jpg",
        "http://vault.internal/a.jpg",
    ],
)
def test_no_page_asks_for_what_is_no_picture_of_the_public_web(address):
    assert picture(address) is None


def test_what_the_operator_allows_may_be_shown_with_exactly_that_port():
    allowed = Allowed.of(["127.0.0.1:8001", "intranet.example.lan"])
    assert picture("http://127.0.0.1:8001/a.jpg", allowed=allowed).origin == "http://127.0.0.1:8001"
    assert picture("http://127.0.0.1:8002/a.jpg", allowed=allowed) is None
    assert picture("https://intranet.example.lan/a.jpg", allowed=allowed).origin == "https://intranet.example.lan"


@given(st.text(alphabet="a.-_*;,:/@\\'\" \r\n\t[]%?#0é", max_size=40))
def test_no_host_whatever_says_more_in_a_policy_than_one_host(host):
    for scheme in ("https://", "http://"):
        found = picture(f"{scheme}{host}/a.jpg")
        assert found is None or re.fullmatch(r"https?://[a-z0-9_.-]+", found.origin)


def test_an_article_keeps_the_whole_address_of_its_picture():
    assert kept("/img/a.jpg", base="https://news.example/2026/story") == "https://news.example/img/a.jpg"
    assert kept("//img.example.org/a.jpg", base="https://news.example/") == "https://img.example.org/a.jpg"
    for nothing in ("", "data:image/png;base64,AAAA", "https://[", "https://ada:pw@img.example.org/a"):
        assert kept(nothing, base="https://news.example/") == "", nothing
