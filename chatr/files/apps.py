from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "chatr.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
