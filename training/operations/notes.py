"""What staff write to everyone on a run."""

import uuid
from datetime import datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.notifications.operations import queue_many

from ..messages import drafts
from ..models import CourseRun


@transaction.atomic
def write_to_everyone(*, run: CourseRun, subject: str, words: str, by: User, now: datetime) -> int:
    """Queue one message to each person with a place on the run.

    :returns: how many people it goes to
    """
    note_id = str(uuid.uuid4())
    messages = []
    for booking in run.bookings.confirmed().select_related("attendee"):
        messages += drafts.run_note(booking, now, note_id=note_id, subject=subject, words=words)
    record("training.note_written", run, by=by, details={"run": run.ref, "people": len(messages)})
    queue_many(messages)
    return len(messages)
