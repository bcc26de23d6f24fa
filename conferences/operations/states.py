"""Moving a conference on before it is signed: begun, sent to be checked, taken back, adjourned, cancelled."""

from datetime import date, datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.clock import LONDON
from chatr.workdays.queries import bank_holidays

from ..models import Conference, Reason, State
from ..rules.limits import FIRST_DAY
from .clocks import set_clocks
from .explanations import explain


class CannotChangeState(Exception):
    """Why a conference can't be moved on, worded for the person who tries; ``field`` is where it shows."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


class IsBankHoliday(CannotChangeState):
    """The day was a bank holiday: it may be right, so it is asked once more."""

    def __init__(self):
        message = "This day was a bank holiday. Tick the box if the conference was held on it, or change the day."
        super().__init__(message, field="bank_holiday_confirmed")


@transaction.atomic
def begin(
    *, conference: Conference, held_on: date, bank_holiday_confirmed: bool = False, by: User, now: datetime
) -> None:
    """Start recording: say on which day it was held. While it is being recorded, put that day right.

    :raises IsBankHoliday: until the day is confirmed
    :raises CannotChangeState: for a weekend, a day to come, or a day before what led to the conference
    """
    conference = _locked(conference, State.SCHEDULED, State.DRAFT)
    _refuse_day(conference, held_on, now)
    if not bank_holiday_confirmed and bank_holidays(held_on, held_on):
        raise IsBankHoliday
    old, conference.held_on = conference.held_on, held_on
    details = {"held_on": f"{held_on:%Y-%m-%d}", "before": f"{old:%Y-%m-%d}" if old else ""}
    _move(conference, State.DRAFT, "conferences.begun", by, now, details)


def _refuse_day(conference: Conference, held_on: date, now: datetime) -> None:
    if held_on > now.astimezone(LONDON).date():
        raise CannotChangeState("The day the conference was held must be today or in the past.", field="held_on")
    if held_on.isoweekday() > 5:
        raise CannotChangeState(
            f"{held_on.day} {held_on:%B %Y} was a {held_on:%A}. A conference is not held at a weekend.",
            field="held_on",
        )
    if held_on < FIRST_DAY:
        raise CannotChangeState(f"Enter a day from {FIRST_DAY.day} {FIRST_DAY:%B %Y} on.", field="held_on")
    if conference.enquiries.filter(started_on__gt=held_on).exists():
        raise CannotChangeState("The section 47 enquiry started after this day. Check both dates.", field="held_on")
    if Conference.objects.filter(pk=conference.previous_id, held_on__gte=held_on).exists():
        raise CannotChangeState("The conference before this one was held on this day or later.", field="held_on")


@transaction.atomic
def send_to_check(*, conference: Conference, by: User, now: datetime) -> None:
    """Say that the record is written and waits for the chair to check it.

    :raises CannotChangeState: unless it is being recorded
    """
    _move(_locked(conference, State.DRAFT), State.CHECK, "conferences.sent_to_check", by, now)


@transaction.atomic
def back_to_draft(*, conference: Conference, by: User, now: datetime) -> None:
    """Take a record that was being checked back to be written on.

    :raises CannotChangeState: unless it is being checked
    """
    _move(_locked(conference, State.CHECK), State.DRAFT, "conferences.taken_back", by, now)


@transaction.atomic
def adjourn(*, conference: Conference, reason: str, by: User, now: datetime) -> None:
    """Put a conference off, before or during it. Its new date is a conference of its own.

    :raises CannotChangeState: if it is over, or being checked
    :raises CannotExplain: without a reason
    """
    _close(conference, State.ADJOURNED, Reason.ADJOURNED, "conferences.adjourned", reason, by, now)


@transaction.atomic
def cancel(*, conference: Conference, reason: str, by: User, now: datetime) -> None:
    """Call a conference off for good. What was written stays, and nobody can write on.

    :raises CannotChangeState: if it is over, or being checked
    :raises CannotExplain: without a reason
    """
    _close(conference, State.CANCELLED, Reason.CANCELLED, "conferences.cancelled", reason, by, now)


def _close(conference, state: str, kind: str, action: str, reason: str, by: User, now: datetime) -> None:
    conference = _locked(conference, State.SCHEDULED, State.DRAFT)
    explain(conference=conference, kind=kind, words=reason, by=by, now=now)
    _move(conference, state, action, by, now)


def _locked(conference: Conference, *states: str) -> Conference:
    """The conference as it stands now, held until the change is done."""
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if conference.state not in states:
        raise CannotChangeState(f"This can’t be done now. The conference is: {conference.get_state_display().lower()}.")
    return conference


def _move(conference: Conference, state: str, action: str, by: User, now: datetime, details=None) -> None:
    conference.state, conference.version = state, conference.version + 1
    conference.save(update_fields=["state", "held_on", "version"])
    set_clocks(conference=conference, by=by, now=now)
    record(action, conference, by=by, details=details)
