"""Emergency reading: opening one child's record without being let in, and looking at it afterwards."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.notifications import operations as notifications
from chatr.workdays.queries import bank_holidays
from chatr.workdays.rules import nth_working_day_after

from ..messages.emergency import opened
from ..models import BreakGlass, BreakGlassGround, ConferenceChild
from ..queries.access import conference_for, manages
from ..rules.access import can_read_record

SHORTEST_REASON = 20  # characters
REVIEWED_WITHIN = 2  # working days
NOTHING_TO_OPEN = "No conference with that local child id can be opened."
NOT_REVIEWED = (
    "Your last emergency reading has not been looked at by the chairs' manager. Until it has, you cannot open another. "
    "If a child is in danger, call 999."
)


class CannotBreakGlass(Exception):
    """Why a record can't be opened in an emergency, worded for the person who tries."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


class CannotReview(Exception):
    """Why an emergency reading can't be looked at, worded for the manager."""


@transaction.atomic
def break_glass(*, la_child_id: str, ground: str, reason: str, by: User, now: datetime) -> BreakGlass:
    """Let a chair or manager read one child's record for sixty minutes, and tell that record's managers at once.

    Call it acting as ``by``. What can't be opened and what does not exist get one answer.

    :raises CannotBreakGlass: without a ground and a reason, while an earlier reading has not been looked at, if the
        person can open the record anyway, or when there is nothing to open
    """
    reason = reason.strip()
    if ground not in BreakGlassGround.values:
        raise CannotBreakGlass("Choose why it cannot wait.", field="ground")
    if len(reason) < SHORTEST_REASON:
        raise CannotBreakGlass(f"Say why in at least {SHORTEST_REASON} characters.", field="reason")
    if BreakGlass.objects.filter(user=by, reviewed_at=None).exists():
        raise CannotBreakGlass(NOT_REVIEWED)
    if _can_open_anyway(la_child_id, by):
        raise CannotBreakGlass(
            "You can open this child's conference without this: it is on your desk.", field="la_child_id"
        )
    conference_id = _open(la_child_id, ground, reason, now)
    if conference_id is None:
        raise CannotBreakGlass(NOTHING_TO_OPEN, field="la_child_id")
    reading = BreakGlass.objects.select_related("conference__team").get(user=by, reviewed_at=None)
    record(
        "conferences.opened_in_an_emergency",
        reading,
        by=by,
        details={"conference": str(conference_id), "ground": ground, "review_due_on": str(reading.review_due_on)},
    )
    notifications.queue_many(opened(reading))
    return reading


def _can_open_anyway(la_child_id: str, by: User) -> bool:
    inside = ConferenceChild.objects.filter(child__la_child_id=la_child_id).values_list("conference_id", flat=True)
    found = (conference_for(by, conference_id) for conference_id in inside)
    return any(can_read_record(access) for _, access in filter(None, found))


def _open(la_child_id: str, ground: str, reason: str, now: datetime) -> UUID | None:
    today = timezone.localdate(now)
    holidays = bank_holidays(today, today + timedelta(days=14))
    review_by = nth_working_day_after(today, REVIEWED_WITHIN, holidays)
    kept = BreakGlass._meta.get_field("reason").get_prep_value(reason)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT break_glass(%s, %s, %s, %s)", [la_child_id, ground, kept, review_by])
            return cursor.fetchone()[0]
    except DatabaseError as refusal:
        if getattr(refusal.__cause__, "diag", None) is None:
            raise
        if refusal.__cause__.diag.constraint_name == "one_unreviewed_emergency_reading":
            raise CannotBreakGlass(NOT_REVIEWED) from None
        if refusal.__cause__.pgcode == "42501":  # insufficient_privilege
            raise CannotBreakGlass("Emergency reading is for chairs and their managers.") from None
        raise


@transaction.atomic
def review_reading(*, reading: BreakGlass, was_right: bool, verdict: str, by: User, now: datetime) -> None:
    """Write down whether an emergency reading was right. Until then its reader can't open another.

    :raises CannotReview: for one's own reading, one of another team, or one that was looked at already
    """
    if reading.user_id == by.pk:
        raise CannotReview("Nobody looks at their own emergency reading. Ask another manager.")
    reading = BreakGlass.objects.select_related("conference").get(pk=reading.pk)
    if not manages(by, reading.conference):
        raise CannotReview("Only a manager of this record's team looks at it.")
    changed = BreakGlass.objects.filter(pk=reading.pk, reviewed_at=None).update(
        reviewed_by=by, reviewed_at=now, was_right=was_right, verdict=verdict
    )
    if not changed:
        raise CannotReview("A colleague has looked at this already.")
    record("conferences.emergency_looked_at", reading, by=by, details={"was_right": was_right})
