"""The full-text index of SQLite. PostgreSQL needs none yet: it searches the rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from newsreader.search.sqlite import index


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    index.put_back(schema_editor.connection)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    index.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial"), ("annotations", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
