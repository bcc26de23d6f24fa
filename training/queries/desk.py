"""What programme staff ask: what is on, what waits for them, and who would be told of a change."""

from datetime import datetime, timedelta

from django.db.models import F, Max, Q
from django.db.models.functions import Lower

from ..models import Booking, CourseRun, Status

LOW_NUMBERS_DAYS = 21


def this_week(now: datetime) -> list[CourseRun]:
    """Published and closed runs with a date in the next seven days, the soonest first."""
    soon = CourseRun.objects.filter(
        status__in=[CourseRun.Status.PUBLISHED, CourseRun.Status.CLOSED],
        dates__starts_at__gte=now,
        dates__starts_at__lt=now + timedelta(days=7),
    )
    found = CourseRun.objects.filter(pk__in=soon.values("pk")).full_details().with_numbers()
    return sorted(found, key=lambda run: min(d.starts_at for d in run.dates.all() if d.starts_at >= now))


def free_places_with_people_waiting(now: datetime) -> list[CourseRun]:
    """Runs to come where a place is free and somebody waits: staff give it to the first."""
    return list(
        CourseRun.objects.published()
        .exclude(status=CourseRun.Status.CANCELLED)
        .upcoming(now)
        .with_numbers()
        .filter(waiting__gt=0, places_held__lt=F("places_total"))
        .select_related("course")
        .order_by("first_starts_at")
    )


def runs_with_low_numbers(now: datetime) -> list[CourseRun]:
    """Runs in the next three weeks with fewer people than they need to go ahead."""
    return list(
        CourseRun.objects.filter(status__in=[CourseRun.Status.PUBLISHED, CourseRun.Status.CLOSED])
        .upcoming(now)
        .filter(first_starts_at__lt=now + timedelta(days=LOW_NUMBERS_DAYS))
        .with_numbers()
        .filter(places_held__lt=F("min_places"))
        .select_related("course")
        .order_by("first_starts_at")
    )


def requests_waiting(now: datetime):
    """Requests for a decision on runs that are not over, in the order of asking."""
    return (
        Booking.objects.filter(status=Status.REQUESTED)
        .annotate(over_at=Max("run__dates__ends_at"))
        .filter(over_at__gt=now)
        .select_related("run__course", "attendee", "organisation")
        .order_by("pk")
    )


def who_is_told(run: CourseRun, *, waiting_too: bool = True) -> list[str]:
    """Everybody a message about this run would go to, by name, with what they are: lines for a preview."""
    told = run.bookings.live() if waiting_too else run.bookings.confirmed()
    rows = told.select_related("attendee").order_by(Lower("attendee__name"), "pk")
    return [f"{booking.attendee} ({booking.get_status_display().lower()})" for booking in rows]


def places_by_organisation(run: CourseRun) -> list[tuple[str, int]]:
    """How many places each organisation holds on a run, most first."""
    held: dict[str, int] = {}
    for booking in run.bookings.confirmed().select_related("organisation"):
        name = booking.organisation.name if booking.organisation else "No organisation"
        held[name] = held.get(name, 0) + 1
    return sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))


def bookings_for_staff():
    """Every booking with what a list of bookings shows, without needs."""
    return Booking.objects.select_related("run__course", "attendee", "organisation", "booked_by")


def open_runs(now: datetime):
    """Runs a person could be moved to: not drafts, not cancelled, not begun."""
    return (
        CourseRun.objects.filter(Q(status=CourseRun.Status.PUBLISHED) | Q(status=CourseRun.Status.CLOSED))
        .upcoming(now)
        .select_related("course")
        .order_by("first_starts_at")
    )
