"""The desk, and the admin that it replaces: Django's own, on our site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "newsreader.desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from newsreader.desk.guard import after_migrate  # noqa: PLC0415 apps load before what they hold

        post_migrate.connect(after_migrate, sender=self)


class DeskAdminConfig(admin.AdminConfig):
    """Stands in INSTALLED_APPS where django.contrib.admin would."""

    default = False  # this package's own config is DeskConfig
    default_site = "newsreader.desk.site.DeskSite"
