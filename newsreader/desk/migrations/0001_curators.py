"""The group of curators. When its table of permissions grows, another migration founds it again."""

from typing import Any

from django.conf import settings
from django.db import migrations

from newsreader.desk import curators


def found(apps: Any, schema_editor: Any) -> None:
    curators.found_group(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("annotations", "0001_initial"),
        ("articles", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(found, migrations.RunPython.noop)]
