"""What readers make of articles: highlights with a note, and tags. Private to their reader."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsreader.annotations.querysets import HighlightQuerySet, TagQuerySet
from newsreader.articles.models import Article, Revision
from newsreader.core.passages import Quote, Span

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without l, o, 0 and 1: it is read aloud and typed


def new_public_id() -> str:
    """Twelve letters and digits, 60 random bits: what stands in addresses and in the page."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class Tag(models.Model):
    """A reader's label on highlights. A deleted tag keeps its highlights until it is purged, for the undo."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=60)
    deleted = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("tag"), _("tags")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint("reader", "name", condition=Q(deleted=None), name="tag_once_per_reader"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Highlight(models.Model):
    """A reader's marked passage.

    The quote (exact, prefix, suffix), `revision`, `made_start` and `made_end` say what was marked and where, as made
    or as last accepted; `start` and `end` say where it stands in the article's present text, and are empty while it
    is lost. All are in code points. `status`, `score` and `reason` say how it came from the one to the other.
    """

    class Colour(models.TextChoices):
        YELLOW = "yellow", _("Yellow")
        GREEN = "green", _("Green")
        BLUE = "blue", _("Blue")
        ROSE = "rose", _("Rose")
        VIOLET = "violet", _("Violet")

        @property
        def within(self) -> str:
            """Its name inside of a sentence."""
            return str(self.label).lower()

    class Status(models.TextChoices):
        KEPT = "kept", _("Kept")
        EDITED = "edited", _("Edited")
        MOVED = "moved", _("Moved")
        LOST = "lost", _("Lost")

    public_id = models.CharField(_("public id"), max_length=12, unique=True, default=new_public_id, editable=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("reader"), related_name="highlights"
    )
    # An article with highlights can't be deleted, only withdrawn.
    article = models.ForeignKey(Article, models.PROTECT, verbose_name=_("article"), related_name="highlights")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    made_start = models.PositiveIntegerField(default=0)
    made_end = models.PositiveIntegerField(default=0)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    exact = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    colour = models.CharField(max_length=6, choices=Colour, default=Colour.YELLOW)
    note = models.TextField(blank=True, help_text=_("Markdown."))
    note_html = models.TextField(blank=True, editable=False)
    tags = models.ManyToManyField(Tag, related_name="highlights", blank=True)
    status = models.CharField(_("status"), max_length=6, choices=Status, default=Status.KEPT)
    score = models.FloatField(_("score"), default=1.0)
    reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(
        max_length=40, blank=True, editable=False, help_text=_("Makes a retried request one highlight.")
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)
    deleted = models.DateTimeField(_("deleted"), null=True, blank=True)

    objects = HighlightQuerySet.as_manager()

    live_tags: list[Tag]  # what `with_tags` has fetched

    class Meta:
        verbose_name, verbose_name_plural = _("highlight"), _("highlights")
        ordering = ("article", "start", "id")
        indexes = (
            models.Index(fields=("reader", "deleted", "article", "start"), name="highlight_by_article"),
            models.Index(fields=("reader", "deleted", "-created"), name="highlight_by_date"),
            models.Index(fields=("reader", "deleted", "status"), name="highlight_by_status"),
            # Few, whosever they are: the desk's front page asks which articles lost some.
            models.Index(fields=("article",), condition=Q(status="lost", deleted__isnull=True), name="highlight_lost"),
        )
        constraints = (
            models.UniqueConstraint("reader", "key", condition=~Q(key=""), name="highlight_key_once"),
            models.CheckConstraint(
                condition=Q(status="lost", start=None, end=None)
                | (~Q(status="lost") & Q(start__isnull=False, end__isnull=False, end__gt=F("start"))),
                name="highlight_span_or_lost",
            ),
            models.CheckConstraint(
                condition=Q(colour__in=["yellow", "green", "blue", "rose", "violet"]), name="highlight_colour"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["kept", "edited", "moved", "lost"]), name="highlight_status"
            ),
            models.CheckConstraint(condition=Q(score__gte=0) & Q(score__lte=1), name="highlight_score"),
            models.CheckConstraint(condition=~Q(exact=""), name="highlight_has_words"),
        )

    def __str__(self) -> str:
        return f"{self.public_id} ({self.article_id})"

    def get_absolute_url(self) -> str:
        """Where its words stand in the article."""
        return f"{reverse('reading:article', args=[self.article.slug])}#h-{self.public_id}"

    @property
    def quote(self) -> Quote:
        """The words as they were marked (W3C TextQuoteSelector), with the present place as the hint."""
        return Quote(exact=self.exact, prefix=self.prefix, suffix=self.suffix, hint=self.start)

    @property
    def span(self) -> Span | None:
        """Where it stands in the article's present text (W3C TextPositionSelector); None while lost."""
        return None if self.start is None or self.end is None else Span(self.start, self.end)
