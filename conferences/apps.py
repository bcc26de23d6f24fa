"""Child protection conferences: the area's name, so that its tables, rights and rules have their place."""

from django.apps import AppConfig


class ConferencesConfig(AppConfig):
    name = "conferences"
    label = "conferences"
    default_auto_field = "django.db.models.BigAutoField"
