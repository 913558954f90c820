"""Where a request comes from, as far as that can be believed; what one household shares counts as one."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """An IPv4 address, the /64 of an IPv6 one, or UNKNOWN (a Unix socket has none).

    With settings.PROXIES = n it is the nth from the right of X-Forwarded-For: what stands further left is
    whatever the client wrote. Where that is missing or no address, it is the connection's own.
    """
    own = _counted(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not proxies or len(forwarded) < proxies:
        return own or UNKNOWN
    return _counted(forwarded[-proxies]) or own or UNKNOWN


def _counted(text: str) -> str:
    """The address that attempts are counted under, '' if the text is none."""
    try:
        address = ip_address(_without_port(text.strip()))
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    # A household or a rented server has a /64 to itself: 2^64 addresses for the asking.
    return str(ip_network((int(address), 64), strict=False))


def _without_port(text: str) -> str:
    """Some proxies add one: 192.0.2.1:5678, [2001:db8::1]:5678."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host, colon, _ = text.partition(":")
    return host if colon and text.count(":") == 1 else text
