"""The desk's journal: who did what there, when, and the way back."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsreader.desk.exchange.models import Import, ImportRow
from newsreader.desk.upload_models import Upload, UploadedDocument

__all__ = ["Deed", "Entry", "Import", "ImportRow", "Sketch", "Twins", "Upload", "UploadedDocument"]


class Deed(models.TextChoices):
    """What can be done at the desk."""

    ADDED = "added", _("added")
    EDITED = "edited", _("edited")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DRAFTED = "drafted", _("taken back to draft")
    DELETED = "deleted", _("deleted")
    FILED = "filed", _("filed")
    CLEANED = "cleaned", _("cleaned again")
    RESTORED = "restored", _("restored an older text")
    MERGED = "merged", _("merged")
    LINKED = "linked", _("linked as one story")
    KEPT_APART = "kept-apart", _("kept apart")
    UPLOADED = "uploaded", _("uploaded")
    IMPORTED = "imported", _("imported")
    EXPORTED = "exported", _("exported")
    INVITED = "invited", _("invited")
    WAY_IN = "way-in", _("made a password link for")
    DECLINED = "declined", _("declined")
    READ = "read", _("read a note of")
    ACTIVATED = "activated", _("activated")
    DEACTIVATED = "deactivated", _("deactivated")
    GRANTED = "granted", _("changed the rights of")
    UNDONE = "undone", _("took back")


class Entry(models.Model):
    """One deed, in words, with what it takes to take it back. The database refuses to change or to delete one.

    `actor` outlives the account: its name is kept beside, and no constraint ties the two. `ways` are journal.Way as
    plain values, empty where there is no way back.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        verbose_name=_("who"),
        null=True,
        db_constraint=False,
        related_name="+",
    )
    actor_name = models.CharField(_("who"), max_length=300)
    deed = models.CharField(_("what"), max_length=20, choices=Deed)
    kind = models.CharField(_("of what kind"), max_length=60, blank=True, help_text=_("Of what was changed."))
    about = models.CharField(_("about"), max_length=500)
    number = models.PositiveIntegerField(_("how many"), default=1)
    rows = models.JSONField(default=list, help_text=_("Primary keys of what was changed."))
    told = models.TextField(_("in words"), blank=True)
    ways = models.JSONField(default=list)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, verbose_name=_("takes back"), related_name="undone"
    )

    class Meta:
        verbose_name, verbose_name_plural = _("entry of the journal"), _("journal")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_deed_display()} {self.about}"


class Sketch(models.Model):
    """What core.duplicates compares of an article's text, so that a library is compared without reading it anew."""

    article = models.OneToOneField("articles.Article", models.CASCADE, primary_key=True, related_name="sketch")
    content_hash = models.CharField(max_length=64, help_text=_("Of the text that was sketched."))
    numbers = models.BinaryField()

    class Meta:
        default_permissions = ()  # nobody's to look at

    def __str__(self) -> str:
        return str(self.article_id)


class Twins(models.Model):
    """Two articles of the library that tell one story in nearly the same words, and what a curator said of them."""

    class Settled(models.TextChoices):
        OPEN = "open", _("to be looked at")
        LINKED = "linked", _("versions of one story")
        MERGED = "merged", _("merged")
        DIFFERENT = "different", _("different articles")

    first = models.ForeignKey("articles.Article", models.CASCADE, verbose_name=_("one"), related_name="+")
    second = models.ForeignKey("articles.Article", models.CASCADE, verbose_name=_("the other"), related_name="+")
    spread = models.FloatField(_("shared"), help_text=_("Share of the shorter text that stands in the other too."))
    found = models.DateTimeField(_("found"), default=timezone.now)
    settled = models.CharField(_("settled"), max_length=9, choices=Settled, default=Settled.OPEN)

    class Meta:
        verbose_name, verbose_name_plural = _("pair of duplicates"), _("duplicates")
        ordering = ("-spread", "-id")
        indexes = (models.Index(fields=("settled", "-spread"), name="twins_open"),)
        constraints = (
            models.UniqueConstraint("first", "second", name="twins_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="twins_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    @property
    def percent(self) -> int:
        """What they share, rounded down: 100 only where it is all."""
        return int(100 * self.spread)
