"""Who reads here, how they get in the first time, and how often somebody has tried."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from newsreader.accounts.names import FoldedField, fold
from newsreader.accounts.preferences import Preferences
from newsreader.accounts.roles import Role


class Users(UserManager["User"]):
    """Finds people by their name in any spelling of case and width."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(folded=fold(username or ""))


class User(AbstractUser):
    """A person with an account: a reader, who may also be a curator (staff) or the operator (superuser)."""

    # Longer than a username: casefold() makes up to three letters of one.
    folded = FoldedField(max_length=500, unique=True, editable=False)
    # Without choices: a language that is no longer offered makes no migration, see middleware.py.
    language = models.CharField(max_length=10, blank=True, editable=False)
    kept_preferences = models.JSONField(default=dict, blank=True, editable=False)
    # How often all of their sessions were ended by somebody else: a part of what a session is checked against.
    evictions = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[Users] = Users()

    class Meta(AbstractUser.Meta):
        verbose_name = _("reader")  # type: ignore[assignment]
        verbose_name_plural = _("readers")  # type: ignore[assignment]
        permissions = (("appoint_user", "Can say who is what, and make links into accounts"),)

    def clean(self) -> None:
        """Raises ValidationError when somebody else has the name in another spelling."""
        super().clean()
        if User.objects.filter(folded=fold(self.username)).exclude(pk=self.pk).exists():
            raise ValidationError({"username": _("Somebody here has that name. Choose another one.")})

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, and with each eviction another one; without any the same, so that an update signs nobody out."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        tied = f"{self.password}:{self.evictions}" if self.evictions else self.password
        return salted_hmac(salt, tied, secret=secret, algorithm="sha256").hexdigest()

    @property
    def name(self) -> str:
        """What to call them on a page."""
        return self.get_full_name() or self.username

    @property
    def preferences(self) -> Preferences:
        """Always of values that exist, whatever the row holds."""
        return Preferences.read(self.kept_preferences)


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


class LinkMade(models.Model):
    """That somebody made a way into an account that was in use. Stays, so that its reader learns of it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="links_made")
    by_name = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    used = models.DateTimeField(null=True)
    # Told to whoever signed in with a password: whoever used the link may not be the reader.
    told = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.by_name} for {self.user}"


class Invitations(models.QuerySet["Invitation"]):
    def open(self) -> "Invitations":
        """Neither used nor withdrawn, and not too old."""
        return self.filter(used=None, withdrawn=None, until__gt=timezone.now())


class Invitation(models.Model):
    """A key with which somebody makes one account, once, until a day. Only its digest is kept."""

    name = models.CharField(
        _("name"), max_length=150, blank=True, help_text=_("Whom it is for, so that you know it again. May be empty.")
    )
    email = models.EmailField(_("e-mail address"), blank=True, help_text=_("Nothing is sent there. May be empty."))
    role = models.CharField(_("as"), max_length=20, choices=Role, default=Role.READER)
    # Who invites: their right to is asked for again when it's used.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("invited by"), related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(_("made"), default=timezone.now)
    until = models.DateTimeField(_("works until"))
    used = models.DateTimeField(_("used"), null=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("account"), related_name="+"
    )
    withdrawn = models.DateTimeField(_("withdrawn"), null=True)
    key = ""  # only where it has just been made: no row holds it

    objects = Invitations.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        ordering = ("-made", "-id")

    def __str__(self) -> str:
        return self.name or self.email or str(_("somebody"))


class Attempt(models.Model):
    """One try that has not succeeded, counted against one limit. `bucket` is a keyed hash: see throttle.py."""

    bucket = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=("bucket", "-at"), name="attempt_newest"),)

    def __str__(self) -> str:
        return f"{self.bucket[:8]} at {self.at:%H:%M:%S}"
