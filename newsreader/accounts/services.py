"""What writes accounts: first run, links that set a password, names, passwords and preferences.

A key is 256 random bits; only its digest is stored, so a copy of the database opens nothing.
"""

import hashlib
import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import Claim, LinkMade, PasswordLink, User
from newsreader.accounts.preferences import Preferences
from newsreader.accounts.roles import APPOINT, Role, may_touch, set_role


class Gone(LookupError):
    """The key is wrong, used, replaced or too old: on purpose one answer for all of them."""


def unclaimed() -> bool:
    """Whether there is no account yet, however one would be made."""
    return not User.objects.exists()


def claim_key() -> str:
    """A new key for the first account; '' when there is one.

    The key before it stops working: it can't be shown again, and only the newest should open the door.
    """
    if not unclaimed():
        Claim.objects.all().delete()
        return ""
    key = secrets.token_urlsafe(32)
    Claim.objects.update_or_create(pk=Claim.ONE, defaults={"digest": digest(key), "made": timezone.now()})
    return key


def can_claim(key: str) -> bool:
    return Claim.objects.filter(digest=digest(key)).exists() and unclaimed()


@transaction.atomic
def claim(owner: User, key: str) -> User:
    """Saves the owner, who may do everything. Raises Gone when the key is no longer good."""
    # Of two at once, one deletes the row; the other waits for that and finds none.
    taken, _ = Claim.objects.filter(digest=digest(key)).delete()
    if not taken or not unclaimed():
        raise Gone
    owner.is_staff = owner.is_superuser = True
    owner.save()
    return owner


@transaction.atomic
def join(user: User) -> User:
    """Saves a new reader."""
    user.save()
    set_role(user, Role.READER)
    return user


def is_in_use(user: User) -> bool:
    """Whether somebody has come in by this account, so that there may be notes in it."""
    return user.has_usable_password() or user.last_login is not None


def may_hand_out(user: User, *, by: User) -> bool:
    """Into an account that nobody has used, whoever may change it; into others only administrators and the operator.

    Whoever has the link reads the notes in there, and has the rights: those are never more than one's own.
    """
    if not (user.is_active and by.is_staff and by.has_perm("accounts.change_user") and may_touch(user, by=by)):
        return False
    return by.has_perm(APPOINT) or not is_in_use(user)


@transaction.atomic
def password_link(user: User, *, by: User) -> str:
    """A key with which `user` sets a password: once, within PasswordLink.LASTS. Their older ones stop working.

    Raises PermissionDenied when `by` may not: see may_hand_out. The reader of an account in use is told of it.
    """
    if not may_hand_out(user, by=by):
        raise PermissionDenied(_("Only an administrator makes links into accounts, and only the operator into some."))
    key, now = secrets.token_urlsafe(32), timezone.now()
    user.password_links.all().delete()
    PasswordLink.objects.create(user=user, by=by, digest=digest(key), made=now)
    if is_in_use(user):
        LinkMade.objects.create(user=user, by_name=by.name, at=now)
    return key


def tell_of_links(user: User) -> list[LinkMade]:
    """The links into their account that they have not been told of, which they are now."""
    untold = list(user.links_made.filter(told=False)[:5])
    user.links_made.filter(pk__in=[link.pk for link in untold]).update(told=True)
    return untold


def invited(key: str, *, now: datetime | None = None) -> User:
    """Whose password the key sets. Raises Gone."""
    link = PasswordLink.objects.select_related("user", "by").filter(digest=digest(key)).first()
    too_old = link is not None and link.made + PasswordLink.LASTS <= (now or timezone.now())
    # Asked again: either of the two may have changed their place since.
    if link is None or too_old or not may_hand_out(link.user, by=link.by):
        raise Gone
    return link.user


@transaction.atomic
def use_password_link(key: str, *, password: str) -> User:
    """Sets the password; every session of the reader and every link of theirs ends. Raises Gone."""
    user = invited(key)
    made = PasswordLink.objects.get(digest=digest(key)).made
    taken, _ = PasswordLink.objects.filter(digest=digest(key)).delete()
    if not taken:
        raise Gone
    user.links_made.filter(at=made).update(used=timezone.now())
    return change_password(user, password)


@transaction.atomic
def change_password(user: User, password: str) -> User:
    """Django ties sessions to the password: all end, but for the one that the view renews."""
    user.set_password(password)
    user.save(update_fields=["password"])
    user.password_links.all().delete()
    return user


def set_profile(user: User, *, name: str, language: str) -> None:
    """What pages call the reader, and their language: '' is what the browser asks for."""
    user.first_name, user.last_name, user.language = name, "", language
    user.save(update_fields=["first_name", "last_name", "language"])


def set_preferences(user: User, preferences: Preferences) -> None:
    """Keeps what differs from what everybody has."""
    user.kept_preferences = preferences.kept
    user.save(update_fields=["kept_preferences"])


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
