"""Publishing, changing, copying and cancelling runs: who is told, what stays, what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message

from ..models import CourseRun, RunDate, Status
from ..operations import bookings, notes
from ..operations import runs as ops
from .factories import CourseFactory, RunFactory, VenueFactory, book, fill, thursday_in

pytestmark = pytest.mark.django_db


def later(run_date: RunDate, hours: int = 4) -> ops.DatePlan:
    """The same date, so many hours later."""
    gap = timedelta(hours=hours)
    return ops.DatePlan(
        starts_at=run_date.starts_at + gap, ends_at=run_date.ends_at + gap, venue=run_date.venue, run_date=run_date
    )


def same(run_date: RunDate) -> ops.DatePlan:
    return later(run_date, hours=0)


def queued(kind: str):
    return Message.objects.filter(kind=f"training/{kind}", state="queued")


class TestPublishing:
    def test_publishing_a_run_publishes_its_course(self, people):
        run = RunFactory(status="draft", course=CourseFactory(is_published=False))
        ops.publish_run(run=run, by=people.staff)
        run.refresh_from_db()
        assert run.status == CourseRun.Status.PUBLISHED and run.course.is_published
        assert not Message.objects.exists()

    def test_a_run_without_places_or_dates_is_refused(self, people):
        with pytest.raises(ops.CannotChangeRun, match="no places"):
            ops.publish_run(run=RunFactory(status="draft", places=0), by=people.staff)
        with pytest.raises(ops.CannotChangeRun, match="no dates"):
            run = RunFactory(status="draft")
            run.dates.all().delete()
            ops.publish_run(run=run, by=people.staff)

    def test_publishing_several_publishes_all_or_none(self, people):
        good, bad = RunFactory(status="draft"), RunFactory(status="draft", places=0)
        with pytest.raises(ops.CannotChangeRun, match=bad.ref):
            ops.publish_runs(runs=[good, bad], by=people.staff)
        good.refresh_from_db()
        assert good.status == CourseRun.Status.DRAFT

    def test_a_closed_run_takes_nobody_new_and_keeps_its_people(self, people):
        run = RunFactory()
        booking = book(people.person, run)
        ops.close_run(run=run, by=people.staff)
        booking.refresh_from_db()
        assert booking.is_confirmed
        with pytest.raises(bookings.CannotBook, match="has closed"):
            book(people.neighbour, run)


class TestPlaces:
    def test_fewer_than_people_hold_is_refused_with_the_count_and_nobody_is_taken_off(self, people):
        run = RunFactory(places=5)
        book(people.person, run), book(people.neighbour, run)
        with pytest.raises(ops.CannotChangeRun, match="2 people hold a place"):
            ops.set_places(run=run, places=1, by=people.staff)
        assert run.places.count() == 5 and run.bookings.confirmed().count() == 2

    def test_cutting_takes_free_places_whatever_their_numbers(self, people):
        run = RunFactory(places=3)
        first, second, third = fill(run)
        now = timezone.now()
        bookings.cancel_booking(booking=first, by=first.attendee, now=now)
        bookings.cancel_booking(booking=second, by=second.attendee, now=now)
        ops.set_places(run=run, places=1, by=people.staff)
        assert [place.booking for place in run.places.all()] == [third]

    def test_raising_adds_places_and_gives_them_to_nobody(self, people):
        run = RunFactory(places=1)
        fill(run)
        waiting = book(people.person, run)
        ops.set_places(run=run, places=3, by=people.staff)
        waiting.refresh_from_db()
        assert run.places.free().count() == 2 and waiting.status == Status.WAITLISTED

    def test_an_extra_place_needs_a_reason_and_the_audit_says_who(self, people):
        run = RunFactory()
        with pytest.raises(ops.CannotChangeRun, match="Say why"):
            ops.add_extra_place(run=run, reason="  ", by=people.staff)
        place = ops.add_extra_place(run=run, reason="A trainee shadows.", by=people.staff)
        assert place.is_extra and run.places.count() == 4
        assert AuditEvent.objects.get(action="training.extra_place_added").actor_id == people.staff.pk

    def test_extra_places_stay_when_the_planned_ones_change(self, people):
        run = RunFactory(places=2)
        ops.add_extra_place(run=run, reason="A trainee shadows.", by=people.staff)
        ops.set_places(run=run, places=1, by=people.staff)
        assert (run.places.filter(is_extra=False).count(), run.places.filter(is_extra=True).count()) == (1, 1)


class TestMoving:
    def test_a_move_tells_each_booked_person_once_and_renews_their_reminder(self, people):
        run = RunFactory()
        booking, waiting_for_nothing = book(people.person, run), book(people.neighbour, run)
        run_date = run.dates.get()
        changes = ops.set_schedule(run=run, plans=[later(run_date)], by=people.staff, now=timezone.now())
        assert len(changes) == 1 and "is now" in changes[0]
        assert queued("run_changed").about(booking).count() == 1
        assert queued("run_changed").about(waiting_for_nothing).count() == 1
        assert queued("reminder").about(booking).count() == 1
        assert Message.objects.filter(kind="training/reminder", state="suppressed").about(booking).count() == 1
        after = run.dates.get()
        assert after.pk == run_date.pk and after.ics_sequence == 1

    def test_saving_the_same_dates_again_tells_nobody(self, people):
        run = RunFactory()
        book(people.person, run)
        assert ops.set_schedule(run=run, plans=[same(run.dates.get())], by=people.staff, now=timezone.now()) == []
        assert not queued("run_changed").exists()
        assert run.dates.get().ics_sequence == 0

    def test_each_move_raises_the_sequence_of_the_moved_date_alone(self, people):
        run = RunFactory(days=[thursday_in(8), thursday_in(9)])
        book(people.person, run)
        for _ in range(2):
            first, second = run.dates.in_order()
            ops.set_schedule(run=run, plans=[same(first), later(second, 1)], by=people.staff, now=timezone.now())
        assert [d.ics_sequence for d in run.dates.in_order()] == [0, 2]
        assert queued("run_changed").count() == 2

    def test_what_people_need_is_kept_until_after_the_new_last_date(self, people):
        run = RunFactory()
        booking = book(people.person, run, needs=bookings.NeedsGiven(access="Step-free"))
        before = booking.needs.purge_after
        ops.set_schedule(run=run, plans=[later(run.dates.get(), 60 * 24)], by=people.staff, now=timezone.now())
        booking.needs.refresh_from_db()
        assert booking.needs.purge_after == before + timedelta(days=60)

    def test_a_plan_made_before_another_move_raises_the_sequence_once_more(self, people):
        run = RunFactory()
        book(people.person, run)
        one, other = later(run.dates.get()), later(run.dates.get(), 2)
        for plan in (one, other):
            ops.set_schedule(run=run, plans=[plan], by=people.staff, now=timezone.now())
        assert run.dates.get().ics_sequence == 2

    def test_a_plan_for_a_date_taken_away_meanwhile_is_refused(self, people):
        run = RunFactory(days=[thursday_in(8), thursday_in(9)])
        plans = [same(run_date) for run_date in run.dates.in_order()]
        ops.set_schedule(run=run, plans=plans[:1], by=people.staff, now=timezone.now())
        with pytest.raises(ops.CannotChangeRun, match="changed meanwhile"):
            ops.set_schedule(run=run, plans=plans, by=people.staff, now=timezone.now())

    def test_people_waiting_are_told_of_a_move_too(self, people):
        run = RunFactory(places=1)
        fill(run)
        waiting = book(people.person, run)
        ops.set_schedule(run=run, plans=[later(run.dates.get())], by=people.staff, now=timezone.now())
        assert queued("run_changed").about(waiting).count() == 1
        assert queued("reminder").about(waiting).count() == 0

    def test_a_date_cannot_be_taken_from_a_run_with_bookings(self, people):
        run = RunFactory(days=[thursday_in(8), thursday_in(9)])
        book(people.person, run)
        first, _ = run.dates.in_order()
        with pytest.raises(ops.CannotChangeRun, match="has bookings"):
            ops.set_schedule(run=run, plans=[same(first)], by=people.staff, now=timezone.now())
        assert run.dates.count() == 2

    def test_a_changed_venue_counts_as_a_change_and_a_changed_trainer_does_not(self, people):
        run = RunFactory()
        book(people.person, run)
        elsewhere = same(run.dates.get())
        elsewhere.venue = VenueFactory(name="Guildhall")
        assert "Guildhall" in ops.set_schedule(run=run, plans=[elsewhere], by=people.staff, now=timezone.now())[0]
        another_trainer = same(run.dates.get())
        ops.reschedule(
            run=run,
            plans=[another_trainer],
            trainer_emails=[["new.trainer@example.org"]],
            by=people.staff,
            now=timezone.now(),
        )
        assert run.dates.get().trainer_assignments.get().trainer.email == "new.trainer@example.org"
        assert queued("run_changed").count() == 1


class TestCancelling:
    def test_everyone_with_a_live_booking_is_told_once_and_nothing_else_is_sent(self, people):
        run = RunFactory(places=1)
        (held,) = fill(run)
        waiting = book(people.person, run)
        gone = book(people.neighbour, run)
        now = timezone.now()
        bookings.cancel_booking(booking=gone, by=people.neighbour, now=now)
        ended = ops.cancel_run(run=run, reason="The trainer is ill.", by=people.staff, now=now)
        assert {b.pk for b in ended} == {held.pk, waiting.pk}
        assert queued("run_cancelled").count() == 2
        assert not queued("reminder").exists() and not queued("joining_instructions").exists()
        held.refresh_from_db()
        assert (held.status, held.place) == ("run_cancelled", None)

    def test_twice_is_refused(self, people):
        run = RunFactory()
        ops.cancel_run(run=run, reason="Ill", by=people.staff, now=timezone.now())
        with pytest.raises(ops.CannotChangeRun, match="already"):
            ops.cancel_run(run=run, reason="Ill", by=people.staff, now=timezone.now())


class TestCopying:
    def test_a_copy_is_a_draft_with_the_same_shape(self, people):
        run = RunFactory(days=[thursday_in(8), thursday_in(9)], places=7, trainers=[people.trainer])
        starts = [d.starts_at + timedelta(weeks=10) for d in run.dates.in_order()]
        copy = ops.copy_run(
            run=run,
            ref="COPY-1",
            starts=starts,
            opens_date=thursday_in(1),
            closes_date=thursday_in(17),
            by=people.staff,
        )
        assert (copy.status, copy.places.count(), copy.dates.count()) == ("draft", 7, 2)
        assert copy.dates.in_order()[1].trainer_assignments.get().trainer == people.trainer
        assert all(
            new.ends_at - new.starts_at == old.ends_at - old.starts_at
            for new, old in zip(copy.dates.in_order(), run.dates.in_order(), strict=True)
        )

    def test_a_reference_in_use_is_refused(self, people):
        run = RunFactory()
        with pytest.raises(ops.CannotChangeRun, match="already a run with the reference"):
            ops.copy_run(
                run=run,
                ref=run.ref,
                starts=[run.dates.get().starts_at],
                opens_date=thursday_in(1),
                closes_date=thursday_in(2),
                by=people.staff,
            )


def test_writing_to_everyone_reaches_those_booked_once_and_nobody_who_waits(people):
    run = RunFactory(places=1)
    fill(run)
    book(people.person, run)
    assert (
        notes.write_to_everyone(run=run, subject="Parking", words="There is none.", by=people.staff, now=timezone.now())
        == 1
    )
    assert queued("run_note").count() == 1
