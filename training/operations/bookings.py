"""Asking for a place, getting one, giving it up.

Whoever changes who holds a place first locks the run, then the person, always in that order; several runs in
the order of their keys. The place rows make overbooking impossible even for code that forgets the lock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from chatr.accounts.models import Membership, Organisation, User
from chatr.accounts.operations.invitations import invite_person
from chatr.audit.operations import record
from chatr.notifications.operations import queue_many, suppress

from .. import queries, rules
from ..messages import drafts
from ..models import Booking, Course, CourseRun, Needs, Place, RunDate, Status
from ..models.bookings import LIVE
from ..models.runs import NUMBERS, how_many


class CannotBook(Exception):
    """A refusal we can show, as it stands, to the person booking."""


class AlreadyBooked(CannotBook):
    """They already have a live booking on this run, or these very answers were sent before."""

    def __init__(self, booking: Booking):
        super().__init__("You already have a booking on this run.")
        self.booking = booking


class BookedOnAnotherRun(CannotBook):
    """They already have a live booking on another run of this course, and could move it."""

    def __init__(self, booking: Booking):
        super().__init__(f"You already have a booking for this course: {booking.run.ref}. You can move it to this run.")
        self.booking = booking


class CannotChangeBooking(Exception):
    """A refusal we can show, as it stands, to whoever is changing a booking."""


@dataclass(frozen=True)
class NeedsGiven:
    """What a person typed about what they need on the day. Either may be empty."""

    access: str = ""
    dietary: str = ""

    def __bool__(self) -> bool:
        return bool(self.access.strip() or self.dietary.strip())


@transaction.atomic
def book_place(
    *,
    run: CourseRun,
    attendee: User,
    membership: Membership | None,
    now: datetime,
    needs: NeedsGiven = NeedsGiven(),
    form_key: UUID | None = None,
) -> Booking:
    """A practitioner asks for a place: they get one, join the waiting list, or their request waits for a decision.

    It is a request when the course needs approval or another course first, or while where they work is not confirmed.

    :raises AlreadyBooked: when they have a live booking here, or the form was sent before
    :raises BookedOnAnotherRun: when they have a live booking on another run of the course
    :raises CannotBook: when the run is not open, or it and its waiting list are full
    """
    run = lock(run)
    dates = queries.dates_of(run)
    _refuse_second_booking(run, attendee, now, form_key)
    if closed := rules.why_not_open(run, dates, now):
        raise CannotBook(closed)
    if membership is None:
        raise CannotBook("Tell us where you work before you book.")
    return _enter(
        run,
        dates,
        attendee=attendee,
        by=attendee,
        organisation=membership.organisation,
        now=now,
        is_request=run.course.needs_decision or not membership.is_confirmed,
        needs=needs,
        form_key=form_key,
    )


@transaction.atomic
def book_for(
    *, run: CourseRun, name: str, email: str, by: User, now: datetime, organisation: Organisation | None = None
) -> Booking:
    """Staff book a person by name and e-mail; somebody without an account is invited.

    Staff may book before booking opens and after it closes, and decide approval by booking. The waiting list is
    still first come, first served: while anyone waits, the person joins it.

    :raises AlreadyBooked: when the person has a live booking here
    :raises BookedOnAnotherRun: when they have one on another run of the course
    :raises CannotBook: when the run is cancelled or has started, or it and its waiting list are full
    """
    run = lock(run)
    dates = queries.dates_of(run)
    attendee = invite_person(name=name, email=email, by=by, reason=f"booked on {run.ref}")
    _refuse_second_booking(run, attendee, now)
    _refuse_ended_run(run, dates, now)
    if organisation is None:
        membership = Membership.objects.live().filter(user=attendee).select_related("organisation").first()
        organisation = membership.organisation if membership else None
    return _enter(
        run, dates, attendee=attendee, by=by, organisation=organisation, now=now, is_request=False, how="staff"
    )


@transaction.atomic
def approve_request(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Staff agree to a request: it gets a free place unless somebody who asked earlier waits; else it waits in order.

    :raises CannotChangeBooking: when it is no longer a request, or the run is over
    """
    booking, run, dates = _lock_booking(booking, now)
    if not booking.is_request:
        raise CannotChangeBooking("This is no longer a request.")
    place = _free_place(run)
    someone_earlier = run.bookings.filter(status=Status.WAITLISTED, pk__lt=booking.pk).exists()
    if place and not someone_earlier:
        _give(booking, place, run, dates, by=by, now=now, how="approved")
    else:
        booking.status, booking.decided_at = Status.WAITLISTED, now
        booking.save(update_fields=["status", "decided_at"])
        record("training.request_waitlisted", booking, by=by, details={"run": run.ref})
        queue_many(drafts.waitlisted(booking, now))
    return booking


@transaction.atomic
def settle_requests_of(*, memberships: list[Membership], by: User | None, now: datetime) -> None:
    """It is certain now that these people work there: give places to requests made under it that waited for nothing
    else, in the order of asking.
    """
    confirmed = {(membership.user_id, membership.organisation_id) for membership in memberships}
    waiting_for_that_alone = Booking.objects.filter(
        attendee__in={user for user, _ in confirmed},
        status=Status.REQUESTED,
        run__course__requires=None,
        run__course__approval=Course.Approval.NONE,
    )
    lock_all(waiting_for_that_alone.values_list("run", flat=True))
    for booking in waiting_for_that_alone.order_by("pk"):
        if (booking.attendee_id, booking.organisation_id) not in confirmed:
            continue
        try:
            approve_request(booking=booking, by=by, now=now)
        except CannotChangeBooking:
            continue  # the run has begun; staff see it among past requests


@transaction.atomic
def decline_request(*, booking: Booking, reason: str, by: User, now: datetime) -> Booking:
    """Staff say no to a request, with a reason the person is told.

    :raises CannotChangeBooking: when it is no longer a request
    """
    booking, run, _ = _lock_booking(booking, now)
    if not booking.is_request:
        raise CannotChangeBooking("This is no longer a request.")
    _end(booking, Status.DECLINED, run, by=by, now=now, reason=reason)
    queue_many(drafts.declined(booking, now))
    return booking


@transaction.atomic
def give_place_to_first(*, run: CourseRun, by: User, now: datetime) -> Booking:
    """Staff give a free place to whoever has waited longest.

    :raises CannotChangeBooking: when no place is free or nobody waits
    """
    run = lock(run)
    dates = queries.dates_of(run)
    _refuse_ended_run(run, dates, now, CannotChangeBooking)
    first = run.bookings.waiting_in_order().select_related("attendee").first()
    if first is None:
        raise CannotChangeBooking("Nobody is waiting for this run.")
    place = _free_place(run)
    if place is None:
        raise CannotChangeBooking("No place is free on this run.")
    first.run = run
    _give(first, place, run, dates, by=by, now=now, how="waiting_list")
    return first


@transaction.atomic
def cancel_booking(*, booking: Booking, by: User, now: datetime, reason: str = "") -> Booking:
    """A person gives up their place, their waiting or their request; or staff do it for them, with a reason.

    A place given up after the deadline is a late cancellation, unless staff cancelled it or gave it that late. A freed
    place goes to nobody by itself.

    :raises CannotChangeBooking: when the booking is over already
    """
    booking, run, dates = _lock_booking(booking, now)
    held_a_place = booking.is_confirmed
    if not held_a_place:
        status = Status.WITHDRAWN
    elif by.pk == booking.attendee_id and rules.is_late_cancellation(booking, queries.cancel_deadline(run, dates), now):
        status = Status.CANCELLED_LATE
    else:
        status = Status.CANCELLED
    _end(booking, status, run, by=by, now=now, reason=reason)
    queue_many(drafts.cancelled(booking, now, held_a_place=held_a_place))
    return booking


@transaction.atomic
def move_booking(*, booking: Booking, to_run: CourseRun, by: User, now: datetime, reason: str = "") -> Booking:
    """Move a person to another run: the old booking ends as moved and a new one holds a place there.

    A person moving themselves needs the new run to be open, keeps to the cancel deadline, and stays on the same
    course. Their place is only given up once the new one is theirs.

    :raises CannotChangeBooking: when the booking is over, or no place is free there, or the rules above are broken
    """
    to_run = lock_all([booking.run_id, to_run.pk])[to_run.pk]
    booking, run, dates = _lock_booking(booking, now)
    new_dates = queries.dates_of(to_run)
    _refuse_ended_run(to_run, new_dates, now, CannotChangeBooking)
    if run.pk == to_run.pk:
        raise CannotChangeBooking("The booking is on that run already.")
    if by.pk == booking.attendee_id:
        _refuse_own_move(booking, run, dates, to_run, new_dates, now)
    if other := _live_on_course(to_run, booking.attendee, now).exclude(pk=booking.pk).first():
        raise CannotChangeBooking(f"{booking.attendee} already has a booking on {other.run.ref}.")
    place = _free_place(to_run)
    if place is None or to_run.bookings.filter(status=Status.WAITLISTED).exists():
        raise CannotChangeBooking(f"{to_run.ref} is full, so the booking stays where it is.")
    moved = Booking.objects.create(
        run=to_run,
        attendee=booking.attendee,
        booked_by=by,
        organisation=booking.organisation,
        status=Status.CONFIRMED,
        place=place,
        created_at=now,
        decided_at=now,
    )
    Needs.objects.filter(booking=booking).update(booking=moved, purge_after=rules.needs_kept_until(new_dates))
    booking.moved_to = moved
    held_a_place = booking.is_confirmed
    _end(booking, Status.MOVED, run, by=by, now=now, reason=reason)
    record("training.place_given", moved, by=by, details={"run": to_run.ref, "how": "moved"})
    queue_many(
        drafts.moved(booking, now, held_a_place=held_a_place)
        + drafts.confirmed(moved, to_run, new_dates, now, how="moved")
    )
    return moved


@transaction.atomic
def change_needs(*, booking: Booking, needs: NeedsGiven, by: User, now: datetime) -> None:
    """Replace what the person said they need on the day; saying nothing erases it.

    :raises CannotChangeBooking: when the booking is over
    """
    booking, run, dates = _lock_booking(booking, now)
    if needs:
        Needs.objects.update_or_create(booking=booking, defaults=_to_keep(needs, dates))
    else:
        Needs.objects.filter(booking=booking).delete()
    record("training.needs_changed", booking, by=by, details={"run": run.ref})


def lock(run: CourseRun) -> CourseRun:
    """The run as it is now, held until the transaction ends, so that places on it are given one at a time."""
    return CourseRun.objects.select_for_update(of=("self",)).select_related("course").get(pk=run.pk)


def lock_all(keys: Iterable[UUID]) -> dict[UUID, CourseRun]:
    """Several runs as they are now, held likewise. Whoever needs more than one takes them here, all at once."""
    return {run.pk: run for run in CourseRun.objects.select_for_update().filter(pk__in=keys).order_by("pk")}


def _lock_booking(booking: Booking, now: datetime) -> tuple[Booking, CourseRun, list[RunDate]]:
    """The booking, its run and dates as they are now, the run locked.

    :raises CannotChangeBooking: when the booking is over
    """
    run = lock(CourseRun(pk=booking.run_id))
    booking = (
        Booking.objects.select_for_update(of=("self",)).select_related("attendee", "organisation").get(pk=booking.pk)
    )
    if not booking.is_live:
        raise CannotChangeBooking("This booking has ended already.")
    booking.run = run
    dates = queries.dates_of(run)
    if dates and dates[0].starts_at <= now:
        raise CannotChangeBooking("This run has started, so the booking can no longer be changed here.")
    return booking, run, dates


def _live_on_course(run: CourseRun, attendee: User, now: datetime, form_key: UUID | None = None):
    """The person's live bookings on runs of this course not over, and any whose form had this key.

    Two tabs queue up at the person's row.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=attendee.pk)
    wanted = Q(status__in=LIVE, run__course=run.course_id, over_at__gt=now)
    if form_key:
        wanted |= Q(form_key=form_key)
    return Booking.objects.filter(attendee=attendee).select_related("run").with_end().filter(wanted)


def _refuse_second_booking(run: CourseRun, attendee: User, now: datetime, form_key: UUID | None = None) -> None:
    """One live booking a course for each person, among runs not over; a form sent again is the booking it made."""
    found = list(_live_on_course(run, attendee, now, form_key))
    for booking in sorted(found, key=lambda booking: booking.form_key != form_key):
        if booking.run_id == run.pk or (form_key and booking.form_key == form_key):
            raise AlreadyBooked(booking)
        raise BookedOnAnotherRun(booking)


def _refuse_ended_run(run: CourseRun, dates: list[RunDate], now: datetime, refusal=CannotBook) -> None:
    if run.status in (CourseRun.Status.CANCELLED, CourseRun.Status.DRAFT):
        raise refusal(f"{run.ref} is {run.get_status_display().lower()}.")
    if not dates or dates[0].starts_at <= now:
        raise refusal(f"{run.ref} has already started.")


def _refuse_own_move(booking, run, dates, to_run, new_dates, now) -> None:
    if run.course_id != to_run.course_id:
        raise CannotChangeBooking("You can only move to another run of the same course.")
    if closed := rules.why_not_open(to_run, new_dates, now):
        raise CannotChangeBooking(closed)
    if not booking.is_confirmed:
        raise CannotChangeBooking("Only a confirmed booking can be moved. Cancel this one and book the other run.")
    if rules.is_late(queries.cancel_deadline(run, dates), now):
        raise CannotChangeBooking("The time to change this booking has passed. Write to us and we will help.")


def _enter(
    run: CourseRun,
    dates: list[RunDate],
    *,
    attendee: User,
    by: User,
    organisation: Organisation | None,
    now: datetime,
    is_request: bool,
    needs: NeedsGiven = NeedsGiven(),
    form_key: UUID | None = None,
    how: str = "booked",
) -> Booking:
    """Write the booking in the state the run allows, with its needs, audit event and messages. The run is locked."""
    place = None if is_request else _place_nobody_waits_for(run)
    if is_request:
        status = Status.REQUESTED
    elif place:
        status = Status.CONFIRMED
    else:
        waiting = run.bookings.filter(status=Status.WAITLISTED).count()
        if waiting >= run.waiting_list_cap:
            raise CannotBook("This run is full, and so is its waiting list." if waiting else "This run is full.")
        status = Status.WAITLISTED
    booking = Booking(
        run=run,
        attendee=attendee,
        booked_by=by,
        organisation=organisation,
        status=status,
        place=place,
        form_key=form_key,
        created_at=now,
        decided_at=now if place else None,
    )
    try:
        with transaction.atomic():  # a savepoint, so the refusal leaves the outer work usable
            booking.save(force_insert=True)
    except IntegrityError as refused:
        if refused.__cause__.diag.constraint_name != "one_live_booking":
            raise
        raise AlreadyBooked(run.bookings.live().get(attendee=attendee)) from None
    if needs:
        Needs.objects.create(booking=booking, **_to_keep(needs, dates))
    record(f"training.{_ENTERED[status]}", booking, by=by, details={"run": run.ref})
    if status == Status.CONFIRMED:
        queue_many(drafts.confirmed(booking, run, dates, now, how=how))
    elif status == Status.WAITLISTED:
        queue_many(drafts.waitlisted(booking, now))
    else:
        queue_many(drafts.requested(booking, now))
    return booking


_ENTERED = {
    Status.CONFIRMED: "place_booked",
    Status.WAITLISTED: "waiting_list_joined",
    Status.REQUESTED: "place_requested",
}


def _free_place(run: CourseRun) -> Place | None:
    return Place.objects.free().filter(run=run).order_by("number").first()


def _place_nobody_waits_for(run: CourseRun) -> Place | None:
    """A free place for a newcomer: none while anybody is on the waiting list."""
    free = Place.objects.free().filter(run=run).alias(waiting=how_many(NUMBERS["waiting"], F("run")))
    return free.filter(waiting=0).order_by("number").first()


def _give(
    booking: Booking, place: Place, run: CourseRun, dates: list[RunDate], *, by: User, now: datetime, how: str
) -> None:
    booking.status, booking.place, booking.decided_at = Status.CONFIRMED, place, now
    booking.save(update_fields=["status", "place", "decided_at"])
    record("training.place_given", booking, by=by, details={"run": run.ref, "how": how})
    suppress(about=booking, reason="They now have a place.")
    queue_many(drafts.confirmed(booking, run, dates, now, how=how))


def _end(booking: Booking, status: Status, run: CourseRun, *, by: User, now: datetime, reason: str = "") -> None:
    """End a booking, free its place, drop what was still to be sent, and erase needs nobody has to know any more."""
    was = booking.status
    booking.status, booking.place, booking.ended_at, booking.reason = status, None, now, reason
    booking.save(update_fields=["status", "place", "ended_at", "reason", "moved_to"])
    Needs.objects.filter(booking=booking).delete()
    suppress(about=booking, reason="The booking ended.")
    record("training.booking_ended", booking, by=by, details={"run": run.ref, "from": was, "to": status})


def _to_keep(needs: NeedsGiven, dates: list[RunDate]) -> dict:
    kept_until = rules.needs_kept_until(dates)
    return {"access": needs.access.strip(), "dietary": needs.dietary.strip(), "purge_after": kept_until}
