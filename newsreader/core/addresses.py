"""Which addresses a link may have. Pure: says the address to keep, or None; never fetches, never guesses."""

import re
from urllib.parse import urljoin, urlsplit

SCHEMES = frozenset({"http", "https", "mailto"})

_NO_PLACE_IN_ADDRESSES = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_LONGEST = 2_000


def address(href: str, base_url: str = "") -> str | None:
    """The absolute address of a link: http, https or mailto, else None.

    Relative and protocol-relative addresses are resolved against `base_url`; without one they are None.
    An in-page address ("#note") is not an address here: see canonical.py.
    """
    href = _NO_PLACE_IN_ADDRESSES.sub("", href).strip()
    if not href or len(href) > _LONGEST:
        return None
    try:
        if base_url:
            href = urljoin(base_url, href)
        parts = urlsplit(href)
        host = parts.hostname
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    good = "@" in parts.path if parts.scheme == "mailto" else parts.scheme in SCHEMES and bool(host)
    return parts.scheme + _quoted(href[len(parts.scheme) :]) if good else None


def _quoted(href: str) -> str:
    """Percent-encoded where parsers might disagree: white space, quotes, angle brackets, backslashes."""
    return re.sub(r"[\s\"'<>\\^`{|}]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), href)
