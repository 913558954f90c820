"""Where the ORM reads and writes: what a request reads from one place, and everything else on the primary."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model


@dataclass(slots=True)
class Turn:
    """Where one request reads, and whether it wrote."""

    alias: str = DEFAULT_DB_ALIAS
    wrote: bool = False
    failed: Exception | None = None  # what the replica failed with


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def reading(turn: Turn) -> Iterator[None]:
    """Reads go where `turn` says. Outside, as in a command, and in what a streamed answer reads, to the primary."""
    token = _turn.set(turn)
    try:
        yield
    finally:
        _turn.reset(token)


def current() -> Turn | None:
    """The request's turn that runs in this thread."""
    return _turn.get()


def alias_for_reads() -> str:
    """The database that reads go to just now. A transaction reads what it wrote itself."""
    turn = _turn.get()
    if turn is None or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return DEFAULT_DB_ALIAS
    return turn.alias


def connection_for_reads() -> BaseDatabaseWrapper:
    """For raw SQL that only reads, in place of django.db.connection; where it takes a transaction (SET LOCAL):

    connection = connection_for_reads()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor: …
    """
    return connections[alias_for_reads()]


class Router:
    """Django's interface. Rows of a replica and of the primary are the same rows."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """The replica of this request, or the primary."""
        return alias_for_reads()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """The primary. Django asks also for what is never saved: that a request wrote is seen by what it sent."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Wherever the two were read."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A replica gets its tables from the primary."""
        return db == DEFAULT_DB_ALIAS
