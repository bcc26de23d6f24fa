"""What conferences add to the home page: at most that something waits there, and nothing of what."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from chatr.database.acting import acting_as
from chatr.pages import whats_next
from chatr.workdays.clock import LONDON

from .queries.desk import something_waits
from .rules.access import may_enter


@whats_next.register
def something_waiting(user, now: datetime):
    """One line without content, for people who have a part in conferences and something to do in one."""
    if not settings.CONFERENCES_ENABLED or not may_enter(user):
        return
    with acting_as(user.pk):
        waits = something_waits(user, now.astimezone(LONDON).date())
    if waits:
        yield whats_next.Item(
            now.date(), "Something is waiting in Conferences", "Go to Conferences", reverse("conferences:front")
        )
