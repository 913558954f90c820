"""Addresses that must be refused, and public ones that must not be: decisions right and wrong. Nothing is dialled.

Names are resolved by a resolver of the bench's own: to this machine where the list says that a name must be refused
after that, to a public address otherwise. Beside ours stands requests-hardened, where it is installed.
"""

import json
import logging
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from unittest.mock import patch

from newsreader.intake.addresses import NOTHING, Address, Refused, target_of
from newsreader.intake.dialling import Dialling

DATA = Path(os.environ.get("BENCH_DATA") or Path(__file__).resolve().parents[2] / "shared/data")
PUBLIC, PRIVATE = ip_address("93.184.215.14"), ip_address("127.0.0.1")
TO_FETCH = {"fetch", "public page", "reject-at-redirect"}  # the last is decided when the redirect's target is asked for


def main() -> int:
    """Print the table; 1 where a decision of ours is wrong."""
    listed, pages = DATA / "ssrf/ssrf-urls.json", DATA / "articles-scrapinghub/ground-truth.json"
    if not listed.exists():
        print("Addresses: no data (BENCH_DATA names the folder); nothing was measured.")
        return 0
    entries = [(one["url"], one["expected"]) for one in json.loads(listed.read_text())]
    entries += [(page["url"], "public page") for page in json.loads(pages.read_text()).values()]
    asked = Counter(expected for _, expected in entries)
    begun = time.process_time()
    wrong = mistakes(entries, dialled)
    took = (time.process_time() - begun) / len(entries) * 1e6
    beside = mistakes(entries, dialled_by_requests) if dialled_by_requests else None
    for url, _ in wrong:
        print(f"wrong: {url}")
    print(f"{'expected':<22}{'addresses':>10}{'wrong':>8}{'requests-hardened':>20}")
    for expected, number in asked.items():
        theirs = sum(one == expected for _, one in beside) if beside is not None else "not installed"
        print(f"{expected:<22}{number:>10}{sum(one == expected for _, one in wrong):>8}{theirs:>20}")
    print(f"\n{took:.0f} µs for a decision. What is refused at a redirect is decided when its target is asked for.")
    for url, expected in beside or []:
        print(f"requests-hardened, {expected}: {url}")
    return min(1, len(wrong))


def mistakes(entries: list[tuple[str, str]], dials: Callable[[str, Address], bool]) -> list[tuple[str, str]]:
    """The entries that `dials` decides wrongly."""
    return [
        (url, expected)
        for url, expected in entries
        if dials(url, PRIVATE if expected == "reject-after-dns" else PUBLIC) != (expected in TO_FETCH)
    ]


def dialled(url: str, answer: Address) -> bool:
    """Whether there would be a connection."""
    try:
        target = target_of(url)
        if not NOTHING.port(target):
            return False
        return bool(Dialling(NOTHING, lambda host, port: [answer], 0, 0).addresses(target.host, target.port))
    except Refused:
        return False


class _Dialled(Exception):
    pass


def _dial(*args, **kwargs):
    raise _Dialled


def by_requests(url: str, answer: Address) -> bool:
    """The same by requests-hardened, in whose place nothing is dialled either."""
    from requests_hardened import Config, HTTPSession

    ask = socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        try:
            return ask(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except OSError:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (str(answer), port or 80))]

    logging.getLogger("requests_hardened").setLevel(logging.ERROR)
    config = Config(
        ip_filter_enable=True, ip_filter_allow_loopback_ips=False, never_redirect=False, default_timeout=(1, 1)
    )
    with patch("socket.getaddrinfo", resolve), patch("urllib3.util.connection.create_connection", _dial):
        try:
            HTTPSession(config).get(url)
        except _Dialled:
            return True
        except Exception:  # it has many, of three libraries
            return False
    return False


try:
    import requests_hardened  # noqa: F401
except ImportError:
    dialled_by_requests = None
else:
    dialled_by_requests = by_requests


if __name__ == "__main__":
    sys.exit(main())
