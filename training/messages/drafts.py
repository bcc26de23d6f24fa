"""Which messages a change calls for, and when each is due.

A message names the booking or run it is about and is written from the record when it is sent, so it can be
re-checked then. The dedupe key carries the schedule version: a moved run gets new reminders, never old ones.
"""

from datetime import datetime, time, timedelta

from chatr.notifications.operations import Draft
from chatr.workdays.clock import LONDON, local

from .. import rules
from ..models import Booking, CourseRun, RunDate

MORNING = time(9, 0)
SCHEDULED = ("training/joining_instructions", "training/reminder")


def _morning(run_date: RunDate, days_before: int) -> datetime:
    """Nine o'clock in London, that many calendar days before the date."""
    return local(run_date.starts_at.astimezone(LONDON).date() - timedelta(days=days_before), MORNING)


def joining_instructions_at(dates: list[RunDate]) -> datetime:
    """When joining instructions leave. A confirmation written after that carries them."""
    return _morning(dates[0], rules.JOINING_DAYS_BEFORE)


def reminder_at(run_date: RunDate) -> datetime:
    """When the reminder of one date leaves."""
    return _morning(run_date, 1)


def _draft(kind: str, booking: Booking, key: str, due_at: datetime, **facts) -> Draft:
    return Draft(
        kind=f"training/{kind}",
        to=booking.attendee,
        about=booking,
        dedupe_key=f"training/{kind}:{booking.uuid}:{key}",
        due_at=due_at,
        facts=facts,
    )


def scheduled(booking: Booking, run: CourseRun, dates: list[RunDate], now: datetime) -> list[Draft]:
    """Joining instructions and reminders still to come; nothing whose moment has passed, so nobody gets a stale one.

    Within the last week the confirmation carries the joining instructions. Where something is still missing from them
    they follow by themselves, held until staff have supplied it.
    """
    version = f"v{run.schedule_version}"
    joining_at = joining_instructions_at(dates)
    carried = joining_at <= now and not rules.lacks_joining_details(run, dates)
    joining = _draft("joining_instructions", booking, version, max(joining_at, now), version=run.schedule_version)
    reminders = [
        _draft(
            "reminder", booking, f"{version}:{d.number}", reminder_at(d), date=str(d.pk), version=run.schedule_version
        )
        for d in dates
    ]
    return ([] if carried else [joining]) + [draft for draft in reminders if draft.due_at > now]


def confirmed(
    booking: Booking, run: CourseRun, dates: list[RunDate], now: datetime, *, how: str = "booked"
) -> list[Draft]:
    """A place was given. ``how`` is booked, approved, waiting_list, moved or staff, and chooses the first sentence."""
    return [
        _draft("booking_confirmed", booking, "once", now, how=how),
        *scheduled(booking, run, dates, now),
    ]


def requested(booking: Booking, now: datetime) -> list[Draft]:
    return [_draft("request_received", booking, "once", now)]


def waitlisted(booking: Booking, now: datetime) -> list[Draft]:
    return [_draft("waiting_list_joined", booking, "once", now)]


def declined(booking: Booking, now: datetime) -> list[Draft]:
    return [_draft("request_declined", booking, "once", now)]


def cancelled(booking: Booking, now: datetime, *, held_a_place: bool) -> list[Draft]:
    """The booking ended by cancelling. Somebody who only waited or asked gets no calendar part."""
    return [_draft("booking_cancelled", booking, "once", now, held_a_place=held_a_place)]


def moved(booking: Booking, now: datetime, *, held_a_place: bool) -> list[Draft]:
    """The old booking was moved; the new one sends its own confirmation."""
    return [_draft("booking_moved", booking, "once", now, held_a_place=held_a_place)]


def run_changed(booking: Booking, run: CourseRun, now: datetime, *, changes: list[str]) -> list[Draft]:
    """``changes`` are sentences saying what was and what is now."""
    version = run.schedule_version
    return [_draft("run_changed", booking, f"v{version}", now, changes=changes, version=version)]


def run_cancelled(booking: Booking, now: datetime, *, held_a_place: bool) -> list[Draft]:
    return [_draft("run_cancelled", booking, "once", now, held_a_place=held_a_place)]


def run_note(booking: Booking, now: datetime, *, note_id: str, subject: str, words: str) -> list[Draft]:
    """What staff wrote to everyone booked on a run."""
    return [_draft("run_note", booking, note_id, now, subject=subject, words=words)]
