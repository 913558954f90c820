"""What is on its way in: pages that readers saved, feeds that curators follow, and who works on them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsreader.articles.fields import LongTextField
from newsreader.articles.models import Article, Source
from newsreader.core.sentence import Sentence
from newsreader.intake.querysets import ArrivalQuerySet


class Arrival(models.Model):
    """How the text of an article that a reader saved comes. The article is on their shelf at once, its text follows.

    `told` is a core Sentence as plain values: why it failed, or what the last of several tries met.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")
        FAILED = "failed", _("failed")
        DONE = "done", _("here")

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="arrivals", db_index=False)
    address = models.CharField(max_length=2000, help_text=_("As it was asked for; the page may have sent on."))
    # Not one to one: two addresses may lead to one page.
    article = models.ForeignKey(Article, models.CASCADE, related_name="arrivals")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    told = models.JSONField(default=dict, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # What the reader's own browser had of the page, where they are signed in and this server is not. Emptied once read.
    handed = LongTextField(blank=True)
    made = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("reader", "address", name="arrival_once"),
            models.CheckConstraint(condition=models.Q(state__in=["waiting", "failed", "done"]), name="arrival_state"),
        )

    def __str__(self) -> str:
        return self.address

    @property
    def why(self) -> Sentence | str:
        """What was told, to be worded; "" where there is nothing to tell."""
        return Sentence.again(self.told) if self.told else ""


class Feed(models.Model):
    """Where a source tells what is new. Polled when `due`; `interval`, in seconds, is between two good visits."""

    class State(models.TextChoices):
        FOLLOWED = "followed", _("followed")
        STOPPED = "stopped", _("stopped")
        GONE = "gone", _("gone for good")

    source = models.OneToOneField(Source, models.CASCADE, related_name="feed", verbose_name=_("source"))
    address = models.CharField(_("address"), max_length=2000, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.FOLLOWED)
    publish = models.BooleanField(
        _("publish at once"),
        default=True,
        help_text=_("Otherwise what comes in is a draft until a curator publishes it."),
    )
    full_text = models.BooleanField(
        _("fetch the full text"),
        default=False,
        help_text=_("Where the feed has only the first sentences of each article."),
    )
    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    interval = models.PositiveIntegerField(default=3600, editable=False)
    due = models.DateTimeField(null=True, blank=True, db_index=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text=_("In a row."))
    told = models.JSONField(default=dict, blank=True, editable=False)
    polled = models.DateTimeField(null=True, blank=True, editable=False)
    brought = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When it last had something new.")
    )
    folders = models.JSONField(
        default=list, blank=True, editable=False, help_text=_("Where it stood in a subscription list, outermost first.")
    )
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("feed"), _("feeds")
        default_permissions = ()  # whoever may change a source may follow its feed
        ordering = ("source__name",)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=["followed", "stopped", "gone"]), name="feed_state"),
        )

    def __str__(self) -> str:
        return self.address


class Entry(models.Model):
    """One entry that a feed had. It is remembered without its article, too, so that what was deleted stays deleted."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="entries", db_index=False)
    key = models.CharField(max_length=64, db_index=True, help_text=_("A digest of its id."))
    digest = models.CharField(max_length=64, blank=True, help_text=_("Of what it said when it was last read."))
    # Digests of its address and of its title: by these the same story is known when another feed brings it.
    page = models.CharField(max_length=64, blank=True, db_index=True)
    headline = models.CharField(max_length=64, blank=True, db_index=True)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    seen = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint("feed", "key", name="entry_once"),)

    def __str__(self) -> str:
        return self.key


class Import(models.Model):
    """A file of another application's that a reader looks at, takes in, and may undo. Its rows say how far it is."""

    class State(models.TextChoices):
        LOOKED = "looked", _("looked at")
        RUNNING = "running", _("on its way")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=7, choices=State, default=State.LOOKED)
    made = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("-made", "-id")

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One item of the file: what it is, and what became of it.

    `where` and `told` are Sentences as plain values, `made` is what the row has added: all that an undo may remove.
    """

    class Outcome(models.TextChoices):
        WAITS = "", _("not yet")
        ADDED = "added", _("added")
        MARKED = "marked", _("passages added")
        THERE = "there", _("was there")
        LEFT = "left", _("left out")
        FAILED = "failed", _("failed")
        REMOVED = "removed", _("removed again")
        STAYS = "stays", _("stays")

    run = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    where = models.JSONField(default=dict)
    title = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=2000, blank=True, help_text=_("As an article on the shelf has it."))
    item = models.JSONField(default=dict)
    outcome = models.CharField(max_length=7, blank=True, choices=Outcome, default=Outcome.WAITS)
    told = models.JSONField(default=dict, blank=True)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    made = models.JSONField(default=dict, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("number",)
        indexes = (models.Index(fields=("run", "outcome", "number"), name="import_row_outcome"),)
        constraints = (models.UniqueConstraint("run", "number", name="import_row_number"),)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class Worker(models.Model):
    """A process that works behind the pages. It writes `seen` every few seconds; one that stopped writing is dead."""

    name = models.CharField(max_length=64, unique=True)
    began = models.DateTimeField(auto_now_add=True)
    seen = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Beat(models.Model):
    """What is done every so often. Of several workers the one that moves `due` on does it."""

    name = models.CharField(max_length=30, primary_key=True)
    due = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
