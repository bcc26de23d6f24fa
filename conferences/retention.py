"""What the area lets go by itself: nothing of a record, only codes that have stopped working."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from chatr.retention.rules import RetentionRule, register

from .operations.listening import forget_ended_codes


def forget_codes(before: datetime) -> int:
    """Codes for saying how it was, once their last day is over."""
    return forget_ended_codes(timezone.localdate(before))


if settings.CONFERENCES_ENABLED:
    register(
        RetentionRule("conferences-feedback-codes", "Codes for saying how a conference was", timedelta(0), forget_codes)
    )
