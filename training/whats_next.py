"""What training adds to the home page: the next courses for anybody, and what is next for the person signed in."""

from datetime import datetime

from django.urls import reverse

from chatr.pages import next_courses, whats_next

from . import queries
from .queries import bookings, catalogue


@next_courses.register
def next_runs(now: datetime, limit: int):
    """The soonest runs with a place left. Two queries."""
    return [
        next_courses.NextCourse(
            title=row.course.title,
            starts_at=row.dates[0].starts_at,
            ends_at=row.dates[0].ends_at,
            where=row.where,
            places=row.availability.words,
            url=reverse("training:course", args=[row.course.slug]),
        )
        for row in catalogue.next_to_book(now, limit)
    ]


@whats_next.register
def my_training(user, now: datetime):
    """Every date still to come of the person's places, what they wait for, and the dates they teach."""
    mine = bookings.current_bookings(user, now)
    for booking in mine.upcoming:
        yield from _dates(booking.run, queries.dates_of(booking.run), "See your booking", _page(booking), now)
    for booking in mine.waiting:
        yield _item(booking, "See your booking", f"You are on the waiting list: position {booking.position}")
    for booking in mine.requests:
        yield _item(booking, "See your request", "We have your request. Programme staff will answer it.")
    for row in bookings.runs_taught_by(user, now):
        url = reverse("training:teaching-run", args=[row.run.ref.lower()])
        yield from _dates(row.run, row.dates, "See who is coming", url, now, note="You are a trainer.")


def _dates(run, dates, action: str, url: str, now: datetime, note: str = ""):
    for run_date in dates:
        if run_date.ends_at > now and run.status != run.Status.CANCELLED:
            place = catalogue.where(run, [run_date])
            yield whats_next.Item(
                run_date.starts_at, run.course.title, action, url, f"{note} {place}".strip(), run_date.ends_at
            )


def _item(booking, action: str, note: str):
    first = queries.dates_of(booking.run)[0]
    return whats_next.Item(first.starts_at, booking.run.course.title, action, _page(booking), note, first.ends_at)


def _page(booking) -> str:
    return reverse("training:booking", args=[booking.uuid])
