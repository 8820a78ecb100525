from django.apps import AppConfig
from django.conf import settings


class SferumAdminConfig(AppConfig):
    name = "sferum_admin"

    def ready(self) -> None:
        if settings.SENTRY_DSN:
            from sferum_admin import failures

            failures.start(settings.SENTRY_DSN)
