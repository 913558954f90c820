"""PostgreSQL's index: stored generated columns that the database keeps by itself, so no write path can forget them.

A vector holds the words of a row as its article's language stems them, accents folded, none of them passed over ("the"
and "not" are found). Writing without spaces is one word for each character, so a phrase of characters finds any part
of a run. Signs split words as SQLite's unicode61 does, so "and/or", "COVID-19" and "example.com" are several.

A vector holds 1 MB and 16,383 numbered places: of longer texts TEXT characters are found, and phrases in the first
16,383 words. The columns are no part of Django's models: it neither writes nor reads them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import AlterField, Migration
from django.db.migrations.recorder import MigrationRecorder

from newsreader.search.languages import STEMMERS, stemmer_of_ascii
from newsreader.search.postgres import triggers

MIGRATION = ("search", "0003_postgres_index")
# Of one text, in code points. Were each of them a word of its own, a vector would take 8 bytes for it where it is
# from UNSPACED (42,000 characters), and 4 elsewhere: never more than its megabyte.
TEXT, STANDFIRST = 190_000, 5_000

NAMES = ("simple", *sorted(set(STEMMERS.values())))
PREFIX = "newsreader_"  # of configurations and dictionaries
COLUMN = "search_vector"

# What the default parser would make longer words of: hosts, paths, numbers with a sign, tags, hyphenated words.
JOINTS = "./-@&<_+~"
# Letters of scripts without spaces between words, and of Korean, which writes endings on to its words: Thai, Lao,
# Burmese, Khmer, kana, bopomofo, Hangul, Han. Marks stay with their letter.
UNSPACED = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u1000-\u102a\u1780-\u17b3"
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f"
)


def spaced(column: str) -> str:
    """SQL for a text as the parser is given it."""
    sql = column
    for joint in JOINTS:
        sql = f"replace({sql}, '{joint}', ' ')"
    return (
        f"CASE WHEN {column} ~ '[{UNSPACED}]' THEN regexp_replace({sql}, '([{UNSPACED}])', ' \\1 ', 'g') ELSE {sql} END"
    )


def _configuration(language: str) -> str:
    """SQL for the configuration by a row's language: constants only, so that it is immutable."""
    cases = " ".join(f"WHEN '{tag}' THEN '{PREFIX}{name}'::regconfig" for tag, name in sorted(STEMMERS.items()))
    tag = f"lower(split_part(replace({language}, '_', '-'), '-', 1))"
    return f"CASE {tag} {cases} WHEN '' THEN '{PREFIX}english'::regconfig ELSE '{PREFIX}simple'::regconfig END"


def _vector(configuration: str, parts: Iterable[tuple[str, str]]) -> str:
    """SQL for the words of some texts, each with its weight."""
    return " || ".join(f"setweight(to_tsvector({configuration}, {spaced(text)}), '{weight}')" for text, weight in parts)


def _dictionary(name: str) -> str:
    """Snowball's stemmer for a language without its list of words to pass over."""
    template = "pg_catalog.simple" if name == "simple" else f"pg_catalog.snowball, Language = '{name}'"
    return f"CREATE TEXT SEARCH DICTIONARY {PREFIX}{name} (TEMPLATE = {template})"


def _mapped(name: str) -> str:
    """A configuration that has every kind of word stemmed as that language does; numbers stay as they are."""
    alter = f"ALTER TEXT SEARCH CONFIGURATION {PREFIX}{name} ADD MAPPING FOR"
    return f"""
        CREATE TEXT SEARCH CONFIGURATION {PREFIX}{name} (PARSER = pg_catalog."default");
        {alter} asciiword WITH {PREFIX}{stemmer_of_ascii(name)};
        {alter} word WITH UNACCENT, {PREFIX}{name};
        {alter} numword WITH UNACCENT, {PREFIX}simple;
        {alter} int, uint, float, sfloat, version, host, email, url, url_path, file, protocol WITH {PREFIX}simple;
        """


def _version(*statements: str) -> str:
    """What is written beside an object: another text stands beside an older version."""
    return f"newsreader {sha256(''.join(statements).encode()).hexdigest()[:16]}"


_CONFIGURATIONS = [*map(_dictionary, NAMES), *map(_mapped, NAMES)]
_VERSION = _version(*_CONFIGURATIONS)


@dataclass(frozen=True)
class Vector:
    """A generated column of `table` over `columns`, with its index."""

    table: str
    columns: tuple[str, ...]
    expression: str
    before: tuple[str, ...] = ()  # what must be there first
    after: tuple[str, ...] = ()  # its way back
    beside: frozenset[tuple[str, str]] = frozenset()  # (table, column) that those lean on

    @property
    def index(self) -> str:
        return f"{self.table}_{COLUMN}"

    @property
    def leans_on(self) -> frozenset[tuple[str, str]]:
        """(table, column): what can't be altered as long as it is there."""
        return self.beside | {(self.table, column) for column in self.columns}

    @property
    def mark(self) -> str:
        """What the column's comment says: an older version of it says something else."""
        return _version(*self._made, *_CONFIGURATIONS)

    @property
    def statements(self) -> tuple[str, ...]:
        """The SQL that makes it, and what triggers keep with it."""
        return (*self._made, f"COMMENT ON COLUMN {self.table}.{COLUMN} IS '{self.mark}'")

    @property
    def drop(self) -> tuple[str, ...]:
        """The SQL that takes it away, all of it or what there is."""
        column = f"ALTER TABLE {self.table} DROP COLUMN IF EXISTS {COLUMN}"
        return (*triggers.not_learning(self.table), column, *self.after)

    @property
    def _made(self) -> tuple[str, ...]:
        return (
            *self.before,
            f"ALTER TABLE {self.table} ADD COLUMN {COLUMN} tsvector GENERATED ALWAYS AS ({self.expression}) STORED",
            # What is added waits in a list that each search reads: shorter than the usual, long enough to save work.
            f"CREATE INDEX {self.index} ON {self.table} USING gin ({COLUMN}) WITH (gin_pending_list_limit = 2048)",
            *triggers.learning(self.table, self.columns, COLUMN),
        )


ARTICLES = Vector(
    "articles_article",
    ("title", "standfirst", "byline", "text", "language"),
    _vector(
        _configuration("language"),
        (("title", "A"), (f"left(standfirst, {STANDFIRST})", "B"), ("byline", "C"), (f"left(text, {TEXT})", "D")),
    ),
)
# Weights tell the passage (A) from the note (B).
HIGHLIGHTS = Vector(
    "annotations_highlight",
    ("exact", "note", triggers.LANGUAGE),
    _vector(_configuration(triggers.LANGUAGE), ((f"left(exact, {TEXT // 2})", "A"), (f"left(note, {TEXT // 2})", "B"))),
    triggers.LANGUAGES,
    triggers.NO_LANGUAGES,
    frozenset({("articles_article", "language"), ("annotations_highlight", "article")}),
)
VECTORS = (ARTICLES, HIGHLIGHTS)


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Makes the extensions. Raises CommandError with what to do where the database doesn't let us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_encoding')")
        if (encoding := cursor.fetchone()[0]) != "UTF8":
            raise CommandError(f"The database is in {encoding}. Make it with ENCODING 'UTF8'.")
    for name in ("unaccent", "pg_trgm"):
        try:
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE EXTENSION {name}")
        except DatabaseError as error:
            raise CommandError(
                f"The search needs PostgreSQL's extension {name}, and it could not be made: {str(error).strip()}. "
                "Install the contributed modules (Debian has them in postgresql, others in postgresql-contrib). Then "
                "the database's owner can run the migration; or a superuser runs, once, in this database: "
                "CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm;"
            ) from error


def put_back(connection: BaseDatabaseWrapper) -> list[str]:
    """Makes what is missing or of another version, and so indexes anew. Returns the tables of what it made."""
    made = []
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        if all(_is_there(cursor, vector) for vector in VECTORS):
            return []
        _configure(cursor)
        for sql in triggers.TABLE:
            cursor.execute(sql)
        for vector in VECTORS:
            if _is_there(cursor, vector):
                continue
            # An older migration runs before a column that this version of the code indexes is there.
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND NOT attisdropped", [vector.table]
            )
            there = {name for (name,) in cursor.fetchall()}
            if there.issuperset(set(vector.columns) - {triggers.LANGUAGE}):
                _drop(cursor, vector)
                for sql in vector.statements:
                    cursor.execute(sql)
                made.append(vector.table)
    return made


def put_away(connection: BaseDatabaseWrapper, vectors: Iterable[Vector]) -> None:
    """Takes columns and indexes away; `put_back` makes them again. PostgreSQL alters no column that others are of."""
    with connection.cursor() as cursor:
        for vector in vectors:
            _drop(cursor, vector)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes all of it away but for the extensions, which may be others' too."""
    with connection.cursor() as cursor:
        _remove(cursor)


def before_migrate(sender: object, using: str, plan: list[tuple[Migration, bool]], **kwargs: Any) -> None:
    """A receiver of pre_migrate: where a column is to be altered that is indexed, the index makes way."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    altered = {
        (f"{migration.app_label}_{operation.model_name_lower}", operation.name_lower)
        for migration, _ in plan
        for operation in migration.operations
        if isinstance(operation, AlterField)
    }
    put_away(connection, [one for one in VECTORS if altered & one.leans_on])


def after_migrate(sender: object, using: str, **kwargs: Any) -> None:
    """A receiver of post_migrate: what made way for a migration comes back."""
    connection = connections[using]
    if connection.vendor == "postgresql" and MIGRATION in MigrationRecorder(connection).applied_migrations():
        put_back(connection)


def _is_there(cursor: Any, vector: Vector) -> bool:
    cursor.execute(
        "SELECT col_description(attrelid, attnum) FROM pg_attribute "
        "WHERE attrelid = to_regclass(%s) AND attname = %s AND NOT attisdropped AND to_regclass(%s) IS NOT NULL",
        [vector.table, COLUMN, vector.index],
    )
    return bool(cursor.fetchone() == (vector.mark,))


def _remove(cursor: Any) -> None:
    for vector in VECTORS:
        _drop(cursor, vector)
    for sql in triggers.NOTHING:
        cursor.execute(sql)
    for thing in ("CONFIGURATION", "DICTIONARY"):
        for name in NAMES:
            cursor.execute(f"DROP TEXT SEARCH {thing} IF EXISTS {PREFIX}{name}")


def _drop(cursor: Any, vector: Vector) -> None:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [vector.table])
    for sql in vector.drop if cursor.fetchone()[0] else ():
        cursor.execute(sql)


def _configure(cursor: Any) -> None:
    """Makes dictionaries and configurations, where they are not there in this version; older ones go with all of it."""
    cursor.execute("SELECT obj_description(oid, 'pg_ts_dict') FROM pg_ts_dict WHERE dictname = %s", [f"{PREFIX}simple"])
    if cursor.fetchone() == (_VERSION,):
        return
    _remove(cursor)
    cursor.execute(
        "SELECT format('%I.%I', nspname, dictname) FROM pg_ts_dict "
        "JOIN pg_namespace ON pg_namespace.oid = dictnamespace WHERE dictname = 'unaccent'"
    )
    (unaccent,) = cursor.fetchone()
    for sql in _CONFIGURATIONS:
        cursor.execute(sql.replace("UNACCENT", unaccent))
    cursor.execute(f"COMMENT ON TEXT SEARCH DICTIONARY {PREFIX}simple IS '{_VERSION}'")
