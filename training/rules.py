"""Questions about training answered from what is already loaded: may they, is it open, until when."""

from datetime import date, datetime, timedelta

from chatr.accounts.permissions import Permission
from chatr.workdays import rules as workdays
from chatr.workdays.clock import LONDON

from .models import Booking, CourseRun, RunDate

# The joining link shows from this long before a date starts until it ends.
LINK_SHOWS_BEFORE = timedelta(minutes=30)
# Joining instructions leave this many days before the first date, in the morning.
JOINING_DAYS_BEFORE = 7
# From this many days before, staff are warned when arrival instructions or the link are missing.
WARN_DAYS_BEFORE = 10
# Needs are kept this long after the last date, for a question about the day, then erased.
NEEDS_KEPT_DAYS = 28


def local_day(moment: datetime) -> date:
    """The calendar day it is in London at this moment."""
    return moment.astimezone(LONDON).date()


def why_not_open(run: CourseRun, dates: list[RunDate], now: datetime) -> str:
    """Why nobody new can book this run now, in a sentence; empty when they can.

    The closing day counts as open until midnight in London.
    """
    if run.status == CourseRun.Status.CANCELLED:
        return "This run has been cancelled."
    if run.status == CourseRun.Status.CLOSED:
        return "Booking for this run has closed."
    if run.status != CourseRun.Status.PUBLISHED or not dates:
        return "This run is not open for booking."
    if dates[0].starts_at <= now:
        return "This run has already started."
    today = local_day(now)
    if today < run.opens_date:
        return f"Booking opens on {run.opens_date:%A} {run.opens_date.day} {run.opens_date:%B %Y}."
    if today > run.closes_date:
        return "Booking for this run has closed."
    return ""


def cancel_by(run: CourseRun, first_date: RunDate, holidays: frozenset[date]) -> datetime:
    """The last moment to cancel in good time: 23:59:59 on the Nth working day before the first date.

    ``holidays`` are England's bank holidays in the weeks before. Source: the programme's own terms, in working days.
    """
    first_day = local_day(first_date.starts_at)
    return workdays.end_of_day(workdays.nth_working_day_before(first_day, run.cancel_deadline_working_days, holidays))


def is_late(deadline: datetime, now: datetime) -> bool:
    """Whether cancelling now comes after the deadline; the closing day counts as in time."""
    return now > deadline


def is_late_cancellation(booking: Booking, deadline: datetime, now: datetime) -> bool:
    """Whether a person giving up their place now is late.

    Not when staff gave it to them after the deadline: there was no time to cancel in.
    """
    given_by_staff = booking.decided_at > booking.created_at or booking.booked_by_id != booking.attendee_id
    return is_late(deadline, now) and not (given_by_staff and is_late(deadline, booking.decided_at))


def link_is_showing(run_date: RunDate, now: datetime) -> bool:
    """Whether the joining link may be shown to booked people now."""
    return run_date.starts_at - LINK_SHOWS_BEFORE <= now <= run_date.ends_at


def needs_kept_until(dates: list[RunDate]) -> date:
    """The last day on which needs told for a run with these dates are kept."""
    return local_day(dates[-1].ends_at) + timedelta(days=NEEDS_KEPT_DAYS)


def lacks_joining_details(run: CourseRun, dates: list[RunDate]) -> str:
    """What is missing before joining instructions can leave, in words; empty when nothing is."""
    if run.is_online and not run.online_link:
        return "the joining link"
    venues = [run_date.venue for run_date in dates if run_date.venue]
    if run.is_in_person and not (venues and all(venue.arrival_instructions.strip() for venue in venues)):
        return "the arrival instructions"
    return ""


def can_manage(user) -> bool:
    """Whether a person may change anybody's booking and any run."""
    return user.may(Permission.MANAGE_TRAINING)


def can_see_booking(user, booking: Booking) -> bool:
    """Whether this is the person's own booking. Staff look in admin; anybody else gets a 404."""
    return booking.attendee_id == user.pk


def can_see_link_always(user, run: CourseRun, trainer_ids: set) -> bool:
    """Trainers of the run and staff see the joining link at any time."""
    return user.pk in trainer_ids or can_manage(user)
