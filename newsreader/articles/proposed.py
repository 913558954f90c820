"""What a reader proposes of their own shelf to the library: by that alone may a curator look at it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_WORD = 1_000  # characters that a reader or a curator says with it


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> "ProposalQuerySet":
        """What waits for a curator; not what its reader took off their shelf meanwhile."""
        return self.filter(state="open", article__owner__isnull=False).exclude(article__state="withdrawn")


class Proposal(models.Model):
    """A reader's own copy, proposed. To withdraw it is to delete it; `result` is the library's article it became."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DECLINED = "declined", _("declined")
        PUBLISHED = "published", _("published")

    article = models.OneToOneField(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="proposal"
    )
    word = models.TextField(_("word to the curators"), blank=True, max_length=LONGEST_WORD)
    made = models.DateTimeField(_("proposed"))
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    answer = models.TextField(_("word to the reader"), blank=True, max_length=LONGEST_WORD)
    decided = models.DateTimeField(null=True)
    result = models.ForeignKey("articles.Article", models.SET_NULL, null=True, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("proposal"), _("proposals")
        default_permissions = ("change", "view")  # readers make them, nobody else does
        ordering = ("made", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "declined", "published"]), name="proposal_state"
            ),
        )

    def __str__(self) -> str:
        return str(self.article)
