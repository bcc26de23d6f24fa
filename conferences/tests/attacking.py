"""Trying what the walls must not let anybody do."""

from collections.abc import Callable

from django.db import DatabaseError, connection, transaction

from chatr.database.acting import acting_as

from ..models import Assignment
from .making import NOW

BESIDE = "new row violates row-level security"


def refused(act: Callable, by) -> str:
    """Which rule of the database refuses the act, by its name or its words; nothing when it lets it pass."""
    with acting_as(by.pk):
        try:
            with transaction.atomic():
                act()
                connection.check_constraints()
        except DatabaseError as error:
            return error.__cause__.diag.constraint_name or error.__cause__.diag.message_primary
    return ""


def let_in(conference, user, role: str, by, **fields) -> Assignment:
    """Give somebody an assignment, as ``by``; every child for those who record, none yet for others."""
    fields = {"all_children": role in ("chair", "cover", "minute_taker"), "since": NOW} | fields
    return Assignment.objects.create(conference=conference, user=user, role=role, given_by=by, **fields)
