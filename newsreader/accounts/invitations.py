"""Invitations: who has the key makes one account, once, until a day. Nothing is sent: the link is handed on by people.

What the desk does with them stands in its journal (desk/people.py). A link dies with the right of whoever made it.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsreader.accounts.models import Invitation, User
from newsreader.accounts.roles import APPOINT, Role, set_role
from newsreader.accounts.services import Gone, digest

KEPT = timedelta(days=90)  # after its last day; then names and addresses in it are nobody's business


def may_invite(by: User | None, role: str) -> bool:
    """Readers: whoever has the permission; curators and administrators: who may say who is what."""
    if by is None or not by.is_staff or not by.has_perm("accounts.add_invitation"):
        return False
    return role == Role.READER or by.has_perm(APPOINT)


def invite(*, by: User, role: str = Role.READER, name: str = "", email: str = "") -> tuple[Invitation, str]:
    """The invitation, and its key, which can't be had again. Raises PermissionDenied: see may_invite."""
    if not may_invite(by, role):
        raise PermissionDenied(_("Only an administrator invites curators and administrators."))
    Invitation.objects.filter(until__lt=timezone.now() - KEPT).delete()
    key = secrets.token_urlsafe(32)
    made = Invitation.objects.create(by=by, role=role, name=name, email=email, digest=digest(key), until=last_day())
    return made, key


@transaction.atomic
def renew(invitation: Invitation, *, by: User) -> str:
    """A new key, from today on; the one before opens nothing any more. Raises Gone when it was used or withdrawn."""
    if not may_invite(by, invitation.role):
        raise PermissionDenied(_("Only an administrator invites curators and administrators."))
    key = secrets.token_urlsafe(32)
    waiting = Invitation.objects.filter(pk=invitation.pk, used=None, withdrawn=None)
    if not waiting.update(digest=digest(key), by=by, until=last_day()):
        raise Gone
    return key


def withdraw(invitation: Invitation) -> None:
    """Its link opens nothing from now on. Raises Gone when there is nothing to withdraw."""
    waiting = Invitation.objects.filter(pk=invitation.pk, used=None, withdrawn=None)
    if not waiting.update(withdrawn=timezone.now()):
        raise Gone


def opened(key: str) -> Invitation:
    """The invitation that the key belongs to. Raises Gone, for one reason or another."""
    found = Invitation.objects.open().select_related("by").filter(digest=digest(key)).first()
    if found is None or not may_invite(found.by, found.role):
        raise Gone
    return found


@transaction.atomic
def accept(key: str, account: User) -> User:
    """Saves the new account as what it was invited to be. Raises Gone; IntegrityError leaves the invitation open."""
    invitation = opened(key)
    # Of two at once, one finds it used.
    mine = Invitation.objects.open().filter(pk=invitation.pk, digest=digest(key))
    if not mine.update(used=timezone.now()):
        raise Gone
    account.email = invitation.email
    account.save()
    set_role(account, Role(invitation.role))
    Invitation.objects.filter(pk=invitation.pk).update(account=account)
    return account


def last_day() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)
