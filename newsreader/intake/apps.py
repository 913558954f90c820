from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "newsreader.intake"
    verbose_name = _("What comes in")
