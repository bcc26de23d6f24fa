from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PagesConfig(AppConfig):
    name = "chatr.pages"
    label = "pages"
    verbose_name = "Public pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Let every app register what it puts on the home page."""
        autodiscover_modules("whats_next", "next_courses")
