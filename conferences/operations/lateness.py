"""What is written down when a conference was held after its limit."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Conference, Reason
from ..queries.access import managers_of
from .explanations import explain


class CannotExplainLateness(Exception):
    """Why it can't be kept, worded for the person who tries; ``field`` is where it shows."""

    def __init__(self, message: str, *, field: str):
        super().__init__(message)
        self.field = field


@transaction.atomic
def explain_lateness(
    *, conference: Conference, why: str, agreed_by: UUID | str, interim: str, by: User, now: datetime
) -> None:
    """Write down why a conference was late, which manager agreed, and how the child was kept safe meanwhile.

    :raises CannotExplainLateness: if the person is not a manager of the conference's team, or words are missing
    """
    manager = next((one for one in managers_of(conference) if str(one.pk) == str(agreed_by)), None)
    if manager is None:
        raise CannotExplainLateness("Choose a manager of this team.", field="agreed_by")
    for field, words, ask in (
        ("why", why, "Write why the conference was late"),
        ("interim", interim, "Write how the child was kept safe meanwhile"),
    ):
        if not words.strip():
            raise CannotExplainLateness(ask, field=field)
    explain(conference=conference, kind=Reason.LATE, words=why, by=by, now=now)
    explain(conference=conference, kind=Reason.INTERIM_PROTECTION, words=interim, by=by, now=now)
    conference.late_agreed_by = manager
    conference.save(update_fields=["late_agreed_by"])
    record("conferences.lateness_agreed", conference, by=by, details={"agreed_by": str(manager.pk)})
