"""Today's work in training, on the staff home page."""

from django.urls import reverse

from chatr.accounts.permissions import Permission
from chatr.staff.desk import Link, Panel, Row, register
from chatr.web.templatetags.portal import day

from ..models import CourseRun
from ..queries import desk
from ..queries.joining import runs_missing_details
from ..words import date_and_time

SHOWN = 8


def run_url(run: CourseRun, act: str = "change") -> str:
    """The staff page of a run, or one of its acts."""
    return reverse(f"admin:training_courserun_{act}", args=[run.pk])


def _for_training_staff(panel):
    def only_for_them(request, now):
        return panel(request, now) if request.user.may(Permission.MANAGE_TRAINING) else None

    return only_for_them


@_for_training_staff
def this_week(request, now) -> Panel:
    rows = []
    for run in desk.this_week(now):
        dates = [d for d in run.dates.all() if d.starts_at >= now]
        when = date_and_time(dates[0].starts_at, dates[0].ends_at)
        held = f"{run.places_held} of {run.places_total} places held"
        rows.append(Row(f"{run.ref}: {run.course.title}", run_url(run), f"{when}. {held}"))
    everything = Link("All runs", reverse("admin:training_courserun_changelist"))
    return Panel("This week", rows, "No training in the next seven days.", everything)


@_for_training_staff
def free_places(request, now) -> Panel:
    rows = [
        Row(
            f"{run.ref}: {run.course.title}",
            run_url(run, "give-free-place"),
            day(run.first_starts_at),
            free_place_words(run),
        )
        for run in desk.free_places_with_people_waiting(now)
    ]
    return Panel("Free places with people waiting", rows, "Nobody waits for a place that is free.")


def free_place_words(run: CourseRun) -> str:
    """``Free place, 3 waiting``; the run is loaded with its numbers."""
    free = run.places_total - run.places_held
    return f"{'Free place' if free == 1 else f'{free} free places'}, {run.waiting} waiting"


@_for_training_staff
def requests(request, now) -> Panel:
    waiting = desk.requests_waiting(now)
    rows = [
        Row(
            f"{booking.attendee}, {booking.run.ref}",
            reverse("admin:training_booking_change", args=[booking.pk]),
            f"{booking.run.course.title}. Asked {day(booking.created_at)}",
        )
        for booking in waiting[:SHOWN]
    ]
    everything = Link("All requests", reverse("admin:training_booking_changelist") + "?status__exact=requested")
    return Panel("Requests to decide", rows, "No request is waiting.", everything if rows else None)


@_for_training_staff
def low_numbers(request, now) -> Panel:
    rows = [
        Row(
            f"{run.ref}: {run.course.title}",
            run_url(run),
            day(run.first_starts_at),
            f"{run.places_held} of at least {run.min_places}",
        )
        for run in desk.runs_with_low_numbers(now)[:SHOWN]
    ]
    return Panel("Low numbers", rows, "Every run in the next three weeks has enough people.")


@_for_training_staff
def missing_details(request, now) -> Panel:
    rows = [
        Row(
            f"{found.run.ref}: {found.run.course.title}",
            run_url(found.run),
            f"{day(found.first_date.starts_at)}. Joining instructions wait for {found.missing}",
        )
        for found in runs_missing_details(now)
    ]
    return Panel("Joining instructions held back", rows, "Nothing is missing for the next ten days.")


for place, panel in enumerate((this_week, free_places, requests, low_numbers, missing_details), start=10):
    register(panel, place=place)
