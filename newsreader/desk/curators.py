"""What readers, curators and administrators may do at the desk: one table, and the groups that have it.

Nothing in it reaches readers' words. Whoever makes a link into an account could read its notes, so that curators, who
decide what a reading room holds, have nothing to do with accounts.
"""

from typing import Any

from django.apps import apps as present
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from newsreader.accounts.models import User
from newsreader.accounts.roles import Role, set_role

GROUP = Role.CURATOR.value

ALL = ("add", "change", "delete", "view")
CURATOR: dict[str, tuple[str, ...]] = {
    "annotations.highlight": ("view",),
    "articles.article": ALL,
    "articles.collection": ALL,
    "articles.collectionitem": ALL,
    "articles.proposal": ("change", "view"),
    "articles.revision": ("view",),
    "articles.source": ALL,
    "articles.topic": ALL,
    "desk.entry": ("view",),
    "desk.twins": ("change", "view"),
}
PEOPLE: dict[str, tuple[str, ...]] = {
    "accounts.user": ("add", "change", "view", "appoint"),
    "accounts.invitation": ("add", "change", "view"),
    "auth.group": ("view",),
}
MAY: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.READER: {},
    Role.CURATOR: CURATOR,
    Role.ADMINISTRATOR: CURATOR | PEOPLE,
}
WORDS = {
    Role.READER: _(
        "Reads the library, marks passages, writes notes and tags, saves searches and articles of their own. What a "
        "reader writes is theirs alone. To a reader there is no desk."
    ),
    Role.CURATOR: _(
        "Decides what the library holds: articles, topics, collections and sources, what comes in and what is a "
        "duplicate. Sees the journal of that, and how many passages an article has; never a reader’s words, and no "
        "accounts."
    ),
    Role.ADMINISTRATOR: _(
        "Does what a curator does, and looks after people: invites them, says who is what, lets them in and out, and "
        "makes links to set a password, of which the reader is told. Can’t touch the operator’s account."
    ),
}


def found_groups(apps: Any = present, using: str = "default") -> dict[str, Any]:
    """The groups with every permission of the table; what they were given besides, they keep.

    `apps` is a registry of models: a migration hands over its own. Permissions are made where they are missing,
    since on a fresh database they come only after the last migration.
    """
    groups = apps.get_model("auth", "Group").objects.using(using)
    founded = {}
    for role, may in MAY.items():
        group, _made = groups.get_or_create(name=role.value)
        group.permissions.add(*_permissions(apps, using, may))
        founded[role.value] = group
    return founded


def found_group(apps: Any = present, using: str = "default") -> Any:
    """Founds all of them; the curators'."""
    return found_groups(apps, using)[GROUP]


def _permissions(apps: Any, using: str, may: dict[str, tuple[str, ...]]) -> list[Any]:
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    granted = []
    for label, actions in may.items():
        app, model = label.split(".")
        if model not in apps.all_models[app]:
            continue  # a later migration makes it, and founds the groups again
        content_type, _made = content_types.get_or_create(app_label=app, model=model)
        meta = apps.get_model(app, model)._meta
        named = dict(meta.permissions)
        granted += [
            permissions.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": named.get(f"{action}_{model}", f"Can {action} {meta.verbose_name}")},
            )[0]
            for action in actions
            if action in ALL or f"{action}_{model}" in named  # else a later migration declares it
        ]
    return granted


def appoint(user: User, role: Role = Role.CURATOR) -> User:
    """Makes somebody a reader, curator or administrator; founds the groups where they are missing."""
    if Group.objects.filter(name__in=Role.values).count() < len(Role):
        found_groups()
    set_role(user, role)
    return user
