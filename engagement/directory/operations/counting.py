"""Counting how often a service's page was looked at, and whether it helped. Of nobody in particular: a number a day.

One statement each, and no audit event: there is nothing to say who, and a page must not wait for it.
"""

from datetime import date
from uuid import UUID

from django.db import connection

from ..models import ServiceDay


def count_view(*, service: UUID, day: date) -> None:
    """One more look at a service's page."""
    _count(service, day, "views")


def count_answer(*, service: UUID, day: date, helped: bool) -> None:
    """One more answer to *Did this help?*"""
    _count(service, day, "helped" if helped else "did_not_help")


def _count(service: UUID, day: date, column: str) -> None:
    counts = {"views": 0, "helped": 0, "did_not_help": 0} | {column: 1}
    table, name = (connection.ops.quote_name(each) for each in (ServiceDay._meta.db_table, column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (service_id, day, views, helped, did_not_help) VALUES (%s, %s, %s, %s, %s)"
            f" ON CONFLICT (service_id, day) DO UPDATE SET {name} = {table}.{name} + 1",
            [service, day, *counts.values()],
        )
