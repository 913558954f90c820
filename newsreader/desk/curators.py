"""What curators may do: one table, and the group that has it. Nothing in it reaches readers' words."""

from typing import Any

from django.apps import apps as present
from django.contrib.auth.models import Group

from newsreader.accounts.models import User

GROUP = "Curator"

ALL = ("add", "change", "delete", "view")
MAY: dict[str, tuple[str, ...]] = {
    "accounts.user": ("add", "change", "view"),
    "annotations.highlight": ("view",),
    "articles.article": ALL,
    "articles.collection": ALL,
    "articles.collectionitem": ALL,
    "articles.revision": ("view",),
    "articles.source": ALL,
    "articles.topic": ALL,
}


def found_group(apps: Any = present, using: str = "default") -> Any:
    """The group with every permission of the table; what it was given besides, it keeps.

    `apps` is a registry of models: a migration hands over its own. Permissions are made where they are missing,
    since on a fresh database they come only after the last migration.
    """
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=GROUP)
    granted = []
    for label, actions in MAY.items():
        app, model = label.split(".")
        content_type, _ = content_types.get_or_create(app_label=app, model=model)
        name = apps.get_model(app, model)._meta.verbose_name
        granted += [
            permissions.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {name}"},
            )[0]
            for action in actions
        ]
    group.permissions.add(*granted)
    return group


def appoint(user: User) -> User:
    """Makes somebody a curator."""
    group = Group.objects.filter(name=GROUP).first() or found_group()
    user.is_staff = True
    user.save()
    user.groups.add(group)
    return user
