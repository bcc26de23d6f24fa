"""What must be true of the database for the walls to stand."""

from django.core.checks import Error, Warning
from django.db import DEFAULT_DB_ALIAS, connections

FOUND = """
    SELECT to_regnamespace('conferences') IS NULL OR 'conferences' = ANY (current_schemas(false)),
           EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('conferences')
                   AND relkind = 'r' AND pg_has_role(current_user, relowner, 'USAGE'))
"""


def check_walls(app_configs=None, databases=None, **kwargs) -> list:
    """Whether the role that serves pages finds the schema, once it is there, and owns none of its tables."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(FOUND)
        is_found, is_owner = cursor.fetchone()
    problems = []
    if not is_found:
        hint = "alter role … set search_path = public, conferences (both roles)"
        problems.append(Error("The schema conferences is not in the search path.", hint=hint, id="conferences.E001"))
    if is_owner:
        hint = "Set DATABASE_OWNER_URL for migrations, and in DATABASE_URL a role that owns nothing."
        problems.append(
            Warning(
                "The role that serves pages owns the tables of conferences, so it could take their walls down.",
                hint=hint,
                id="conferences.W001",
            )
        )
    return problems
