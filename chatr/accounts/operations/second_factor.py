"""The secrets of authenticator apps and recovery codes, encrypted under FIELD_KEYS."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from chatr.audit.operations import record
from chatr.encryption.fields import CannotDecrypt
from chatr.encryption.keys import every_key, newest_key

SECRETS = ("secret", "seed")


def rotate_secrets() -> int:
    """Write every secret again under the newest key, and say how many. Safe to stop and repeat.

    :raises CannotDecrypt: when one opens with none of FIELD_KEYS; what was done before stays done
    """
    keys = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True)
    rotated = sum(_rotate_one(pk) for pk in list(keys))
    if rotated:
        with transaction.atomic():
            record("encryption.keys_rotated", None, by=None, details={"field": "mfa.data", "values": rotated})
    return rotated


@transaction.atomic
def _rotate_one(pk: int) -> int:
    authenticator = Authenticator.objects.select_for_update().filter(pk=pk).first()
    old = authenticator.data if authenticator else {}
    new = {name: _newest(old[name], pk) for name in SECRETS if name in old}
    changed = sum(old[name] != token for name, token in new.items())
    if changed:
        authenticator.data = old | new
        authenticator.save(update_fields=["data"])
    return changed


def _newest(token: str, pk: int) -> str:
    try:
        newest_key().decrypt(token.encode())
        return token
    except InvalidToken:
        pass
    try:
        return every_key().rotate(token.encode()).decode()
    except InvalidToken:
        raise CannotDecrypt(f"No key in FIELD_KEYS decrypts the second factor {pk}.") from None
