"""Where servers are in PostgreSQL's write-ahead log: positions are numbers of bytes, and only ever grow."""

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

GONE = (OperationalError, InterfaceError)

# What a commit has written by the time it is answered. With synchronous_commit off it may still be in memory.
_WRITTEN = """
    SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
           ELSE pg_current_wal_lsn() END - '0/0'::pg_lsn
"""
_REPLAYED = "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn WHERE pg_is_in_recovery()"


class NoReplica(OperationalError):
    """The server follows no other: what it has may be of any age."""


def written() -> int:
    """The primary's position. Raises OperationalError when it doesn't answer."""
    return _position(DEFAULT_DB_ALIAS, _WRITTEN)


def replayed(alias: str) -> int:
    """A replica's position: what was written before it can be read there. Raises OperationalError."""
    return _position(alias, _REPLAYED)


def failed(error: Exception) -> bool:
    """Whether the server is to blame, or what it replays from the primary: then the primary can answer instead."""
    state = getattr(error.__cause__, "sqlstate", None)
    # No state: the connection broke. 08: it couldn't be made. 57P: the server is shutting down or starting.
    # 40001: a row that the statement read was cleaned up on the primary.
    return isinstance(error, GONE) and (state is None or state.startswith(("08", "57P", "40001")))


def _position(alias: str, sql: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NoReplica(f"{alias} is no replica.")
    return int(row[0])
