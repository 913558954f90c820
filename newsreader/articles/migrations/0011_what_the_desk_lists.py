"""The desk's list by change; its drafts and what was withdrawn, without a look at all the rest."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_former_names_and_drafts_of_collections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["-changed", "-id", "state", "owner"], name="article_by_change"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("owner", None), ("state", "draft")),
                fields=["-dated", "-id", "state", "owner"],
                name="article_drafts",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("owner", None), ("state", "withdrawn")),
                fields=["-dated", "-id", "state", "owner"],
                name="article_withdrawn",
            ),
        ),
    ]
