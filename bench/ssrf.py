"""Addresses that must be refused, and public ones that must not be: decisions right and wrong. Nothing is dialled.

Names are resolved by a resolver of the bench's own: to this machine where the list says that a name must be refused
after that, to a public address otherwise.
"""

import json
import os
import sys
import time
from collections import Counter
from ipaddress import ip_address
from pathlib import Path

from newsreader.intake.addresses import NOTHING, Address, Refused, target_of
from newsreader.intake.dialling import Dialling

DATA = Path(os.environ.get("BENCH_DATA") or Path(__file__).resolve().parents[2] / "shared/data")
PUBLIC, PRIVATE = ip_address("93.184.215.14"), ip_address("127.0.0.1")


def main() -> int:
    """Print the table; 1 where a decision is wrong."""
    listed, pages = DATA / "ssrf/ssrf-urls.json", DATA / "articles-scrapinghub/ground-truth.json"
    if not listed.exists():
        print("Addresses: no data (BENCH_DATA names the folder); nothing was measured.")
        return 0
    entries = [(one["url"], one["expected"]) for one in json.loads(listed.read_text())]
    entries += [(page["url"], "public page") for page in json.loads(pages.read_text()).values()]
    asked, wrong = Counter[str](), Counter[str]()
    begun = time.process_time()
    for url, expected in entries:
        asked[expected] += 1
        if dialled(url, PRIVATE if expected == "reject-after-dns" else PUBLIC) != (
            expected in {"fetch", "public page", "reject-at-redirect"}
        ):
            wrong[expected] += 1
            print(f"wrong: {url}")
    took = (time.process_time() - begun) / len(entries) * 1e6
    print(f"{'expected':<22}{'addresses':>10}{'wrong':>8}")
    for expected, number in asked.items():
        print(f"{expected:<22}{number:>10}{wrong[expected]:>8}")
    print(f"\n{took:.0f} µs for a decision. What is refused at a redirect is decided when its target is asked for.")
    return min(1, wrong.total())


def dialled(url: str, answer: Address) -> bool:
    """Whether there would be a connection."""
    try:
        target = target_of(url)
        if not NOTHING.port(target):
            return False
        return bool(Dialling(NOTHING, lambda host, port: [answer], 0, 0).addresses(target.host, target.port))
    except Refused:
        return False


if __name__ == "__main__":
    sys.exit(main())
