from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "chatr.database"
    label = "database"
    default_auto_field = "django.db.models.BigAutoField"
