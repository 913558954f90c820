"""Which hosts a stranger may send the server to. The other spellings of an address are those that browsers take."""

from ipaddress import ip_address

import pytest

from newsreader.intake.addresses import Allowed, Refused, is_public, target_of

PRIVATE = [
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "192.168.1.1"),
    *("192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1"),
    *("64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::"),
    *("3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1"),
]  # fmt: skip
LOOPBACK = [
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "0X7F.0.0.0x1",
        "127.0.0.1.",
    ),
    *("１２７.0.0.1", "127。0。0。1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_of_the_public_internet_is_never_dialled(address):
    assert not is_public(ip_address(address))
    assert not Allowed().address("example.org", 80, ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_what_is_public_is(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", LOOPBACK)
def test_a_number_is_the_address_that_browsers_take_it_for(host):
    assert target_of(f"http://{host}/").host == "127.0.0.1"


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "/etc/passwd", "file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http:"),
        *("http://", "http:///x", "http:127.0.0.1/", "https://exa mple.org/", "https://example.org/a b", "http://[::1"),
        *("https://example.org\\@127.0.0.1/", "https://ada:secret@example.org/", "https://@example.org/"),
        *("http://example.org:0x50/", "http://example.org:99999/", "http://q177.0.0.1/", "http://0o177.0.0.1/"),
        *("http://7147006462/", "http://1.2.3.4.5/", "http://256.0.0.1/", "http://[fe80::1%25eth0]/", "http://a..b/x\n"),
        *("https://example.org/\0", "http://exa%6dple.org/", "http://-\ud800-.org/", "https://" + "a" * 5_000),
    ],
)  # fmt: skip
def test_what_is_no_whole_address_of_the_web_is_refused_in_words(url):
    with pytest.raises(Refused, match=r"\w+ \w+.*\."):
        target_of(url)


def test_an_address_is_written_as_servers_know_it():
    assert target_of(" HTTPS://ⓔⓧⓐⓜⓟⓛⓔ.ⓞⓡⓖ:443/ä?q=ö#x ").url == "https://example.org/%C3%A4?q=%C3%B6"
    assert target_of("http://Bücher.example:8080").url == "http://xn--bcher-kva.example:8080/"
    assert target_of("http://[2001:DB8::1]:81/").url == "http://[2001:db8::1]:81/"


def test_an_operator_allows_names_and_networks_each_on_its_port():
    allowed = Allowed.of(["intranet.example.org", "wiki:8080", "10.1.0.0/16", "127.0.0.1:8001", "[fd00::/8]:90", ""])
    home = ip_address("192.168.1.1")
    assert allowed.address("intranet.example.org", 443, home)
    assert not allowed.address("intranet.example.org", 8080, home)
    assert allowed.address("wiki", 8080, home)
    assert not allowed.address("wiki", 80, home)
    assert allowed.address("anything.example", 80, ip_address("10.1.200.3"))
    assert not allowed.address("anything.example", 80, ip_address("10.2.0.1"))
    assert allowed.address("localhost", 8001, ip_address("127.0.0.1"))
    assert not allowed.address("localhost", 80, ip_address("127.0.0.1"))
    assert allowed.address("six", 90, ip_address("fd00::1"))


def test_only_the_usual_ports_are_allowed_unless_they_are_named():
    allowed = Allowed.of(["wiki:8080"])
    assert allowed.port(target_of("http://example.org/"))
    assert allowed.port(target_of("http://wiki:8080/"))
    assert not allowed.port(target_of("http://example.org:8080/"))
    assert not allowed.port(target_of("http://example.org:22/"))


@pytest.mark.parametrize("entry", ["a b", "http://x", "x:0", "x:70000", "x:y", "*.example.org", "10.0.0.0/40"])
def test_what_an_operator_can_t_mean_is_an_error(entry):
    with pytest.raises(ValueError, match=r".+"):
        Allowed.of([entry])
