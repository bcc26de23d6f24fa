"""Reads for the staff page."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Q, QuerySet, Subquery

from .models import AuditEvent


def with_actors() -> QuerySet[AuditEvent]:
    """Events with the name and e-mail address of who acted, where the account still exists."""
    actor = get_user_model().objects.filter(pk=OuterRef("actor_id"))
    return AuditEvent.objects.annotate(
        actor_name=Subquery(actor.values("name")[:1]), actor_email=Subquery(actor.values("email")[:1])
    )


def ids_of_people(text: str) -> list[UUID]:
    """The people whose name or e-mail address holds the text, at most 50; or the one whose id it is."""
    try:
        return [UUID(text)]
    except ValueError:
        found = get_user_model().objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
        return list(found.values_list("pk", flat=True)[:50])


def start_of(day: date) -> datetime:
    """The first moment of a day in London."""
    return datetime.combine(day, clock(0), tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def on_days(events: QuerySet[AuditEvent], first: date | None, last: date | None) -> QuerySet[AuditEvent]:
    """Those from the first day to the last, both included, in London time."""
    if first:
        events = events.filter(at__gte=start_of(first))
    if last:
        events = events.filter(at__lt=start_of(last + timedelta(days=1)))
    return events
