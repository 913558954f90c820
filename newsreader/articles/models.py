"""What is read: articles, where they come from, how they are grouped, and where a reader stands in them."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from newsreader.articles.querysets import ArticleQuerySet, LabelQuerySet
from newsreader.core.text import text_of


class Source(models.Model):
    """Who published it."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    site = models.URLField("web site", blank=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A curator's label on articles."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """What is read. Its text changes only through `annotations.services.revise_article`, which carries highlights."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="shelf",
        help_text="A reader's own, private copy. Empty for the library's articles.",
    )
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True)
    standfirst = models.TextField(blank=True)
    published = models.DateTimeField(null=True, blank=True, help_text="When its source published it.")
    added = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    # When it counts as new: its own date, else the day it came in. Kept as a column so that an index sorts the library.
    dated = models.DateTimeField(editable=False)
    language = models.CharField(max_length=35, blank=True, help_text="As in “en” or “pt-BR”. Empty if unknown.")
    sources = models.ManyToManyField(Source, related_name="articles", blank=True)
    topics = models.ManyToManyField(Topic, related_name="articles", blank=True)
    address = models.URLField("original address", max_length=2000, blank=True)
    # A seed file's path below its folder. NULL, not "", so that it is unique where there is one.
    document = models.CharField(max_length=1000, null=True, unique=True, editable=False)  # noqa: DJ001
    document_hash = models.CharField(max_length=64, blank=True, editable=False)
    length = models.PositiveIntegerField(default=0, editable=False, help_text="Of the text, in code points.")
    words = models.PositiveIntegerField(default=0, editable=False)
    minutes = models.PositiveIntegerField(default=1, editable=False)
    content_hash = models.CharField(max_length=64, editable=False, db_index=True)
    # Last, so that a list that defers them never touches their pages.
    text = models.TextField(editable=False)
    html = models.TextField(editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-dated", "-id")
        # Both hold all that decides who sees an article, so that a list is read off in its order and stops after a
        # page. Without an index on state or owner alone, which would look cheaper and then sort the whole library.
        indexes = (
            models.Index(fields=("-dated", "-id", "state", "owner"), name="article_by_date"),
            models.Index(fields=("words", "-id", "state", "owner"), name="article_by_length"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "published", "withdrawn"]), name="article_state"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="article_has_a_title"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reading:article", args=[self.slug])

    @property
    def original(self) -> str:
        """Where it comes from, if that is a page on the web: a link may lead there."""
        return self.address if self.address.startswith(("https://", "http://")) else ""


class Revision(models.Model):
    """One accepted text of an article; the newest one is the article's own. Never changed, never deleted."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    accepted = models.DateTimeField(auto_now_add=True)
    html = models.TextField()

    class Meta:
        ordering = ("article", "-number")
        constraints = (models.UniqueConstraint("article", "number", name="revision_number"),)

    def __str__(self) -> str:
        return f"{self.title}, revision {self.number}"

    @property
    def text(self) -> str:
        """Its text, with the same offsets as a highlight's span."""
        return text_of(self.html)


class Collection(models.Model):
    """A curator's ordered selection of articles."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    introduction = models.TextField(blank=True)
    articles = models.ManyToManyField(Article, through="CollectionItem", related_name="collections")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CollectionItem(models.Model):
    """An article's place in a collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint("collection", "article", name="collection_article_once"),)

    def __str__(self) -> str:
        return f"{self.position}. {self.article}"


class Reading(models.Model):
    """A reader's state of an article. Where there is none, the article is unread and in the inbox."""

    class Place(models.TextChoices):
        INBOX = "inbox", "Inbox"
        LATER = "later", "Later"
        ARCHIVE = "archive", "Archive"

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    article = models.ForeignKey(Article, models.CASCADE, related_name="readings")
    place = models.CharField(max_length=7, choices=Place, default=Place.INBOX)
    unread = models.BooleanField(default=True)
    favourite = models.BooleanField(default=False)
    position = models.PositiveIntegerField(
        default=0, help_text="The furthest point reached: code points into the text."
    )
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = (models.Index("reader", "place", "unread", name="reading_place"),)
        constraints = (
            models.UniqueConstraint("reader", "article", name="reading_once"),
            models.CheckConstraint(
                condition=models.Q(place__in=["inbox", "later", "archive"]), name="reading_place_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reader} reads {self.article}"
