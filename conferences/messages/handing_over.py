"""Telling somebody that a conference was handed to them: that something waits, and nothing else."""

from django.conf import settings
from django.urls import reverse

from chatr.notifications.kinds import Composed, Kind, register
from chatr.notifications.operations import queue

from ..models import Assignment

HANDED_OVER = "conferences/handed_over"


def handed_over(assignment: Assignment) -> None:
    """Queue one message for one assignment."""
    queue(HANDED_OVER, to=assignment.user, about=assignment, dedupe_key=f"{HANDED_OVER}:{assignment.pk}")


def compose(message, now) -> Composed:
    """Where to look after signing in."""
    return Composed({"page_url": settings.SITE_URL + reverse("conferences:desk")})


def register_kinds() -> None:
    """Make it known."""
    register(Kind(HANDED_OVER, "Something was handed over to you", compose, private=True))
