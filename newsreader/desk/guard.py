"""Triggers that keep the journal as it was written, on both databases, against our own code and against plain SQL."""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "desk_entry"
SENTENCE = "The journal is only added to."

_SQLITE = (
    *(
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{deed} BEFORE {deed} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for deed in ("update", "delete")
    ),
    # INSERT OR REPLACE deletes without asking the trigger before a deletion.
    "CREATE TRIGGER IF NOT EXISTS desk_entry_no_replace BEFORE INSERT ON desk_entry "
    "WHEN EXISTS (SELECT 1 FROM desk_entry WHERE id = NEW.id OR undoes_id = NEW.undoes_id) "
    "BEGIN SELECT RAISE(ABORT, 'The journal is only added to.'); END",
)
_POSTGRES = (
    f"CREATE OR REPLACE FUNCTION {TABLE}_kept() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$",
    f"DROP TRIGGER IF EXISTS {TABLE}_kept ON {TABLE}",
    f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_kept()",
    f"DROP TRIGGER IF EXISTS {TABLE}_whole ON {TABLE}",
    f"CREATE TRIGGER {TABLE}_whole BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_kept()",
)

_SQLITE_BACK = tuple(f"DROP TRIGGER IF EXISTS {TABLE}_no_{deed}" for deed in ("update", "delete", "replace"))
_POSTGRES_BACK = (
    *(f"DROP TRIGGER IF EXISTS {TABLE}_{name} ON {TABLE}" for name in ("kept", "whole")),
    f"DROP FUNCTION IF EXISTS {TABLE}_kept()",
)


def guard(connection: BaseDatabaseWrapper) -> None:
    """Puts the triggers there, also where they are."""
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRES:
            cursor.execute(statement)


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Takes them away: the way back of the migration."""
    with connection.cursor() as cursor:
        for statement in _SQLITE_BACK if connection.vendor == "sqlite" else _POSTGRES_BACK:
            cursor.execute(statement)


def after_migrate(sender: object, using: str, **kwargs: Any) -> None:
    """A receiver of post_migrate: on SQLite, Django alters a table by remaking it, and triggers go with the old one."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        guard(connection)
