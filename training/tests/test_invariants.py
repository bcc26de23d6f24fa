"""What must stay true of places, bookings, messages and calendars, whatever people do and in whatever order."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from chatr.accounts.models import Membership, User
from chatr.accounts.operations.confirmations import confirm_membership
from chatr.accounts.operations.erasure import erase_account
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import make_organisation, make_person

from ..messages import drafts
from ..models import Booking, Course, CourseRun, Needs, Place, RunDate, Status
from ..models.bookings import LIVE
from ..operations import bookings as ops
from ..operations import runs as run_ops
from ..rules import NEEDS_KEPT_DAYS, local_day
from .factories import CourseFactory, RunFactory, book, thursday_in

REFUSALS = (ops.CannotBook, ops.CannotChangeBooking, run_ops.CannotChangeRun)
AFTER_THE_END = {
    f"training/{kind}" for kind in ("booking_cancelled", "booking_moved", "request_declined", "run_cancelled")
}
which = st.integers(min_value=0, max_value=99)


class Training(RuleBasedStateMachine):
    """Three busy runs of two courses, few places, seven people, and staff; the clock only goes forward."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = timezone.now()
        here, pending = make_organisation("Mill Lane School"), make_organisation("Canal Youth Club")
        self.staff = make_person("Eve", "eve@programme.example.org", None, "programme_staff")
        self.people = [make_person(f"P{n}", f"p{n}@mill.example.org", here) for n in range(5)]
        self.people += [make_person(f"Q{n}", f"q{n}@canal.example.org", pending, confirmed_at=None) for n in range(2)]
        first = RunFactory(ref="RUN-A", places=2, waiting_list_cap=2, days=[thursday_in(5), thursday_in(6)])
        RunFactory(ref="RUN-B", course=first.course, places=1, waiting_list_cap=3, days=[thursday_in(4)])
        decided = CourseFactory(approval=Course.Approval.STAFF)
        RunFactory(ref="RUN-C", course=decided, places=1, waiting_list_cap=2, days=[thursday_in(6)])
        self.sequences = {}
        for person, run in enumerate("AAAABAACC"):
            book(self.people[person % 7], CourseRun.objects.get(ref=f"RUN-{run}"), needs=ops.NeedsGiven("Step-free"))

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # What people and staff do

    def run(self, n):
        return CourseRun.objects.order_by("ref")[n % 3]

    def booking(self, n, **which):
        found = Booking.objects.filter(**which).order_by("pk")
        return found[n % len(found)] if found else None

    def try_to(self, act, *args, **kwargs):
        """Do it, or be refused and leave no trace."""
        before = self.trace()
        try:
            with transaction.atomic():
                done = act(*args, **kwargs)
        except REFUSALS:
            assert self.trace() == before
            return None
        assert AuditEvent.objects.count() > before[0], "nothing in the audit says so"
        return done

    @staticmethod
    def trace():
        return AuditEvent.objects.count(), Message.objects.count(), list(Booking.objects.order_by("pk").values())

    @rule(person=which, run=which, access=st.sampled_from(["", "Step-free"]))
    def book(self, person, run, access):
        person, run = self.people[person % 7], self.run(run)
        if not person.is_active:
            return
        others_wait = run.bookings.filter(status=Status.WAITLISTED).exists()
        made = self.try_to(book, person, run, now=self.now, needs=ops.NeedsGiven(access=access))
        assert not (made and others_wait and made.is_confirmed), "a newcomer passed those who wait"

    @rule(person=which, run=which)
    def staff_book(self, person, run):
        person, run = self.people[person % 7], self.run(run)
        if not person.is_active:
            return
        others_wait = run.bookings.filter(status=Status.WAITLISTED).exists()
        made = self.try_to(ops.book_for, run=run, name="", email=person.email, by=self.staff, now=self.now)
        assert not (made and others_wait and made.is_confirmed), "a newcomer passed those who wait"

    @rule(n=which, by_staff=st.booleans())
    def cancel(self, n, by_staff):
        if booking := self.booking(n):
            by = self.staff if by_staff else booking.attendee
            self.try_to(ops.cancel_booking, booking=booking, by=by, now=self.now, reason="Because")

    @rule(n=which, agree=st.booleans())
    def decide(self, n, agree):
        booking = self.booking(n, status=Status.REQUESTED)
        if booking and agree:
            self.try_to(ops.approve_request, booking=booking, by=self.staff, now=self.now)
        elif booking:
            self.try_to(ops.decline_request, booking=booking, reason="No", by=self.staff, now=self.now)

    @rule(run=which)
    def give_to_first(self, run):
        run = self.run(run)
        first = run.bookings.waiting_in_order().first()
        given = self.try_to(ops.give_place_to_first, run=run, by=self.staff, now=self.now)
        assert given is None or given == first

    @rule(n=which, to=which, by_staff=st.booleans())
    def move(self, n, to, by_staff):
        if booking := self.booking(n):
            by = self.staff if by_staff else booking.attendee
            to = self.run(to)
            others_wait = to.bookings.filter(status=Status.WAITLISTED).exists()
            moved = self.try_to(ops.move_booking, booking=booking, to_run=to, by=by, now=self.now)
            assert not (moved and others_wait), "somebody moved passed those who wait"

    @rule(n=which, access=st.sampled_from(["", "Large print"]))
    def change_needs(self, n, access):
        if booking := self.booking(n):
            needs = ops.NeedsGiven(access=access)
            self.try_to(ops.change_needs, booking=booking, needs=needs, by=booking.attendee, now=self.now)

    @rule(run=which, places=st.integers(min_value=1, max_value=4))
    def set_places(self, run, places):
        run = self.run(run)
        if run.places.filter(is_extra=False).count() != places:
            self.try_to(run_ops.set_places, run=run, places=places, by=self.staff)

    @rule(run=which)
    def add_place(self, run):
        self.try_to(run_ops.add_extra_place, run=self.run(run), reason="A trainer asked", by=self.staff)

    @rule(run=which, close=st.booleans())
    def open_or_close(self, run, close):
        self.try_to(run_ops.close_run if close else run_ops.publish_run, run=self.run(run), by=self.staff)

    @precondition(lambda self: CourseRun.objects.filter(status="cancelled").count() < 2)
    @rule(run=which, really=st.sampled_from([False, False, True]))
    def cancel_run(self, run, really):
        if really:
            self.try_to(run_ops.cancel_run, run=self.run(run), reason="No trainer", by=self.staff, now=self.now)

    @rule(run=which, days=st.integers(min_value=-5, max_value=40), all_dates=st.booleans())
    def reschedule(self, run, days, all_dates):
        run = self.run(run)
        dates = list(run.dates.in_order())
        shifted = [timedelta(days=days if all_dates or each is dates[-1] else 0) for each in dates]
        if days == 0 or dates[0].starts_at + shifted[0] <= self.now:
            return
        plans = [
            run_ops.DatePlan(each.starts_at + by, each.ends_at + by, each.venue, each)
            for each, by in zip(dates, shifted, strict=True)
        ]
        told = list(run.bookings.live())
        if self.try_to(run_ops.set_schedule, run=run, plans=plans, by=self.staff, now=self.now):
            version = run.__class__.objects.get(pk=run.pk).schedule_version
            for booking in told:
                changed = Message.objects.about(booking).filter(kind="training/run_changed", facts__version=version)
                assert changed.count() == 1

    @rule(n=which)
    def confirm_where_they_work(self, n):
        waiting = Membership.objects.live().filter(user=self.people[5 + n % 2], confirmed_at=None).first()
        if waiting:
            self.try_to(confirm_membership, membership=waiting, by=self.staff, now=self.now)

    @precondition(lambda self: sum(not person.is_active for person in self.people) < 2)
    @rule(n=which, really=st.sampled_from([False, False, True]))
    def erase(self, n, really):
        person = self.people[n % 7]
        if really and person.is_active:
            self.try_to(erase_account, user=person, by=self.staff, reason="asked", now=self.now)
            person.refresh_from_db()

    @rule(hours=st.integers(min_value=1, max_value=24 * 5))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    # What stays true

    @invariant()
    def nobody_shares_a_place_and_each_place_is_of_its_run(self):
        connection.check_constraints()
        for run in CourseRun.objects.all():
            held = Place.objects.filter(booking__run=run)
            assert held.count() <= run.places.count()
            assert not held.exclude(run=run).exists()

    @invariant()
    def one_live_booking_for_each_person_and_course(self):
        live = Booking.objects.live().values_list("attendee", "run__course")
        assert len(live) == len(set(live)), "two live bookings on one course"

    @invariant()
    def whoever_has_a_place_is_told_once_and_reminded_of_each_date(self):
        for booking in Booking.objects.confirmed().select_related("run"):
            mine = Message.objects.about(booking)
            assert mine.filter(kind="training/booking_confirmed", state="queued").count() == 1
            dates = list(booking.run.dates.in_order())
            version = booking.run.schedule_version
            due = mine.filter(state="queued", due_at__gt=self.now, facts__version=version)
            expected = sorted(moment for each in dates if (moment := drafts.reminder_at(each)) > self.now)
            assert sorted(due.filter(kind="training/reminder").values_list("due_at", flat=True)) == expected
            joining = drafts.joining_instructions_at(dates)
            found = list(due.filter(kind="training/joining_instructions").values_list("due_at", flat=True))
            assert found == ([joining] if joining > self.now else [])
            other_versions = mine.filter(kind__in=drafts.SCHEDULED, state="queued").exclude(facts__version=version)
            assert not other_versions.exists(), "a message of the old times is still to be sent"

    @invariant()
    def nothing_but_the_end_is_still_to_be_told_about_what_ended(self):
        over = [str(pk) for pk in Booking.objects.exclude(status__in=LIVE).values_list("pk", flat=True)]
        left = Message.objects.filter(about_type="training.booking", about_id__in=over, state="queued")
        assert set(left.values_list("kind", flat=True)) <= AFTER_THE_END
        assert not Needs.objects.filter(booking__in=over).exists()

    @invariant()
    def needs_are_kept_until_after_the_last_date(self):
        for needs in Needs.objects.select_related("booking__run"):
            last = needs.booking.run.dates.in_order().last()
            assert needs.purge_after >= local_day(last.ends_at) + timedelta(days=NEEDS_KEPT_DAYS)

    @invariant()
    def calendars_only_go_forward(self):
        for each in RunDate.objects.all():
            now = (each.ics_sequence, each.starts_at, each.ends_at, each.venue_id)
            then = self.sequences.get(each.pk, now)
            assert now[0] > then[0] or now == then
            self.sequences[each.pk] = now

    @invariant()
    def nobody_erased_holds_or_hears_anything(self):
        gone = User.objects.exclude(erased_at=None)
        assert (
            not Booking.objects.live()
            .filter(attendee__in=gone, run__dates__starts_at__gt=self.now, run__dates__number=1)
            .exists()
        )
        left = Message.objects.filter(recipient__in=gone, state="queued", about_type="training.booking")
        assert not left.exists()


def test_whatever_people_do_the_promises_hold(db):
    run_state_machine_as_test(
        Training,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
