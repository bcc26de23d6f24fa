"""Child protection conferences: trauma-informed records behind walls of their own."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register


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
            from .walls.checks import check_walls

            messages.register_kinds()
            register(check_walls, Tags.database)
