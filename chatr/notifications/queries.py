"""Questions about the outbox."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from .models import Message


def due_messages(now: datetime, *, kind: str | None = None) -> QuerySet[Message]:
    """Those still in the queue that fell due by then, in the order they fell due, with their recipients."""
    due = Message.objects.filter(state=Message.State.QUEUED, due_at__lte=now).select_related("recipient")
    return (due.filter(kind=kind) if kind else due).order_by("due_at", "id")


def oldest_due(now: datetime) -> datetime | None:
    """Since when the message longest ready to go has been waiting for a sender; None when none is."""
    return Message.objects.due(now).values_list("next_attempt_at", flat=True).first()


def counts_needing_staff() -> dict[str, int]:
    """How many are failed, uncertain and held."""
    return (
        Message.objects.for_staff()
        .needing_staff()
        .aggregate(
            failed=Count("pk", filter=Q(state=Message.State.FAILED)),
            uncertain=Count("pk", filter=Q(state=Message.State.UNCERTAIN)),
            held=Count("pk", filter=Q(state=Message.State.QUEUED)),
        )
    )
