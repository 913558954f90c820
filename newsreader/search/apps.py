from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "newsreader.search"

    def ready(self) -> None:
        from newsreader.search.index import after_migrate  # noqa: PLC0415 apps load before what they hold

        # This app has no models and so gets no post_migrate of its own. It is sent when every migration has run.
        post_migrate.connect(after_migrate, sender=apps.get_app_config("annotations"))
