"""Child protection conferences: trauma-informed records behind walls of their own."""

from django.apps import AppConfig
from django.conf import settings


class ConferencesConfig(AppConfig):
    name = "conferences"
    label = "conferences"
    default_auto_field = "django.db.models.BigAutoField"
    append_only_tables = (
        "conferences_accessevent",
        "conferences_amendment",
        "conferences_blockversion",
        "conferences_signedrecord",
    )

    def ready(self) -> None:
        if settings.CONFERENCES_ENABLED:
            from . import messages

            messages.register_kinds()
