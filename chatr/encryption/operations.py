"""Moving stored values to the newest key."""

from collections.abc import Callable

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from chatr.audit.operations import record

from .fields import CannotDecrypt, EncryptedTextField
from .keys import every_key, newest_key

BATCH = 500
# Values under our keys in another package's tables: what they are, and how to rotate them.
rotations_elsewhere: dict[str, Callable[[], int]] = {}


def also_rotate(name: str, rotate_all: Callable[[], int]) -> None:
    """Have ``rotate_field_keys`` call ``rotate_all`` too, which gives how many values it moved."""
    rotations_elsewhere[name] = rotate_all


def encrypted_fields() -> list[EncryptedTextField]:
    """Every encrypted field of every model."""
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def rotate(field: EncryptedTextField) -> int:
    """Write one field's values again under the newest key, in batches, and say how many. Safe to stop and repeat.

    :raises CannotDecrypt: when a value opens with none of FIELD_KEYS; what was done before stays done
    """
    stored = field.model._base_manager.annotate(stored=Cast(field.name, models.TextField()))
    rotated, last = 0, None
    while True:
        rows = stored.filter(pk__gt=last) if last is not None else stored
        batch = list(rows.order_by("pk").values_list("pk", "stored")[:BATCH])
        if not batch:
            return rotated
        last = batch[-1][0]
        with transaction.atomic():
            count = sum(_rotate_value(field, stored, pk, old) for pk, old in batch)
            if count:
                details = {"field": f"{field.model._meta.label_lower}.{field.name}", "values": count}
                record("encryption.keys_rotated", None, by=None, details=details)
        rotated += count


def _rotate_value(field: EncryptedTextField, rows: models.QuerySet, pk, old: str | None) -> int:
    if not old or _is_newest(old):
        return 0
    try:
        new = every_key().rotate(old.encode()).decode()
    except InvalidToken:
        raise CannotDecrypt(f"No key in FIELD_KEYS decrypts {field.model._meta.label}.{field.name} of {pk}.") from None
    # Left alone when somebody changed it since: then it is under the newest key already.
    return rows.filter(pk=pk, stored=old).update(**{field.name: models.Value(new, output_field=models.TextField())})


def _is_newest(token: str) -> bool:
    try:
        newest_key().decrypt(token.encode())
    except InvalidToken:
        return False
    return True
