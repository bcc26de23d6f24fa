"""Tables of so many rows that they are laid down once for all tests, not after each one that empties the database.

An app names them in its AppConfig, ``laid_down_once = ("directory_postcode",)``. No key may lead to or from one, so
that the others can be emptied without it. A test that changed one costs laying it down again; the next sees nothing.
"""

from django.apps import apps
from django.db import connection

from .database import as_owner

_as_laid: dict[str, tuple] = {}


def tables() -> list[str]:
    """Those of every installed app."""
    return [table for config in apps.get_app_configs() for table in getattr(config, "laid_down_once", ())]


def remember() -> None:
    """How the tables are now is how every test should find them."""
    _as_laid.update({table: _state(table) for table in tables()})


def empty_changed() -> None:
    """Empty those a test added to, changed or removed from, so that laying down fills them."""
    empty([table for table in tables() if _as_laid.get(table) != _state(table)])


def empty(names: list[str]) -> None:
    """Empty some of them."""
    with as_owner(), connection.cursor() as cursor:
        for table in names:
            cursor.execute(f"TRUNCATE {connection.ops.quote_name(table)}")


def _state(table: str) -> tuple:
    """How many rows it has, and the newest transaction that wrote one: any change moves one of the two."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), max(xmin::text::bigint) FROM {connection.ops.quote_name(table)}")
        return cursor.fetchone()
