"""Devices that have signed in to an account before, after OWASP's device cookies.

Such a device has a counter of its own: whoever tries passwords from elsewhere can't lock its reader out.
The cookie lets nobody in; stolen, it buys five more guesses a quarter of an hour.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from newsreader.accounts.throttle import bucket

COOKIE = "device"
SALT = "newsreader.accounts.devices"
LASTS = 60 * 60 * 24 * 365
ACCOUNTS = 5  # on one device; the one that was first signed in longest ago makes room


def known_device(request: HttpRequest, account: str) -> str:
    """This device's name for the (folded) account, '' if it has never signed in to it."""
    return _names(request).get(_key(account), "")


def remember_device(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Gives the device a name for the account that has just signed in."""
    names = _names(request)
    key = _key(account)
    names[key] = names.get(key) or secrets.token_urlsafe(16)
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(list(names.items())[-ACCOUNTS:]), salt=SALT),
        max_age=LASTS,
        path=reverse("accounts:account"),  # only the pages that count attempts need it
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _names(request: HttpRequest) -> dict[str, str]:
    try:
        names: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return names


def _key(account: str) -> str:
    return bucket("device of", account)[:16]
