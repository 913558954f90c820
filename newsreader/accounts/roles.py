"""What somebody may be here: reader, curator or administrator. Who runs the place (superuser) stands above all three.

A role is membership in the group of its name; whoever is in none of them reads. What each may do: desk/curators.py.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from newsreader.accounts.models import User


class Role(TextChoices):
    """The value is the name of the group, the same in every language."""

    READER = "Reader", _("Reader")
    CURATOR = "Curator", _("Curator")
    ADMINISTRATOR = "Administrator", _("Administrator")


# The permission to say who is what, to make links into accounts, and to touch the accounts of curators.
APPOINT = "accounts.appoint_user"


def special() -> Q:
    """Accounts with what no role gives. Only the operator gives it, so only the operator touches them.

    For filter(): Django joins rows, so an account may come up twice.
    """
    others = Group.objects.exclude(name__in=Role.values)
    return Q(is_superuser=True) | Q(user_permissions__isnull=False) | Q(groups__in=others)


def with_rights() -> Q:
    """Accounts that may do more than read, also for filter()."""
    return special() | Q(is_staff=True) | Q(groups__name__in=(Role.CURATOR.value, Role.ADMINISTRATOR.value))


def out_of_reach(by: "User") -> Q:
    """Accounts that `by` can't change, let in or out: taking one over would be taking over more than their rights."""
    if by.is_superuser:
        return Q(pk__in=())
    return special() if by.has_perm(APPOINT) else with_rights()


def may_touch(user: "User", *, by: "User") -> bool:
    """Whether the account of `user` is in the reach of `by`, who has a permission for the deed."""
    return not type(user)._default_manager.filter(out_of_reach(by), pk=user.pk).exists()


def has_rights(user: "User") -> bool:
    return type(user)._default_manager.filter(with_rights(), pk=user.pk).exists()


def set_role(user: "User", role: Role) -> None:
    """Makes them this, and none of the two others. The desk opens for whoever has something to do there."""
    groups = [Group.objects.get_or_create(name=name)[0] for name in Role.values]
    user.groups.remove(*(group for group in groups if group.name != role))
    user.groups.add(next(group for group in groups if group.name == role))
    has_more = type(user)._default_manager.filter(special(), pk=user.pk).exists()
    user.is_staff = role != Role.READER or has_more
    user.save(update_fields=["is_staff"])


def role_of(user: "User") -> Role:
    """The highest of their groups."""
    names = {group.name for group in user.groups.all()}  # which a list has fetched
    return next((role for role in (Role.ADMINISTRATOR, Role.CURATOR) if role in names), Role.READER)
