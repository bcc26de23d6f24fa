from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "chatr.workdays"
    label = "workdays"
    verbose_name = "Working days"
    default_auto_field = "django.db.models.BigAutoField"
