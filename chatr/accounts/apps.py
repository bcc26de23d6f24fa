from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "chatr.accounts"
    label = "accounts"
    verbose_name = "People and organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import messages  # noqa: F401  (registers the kinds of message)
