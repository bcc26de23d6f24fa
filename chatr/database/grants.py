"""What the app role may do: read and write rows, and nothing else."""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .append_only import append_only_tables

# Those the connected role owns, itself or through a role it belongs to; on a managed server others may be there too.
OURS = """
    SELECT c.oid::regclass::text, c.relname, c.relkind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND pg_has_role(current_user, c.relowner, 'USAGE')
"""


def grant_rights(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give the app role its rights on everything the connected owner has made.

    Nothing is done when the role is the owner itself or does not exist (the owner may be unable to make roles).
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role])
        if not cursor.fetchone():
            return
        to = connection.ops.quote_name(role)
        cursor.execute("SELECT quote_ident(schema) FROM unnest(current_schemas(false)) AS schema")
        schemas = ", ".join(name for (name,) in cursor.fetchall())
        cursor.execute(OURS)
        found = cursor.fetchall()
        tables = ", ".join(name for name, _, kind in found if kind != "S")
        sequences = ", ".join(name for name, _, kind in found if kind == "S")
        kept = ", ".join(name for name, plain, _ in found if plain in append_only_tables())
        cursor.execute(f"GRANT USAGE ON SCHEMA {schemas} TO {to}")
        if tables:
            cursor.execute(f"REVOKE ALL ON {tables} FROM {to}")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {to}")
        if sequences:
            cursor.execute(f"GRANT USAGE, SELECT ON SEQUENCE {sequences} TO {to}")
        if kept:
            cursor.execute(f"REVOKE UPDATE, DELETE ON {kept} FROM {to}")
