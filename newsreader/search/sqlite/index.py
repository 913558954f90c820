"""SQLite's full-text tables and the triggers that keep them: no write path can forget the index.

Only `REPLACE INTO` in plain SQL gets past them, because SQLite runs no delete triggers for the row it replaces.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from newsreader.search.sqlite import trigrams, vocabulary

# porter: run finds running. Accents are folded, so that cafe finds café.
TOKENIZE = "porter unicode61 remove_diacritics 2"


class Kept(Protocol):
    """Tables about `columns` of `table` that triggers keep: `statements` make them, `rebuild` fills them anew."""

    @property
    def table(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def statements(self) -> dict[str, str]: ...
    @property
    def rebuild(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Index:
    """A full-text table over `columns` of `table`. It keeps the index only, and reads the words from the table."""

    name: str
    table: str
    columns: tuple[str, ...]

    @cached_property
    def statements(self) -> dict[str, str]:
        """What it is made of: name of a table or trigger -> the SQL that makes it, as SQLite stores it."""
        columns = ", ".join(self.columns)
        new = ", ".join(f"new.{column}" for column in self.columns)
        old = ", ".join(f"old.{column}" for column in self.columns)
        # Django's save() sets every column. Only words that differ are worth a write.
        changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in ("id", *self.columns))
        add = f"INSERT INTO {self.name}(rowid, {columns}) VALUES (new.id, {new});"  # noqa: S608 our own names
        drop = f"INSERT INTO {self.name}({self.name}, rowid, {columns}) VALUES ('delete', old.id, {old});"  # noqa: S608
        on = f"ON {self.table}"
        return {
            self.name: f"CREATE VIRTUAL TABLE {self.name} USING fts5({columns}, "
            f"content='{self.table}', content_rowid='id', tokenize='{TOKENIZE}')",
            f"{self.name}_insert": f"CREATE TRIGGER {self.name}_insert AFTER INSERT {on} BEGIN {add} END",
            f"{self.name}_delete": f"CREATE TRIGGER {self.name}_delete AFTER DELETE {on} BEGIN {drop} END",
            f"{self.name}_update": f"CREATE TRIGGER {self.name}_update AFTER UPDATE OF id, {columns} {on} "
            f"WHEN {changed} BEGIN {drop} {add} END",
        }

    @property
    def rebuild(self) -> tuple[str, ...]:
        """What indexes all rows anew."""
        return (f"INSERT INTO {self.name}({self.name}) VALUES ('rebuild')",)  # noqa: S608 our own name


ARTICLES = Index("search_articles", "articles_article", ("title", "standfirst", "byline", "text"))
# The reader too, so that FTS5 itself leaves out what is others'.
HIGHLIGHTS = Index("search_highlights", "annotations_highlight", ("exact", "note", "reader_id"))
INDEXES: tuple[Kept, ...] = (
    *(ARTICLES, HIGHLIGHTS),
    *(vocabulary.ARTICLES, vocabulary.HIGHLIGHTS),
    *(trigrams.ARTICLES, trigrams.HIGHLIGHTS),
)


def put_back(connection: BaseDatabaseWrapper) -> list[str]:
    """Makes what is missing or differs, and indexes anew where that was so. Returns the names of what it made."""
    if connection.vendor != "sqlite":
        return []
    made: list[str] = []
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'trigger')")
        there: dict[str, str] = dict(cursor.fetchall())
        for index in INDEXES:
            # An older migration runs before a column that this version of the code indexes is there.
            cursor.execute("SELECT name FROM pragma_table_info(%s)", [index.table])
            if not {name for (name,) in cursor.fetchall()}.issuperset(index.columns):
                continue
            missing = {name: sql for name, sql in index.statements.items() if there.get(name) != sql}
            for name, sql in missing.items():
                if name in there:
                    cursor.execute(f"DROP {_sort(sql)} {name}")
                cursor.execute(sql)
            for sql in index.rebuild if missing else ():
                cursor.execute(sql)
            made += missing
    return made


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes the index away: the way back of the migration that made it."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for index in INDEXES:
            for name, sql in index.statements.items():
                cursor.execute(f"DROP {_sort(sql)} IF EXISTS {name}")


def _sort(made_by: str) -> str:
    return "TABLE" if made_by.startswith("CREATE VIRTUAL TABLE") else "TRIGGER"


def after_migrate(sender: object, using: str, **kwargs: Any) -> None:
    """A receiver of post_migrate: Django alters a table by remaking it, and the old one's triggers go with it."""
    connection = connections[using]
    if ("search", "0001_initial") in MigrationRecorder(connection).applied_migrations():
        put_back(connection)
