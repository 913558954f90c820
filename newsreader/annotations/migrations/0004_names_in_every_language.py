"""The desk names things in its reader’s language; nothing in the database changes."""

import django.db.models.deletion
import newsreader.annotations.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0003_what_was_marked"),
        ("articles", "0003_last_read"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="highlight",
            options={
                "ordering": ("article", "start", "id"),
                "verbose_name": "highlight",
                "verbose_name_plural": "highlights",
            },
        ),
        migrations.AlterModelOptions(
            name="tag",
            options={"ordering": ("name",), "verbose_name": "tag", "verbose_name_plural": "tags"},
        ),
        migrations.AlterField(
            model_name="highlight",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="highlights",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AlterField(
            model_name="highlight",
            name="created",
            field=models.DateTimeField(auto_now_add=True, verbose_name="created"),
        ),
        migrations.AlterField(
            model_name="highlight",
            name="deleted",
            field=models.DateTimeField(blank=True, null=True, verbose_name="deleted"),
        ),
        migrations.AlterField(
            model_name="highlight",
            name="public_id",
            field=models.CharField(
                default=newsreader.annotations.models.new_public_id,
                editable=False,
                max_length=12,
                unique=True,
                verbose_name="public id",
            ),
        ),
        migrations.AlterField(
            model_name="highlight",
            name="reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="highlights",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reader",
            ),
        ),
        migrations.AlterField(
            model_name="highlight",
            name="score",
            field=models.FloatField(default=1.0, verbose_name="score"),
        ),
        migrations.AlterField(
            model_name="highlight",
            name="status",
            field=models.CharField(
                choices=[("kept", "Kept"), ("edited", "Edited"), ("moved", "Moved"), ("lost", "Lost")],
                default="kept",
                max_length=6,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="highlight",
            name="updated",
            field=models.DateTimeField(auto_now=True, verbose_name="updated"),
        ),
    ]
