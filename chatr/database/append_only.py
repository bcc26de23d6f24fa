"""Tables nobody changes once written: a trigger in the database refuses, whoever asks.

An app names them in its AppConfig, ``append_only_tables = ("audit_auditevent",)``, and its migration adds
``append_only("audit_auditevent")``. ``manage.py migrate`` also takes UPDATE and DELETE on them from the app role.
"""

from django.apps import apps
from django.db.migrations import RunSQL


def append_only_tables() -> list[str]:
    """The append-only tables of every installed app."""
    return [table for config in apps.get_app_configs() for table in getattr(config, "append_only_tables", ())]


def append_only(table: str) -> RunSQL:
    """The migration operation that makes the database refuse UPDATE, DELETE and TRUNCATE on a table.

    Plain SQL, because a trigger made by a library can be switched off with a setting by anyone who can send SQL.
    """
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"DROP TRIGGER append_only ON {table};",
    )
