"""The desk, and the admin that it replaces: Django's own, on our site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class DeskConfig(AppConfig):
    name = "newsreader.desk"


class DeskAdminConfig(admin.AdminConfig):
    """Stands in INSTALLED_APPS where django.contrib.admin would."""

    default = False  # this package's own config is DeskConfig
    default_site = "newsreader.desk.site.DeskSite"
