"""What readers propose of their own shelf."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_pictures_by_reference"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.TextField(blank=True, max_length=1000, verbose_name="word to the curators")),
                ("made", models.DateTimeField(verbose_name="proposed")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("declined", "declined"), ("published", "published")],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="word to the reader")),
                ("decided", models.DateTimeField(null=True)),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposal",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.article"
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ("made", "id"),
                "default_permissions": ("change", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "declined", "published"])), name="proposal_state"
                    )
                ],
            },
        ),
    ]
