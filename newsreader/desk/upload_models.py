"""Documents that a curator looks at before they are added: kept as they were read, so that what was shown is added."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsreader.accounts.models import User
from newsreader.articles.fields import LongTextField
from newsreader.articles.models import Article, Source, Topic

KEPT = dt.timedelta(days=1)


class UploadQuerySet(models.QuerySet["Upload"]):
    def stale(self) -> "UploadQuerySet":
        """Those to be thrown away. What was added of them stays in the library."""
        return self.filter(made__lte=timezone.now() - KEPT)

    def of(self, curator: User) -> "UploadQuerySet":
        """What this curator may still look at."""
        return self.filter(by=curator, made__gt=timezone.now() - KEPT)


class Upload(models.Model):
    """What one curator uploaded at once. Theirs alone, and thrown away after a day."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made = models.DateTimeField(default=timezone.now, db_index=True)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="+")
    topics = models.ManyToManyField(Topic, related_name="+")
    aside = models.PositiveIntegerField(
        default=0, help_text=_("Files in archives that are no documents: pictures, styles, what systems leave behind.")
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class UploadedDocumentQuerySet(models.QuerySet["UploadedDocument"]):
    def waiting(self) -> "UploadedDocumentQuerySet":
        """Those that can be added, and are not yet."""
        return self.filter(verdict__in=(UploadedDocument.Verdict.NEW, UploadedDocument.Verdict.ALIKE), became=None)


class UploadedDocument(models.Model):
    """One of its documents, and what was found of it. `became` is the draft that was made of it, while that is there.

    `refusal` is a core Sentence as plain values, said in the language of whoever looks.
    """

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        ALIKE = "alike", _("nearly the same as another")
        THERE = "there", _("in the library already")
        TWICE = "twice", _("twice among these")
        REFUSED = "refused", _("refused")

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="documents", db_index=False)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=1000)
    archive = models.CharField(max_length=255, blank=True, help_text=_("The zip that it was in."))
    kind = models.CharField(max_length=10, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=7, choices=Verdict)
    refusal = models.JSONField(default=dict)
    title = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=35, blank=True)
    words = models.PositiveIntegerField(default=0)
    opening = models.CharField(max_length=200, blank=True, help_text=_("The first words of its text."))
    other = models.ForeignKey(
        Article, models.SET_NULL, null=True, related_name="+", help_text=_("The article that it is the same as.")
    )
    twin = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", help_text=_("The document that it is the same as.")
    )
    shared = models.FloatField(default=0, help_text=_("Share of the shorter text that stands in the other too."))
    became = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    content_hash = models.CharField(max_length=64, blank=True)
    about = models.JSONField(default=dict, help_text=_("The rest of what it says of itself, by field."))
    html = LongTextField(blank=True)

    objects = UploadedDocumentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("upload", "number", name="uploaded_document_number"),
            models.CheckConstraint(
                condition=~Q(verdict="refused") | Q(html="", became=None), name="refused_documents_are_not_kept"
            ),
        )

    def __str__(self) -> str:
        return self.name
