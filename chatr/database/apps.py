from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "chatr.database"
    label = "database"
