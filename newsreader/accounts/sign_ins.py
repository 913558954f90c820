"""Letting people in: a password is judged only as often as the limits allow."""

import logging
from datetime import timedelta

from django.contrib.auth import authenticate, login
from django.http import HttpRequest

from newsreader.accounts import throttle
from newsreader.accounts.addresses import client_address
from newsreader.accounts.devices import known_device
from newsreader.accounts.models import User
from newsreader.accounts.names import fold
from newsreader.accounts.throttle import Limit, TooMany, bucket

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
PER_PAIR = Limit(5, QUARTER)
PER_ADDRESS = Limit(30, QUARTER)
PER_ACCOUNT = Limit(50, HOUR)
NEW_ACCOUNTS = Limit(20, HOUR)

logger = logging.getLogger(__name__)


def judge(request: HttpRequest, username: str, password: str) -> User | None:
    """Whose name and password these are. Raises TooMany without looking at them.

    A name that nobody has costs the same time and counts the same.
    """
    limits = _limits(request, fold(username))
    try:
        tried = throttle.attempt(limits)
    except TooMany:
        logger.warning("Too many attempts to sign in from %s", client_address(request))
        raise
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        return None
    tried.succeeded(forget=next(iter(limits)))
    return user


def enter(request: HttpRequest, user: User, *, stay: bool = False) -> None:
    """Signs in under a new session key, for settings.SESSION_COOKIE_AGE or until the browser closes."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.set_expiry(None if stay else 0)


def count_wrong_key(request: HttpRequest) -> None:
    """For one-time links. Raises TooMany. A right key is never counted, so nobody can shut its owner out."""
    throttle.attempt(_key_limits(request))


def check_wrong_keys(request: HttpRequest) -> None:
    """The same for a GET, which changes nothing. Raises TooMany."""
    throttle.check(_key_limits(request))


def count_new_account(request: HttpRequest) -> None:
    """For sign-up, where what succeeds counts as well. Raises TooMany."""
    throttle.attempt({bucket("sign-up", client_address(request)): NEW_ACCOUNTS})


def _limits(request: HttpRequest, account: str) -> dict[str, Limit]:
    """The narrowest limit first: a success forgets its failures."""
    if device := known_device(request, account):
        return {bucket("device", account, device): PER_PAIR}
    address = client_address(request)
    return {
        bucket("pair", account, address): PER_PAIR,
        bucket("address", address): PER_ADDRESS,
        bucket("account", account): PER_ACCOUNT,
    }


def _key_limits(request: HttpRequest) -> dict[str, Limit]:
    return {bucket("key", client_address(request)): PER_ADDRESS}
