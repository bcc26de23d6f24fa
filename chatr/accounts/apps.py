from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "chatr.accounts"
    label = "accounts"
    verbose_name = "People and organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from chatr.encryption.operations import also_rotate

        from . import messages  # noqa: F401  (registers the kinds of message)
        from .operations.second_factor import rotate_secrets

        also_rotate("mfa.Authenticator.data", rotate_secrets)
