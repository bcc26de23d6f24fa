"""Many people, few places, at the same moment; and the proof that the guards are what holds."""

from functools import partial
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone

from chatr.notifications.models import Message
from chatr.testing.people import make_organisation, make_person

from ..models import Booking, CourseRun, Status
from ..operations import bookings as ops
from .factories import RunFactory, thursday_in

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PLACES, ROUNDS = 12, 3, 5


def rush(run: CourseRun, run_threads) -> list:
    """Everybody presses the button at once."""
    organisation = make_organisation(f"Rushing for {run.ref}")
    crowd = [
        make_person(f"Person {n}", f"p{n}.{run.ref}@rush.example.org".lower(), organisation) for n in range(PEOPLE)
    ]
    return run_threads(
        [
            partial(ops.book_place, run=run, attendee=person, membership=person.chosen_membership, now=timezone.now())
            for person in crowd
        ]
    )


def test_the_last_places_are_given_once_each(run_threads):
    for round_number in range(ROUNDS):
        run = RunFactory(places=PLACES, waiting_list_cap=PEOPLE, ref=f"RUSH-{round_number}")
        results = rush(run, run_threads)
        assert all(isinstance(result, Booking) for result in results), results
        assert run.bookings.confirmed().count() == PLACES
        assert run.bookings.filter(status=Status.WAITLISTED).count() == PEOPLE - PLACES
        assert Message.objects.filter(kind="training/booking_confirmed", about_id__in=_ids(run)).count() == PLACES


def test_without_the_guards_the_same_rush_does_overbook(run_threads, as_owner):
    """The control: no lock on the run and no unique place, and two people hold one seat."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'training_booking'::regclass AND contype = 'u'"
            " AND conkey = ARRAY[(SELECT attnum FROM pg_attribute WHERE attrelid = 'training_booking'::regclass"
            " AND attname = 'place_id')]"
        )
        (unique_place,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE training_booking DROP CONSTRAINT "{unique_place}"')
    try:
        with mock.patch.object(ops, "lock", lambda run: CourseRun.objects.select_related("course").get(pk=run.pk)):
            overbooked = False
            for round_number in range(20):
                run = RunFactory(places=PLACES, waiting_list_cap=PEOPLE, ref=f"OPEN-{round_number}")
                rush(run, run_threads)
                if run.bookings.confirmed().count() > PLACES:
                    overbooked = True
                    break
        assert overbooked, "twenty rounds without the guards never overbooked, so the race test proves nothing"
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM training_needs; DELETE FROM training_booking")
            cursor.execute(f'ALTER TABLE training_booking ADD CONSTRAINT "{unique_place}" UNIQUE (place_id)')


def test_without_the_lock_alone_the_place_rows_still_hold(run_threads):
    """Forgetting the lock costs somebody an error, never a seat sold twice."""
    with mock.patch.object(ops, "lock", lambda run: CourseRun.objects.select_related("course").get(pk=run.pk)):
        run = RunFactory(places=PLACES, waiting_list_cap=PEOPLE)
        rush(run, run_threads)
    assert run.bookings.confirmed().count() <= PLACES


def test_two_tabs_on_two_runs_of_one_course_give_one_booking(run_threads, people):
    for round_number in range(ROUNDS):
        first = RunFactory(ref=f"TAB-A{round_number}")
        second = RunFactory(course=first.course, days=[thursday_in(12)], ref=f"TAB-B{round_number}")
        person = people.person
        results = run_threads(
            [
                partial(
                    ops.book_place, run=run, attendee=person, membership=person.chosen_membership, now=timezone.now()
                )
                for run in (first, second)
            ]
        )
        assert sorted(type(result).__name__ for result in results) == ["BookedOnAnotherRun", "Booking"]


def test_the_same_press_twice_gives_one_booking(run_threads, people):
    run = RunFactory()
    results = run_threads(
        [
            partial(
                ops.book_place,
                run=run,
                attendee=people.person,
                membership=people.person.chosen_membership,
                now=timezone.now(),
            )
        ]
        * 4
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyBooked"] * 3 + ["Booking"]
    (booking,) = Booking.objects.all()
    assert all(result.booking == booking for result in results if isinstance(result, ops.AlreadyBooked))


def test_two_members_of_staff_give_one_free_place_once(run_threads, people):
    run = RunFactory(places=1, waiting_list_cap=5)
    rush(run, run_threads)
    held = run.bookings.confirmed().get()
    ops.cancel_booking(booking=held, by=held.attendee, now=timezone.now())
    give = partial(ops.give_place_to_first, run=run, by=people.staff, now=timezone.now())
    results = run_threads([give, give])
    assert sorted(type(result).__name__ for result in results) == ["Booking", "CannotChangeBooking"]


def _ids(run: CourseRun) -> list[str]:
    return [str(pk) for pk in run.bookings.values_list("pk", flat=True)]
