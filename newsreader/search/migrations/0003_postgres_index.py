"""PostgreSQL's full-text index: extensions now; the columns follow when all migrations of the same run are through."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from newsreader.search.postgres import index as postgres_index


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        postgres_index.prepare(schema_editor.connection)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        postgres_index.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_saved_searches"),
        ("articles", "0005_released"),
        ("annotations", "0005_found_among_thousands"),
    ]
    operations = [migrations.RunPython(forwards, backwards)]
