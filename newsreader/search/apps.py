from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate


class SearchConfig(AppConfig):
    name = "newsreader.search"

    def ready(self) -> None:
        from newsreader.search.postgres import index as postgres_index  # noqa: PLC0415 apps load before what they hold
        from newsreader.search.sqlite import index  # noqa: PLC0415 apps load before what they hold

        # Whichever app it is sent for: that is when every migration has run.
        once = apps.get_app_config("annotations")
        pre_migrate.connect(postgres_index.before_migrate, sender=once)
        post_migrate.connect(index.after_migrate, sender=once)
        post_migrate.connect(postgres_index.after_migrate, sender=once)
