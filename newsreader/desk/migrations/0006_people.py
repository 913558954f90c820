"""Groups of readers and administrators. People are administrators' from now on: curators lose what they could do."""

from typing import Any

from django.db import migrations, models

from newsreader.desk.curators import found_groups


def found(apps: Any, schema_editor: Any) -> None:
    """Whoever has no group and no rights joins the readers."""
    using = schema_editor.connection.alias
    groups = found_groups(apps, using)
    people = apps.get_model("auth", "Permission").objects.using(using).filter(content_type__app_label="accounts")
    groups["Curator"].permissions.remove(*people)
    plain = apps.get_model("accounts", "User").objects.using(using)
    plain = plain.filter(groups=None, user_permissions=None, is_staff=False, is_superuser=False)
    groups["Reader"].user_set.add(*plain.values_list("pk", flat=True))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_invitations_and_links_made"),
        ("desk", "0005_imports"),
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
