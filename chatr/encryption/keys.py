"""The keys fields are encrypted with: ``FIELD_KEYS``, newest first."""

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.checks import Error


def check_keys(app_configs=None, **kwargs) -> list[Error]:
    """The system check that every key is one."""
    try:
        every_key()
    except ValueError:
        return [
            Error(
                "FIELD_KEYS must hold one or more Fernet keys (32 bytes in URL-safe base64), newest first.",
                hint="To make one: python -c 'from cryptography.fernet import Fernet as F; print(F.generate_key())'",
                id="encryption.E001",
            )
        ]
    return []


def every_key() -> MultiFernet:
    """Encrypts with the newest key, decrypts with any."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def newest_key() -> Fernet:
    """The key everything is encrypted with from now on."""
    return Fernet(settings.FIELD_KEYS[0])
