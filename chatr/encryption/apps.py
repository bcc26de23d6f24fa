from django.apps import AppConfig
from django.core.checks import register


class EncryptionConfig(AppConfig):
    name = "chatr.encryption"
    label = "encryption"

    def ready(self):
        from .keys import check_keys

        register(check_keys)
