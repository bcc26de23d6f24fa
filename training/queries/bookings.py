"""What a person asks about their own bookings, and a trainer about the people who are coming."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, Max, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Lower

from chatr.accounts.models import Membership

from .. import rules
from ..models import Booking, Course, CourseRun, RunDate, Status, TrainerAssignment
from ..models.bookings import LIVE
from . import catalogue, runs

STILL_OF_USE = timedelta(days=rules.NEEDS_KEPT_DAYS)


def _with_dates(bookings):
    """With run, course, dates and venues, in two queries however many rows. Adds ``over_at``: the last date's end."""
    dates = Prefetch("run__dates", RunDate.objects.in_order().select_related("venue"))
    return bookings.select_related("run__course", "organisation").prefetch_related(dates).with_end()


def _with_position(bookings):
    """Adds ``position``: 1 for whoever has waited longest."""
    before = Booking.objects.filter(run=OuterRef("run"), status=Status.WAITLISTED, pk__lte=OuterRef("pk"))
    how_many = before.order_by().values("run").annotate(n=Count("pk")).values("n")
    return bookings.annotate(position=Subquery(how_many, output_field=IntegerField()))


@dataclass(frozen=True)
class MyBookings:
    """A person's bookings on runs not over, by what they are; the soonest first."""

    upcoming: list[Booking]
    waiting: list[Booking]
    requests: list[Booking]


def current_bookings(user, now: datetime) -> MyBookings:
    """The person's live bookings on runs that are not over. Two queries."""
    mine = _with_position(_with_dates(Booking.objects.visible_to(user).live())).filter(over_at__gt=now)
    found = sorted(mine, key=lambda booking: (runs.dates_of(booking.run)[0].starts_at, booking.pk))
    return MyBookings(
        upcoming=[booking for booking in found if booking.is_confirmed],
        waiting=[booking for booking in found if booking.is_waiting],
        requests=[booking for booking in found if booking.is_request],
    )


def past_bookings(user, now: datetime):
    """The person's bookings that ended, or whose run is over; the latest first. Not read yet, so it can be paged."""
    mine = _with_dates(Booking.objects.visible_to(user))
    return mine.filter(~Q(status__in=LIVE) | Q(over_at__lte=now)).order_by("-over_at", "-pk")


def own_booking(user, uuid) -> Booking | None:
    """One of the person's own bookings with all its page needs. Two queries; its position if it waits is a third."""
    booking = _with_dates(Booking.objects.visible_to(user)).filter(uuid=uuid).first()
    if booking:
        booking.attendee = user
    if booking and booking.is_waiting:
        booking.position = booking.run.bookings.filter(status=Status.WAITLISTED, pk__lte=booking.pk).count()
    return booking


def live_booking_on_course(user, run: CourseRun, now: datetime) -> Booking | None:
    """The person's live booking on this run or, failing that, on another run of the course that is not over."""
    mine = Booking.objects.visible_to(user).live().filter(run__course=run.course_id)
    if not mine.exists():  # nearly everybody who asks, so it is worth asking cheaply
        return None
    mine = _with_dates(mine).filter(over_at__gt=now)
    return next(iter(sorted(mine, key=lambda booking: booking.run_id != run.pk)), None)


def runs_to_move_to(booking: Booking, now: datetime) -> list[catalogue.Row]:
    """The course's other runs that have a place for this person now."""
    return [row for row in catalogue.other_runs_to_book(booking.run, now) if row.availability.has_places]


def why_not_movable(booking: Booking, now: datetime) -> str:
    """Why a person cannot move this booking of theirs themselves, in a sentence; empty when they can. One query."""
    dates = runs.dates_of(booking.run)
    if not booking.is_live or dates[0].starts_at <= now:
        return "It can no longer be changed."
    if not booking.is_confirmed:
        return "Only a booking with a place can be moved. Cancel this one, then book the other run."
    if rules.is_late(runs.cancel_deadline(booking.run, dates), now):
        return "The time to change it yourself has passed. Write to us and we will help."
    return ""


def why_it_waits(booking: Booking) -> list[str]:
    """Why a request waits for a decision, a sentence each."""
    course, reasons = booking.run.course, []
    if course.requires:
        reasons.append(f"This course needs {course.requires.title} first. Programme staff check that you have done it.")
    if course.approval == Course.Approval.MANAGER:
        reasons.append("This course needs your line manager's agreement. Programme staff check that you have it.")
    elif course.approval == Course.Approval.STAFF:
        reasons.append("Programme staff read each request for this course.")
    works_there = Membership.objects.confirmed().filter(user=booking.attendee_id, organisation=booking.organisation_id)
    if not works_there.exists():
        reasons.append("Programme staff have not yet confirmed where you work.")
    return reasons or ["Programme staff read your request."]


# For trainers


def runs_taught_by(user, now: datetime) -> list[catalogue.Row]:
    """The person's runs to come, and those over not longer ago than needs are kept; the soonest first. Two queries."""
    taught = (
        CourseRun.objects.published()
        .filter(dates__trainer_assignments__trainer=user)
        .annotate(over_at=Max("dates__ends_at"))
        .filter(over_at__gt=now - STILL_OF_USE)
        .select_related("course")
        .with_numbers()
    )
    rows = [catalogue.Row(run, catalogue.Availability(""), []) for run in taught]
    catalogue.add_dates(rows)
    return sorted(rows, key=lambda row: row.dates[0].starts_at)


def trainer_ids(run: CourseRun) -> set:
    """Who delivers any date of the run."""
    return set(TrainerAssignment.objects.filter(run_date__run=run.pk).values_list("trainer", flat=True))


def people_coming(run: CourseRun, *, with_needs: bool) -> list[Booking]:
    """Those with a place on the run, by name, with where they work; what they need only when asked for. One query."""
    bookings = run.bookings.confirmed().select_related("attendee", "organisation")
    if with_needs:
        bookings = bookings.select_related("needs")
    return list(bookings.order_by(Lower("attendee__name"), "pk"))
