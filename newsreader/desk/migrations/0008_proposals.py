"""Curators see what readers propose, and decide on it."""

from typing import Any

from django.db import migrations, models

from newsreader.desk.curators import found_groups


def found(apps: Any, schema_editor: Any) -> None:
    found_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_proposals"),
        ("desk", "0007_uploads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="deed",
            field=models.CharField(
                choices=[
                    ("added", "added"),
                    ("edited", "edited"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                    ("drafted", "taken back to draft"),
                    ("deleted", "deleted"),
                    ("filed", "filed"),
                    ("cleaned", "cleaned again"),
                    ("restored", "restored an older text"),
                    ("merged", "merged"),
                    ("linked", "linked as one story"),
                    ("kept-apart", "kept apart"),
                    ("uploaded", "uploaded"),
                    ("imported", "imported"),
                    ("exported", "exported"),
                    ("invited", "invited"),
                    ("way-in", "made a password link for"),
                    ("declined", "declined"),
                    ("read", "read a note of"),
                    ("activated", "activated"),
                    ("deactivated", "deactivated"),
                    ("granted", "changed the rights of"),
                    ("undone", "took back"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.RunPython(found, migrations.RunPython.noop),
    ]
