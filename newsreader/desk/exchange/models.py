"""A file that somebody looks at before it is imported, row by row: what was shown is what is written."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsreader.articles.fields import LongTextField

KEPT = dt.timedelta(days=1)


class ImportQuerySet(models.QuerySet["Import"]):
    def fresh(self) -> "ImportQuerySet":
        """Those that are not to be thrown away yet."""
        return self.filter(made__gt=timezone.now() - KEPT)


class Import(models.Model):
    """A file, read and judged. Its owner's alone; None where the command line reads it. Thrown away after a day."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=60, help_text=_("Of what it holds."))
    name = models.CharField(max_length=200, help_text=_("Of the file."))
    made = models.DateTimeField(default=timezone.now, db_index=True)
    about = models.JSONField(default=dict, help_text=_("What is said of the whole file."))
    done = models.BooleanField(default=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """What one row of it would do.

    `values` are what would be written, `before` how those columns stood when it was looked at, both by column.
    """

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("the same")
        WRONG = "wrong", _("wrong")

    job = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=7, choices=Verdict)
    title = models.CharField(max_length=200)
    target = models.BigIntegerField(null=True, help_text=_("Key of what it is, where that is there already."))
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    notes = models.JSONField(default=list, help_text=_("What is said of it, in sentences."))
    html = LongTextField(blank=True, help_text=_("A text, which the other columns only name."))

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("job", "verdict", "number"), name="import_row"),)

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"
