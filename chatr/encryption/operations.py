"""Moving stored values to the newest key."""

from collections.abc import Callable

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.functions import Cast

from chatr.audit.operations import record

from .fields import CannotDecrypt, EncryptedTextField
from .keys import every_key, newest_key

BATCH = 500


class CannotRotate(Exception):
    """Why a table's values can't be rotated here, worded for whoever runs the command."""


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
    :raises CannotRotate: when its table is behind row-level security and nobody here owns it
    """
    if _is_walled(field):
        return _rotate_behind_its_wall(field)
    return _rotate(field, DEFAULT_DB_ALIAS)


def _rotate(field: EncryptedTextField, alias: str) -> int:
    stored = field.model._base_manager.using(alias).annotate(stored=Cast(field.name, models.TextField()))
    rotated, last = 0, None
    while True:
        rows = stored.filter(pk__gt=last) if last is not None else stored
        batch = list(rows.order_by("pk").values_list("pk", "stored")[:BATCH])
        if not batch:
            return rotated
        last = batch[-1][0]
        with transaction.atomic(), transaction.atomic(using=alias):
            count = sum(_rotate_value(field, stored, pk, old) for pk, old in batch)
            if count:
                details = {"field": f"{field.model._meta.label_lower}.{field.name}", "values": count}
                record("encryption.keys_rotated", None, by=None, details=details)
        rotated += count


# Tables behind forced row-level security show nothing to anybody who acts for nobody, and some refuse every change.
# Their owner steps over that for one table and one transaction, which nobody else can read or write meanwhile.


def _is_walled(field: EncryptedTextField) -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT relforcerowsecurity FROM pg_class WHERE oid = to_regclass(%s)", [field.model._meta.db_table]
        )
        found = cursor.fetchone()
    return bool(found and found[0])


def _rotate_behind_its_wall(field: EncryptedTextField) -> int:
    alias = "owner" if "owner" in settings.DATABASES else DEFAULT_DB_ALIAS
    table = connections[alias].ops.quote_name(field.model._meta.db_table)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(%s)", [table]
        )
        if cursor.fetchone() != (True,):
            raise CannotRotate("Set DATABASE_OWNER_URL: some tables can be rotated by their owner alone.")
        before = _wall(cursor, table)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come can't be altered
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        rotated = _rotate(field, alias)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if _wall(cursor, table) != before:
            raise CannotRotate(f"The wall of {table} did not stand as before, so nothing was changed.")
    return rotated


def _wall(cursor, table: str) -> list[tuple]:
    """What guards a table: its row-level security, its triggers and whether each is on."""
    cursor.execute(
        "SELECT 'table', relrowsecurity::text, relforcerowsecurity::text FROM pg_class WHERE oid = to_regclass(%s)"
        " UNION ALL SELECT 'trigger', tgname, tgenabled::text FROM pg_trigger WHERE tgrelid = to_regclass(%s)"
        " ORDER BY 1, 2",
        [table, table],
    )
    return cursor.fetchall()


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
