"""Child protection conferences: trauma-informed records behind walls of their own."""

from django.apps import AppConfig


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
