"""What writes accounts: first run, links that set a password, new names and passwords.

A key is 256 random bits; only its digest is stored, so a copy of the database opens nothing.
"""

import hashlib
import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from newsreader.accounts.models import Claim, PasswordLink, User


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
    Claim.objects.update_or_create(pk=Claim.ONE, defaults={"digest": _digest(key), "made": timezone.now()})
    return key


def can_claim(key: str) -> bool:
    return Claim.objects.filter(digest=_digest(key)).exists() and unclaimed()


@transaction.atomic
def claim(owner: User, key: str) -> User:
    """Saves the owner, who may do everything. Raises Gone when the key is no longer good."""
    # Of two at once, one deletes the row; the other waits for that and finds none.
    taken, _ = Claim.objects.filter(digest=_digest(key)).delete()
    if not taken or not unclaimed():
        raise Gone
    owner.is_staff = owner.is_superuser = True
    owner.save()
    return owner


def may_hand_out(user: User, *, by: User) -> bool:
    """The operator for everybody; a curator for plain readers, so that nobody makes a way into others' rights."""
    if not user.is_active or not by.is_staff or not by.has_perm("accounts.change_user"):
        return False
    return by.is_superuser or not _has_rights(user)


def _has_rights(user: User) -> bool:
    return user.is_staff or user.is_superuser or user.groups.exists() or user.user_permissions.exists()


@transaction.atomic
def password_link(user: User, *, by: User) -> str:
    """A key with which `user` sets a password: once, within PasswordLink.LASTS. Their older ones stop working.

    Raises PermissionDenied when `by` may not: see may_hand_out.
    """
    if not may_hand_out(user, by=by):
        raise PermissionDenied("Curators hand out links to readers; only the operator does so for the staff.")
    key = secrets.token_urlsafe(32)
    user.password_links.all().delete()
    PasswordLink.objects.create(user=user, by=by, digest=_digest(key), made=timezone.now())
    return key


def invited(key: str, *, now: datetime | None = None) -> User:
    """Whose password the key sets. Raises Gone."""
    link = PasswordLink.objects.select_related("user", "by").filter(digest=_digest(key)).first()
    too_old = link is not None and link.made + PasswordLink.LASTS <= (now or timezone.now())
    # Asked again: either of the two may have changed their place since.
    if link is None or too_old or not may_hand_out(link.user, by=link.by):
        raise Gone
    return link.user


@transaction.atomic
def use_password_link(key: str, *, password: str) -> User:
    """Sets the password; every session of the reader and every link of theirs ends. Raises Gone."""
    user = invited(key)
    taken, _ = PasswordLink.objects.filter(digest=_digest(key)).delete()
    if not taken:
        raise Gone
    return change_password(user, password)


@transaction.atomic
def change_password(user: User, password: str) -> User:
    """Django ties sessions to the password: all end, but for the one that the view renews."""
    user.set_password(password)
    user.save(update_fields=["password"])
    user.password_links.all().delete()
    return user


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
