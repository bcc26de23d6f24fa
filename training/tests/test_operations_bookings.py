"""Asking for a place, getting one, giving it up: what each change does, and what each refusal leaves alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from chatr.accounts.models import Membership, Organisation
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import make_organisation, make_person
from chatr.workdays.clock import local

from ..models import Booking, Course, CourseRun, Needs, Place, Status
from ..operations import bookings as ops
from .factories import CourseFactory, RunFactory, book, fill, thursday_in

pytestmark = pytest.mark.django_db


def kinds_about(booking: Booking, state: str = "queued") -> list[str]:
    rows = Message.objects.about(booking).filter(state=state)
    return sorted(message.kind.removeprefix("training/") for message in rows)


def join_list(run: CourseRun, *names: str) -> list[Booking]:
    place = make_organisation(f"Waiting for {run.ref}")
    return [book(make_person(name, f"{name}.{run.ref}@waiting.example.org".lower(), place), run) for name in names]


def settle(person, staff) -> None:
    """Staff confirm where the person works."""
    ops.settle_requests_of(memberships=list(person.memberships.all()), by=staff, now=timezone.now())


class TestBookPlace:
    def test_gives_a_place_and_queues_one_confirmation_with_it(self, people):
        run = RunFactory(places=1)
        booking = book(people.person, run)
        assert (booking.status, booking.place.run, booking.organisation) == ("confirmed", run, people.organisation)
        assert run.places.free().count() == 0
        assert kinds_about(booking) == ["booking_confirmed", "joining_instructions", "reminder"]
        assert AuditEvent.objects.filter(action="training.place_booked", object_id=str(booking.pk)).count() == 1

    def test_the_same_form_sent_twice_is_one_booking_even_after_cancelling(self, people):
        run, now = RunFactory(), timezone.now()
        form_key = "7f9c24e8-3b12-4fef-91e0-d6bdb2d3ba3b"
        send = {"run": run, "attendee": people.person, "membership": people.person.chosen_membership, "now": now}
        booking = ops.book_place(**send, form_key=form_key)
        ops.cancel_booking(booking=booking, by=people.person, now=now)
        with pytest.raises(ops.AlreadyBooked) as refused:
            ops.book_place(**send, form_key=form_key)
        assert refused.value.booking == booking
        assert Booking.objects.count() == 1

    def test_a_form_key_of_somebody_else_does_not_open_their_booking(self, people):
        run, now = RunFactory(), timezone.now()
        key = "7f9c24e8-3b12-4fef-91e0-d6bdb2d3ba3b"
        ops.book_place(
            run=run, attendee=people.person, membership=people.person.chosen_membership, now=now, form_key=key
        )
        theirs = ops.book_place(
            run=run, attendee=people.neighbour, membership=people.neighbour.chosen_membership, now=now, form_key=key
        )
        assert theirs.attendee == people.neighbour and Booking.objects.count() == 2

    def test_twice_is_refused_and_leaves_nothing_behind(self, people):
        run = RunFactory()
        booking = book(people.person, run)
        before = (Booking.objects.count(), Message.objects.count(), AuditEvent.objects.count())
        with pytest.raises(ops.AlreadyBooked) as refused:
            book(people.person, run)
        assert refused.value.booking == booking
        assert (Booking.objects.count(), Message.objects.count(), AuditEvent.objects.count()) == before

    def test_another_run_of_the_course_is_refused_naming_the_booking(self, people):
        run = RunFactory()
        booking = book(people.person, run)
        other = RunFactory(course=run.course, days=[thursday_in(10)])
        with pytest.raises(ops.BookedOnAnotherRun, match=run.ref) as refused:
            book(people.person, other)
        assert refused.value.booking == booking

    def test_another_run_is_open_once_the_first_is_over(self, people):
        run = RunFactory()
        book(people.person, run, now=local(thursday_in(7), run.dates.get().starts_at.time()))
        other = RunFactory(course=run.course, days=[thursday_in(20)])
        later = run.dates.get().ends_at + timedelta(minutes=1)
        assert book(people.person, other, now=later).is_confirmed

    @pytest.mark.parametrize("status", [CourseRun.Status.DRAFT, CourseRun.Status.CLOSED, CourseRun.Status.CANCELLED])
    def test_a_run_that_is_not_open_is_refused_and_nothing_is_written(self, people, status):
        run = RunFactory(status=status)
        with pytest.raises(ops.CannotBook):
            book(people.person, run)
        assert not Booking.objects.exists() and not Message.objects.exists()

    def test_the_closing_day_counts_as_open_until_midnight_in_london(self, people):
        run = RunFactory(closes_date=thursday_in(6))
        midnight = local(thursday_in(6) + timedelta(days=1), timezone.datetime.min.time())
        assert book(people.person, run, now=midnight - timedelta(seconds=1)).is_confirmed
        with pytest.raises(ops.CannotBook, match="has closed"):
            book(people.neighbour, run, now=midnight)

    def test_before_the_opening_day_says_when_it_opens(self, people):
        run = RunFactory(opens_date=thursday_in(4))
        with pytest.raises(ops.CannotBook, match="Booking opens on Thursday"):
            book(people.person, run)

    def test_a_started_run_is_refused(self, people):
        run = RunFactory(closes_date=thursday_in(9))
        with pytest.raises(ops.CannotBook, match="already started"):
            book(people.person, run, now=run.dates.get().starts_at)

    def test_full_joins_the_waiting_list_in_order(self, people):
        run = RunFactory(places=1)
        fill(run)
        first, second = join_list(run, "first", "second")
        assert [b.pk for b in run.bookings.waiting_in_order()] == [first.pk, second.pk]
        assert kinds_about(first) == ["waiting_list_joined"]

    def test_a_full_waiting_list_is_refused(self, people):
        run = RunFactory(places=1, waiting_list_cap=1)
        fill(run)
        join_list(run, "first")
        with pytest.raises(ops.CannotBook, match="full, and so is its waiting list"):
            book(people.person, run)

    def test_a_newcomer_never_gets_a_place_while_somebody_waits(self, people):
        run = RunFactory(places=1)
        (held,) = fill(run)
        join_list(run, "first")
        ops.cancel_booking(booking=held, by=held.attendee, now=timezone.now())
        assert run.places.free().count() == 1
        assert book(people.person, run).status == Status.WAITLISTED

    def test_where_somebody_works_not_confirmed_makes_a_request_that_keeps_its_order(self, people):
        pending = Organisation.objects.create(name="New Street Project", requested_by=people.person)
        person = make_person("New Person", "new@gmail.com", pending)
        run = RunFactory(places=1)
        request = book(person, run)
        assert request.status == Status.REQUESTED and request.place is None
        assert kinds_about(request) == ["request_received"]
        fill(run)
        (later,) = join_list(run, "later")
        assert request.pk < later.pk
        pending.status = Organisation.Status.ACTIVE
        pending.save()
        settle(person, people.staff)
        assert [b.pk for b in run.bookings.waiting_in_order()] == [request.pk, later.pk]

    def test_a_course_that_needs_another_first_takes_a_request(self, people):
        run = RunFactory(course=CourseFactory(requires=CourseFactory()))
        assert book(people.person, run).status == Status.REQUESTED
        assert run.places.free().count() == 3

    def test_an_organisation_approved_settles_its_people_in_the_order_they_asked(self, people):
        pending = make_organisation("New Street Project", status="pending")
        first, second = (make_person(name, f"{name}@new.example.org", pending) for name in ("second", "first"))
        run = RunFactory(places=1)
        requests = [book(second, run), book(first, run)]
        Organisation.objects.filter(pk=pending.pk).update(status="active")
        memberships = [Membership.objects.get(user=person) for person in (first, second)]
        ops.settle_requests_of(memberships=memberships, by=people.staff, now=timezone.now())
        for request in requests:
            request.refresh_from_db()
        assert [request.status for request in requests] == ["confirmed", "waitlisted"]

    def test_confirming_one_workplace_settles_nothing_asked_under_another(self, people):
        pending = make_organisation("New Street Project", status="pending")
        person = make_person("Two Jobs", "two@new.example.org", pending)
        request = book(person, RunFactory())
        elsewhere = Membership(user=person, organisation=people.organisation)
        ops.settle_requests_of(memberships=[elsewhere], by=people.staff, now=timezone.now())
        request.refresh_from_db()
        assert request.is_request

    def test_settling_leaves_requests_that_need_approval_anyway(self, people):
        run = RunFactory(course=CourseFactory(approval=Course.Approval.MANAGER))
        request = book(people.person, run)
        settle(people.person, people.staff)
        request.refresh_from_db()
        assert request.status == Status.REQUESTED

    def test_an_ended_membership_is_no_longer_booked_under(self, people):
        Membership.objects.filter(user=people.person).update(valid_to=timezone.localdate())
        with pytest.raises(ops.CannotBook, match="where you work"):
            book(people.person, RunFactory())

    def test_a_late_booker_gets_no_stale_reminder(self, people):
        run = RunFactory()
        starts = run.dates.get().starts_at
        six_days_before = book(people.person, run, now=starts - timedelta(days=6))
        assert kinds_about(six_days_before) == ["booking_confirmed", "reminder"]
        run = RunFactory(closes_date=thursday_in(8))
        just_before = book(people.person, run, now=starts - timedelta(hours=2))
        assert kinds_about(just_before) == ["booking_confirmed"]

    def test_needs_are_encrypted_at_rest(self, people):
        booking = book(people.person, RunFactory(), needs=ops.NeedsGiven(access="a quiet room", dietary="halal"))
        assert booking.needs.access == "a quiet room"
        with connection.cursor() as cursor:
            cursor.execute("SELECT access || dietary FROM training_needs")
            (kept,) = cursor.fetchone()
        assert "quiet" not in kept and "halal" not in kept


class TestDatabaseRefuses:
    def test_a_second_booking_of_one_place_by_raw_sql(self, people):
        run = RunFactory(places=1)
        (held,) = fill(run)
        (waiting,) = join_list(run, "first")
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=waiting.pk).update(status="confirmed", place=held.place)

    def test_confirmed_without_a_place(self, people):
        booking = book(people.person, RunFactory())
        with pytest.raises(IntegrityError, match="confirmed_holds_a_place"), transaction.atomic():
            Booking.objects.filter(pk=booking.pk).update(place=None)

    def test_a_place_of_another_run(self, people):
        booking, other = book(people.person, RunFactory()), RunFactory()
        with pytest.raises(IntegrityError, match="booking_place_of_its_run"), transaction.atomic():
            Booking.objects.filter(pk=booking.pk).update(place=other.places.first())
            connection.check_constraints()

    def test_deleting_a_held_place(self, people):
        booking = book(people.person, RunFactory())
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM training_place WHERE id = %s", [booking.place_id])
            connection.check_constraints()

    def test_an_extra_place_without_a_reason(self, people):
        run = RunFactory()
        with pytest.raises(IntegrityError, match="extra_place_has_a_reason"), transaction.atomic():
            Place.objects.create(run=run, number=99, is_extra=True)


class TestDecidingRequests:
    def test_three_approvals_for_one_place_give_one_place_and_two_waits(self, people):
        run = RunFactory(places=1, course=CourseFactory(approval=Course.Approval.STAFF))
        requests = join_list(run, "one", "two", "three")
        for request in requests:
            ops.approve_request(booking=request, by=people.staff, now=timezone.now())
        for request in requests:
            request.refresh_from_db()
        assert [r.status for r in requests] == ["confirmed", "waitlisted", "waitlisted"]
        assert "booking_confirmed" in kinds_about(requests[0])
        assert kinds_about(requests[1]) == ["request_received", "waiting_list_joined"]

    def test_a_later_request_does_not_overtake_somebody_waiting(self, people):
        run = RunFactory(places=1, course=CourseFactory(approval=Course.Approval.STAFF))
        first, second, third = join_list(run, "one", "two", "three")
        now = timezone.now()
        ops.approve_request(booking=first, by=people.staff, now=now)
        ops.approve_request(booking=second, by=people.staff, now=now)
        ops.cancel_booking(booking=first, by=first.attendee, now=now)
        assert ops.approve_request(booking=third, by=people.staff, now=now).status == Status.WAITLISTED

    def test_declining_tells_the_person_why(self, people):
        run = RunFactory(course=CourseFactory(approval=Course.Approval.STAFF))
        request = book(people.person, run)
        ops.decline_request(booking=request, reason="It is for case holders.", by=people.staff, now=timezone.now())
        request.refresh_from_db()
        assert (request.status, request.reason) == ("declined", "It is for case holders.")
        assert kinds_about(request) == ["request_declined"]
        assert kinds_about(request, "suppressed") == ["request_received"]

    def test_a_request_decided_once_cannot_be_decided_again(self, people):
        request = book(people.person, RunFactory(course=CourseFactory(approval=Course.Approval.STAFF)))
        now = timezone.now()
        ops.decline_request(booking=request, reason="No.", by=people.staff, now=now)
        with pytest.raises(ops.CannotChangeBooking):
            ops.approve_request(booking=request, by=people.staff, now=now)


class TestWaitingList:
    def test_a_freed_place_goes_to_the_first_who_is_told_once(self, people):
        run = RunFactory(places=1)
        (held,) = fill(run)
        first, second = join_list(run, "first", "second")
        now = timezone.now()
        ops.cancel_booking(booking=held, by=held.attendee, now=now)
        given = ops.give_place_to_first(run=run, by=people.staff, now=now)
        assert given == first and given.is_confirmed
        assert kinds_about(first).count("booking_confirmed") == 1
        with pytest.raises(ops.CannotChangeBooking, match="No place is free"):
            ops.give_place_to_first(run=run, by=people.staff, now=now)
        assert Message.objects.filter(kind="training/booking_confirmed", about_id=str(second.pk)).count() == 0

    def test_leaving_the_list_promotes_nobody_and_moves_the_rest_up(self, people):
        run = RunFactory(places=1)
        fill(run)
        first, second = join_list(run, "first", "second")
        ops.cancel_booking(booking=first, by=first.attendee, now=timezone.now())
        first.refresh_from_db()
        assert first.status == Status.WITHDRAWN
        assert [b.pk for b in run.bookings.waiting_in_order()] == [second.pk]
        assert run.bookings.confirmed().count() == 1


class TestCancelling:
    def test_in_time_frees_the_place_and_drops_what_was_to_be_sent(self, people):
        booking = book(people.person, RunFactory(), needs=ops.NeedsGiven(access="lift"))
        ops.cancel_booking(booking=booking, by=people.person, now=timezone.now())
        booking.refresh_from_db()
        assert (booking.status, booking.place) == ("cancelled", None)
        assert kinds_about(booking) == ["booking_cancelled"]
        assert not Needs.objects.exists()

    def test_the_closing_day_is_in_time_and_a_second_later_is_late(self, people):
        run = RunFactory(cancel_deadline_working_days=3)
        day = run.dates.get().starts_at.date()
        deadline = local(day - timedelta(days=3), timezone.datetime.max.time())  # Thursday minus three is a Monday
        in_time, late = book(people.person, run), book(people.neighbour, run)
        ops.cancel_booking(booking=in_time, by=people.person, now=deadline.replace(microsecond=0))
        ops.cancel_booking(booking=late, by=people.neighbour, now=deadline + timedelta(seconds=1))
        in_time.refresh_from_db(), late.refresh_from_db()
        assert (in_time.status, late.status) == ("cancelled", "cancelled_late")

    def test_staff_cancelling_is_never_late(self, people):
        run = RunFactory()
        booking = book(people.person, run)
        an_hour_before = run.dates.get().starts_at - timedelta(hours=1)
        ops.cancel_booking(booking=booking, by=people.staff, now=an_hour_before, reason="Ill")
        booking.refresh_from_db()
        assert (booking.status, booking.reason) == ("cancelled", "Ill")

    def test_twice_is_refused(self, people):
        booking = book(people.person, RunFactory())
        ops.cancel_booking(booking=booking, by=people.person, now=timezone.now())
        with pytest.raises(ops.CannotChangeBooking, match="ended already"):
            ops.cancel_booking(booking=booking, by=people.person, now=timezone.now())

    def test_booking_again_after_cancelling_is_a_new_booking(self, people):
        run = RunFactory()
        first = book(people.person, run)
        ops.cancel_booking(booking=first, by=people.person, now=timezone.now())
        second = book(people.person, run)
        assert second.uuid != first.uuid and second.is_confirmed


class TestMoving:
    def test_the_place_moves_and_needs_go_with_it(self, people):
        run = RunFactory()
        other = RunFactory(course=run.course, days=[thursday_in(12)])
        booking = book(people.person, run, needs=ops.NeedsGiven(dietary="vegan"))
        moved = ops.move_booking(booking=booking, to_run=other, by=people.person, now=timezone.now())
        booking.refresh_from_db()
        assert (booking.status, booking.moved_to, booking.place) == ("moved", moved, None)
        assert moved.is_confirmed and moved.needs.dietary == "vegan"
        assert kinds_about(booking) == ["booking_moved"]
        assert kinds_about(moved) == ["booking_confirmed", "joining_instructions", "reminder"]

    def test_to_a_full_run_keeps_the_place(self, people):
        run = RunFactory()
        other = RunFactory(course=run.course, days=[thursday_in(12)], places=1)
        fill(other)
        booking = book(people.person, run)
        with pytest.raises(ops.CannotChangeBooking, match="stays where it is"):
            ops.move_booking(booking=booking, to_run=other, by=people.person, now=timezone.now())
        booking.refresh_from_db()
        assert booking.is_confirmed

    def test_oneself_to_another_course_is_refused_but_staff_may(self, people):
        booking, other = book(people.person, RunFactory()), RunFactory()
        with pytest.raises(ops.CannotChangeBooking, match="same course"):
            ops.move_booking(booking=booking, to_run=other, by=people.person, now=timezone.now())
        assert ops.move_booking(booking=booking, to_run=other, by=people.staff, now=timezone.now()).run == other

    def test_staff_cannot_give_somebody_a_second_run_of_a_course(self, people):
        booking, other = book(people.person, RunFactory()), RunFactory()
        book(people.person, RunFactory(course=other.course, ref="THEIRS", days=[thursday_in(12)]))
        with pytest.raises(ops.CannotChangeBooking, match="already has a booking on THEIRS"):
            ops.move_booking(booking=booking, to_run=other, by=people.staff, now=timezone.now())
        booking.refresh_from_db()
        assert booking.is_confirmed


class TestBookFor:
    def test_an_unknown_person_is_invited_and_booked_before_booking_opens(self, people):
        run = RunFactory(opens_date=thursday_in(5))
        booking = ops.book_for(
            run=run, name="Zoë O'Neil", email="ZOE@new.example.org", by=people.staff, now=timezone.now()
        )
        assert booking.is_confirmed and booking.booked_by == people.staff
        assert (booking.attendee.email, booking.attendee.name) == ("zoe@new.example.org", "Zoë O'Neil")
        assert not booking.attendee.has_usable_password()

    def test_staff_cannot_overtake_the_waiting_list(self, people):
        run = RunFactory(places=1)
        (held,) = fill(run)
        join_list(run, "first")
        ops.cancel_booking(booking=held, by=held.attendee, now=timezone.now())
        booking = ops.book_for(run=run, name="Zoë", email="zoe@new.example.org", by=people.staff, now=timezone.now())
        assert booking.status == Status.WAITLISTED
