"""Who reads here, how they get in the first time, and how often somebody has tried."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models

from newsreader.accounts.names import FoldedField, fold


class Users(UserManager["User"]):
    """Finds people by their name in any spelling of case and width."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(folded=fold(username or ""))


class User(AbstractUser):
    """A person with an account: a reader, who may also be a curator (staff) or the operator (superuser)."""

    # Longer than a username: casefold() makes up to three letters of one.
    folded = FoldedField(max_length=500, unique=True, editable=False)

    objects: ClassVar[Users] = Users()

    class Meta(AbstractUser.Meta):
        verbose_name = "reader"
        verbose_name_plural = "readers"

    def clean(self) -> None:
        """Raises ValidationError when somebody else has the name in another spelling."""
        super().clean()
        if User.objects.filter(folded=fold(self.username)).exclude(pk=self.pk).exists():
            raise ValidationError({"username": "Somebody here has that name. Choose another one."})

    @property
    def name(self) -> str:
        """What to call them on a page."""
        return self.get_full_name() or self.username


class Claim(models.Model):
    """The one key that makes the first account. Only its digest is kept."""

    ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONE, editable=False)
    digest = models.CharField(max_length=64)
    made = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="claim_is_one"),)

    def __str__(self) -> str:
        return f"key of {self.made:%Y-%m-%d %H:%M}"


class PasswordLink(models.Model):
    """A key that sets one person's password once. Only its digest is kept."""

    LASTS = timedelta(days=7)

    user = models.ForeignKey(User, models.CASCADE, related_name="password_links")
    # Who handed it out: their right to is checked again when it's used, and the link goes when they go.
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()

    def __str__(self) -> str:
        return f"link for {self.user}"


class Attempt(models.Model):
    """One try that has not succeeded, counted against one limit. `bucket` is a keyed hash: see throttle.py."""

    bucket = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=("bucket", "-at"), name="attempt_newest"),)

    def __str__(self) -> str:
        return f"{self.bucket[:8]} at {self.at:%H:%M:%S}"
