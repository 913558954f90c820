"""Gives each request the database that it reads from, and the answer to one that wrote a cookie that says so."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from newsreader.replicas.choice import Choice
from newsreader.replicas.positions import GONE, failed, written
from newsreader.replicas.router import Turn, current, reading

COOKIE = "written"
SAFE = {"GET", "HEAD", "OPTIONS"}
SLACK = 50  # seconds more than a replica may be behind at all


class ReplicaMiddleware:
    """Stands outside of whatever asks the database. Not used where there are no replicas."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.choice = Choice(settings.REPLICAS, settings.REPLICA_LAG)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        turn = Turn()
        if request.method in SAFE:
            turn.alias = self.choice.alias(stamp_of(request))
        name = turn.alias
        response = self._answer(request, turn)
        if turn.failed:
            # The replica went away in the middle of it. What only reads can be asked again.
            self.choice.failed(name, turn.failed)
            turn = Turn(wrote=turn.wrote)
            response = self._answer(request, turn)
        if turn.wrote:
            stamp(response)
        return response

    def _answer(self, request: HttpRequest, turn: Turn) -> HttpResponseBase:
        with ExitStack() as stack:
            stack.enter_context(reading(turn))
            stack.enter_context(connections[DEFAULT_DB_ALIAS].execute_wrapper(noting_writes(turn)))
            if turn.alias != DEFAULT_DB_ALIAS:
                stack.enter_context(connections[turn.alias].execute_wrapper(noting_failure(turn)))
            return self.get_response(request)


class NotRepeated(logging.Filter):
    """For the log of failed requests: one that is made again on the primary has not failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        turn = current()
        return not (turn and turn.failed)


def noting_writes(turn: Turn) -> Callable[..., Any]:
    """Around every statement to the primary: who has written reads there from then on."""

    def around(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        if str(sql).lstrip()[:6].upper() != "SELECT":
            turn.wrote, turn.alias = True, DEFAULT_DB_ALIAS
        return execute(sql, *rest)

    return around


def noting_failure(turn: Turn) -> Callable[..., Any]:
    """Around every statement to the replica: the turn learns that it failed, and what is left reads the primary."""

    def around(execute: Callable[..., Any], *statement: Any) -> Any:
        try:
            return execute(*statement)
        except GONE as error:
            if failed(error):
                turn.failed, turn.alias = error, DEFAULT_DB_ALIAS
            raise

    return around


def stamp(response: HttpResponseBase) -> None:
    """Notes on the visitor's device how far a replica must be to show what they have just written.

    Kept for longer than a replica may lack it and still be read from. A forged one makes its forger read the primary.
    """
    try:
        position = written()
    except GONE:
        return  # nothing was written that a replica could miss
    response.set_cookie(
        COOKIE,
        f"{position:x}",
        max_age=settings.REPLICA_LAG + SLACK,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def stamp_of(request: HttpRequest) -> int | None:
    """The position that the visitor's last write was at."""
    value = request.COOKIES.get(COOKIE, "")
    try:
        return int(value[:16], 16) if value else None
    except ValueError:
        return None
