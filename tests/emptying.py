"""After a test that commits, what it wrote goes, and what migrations put there (rights, groups) is as they left it.

Django's own way empties every table and makes content types and permissions anew: two hundred queries after each
browser test, and no groups for the test after it.
"""

from collections import Counter
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Rows = Counter[tuple[Any, ...]]


def filled(connection: BaseDatabaseWrapper) -> dict[str, Rows]:
    """What stands in each table that is not empty."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return {table: rows for table in tables if (rows := _rows(connection, table))}


def empty(connection: BaseDatabaseWrapper, founded: dict[str, Rows]) -> None:
    """Empties the tables, and puts into those of `founded` what stood there where it was changed."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    others = sorted(set(tables) - set(founded))
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), others))
    if all(_rows(connection, table) == rows for table, rows in founded.items()):
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in founded:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        for table, rows in founded.items():
            places = ", ".join(["%s"] * len(next(iter(rows))))
            cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} VALUES ({places})", list(rows))
    ContentType.objects.clear_cache()


def _rows(connection: BaseDatabaseWrapper, table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return Counter(cursor.fetchall())
