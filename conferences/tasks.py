"""What the area does by itself: it proposes, and never disposes."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from .operations import keeping


@shared_task
def propose_disposals() -> None:
    """Propose what was kept as long as its rule says. Started by beat once a day; again the same day does nothing."""
    if settings.CONFERENCES_ENABLED:
        keeping.propose(now=timezone.now())
