"""What is read: articles, where they come from, how they are grouped, and where a reader stands in them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsreader.articles.fields import LongTextField
from newsreader.articles.proposed import Proposal
from newsreader.articles.querysets import (
    ArticleQuerySet,
    CollectionQuerySet,
    LabelQuerySet,
    RevisionQuerySet,
    SourceQuerySet,
)
from newsreader.articles.validators import renderable
from newsreader.core.text import text_of

__all__ = [
    "Article",
    "Collection",
    "CollectionItem",
    "Former",
    "PicturesFrom",
    "Proposal",
    "Reading",
    "Revision",
    "Source",
    "Story",
    "Topic",
]


class Source(models.Model):
    """Who published it."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, allow_unicode=True)
    site = models.URLField(_("web site"), blank=True)
    language = models.CharField(
        _("language"), max_length=35, blank=True, help_text=_("Of articles that don’t say theirs.")
    )
    rights = models.TextField(
        _("rights"),
        blank=True,
        validators=[renderable],
        help_text=_("Markdown. Readers see it under each article."),
    )
    trust = models.TextField(_("how far to trust it"), blank=True, help_text=_("For curators only."))
    private = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Made for a reader’s own copy: theirs to know until an article of the library has it."),
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("source"), _("sources")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A curator's label on articles."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, allow_unicode=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("topic"), _("topics")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Story(models.Model):
    """What articles tell that are versions of one another: the same text from two sources, say."""

    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("story"), _("stories")

    def __str__(self) -> str:
        return _("Story {number}").format(number=self.pk)


class Article(models.Model):
    """What is read. Its text changes only through `annotations.services.revise_article`, which carries highlights."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="shelf",
        help_text=_("A reader's own, private copy. Empty for the library's articles."),
    )
    slug = models.SlugField(_("slug"), max_length=120, unique=True, allow_unicode=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=500)
    byline = models.CharField(_("byline"), max_length=300, blank=True)
    standfirst = models.TextField(_("standfirst"), blank=True)
    published = models.DateTimeField(
        _("published"), null=True, blank=True, help_text=_("When its source published it.")
    )
    added = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    # When it counts as new: its own date, else the day it came in. Kept as a column so that an index sorts the library.
    dated = models.DateTimeField(editable=False)
    language = models.CharField(
        _("language"), max_length=35, blank=True, help_text=_("As in “en” or “pt-BR”. Empty if unknown.")
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), related_name="articles", blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), related_name="articles", blank=True)
    story = models.ForeignKey(Story, models.SET_NULL, null=True, editable=False, related_name="articles")
    # Where its highlights went. It stays withdrawn, so that its address and its revisions keep their meaning.
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="merged")
    address = models.URLField(_("original address"), max_length=2000, blank=True)
    # Its lead image, by reference only: it stays where it is, and no page loads it that nobody allowed to.
    picture = models.CharField(max_length=2000, blank=True, editable=False)
    picture_text = models.CharField(max_length=500, blank=True, editable=False, help_text=_("In place of the picture."))
    # A seed file's path below its folder. NULL, not "", so that it is unique where there is one.
    document = models.CharField(max_length=1000, null=True, unique=True, editable=False)  # noqa: DJ001
    document_hash = models.CharField(max_length=64, blank=True, editable=False)
    released = models.PositiveIntegerField(
        null=True, editable=False, help_text=_("Number of the revision with which readers first could open it.")
    )
    length = models.PositiveIntegerField(default=0, editable=False, help_text=_("Of the text, in code points."))
    words = models.PositiveIntegerField(_("words"), default=0, editable=False)
    minutes = models.PositiveIntegerField(default=1, editable=False)
    content_hash = models.CharField(max_length=64, editable=False, db_index=True)
    text = LongTextField(editable=False)
    html = LongTextField(editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("article"), _("articles")
        ordering = ("-dated", "-id")
        # Both hold all that decides who sees an article, so that a list is read off in its order and stops after a
        # page. Without an index on state or owner alone, which would look cheaper and then sort the whole library.
        indexes = (
            models.Index(fields=("-dated", "-id", "state", "owner"), name="article_by_date"),
            models.Index(fields=("words", "-id", "state", "owner"), name="article_by_length"),
            models.Index(fields=("language", "-dated", "-id", "state", "owner"), name="article_in_language"),
            models.Index(fields=("byline", "state", "owner"), name="article_by_author"),
            models.Index(fields=("-changed", "-id", "state", "owner"), name="article_by_change"),
            # One reader's own: what they save is looked for among it. Not the library's, which would be sorted by it.
            models.Index(fields=("owner",), name="article_of_a_reader", condition=models.Q(owner__isnull=False)),
            # The few of the library that readers don't see, for the desk. Of these rows alone, so that no reader's
            # list is ever read off them.
            models.Index(
                fields=("-dated", "-id", "state", "owner"),
                name="article_drafts",
                condition=models.Q(owner=None, state="draft"),
            ),
            models.Index(
                fields=("-dated", "-id", "state", "owner"),
                name="article_withdrawn",
                condition=models.Q(owner=None, state="withdrawn"),
            ),
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

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("revision"), _("revisions")
        ordering = ("article", "-number")
        constraints = (models.UniqueConstraint("article", "number", name="revision_number"),)

    def __str__(self) -> str:
        return _("{title}, revision {number}").format(title=self.title, number=self.number)

    @property
    def text(self) -> str:
        """Its text, with the same offsets as a highlight's span."""
        return text_of(self.html)


class Collection(models.Model):
    """A curator's ordered selection of articles: a briefing. While it is a draft, only curators can open it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, allow_unicode=True)
    # What other programs make is there at once, as it always was; the desk begins with a draft.
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PUBLISHED)
    dated = models.DateField(
        _("date"), null=True, blank=True, help_text=_("Stands on it. Empty: the day on which it is published.")
    )
    introduction = models.TextField(_("introduction"), blank=True, validators=[renderable], help_text=_("Markdown."))
    changed = models.DateTimeField(_("changed"), auto_now=True)
    articles = models.ManyToManyField(
        Article, verbose_name=_("articles"), through="CollectionItem", related_name="collections"
    )

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("collection"), _("collections")
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=["draft", "published"]), name="collection_state"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reading:collection", args=[self.slug])


class CollectionItem(models.Model):
    """An article's place in a collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="+")
    position = models.PositiveIntegerField(_("position"), default=0)
    note = models.TextField(
        _("note"),
        blank=True,
        validators=[renderable],
        help_text=_("Markdown. What readers should know of the article here; stands above it."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("place in a collection"), _("places in a collection")
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint("collection", "article", name="collection_article_once"),)

    def __str__(self) -> str:
        return f"{self.position}. {self.article}"


class Former(models.Model):
    """A name and an address that one of these had, or that was merged into it: they lead there still."""

    name = models.CharField(max_length=200)
    # Empty where only the name was another.
    slug = models.SlugField(max_length=80, allow_unicode=True, db_index=False, blank=True)
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="former")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="former")
    collection = models.ForeignKey(Collection, models.CASCADE, null=True, related_name="former")

    class Meta:
        verbose_name, verbose_name_plural = _("former name"), _("former names")
        ordering = ("name", "id")
        default_permissions = ()  # it comes and goes with a renaming
        constraints = (
            *(
                models.UniqueConstraint(
                    fields=("slug",),
                    condition=models.Q(**{f"{one}__isnull": False}) & ~models.Q(slug=""),
                    name=f"former_{one}",
                )
                for one in ("source", "topic", "collection")
            ),
            models.CheckConstraint(
                condition=models.Q(source__isnull=False, topic=None, collection=None)
                | models.Q(source=None, topic__isnull=False, collection=None)
                | models.Q(source=None, topic=None, collection__isnull=False),
                name="former_of_one",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PicturesFrom(models.Model):
    """A source of which a reader lets their browser load the articles' pictures, from wherever those are."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pictures_from", db_index=False)
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()  # a reader's own business
        constraints = (models.UniqueConstraint("reader", "source", name="pictures_from_once"),)

    def __str__(self) -> str:
        return f"{self.reader} sees pictures from {self.source}"


class Reading(models.Model):
    """A reader's state of an article. Where there is none, the article is unread and in the inbox."""

    class Place(models.TextChoices):
        INBOX = "inbox", _("Inbox")
        LATER = "later", _("Later")
        ARCHIVE = "archive", pgettext_lazy("place", "Archive")

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    article = models.ForeignKey(Article, models.CASCADE, related_name="readings")
    place = models.CharField(max_length=7, choices=Place, default=Place.INBOX)
    unread = models.BooleanField(default=True)
    favourite = models.BooleanField(default=False)
    position = models.PositiveIntegerField(
        default=0, help_text=_("The furthest point reached: code points into the text.")
    )
    changed = models.DateTimeField(auto_now=True)
    last_read = models.DateTimeField(null=True, blank=True, help_text=_("When its reader last came further."))

    class Meta:
        indexes = (
            models.Index("reader", "place", "unread", name="reading_place"),
            models.Index(fields=("reader", "-last_read"), name="reading_latest"),
        )
        constraints = (
            models.UniqueConstraint("reader", "article", name="reading_once"),
            models.CheckConstraint(
                condition=models.Q(place__in=["inbox", "later", "archive"]), name="reading_place_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reader} reads {self.article}"
