"""What is done to accounts from the desk, each with its entry in the journal."""

from collections.abc import Sequence

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from newsreader.accounts import invitations, services
from newsreader.accounts.models import Invitation, User
from newsreader.accounts.roles import Role
from newsreader.desk import curators, journal
from newsreader.desk.journal import Way
from newsreader.desk.models import Deed, Entry

USER = "accounts.user"


@transaction.atomic
def set_active(readers: list[User], *, active: bool, by: User) -> Entry | None:
    """Lets `readers`, who are the other way now, in or out. None where there are none.

    Whoever is let out is signed out everywhere, and stays so when they are let in again. Their rows stay.
    """
    if not readers:
        return None
    keys = [reader.pk for reader in readers]
    people = User.objects.filter(pk__in=keys)
    if active:
        people.update(is_active=True)
    else:
        people.update(is_active=False, evictions=F("evictions") + 1)
    names = "; ".join(reader.username for reader in readers[:5]) + ("; …" if len(readers) > 5 else "")
    deed = Deed.ACTIVATED if active else Deed.DEACTIVATED
    return journal.record(
        deed, by=by, about=names, rows=readers, ways=[Way(USER, "is_active", not active, active, keys)]
    )


@transaction.atomic
def appoint(user: User, role: Role, *, before: Role, by: User, also: Sequence[str] = ()) -> Entry | None:
    """Makes `user` what `role` says; `also` names what else of their rights was changed. None where nothing was."""
    was_staff = user.is_staff
    curators.appoint(user, role)
    if role == before and not also:
        return None
    told = [_("{after}, before: {before}.").format(after=role.label, before=before.label)] if role != before else []
    told += [_("Changed: {what}.").format(what=", ".join(also))] if also else []
    groups = dict(Group.objects.filter(name__in=Role.values).values_list("name", "pk"))
    ways = [
        Way(USER, "groups", False, True, [user.pk], groups[role]),
        Way(USER, "groups", True, False, [user.pk], groups[before]),
    ]
    if was_staff != user.is_staff:
        ways.append(Way(USER, "is_staff", was_staff, user.is_staff, [user.pk]))
    return journal.record(
        Deed.GRANTED, by=by, about=user, told=" ".join(told), ways=[] if also or role == before else ways
    )


@transaction.atomic
def way_in(user: User, *, by: User) -> str:
    """The key of a link that sets their password. Raises PermissionDenied: see accounts.services.may_hand_out."""
    deed = Deed.WAY_IN if services.is_in_use(user) else Deed.INVITED
    key = services.password_link(user, by=by)
    journal.record(deed, by=by, about=user)
    return key


@transaction.atomic
def invite(*, by: User, role: str = Role.READER, name: str = "", email: str = "") -> tuple[Invitation, str]:
    """The invitation and its key. Raises PermissionDenied."""
    invitation, key = invitations.invite(by=by, role=role, name=name, email=email)
    told = _("As {role}, until {day}.").format(role=Role(role).label, day=invitation.until.date().isoformat())
    journal.record(Deed.INVITED, by=by, about=invitation, told=told)
    return invitation, key


@transaction.atomic
def renew(invitation: Invitation, *, by: User) -> str:
    """A new key for the invitation. Raises Gone, or PermissionDenied."""
    key = invitations.renew(invitation, by=by)
    journal.record(Deed.INVITED, by=by, about=invitation, told=_("A new link; the one before no longer works."))
    return key


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> Entry:
    """Ends the invitation. Raises Gone."""
    invitations.withdraw(invitation)
    return journal.record(Deed.WITHDRAWN, by=by, about=invitation)
