"""What the worker does for the outbox. No task carries a message: each looks for what is due and claims it."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from . import operations

LAST_BEAT = "beat:last"


@shared_task
def send_due_messages() -> None:
    """Send what is due. Started by beat every minute, and as soon as a change that queued a message commits."""
    operations.drain(now=timezone.now())


@shared_task
def say_beat_is_alive() -> None:
    """Leave the moment, in ISO form, for the readiness check: beat, the broker and a worker all did their part."""
    cache.set(LAST_BEAT, timezone.now().isoformat(), timeout=None)
