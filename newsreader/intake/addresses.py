"""Which hosts a stranger may send this server to: public ones, and what its operator allows. Pure, asks no name server.

An address is read as browsers read it (https://url.spec.whatwg.org/, host parsing), so that 0x7f.1 is what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import NoReturn
from urllib.parse import quote, urlsplit

import idna

from newsreader.core.sentence import Sentence

Address = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
LONGEST = 4_000  # characters of an address

# Not reachable from everywhere, or another address in disguise, whatever `is_global` of this Python says.
_NEVER = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # assignments for protocols
            "192.88.99.0/24",  # relays of 6to4
            "::/96",  # IPv4-compatible
            "::ffff:0:0/96",  # IPv4-mapped
            "::ffff:0:0:0/96",  # IPv4-translated
            "64:ff9b::/96",  # NAT64
            "64:ff9b:1::/48",
            "2001::/23",  # Teredo and other assignments for protocols
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
            "5f00::/16",  # segment routing
            "fec0::/10",  # site-local
        ),
    )
)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"^`{|}\s]")
_NO_ADDRESS = Sentence("This is not an address of the web. It begins with https:// and has no spaces.")
_NOT_IN_A_HOST = re.compile(r"[^a-z0-9._-]")


class Refused(ValueError):
    """An address that this server is not sent to. Its text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads: `host` in ASCII, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator allows beyond the public web: names, and networks, each on one port or on the usual ones."""

    names: frozenset[tuple[str, int | None]] = frozenset()
    networks: tuple[tuple[IPv4Network | IPv6Network, int | None], ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Allowed:
        """Reads “intranet.example.org”, “10.1.0.0/16”, “127.0.0.1:8001”, “[fd00::/8]:8080”. Raises ValueError."""
        names, networks = set(), []
        for entry in filter(None, (one.strip().lower() for one in entries)):
            host, port = _with_port(entry)
            try:
                networks.append((ip_network(host.strip("[]"), strict=False), port))
            except ValueError:
                if _NOT_IN_A_HOST.search(host) or not host.strip("."):
                    raise ValueError(entry) from None
                names.add((host.rstrip("."), port))
        return cls(frozenset(names), tuple(networks))

    def port(self, target: Target) -> bool:
        """Whether there may be a connection to this port: it is usual, or allowed for this host."""
        if target.port in PORTS.values() or (target.host, target.port) in self.names:
            return True
        return any(target.port == port for _, port in self.networks)  # which address it is comes with the answer

    def address(self, host: str, port: int, address: Address) -> bool:
        """Whether this very address may be dialled for this host and port."""
        usual = port in PORTS.values()
        if (host, port) in self.names or (usual and (host, None) in self.names):
            return True
        for network, only in self.networks:
            if address in network and (port == only if only else usual):
                return True
        return usual and is_public(address)


NOTHING = Allowed()


def is_public(address: Address) -> bool:
    """Whether the address is one of the public internet, and itself: not one of IPv4 inside one of IPv6."""
    if any(address.version == network.version and address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def target_of(url: str) -> Target:
    """Where an address leads. Raises `Refused` for what isn't a whole address of the web."""
    url = url.strip()
    if not url or len(url) > LONGEST or _FORBIDDEN.search(url):
        raise Refused(_NO_ADDRESS)
    try:
        parts = urlsplit(url)
        port = parts.port
        named = parts.username is not None or parts.password is not None
    except ValueError:
        raise Refused(
            Sentence("This is not an address of the web. It begins with https:// and has no spaces.")
        ) from None
    if parts.scheme not in PORTS or not parts.netloc:
        raise Refused(Sentence("Only addresses that begin with http:// or https:// can be fetched."))
    if named:
        raise Refused(Sentence("An address with a name and a password in it is not fetched. Leave them out."))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]") if parts.query else ""
    return Target(parts.scheme, _host(parts.hostname or ""), port or PORTS[parts.scheme], path + query)


def _host(host: str) -> str:
    """A host's name as name servers know it, or its address as it is usually written."""
    try:
        if ":" in host:
            return str(IPv6Address(host.partition("%")[0])) if "%" not in host else _bad()
        name = idna.encode(host.rstrip("."), uts46=True).decode() if not host.isascii() else host.rstrip(".").lower()
    except (ValueError, idna.IDNAError):
        return _bad()
    if len(name) > 253 or _NOT_IN_A_HOST.search(name) or not all(0 < len(label) < 64 for label in name.split(".")):
        return _bad()
    last = name.rpartition(".")[2]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        return str(_ipv4(name))
    return name


def _ipv4(name: str) -> IPv4Address:
    """The WHATWG's IPv4 parser: up to four numbers, decimal, octal or hexadecimal, the last one as long as it needs."""
    numbers = [_number(part) for part in name.split(".")]
    if len(numbers) > 4 or any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return _bad()
    value = numbers[-1]
    for at, number in enumerate(numbers[:-1]):
        value += number * 256 ** (3 - at)
    return IPv4Address(value)


def _number(part: str) -> int:
    for pattern, base, skip in ((r"0x[0-9a-f]*", 16, 2), (r"0[0-7]+", 8, 1), (r"0|[1-9][0-9]*", 10, 0)):
        if re.fullmatch(pattern, part):
            return int(part[skip:] or "0", base)
    return _bad()


def _bad() -> NoReturn:
    raise Refused(Sentence("There is no such host: its name or number is not written as one."))


def _with_port(entry: str) -> tuple[str, int | None]:
    host, colon, port = entry.rpartition(":")
    bare_ipv6 = entry.count(":") > 1 and not host.endswith("]")
    if not colon or bare_ipv6:
        return entry, None
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(entry)
    return host, int(port)
