"""The address of a picture, and what a page has to allow for it. Pure: nothing is fetched, no name server is asked.

A picture is loaded by the reader's browser, never by this server. What it asks for and what its page allows are read
off one parsed address, so that they can't be of two hosts.
Limits: where a host sends on to another one, the browser stops; hosts written as IPv6 can't be named in a policy.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import urljoin

from newsreader.intake.addresses import NOTHING, PORTS, Allowed, Refused, Target, target_of

LONGEST = 2_000  # characters of an address, as articles keep it
# What may stand in a Content-Security-Policy: a host's letters, and nothing that begins another source or directive.
_NAMEABLE = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?")
# Names that a network answers by itself: somebody's router, not a server of the web.
_AT_HOME = frozenset({"local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "arpa"})


@dataclass(frozen=True, slots=True)
class Picture:
    """`src` is what the browser asks for; `origin` (scheme, host, and a port that isn't usual) is all that it needs."""

    src: str
    origin: str
    host: str


def picture(address: str, *, allowed: Allowed = NOTHING) -> Picture | None:
    """The picture at that address; None where no page should ask for it.

    `allowed` is what the operator lets this server fetch beyond the public web: readers may have pictures from there.
    """
    try:
        target = target_of(address)
    except Refused:
        return None
    if len(target.url) > LONGEST or not _NAMEABLE.fullmatch(target.host) or not _reachable(target, allowed):
        return None
    port = "" if target.port == PORTS[target.scheme] else f":{target.port}"
    return Picture(target.url, f"{target.scheme}://{target.host}{port}", target.host)


def kept(address: str, *, base: str) -> str:
    """The whole address that an article keeps of a picture on the page `base`; "" where it can't be one."""
    try:
        target = target_of(urljoin(base, address.strip()) if address else "")
    except (Refused, ValueError):
        return ""
    return target.url if len(target.url) <= LONGEST else ""


def _reachable(target: Target, allowed: Allowed) -> bool:
    """Whether it looks public, or its operator allows it: with exactly this port."""
    if not allowed.port(target):
        return False
    try:
        return allowed.address(target.host, target.port, IPv4Address(target.host))
    except ValueError:
        pass
    if {(target.host, target.port), (target.host, None)} & allowed.names:
        return True
    labels = target.host.rstrip(".").split(".")
    return len(labels) > 1 and labels[-1] not in _AT_HOME and not labels[-1].isdigit()
