"""What the directory does by itself, started by beat. Each may run again, or twice at once, and adds nothing."""

from celery import shared_task
from django.utils import timezone

from .operations import days, duplicates, verifying, vocabulary


@shared_task
def remind_editors() -> None:
    """Ask whoever keeps an entry that is due whether it is still right."""
    verifying.remind(now=timezone.now())


@shared_task
def refresh_listings() -> None:
    """Write anew the listings that read differently because a day has come."""
    days.refresh_due(now=timezone.now())


@shared_task
def rebuild_words() -> None:
    """Count the words of the entries anew, which mistyped words are corrected by."""
    vocabulary.rebuild_words()


@shared_task
def look_for_lookalikes() -> None:
    """Find entries that look like one, for staff to say."""
    duplicates.look_for_lookalikes(by=None, now=timezone.now())
