"""Two people change things that meet: nobody waits for ever, and whoever comes second is told so in words."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from chatr.accounts.operations.erasure import erase_account
from chatr.accounts.operations.organisations import approve_organisation
from chatr.testing.people import make_organisation, make_person

from ..models import Booking, Status
from ..operations import bookings as ops
from ..operations import runs as run_ops
from .factories import RunFactory, book, thursday_in

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
WORDED = (ops.CannotBook, ops.CannotChangeBooking, run_ops.CannotChangeRun)


def meet(run_threads, *acts) -> list:
    """Do all of it at once. What is refused is refused in words; nothing is locked out or left half done."""
    results = run_threads(acts)
    wrong = [each for each in results if isinstance(each, Exception) and not isinstance(each, WORDED)]
    assert not wrong, wrong
    for run in {booking.run for booking in Booking.objects.select_related("run")}:
        assert run.bookings.confirmed().count() <= run.places.count()
    return results


def newcomer(n: str, organisation=None, **membership):
    organisation = organisation or make_organisation(f"Organisation {n}")
    return make_person(f"Person {n}", f"{n}@rush.example.org".lower(), organisation, **membership)


def test_two_people_move_to_each_others_run(run_threads, people):
    for n in range(ROUNDS):
        one = RunFactory(ref=f"ONE-{n}", places=2)
        two = RunFactory(ref=f"TWO-{n}", places=2, course=one.course, days=[thursday_in(10)])
        here, there = book(newcomer(f"a{n}"), one), book(newcomer(f"b{n}"), two)
        now = timezone.now()
        moved = meet(
            run_threads,
            partial(ops.move_booking, booking=here, to_run=two, by=here.attendee, now=now),
            partial(ops.move_booking, booking=there, to_run=one, by=there.attendee, now=now),
        )
        assert {booking.run for booking in moved} == {one, two}


def test_moving_between_runs_that_staff_publish_together(run_threads, people):
    for n in range(ROUNDS):
        one = RunFactory(ref=f"PUB-{n}", places=2)
        two = RunFactory(ref=f"LISH-{n}", places=2, course=one.course, days=[thursday_in(10)])
        booking, backwards = book(newcomer(f"a{n}"), one), sorted([one, two], key=lambda run: run.pk, reverse=True)
        meet(
            run_threads,
            partial(run_ops.publish_runs, runs=backwards, by=people.staff),
            partial(ops.move_booking, booking=booking, to_run=two, by=booking.attendee, now=timezone.now()),
        )


def test_cancelling_while_staff_give_the_place_away(run_threads, people):
    for n in range(ROUNDS):
        run = RunFactory(ref=f"GIVE-{n}", places=1)
        held, waiting = book(newcomer(f"a{n}"), run), book(newcomer(f"b{n}"), run)
        now = timezone.now()
        meet(
            run_threads,
            partial(ops.cancel_booking, booking=held, by=held.attendee, now=now),
            partial(ops.give_place_to_first, run=run, by=people.staff, now=now),
            partial(
                ops.book_place, run=run, attendee=people.person, membership=people.person.chosen_membership, now=now
            ),
        )
        assert run.bookings.get(attendee=people.person).is_waiting
        waiting.refresh_from_db()
        assert waiting.is_live


def test_moving_in_while_others_book_the_last_place(run_threads, people):
    for n in range(ROUNDS):
        one = RunFactory(ref=f"FROM-{n}", places=1)
        two = RunFactory(ref=f"LAST-{n}", places=1, course=one.course, days=[thursday_in(10)])
        booking, other, now = book(newcomer(f"a{n}"), one), newcomer(f"b{n}"), timezone.now()
        meet(
            run_threads,
            partial(ops.move_booking, booking=booking, to_run=two, by=booking.attendee, now=now),
            partial(ops.book_place, run=two, attendee=other, membership=other.chosen_membership, now=now),
        )
        assert two.bookings.confirmed().count() == 1


def test_approving_while_places_are_taken_away(run_threads, people):
    for n in range(ROUNDS):
        run = RunFactory(ref=f"CUT-{n}", places=2, course__approval="staff")
        requests, now = [book(newcomer(f"{letter}{n}"), run) for letter in "ab"], timezone.now()
        meet(
            run_threads,
            *[partial(ops.approve_request, booking=each, by=people.staff, now=now) for each in requests],
            partial(run_ops.set_places, run=run, places=1, by=people.staff),
        )


def test_booking_while_the_run_is_cancelled(run_threads, people):
    for n in range(ROUNDS):
        run, now = RunFactory(ref=f"OFF-{n}"), timezone.now()
        crowd = [newcomer(f"{letter}{n}") for letter in "abc"]
        meet(
            run_threads,
            partial(run_ops.cancel_run, run=run, reason="No trainer", by=people.staff, now=now),
            *[partial(ops.book_place, run=run, attendee=p, membership=p.chosen_membership, now=now) for p in crowd],
        )
        assert not run.bookings.live().exists()


def test_approving_an_organisation_while_its_people_book(run_threads, people):
    for n in range(ROUNDS):
        run, now = RunFactory(ref=f"ORG-{n}", places=5), timezone.now()
        pending = make_organisation(f"Pending {n}", status="pending")
        asking, others = (
            newcomer(f"a{n}", pending, confirmed_at=None),
            [newcomer(f"{letter}{n}", pending, confirmed_at=None) for letter in "bcd"],
        )
        pending.requested_by = asking
        pending.save()
        request = book(asking, run)
        meet(
            run_threads,
            partial(approve_organisation, organisation=pending, by=people.staff, now=now),
            *[partial(ops.book_place, run=run, attendee=p, membership=p.chosen_membership, now=now) for p in others],
        )
        request.refresh_from_db()
        assert request.is_confirmed


def test_erasing_somebody_while_they_get_a_place(run_threads, people):
    for n in range(ROUNDS):
        run = RunFactory(ref=f"GONE-{n}", places=1)
        held, waiting = book(newcomer(f"a{n}"), run), book(newcomer(f"b{n}"), run)
        now = timezone.now()
        ops.cancel_booking(booking=held, by=held.attendee, now=now)
        meet(
            run_threads,
            partial(erase_account, user=waiting.attendee, by=people.staff, reason="asked", now=now),
            partial(ops.give_place_to_first, run=run, by=people.staff, now=now),
        )
        waiting.refresh_from_db()
        assert waiting.status in (Status.CANCELLED, Status.WITHDRAWN)


def test_two_members_of_staff_move_a_run_at_once(run_threads, people):
    run = RunFactory()
    booking = book(people.person, run)
    (run_date,) = run.dates.all()

    def to(days: int):
        by = timedelta(days=days)
        return [run_ops.DatePlan(run_date.starts_at + by, run_date.ends_at + by, run_date.venue, run_date)]

    meet(
        run_threads,
        *[
            partial(run_ops.set_schedule, run=run, plans=to(days), by=people.staff, now=timezone.now())
            for days in (7, 14)
        ],
    )
    run_date.refresh_from_db()
    assert run_date.ics_sequence == 2, "two changes under one sequence: a calendar keeps the wrong one"
    assert booking.is_live
