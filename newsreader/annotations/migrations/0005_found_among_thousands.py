"""Indexes of what a reader has not deleted: by article, by date, by status, for notebooks of ten thousand passages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0004_names_in_every_language")]

    operations = [
        migrations.RemoveIndex(model_name="highlight", name="highlight_on_article"),
        migrations.RemoveIndex(model_name="highlight", name="highlight_newest"),
        migrations.AddIndex(
            model_name="highlight",
            index=models.Index(fields=["reader", "deleted", "article", "start"], name="highlight_by_article"),
        ),
        migrations.AddIndex(
            model_name="highlight",
            index=models.Index(fields=["reader", "deleted", "-created"], name="highlight_by_date"),
        ),
        migrations.AddIndex(
            model_name="highlight",
            index=models.Index(fields=["reader", "deleted", "status"], name="highlight_by_status"),
        ),
    ]
