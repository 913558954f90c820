from django.apps import AppConfig
from django.core.checks import Tags, register

from newsreader.checks import key_is_shared, sqlite_is_safe


class ReadingConfig(AppConfig):
    name = "newsreader.reading"

    def ready(self) -> None:
        register(sqlite_is_safe, Tags.database)
        register(key_is_shared, Tags.database)
