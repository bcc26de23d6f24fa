"""The one way to write an audit event."""

from django.db import connection, models

from .models import AuditEvent

LONGEST_DETAIL = 200


def record(
    action: str, thing: models.Model | None, *, by: models.Model | None, details: dict | None = None
) -> AuditEvent:
    """Write down that ``by`` (None: the portal itself) did ``action`` to ``thing``, inside the operation's transaction.

    ``details`` hold ids, codes, dates and counts: never what people wrote, never a token.

    :raises RuntimeError: outside a transaction, where the event could be kept though the change failed
    :raises ValueError: if a detail is as long as free text, or the thing has no id (deleted: record it before)
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An audit event is written inside the transaction of what it records.")
    if thing is not None and thing.pk is None:
        raise ValueError(f"This {thing._meta.verbose_name} has no id to record.")
    details = details or {}
    _refuse_free_text(details)
    return AuditEvent.objects.create(
        action=action,
        actor_id=by.pk if by else None,
        object_type=thing._meta.label_lower if thing is not None else "",
        object_id=str(thing.pk) if thing is not None else "",
        details=details,
    )


def _refuse_free_text(value) -> None:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple | set):
        for each in value:
            _refuse_free_text(each)
    elif isinstance(value, str) and len(value) > LONGEST_DETAIL:
        raise ValueError("Audit details hold ids, codes, dates and counts, not texts.")
