"""Lead images by reference, of which sources a reader sees them, and sources that only readers' own copies have."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def known_to_few(apps: Any, schema_editor: Any) -> None:
    """Notes of each source that only readers' own copies have that it is private."""
    using = schema_editor.connection.alias
    filings = apps.get_model("articles", "Article").sources.through.objects.using(using)
    of_it = filings.filter(source=models.OuterRef("pk"))
    sources = apps.get_model("articles", "Source").objects.using(using)
    own = models.Exists(of_it.exclude(article__owner=None))
    library = models.Exists(of_it.filter(article__owner=None))
    keys = list(sources.filter(own).exclude(library).values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        sources.filter(pk__in=keys[start : start + 500]).update(private=True)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0011_what_the_desk_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="private",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Made for a reader’s own copy: theirs to know until an article of the library has it.",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="picture",
            field=models.CharField(blank=True, editable=False, max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="article",
            name="picture_text",
            field=models.CharField(
                blank=True, editable=False, help_text="In place of the picture.", max_length=500, default=""
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="PicturesFrom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reader",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures_from",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.source"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(models.F("reader"), models.F("source"), name="pictures_from_once")
                ],
            },
        ),
        migrations.RunPython(known_to_few, migrations.RunPython.noop, elidable=True),
    ]
