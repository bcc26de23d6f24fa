"""What the directory adds to the home page of somebody who keeps entries: what to send and what to verify."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from chatr.pages import whats_next

from .models import Revision
from .queries.mine import my_services


@whats_next.register
def my_entries(user, now: datetime):
    """What the person's services wait for: verifying, sending what is written, reading a refusal. Five queries."""
    today = timezone.localdate(now)
    for row in (row for group in my_services(user, today) for row in group.rows):
        page, name = reverse("directory:my-service", args=[row.service.pk]), row.service.name
        if row.due_on is not None and row.due_on <= today:
            verify = reverse("directory:verify", args=[row.service.pk])
            yield whats_next.Item(today, name, "Say whether it is still right", verify, "Your entry is due.")
        if row.refused is not None:
            yield whats_next.Item(today, name, "Read why", page, "Programme staff did not approve your change.")
        elif row.revision is not None and row.revision.state == Revision.State.DRAFT:
            yield whats_next.Item(today, name, "Go on writing", page, "A change is not sent yet.")
