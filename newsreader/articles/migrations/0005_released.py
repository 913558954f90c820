"""With which revision readers first could open an article. The drafts before it are the curators' alone."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def from_the_first_on(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """When it was published was not kept: of what readers have had before them, nothing is taken away."""
    articles = apps.get_model("articles", "Article").objects.using(schema_editor.connection.alias)
    articles.exclude(state="draft").update(released=1)


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_names_in_every_language")]

    operations = [
        migrations.AddField(
            "article",
            "released",
            models.PositiveIntegerField(
                editable=False, help_text="Number of the revision with which readers first could open it.", null=True
            ),
        ),
        migrations.RunPython(from_the_first_on, migrations.RunPython.noop, elidable=True),
    ]
