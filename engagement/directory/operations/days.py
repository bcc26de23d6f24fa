"""What changes because a day has come, although nobody does anything."""

from datetime import datetime

from django.utils import timezone

from ..models import Listing, Service
from .listings import refresh


def refresh_due(*, now: datetime) -> int:
    """Write anew the listings that read differently from today on; how many. Again the same day does nothing."""
    today = timezone.localdate(now)
    due = list(Listing.objects.filter(refresh_on__lte=today).values_list("service", flat=True))
    for service in Service.objects.filter(pk__in=due).order_by("pk"):
        refresh(service=service, now=now)
    return len(due)
