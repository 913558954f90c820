"""When a reader last came further in an article, and the indexes that sort and filter by it and by language."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F


def from_what_is_known(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of what was begun before, the last change is the best that is known."""
    readings = apps.get_model("articles", "Reading").objects.using(schema_editor.connection.alias)
    readings.filter(position__gt=0).update(last_read=F("changed"))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_indexes_in_the_order_of_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "reading",
            "last_read",
            models.DateTimeField(blank=True, null=True, help_text="When its reader last came further."),
        ),
        migrations.RunPython(from_what_is_known, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex("reading", models.Index(fields=["reader", "-last_read"], name="reading_latest")),
        migrations.AddIndex(
            "article", models.Index(fields=["language", "state", "owner"], name="article_by_language")
        ),
    ]
