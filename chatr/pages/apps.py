from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "chatr.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
