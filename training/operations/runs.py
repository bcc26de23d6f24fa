"""Publishing, changing, copying and cancelling runs, and the places on them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from chatr.accounts.models import User
from chatr.accounts.operations.invitations import invite_person
from chatr.accounts.operations.roles import ensure_role
from chatr.audit.operations import record
from chatr.notifications.operations import queue_many, suppress

from .. import queries, rules
from ..messages import drafts
from ..models import Booking, CourseRun, Needs, Place, RunDate, Status, TrainerAssignment, Venue
from ..words import date_and_time
from .bookings import lock, lock_all


class CannotChangeRun(Exception):
    """A refusal we can show, as it stands, to staff changing a run."""


@dataclass
class DatePlan:
    """What one date of a run should become. ``run_date`` is the date it changes, or None for a new last date."""

    starts_at: datetime
    ends_at: datetime
    venue: Venue | None = None
    run_date: RunDate | None = None
    trainers: list[User] | None = None  # None leaves them as they are
    changes: list[str] = field(default_factory=list)


@transaction.atomic
def publish_run(*, run: CourseRun, by: User) -> CourseRun:
    """Let the public see a run and book on it from its opening date. Its course becomes public with it.

    :raises CannotChangeRun: when it is cancelled, or has no date or no place
    """
    run = lock(run)
    if run.status == CourseRun.Status.CANCELLED:
        raise CannotChangeRun(f"{run.ref} is cancelled. Copy it instead.")
    if not run.dates.exists():
        raise CannotChangeRun(f"{run.ref} has no dates yet.")
    if not run.places.exists():
        raise CannotChangeRun(f"{run.ref} has no places yet.")
    run.status = CourseRun.Status.PUBLISHED
    run.save(update_fields=["status"])
    if not run.course.is_published:
        run.course.is_published = True
        run.course.save(update_fields=["is_published"])
    record("training.run_published", run, by=by, details={"run": run.ref})
    return run


@transaction.atomic
def publish_runs(*, runs: list[CourseRun], by: User) -> list[CourseRun]:
    """Publish several, all of them or none.

    :raises CannotChangeRun: naming the first that cannot be published
    """
    lock_all(run.pk for run in runs)
    return [publish_run(run=run, by=by) for run in runs]


@transaction.atomic
def close_run(*, run: CourseRun, by: User) -> CourseRun:
    """Take no new bookings; those who have one keep it.

    :raises CannotChangeRun: when it is not published
    """
    run = lock(run)
    if run.status != CourseRun.Status.PUBLISHED:
        raise CannotChangeRun(f"{run.ref} is not published.")
    run.status = CourseRun.Status.CLOSED
    run.save(update_fields=["status"])
    record("training.run_closed", run, by=by, details={"run": run.ref})
    return run


@transaction.atomic
def cancel_run(*, run: CourseRun, reason: str, by: User, now: datetime) -> list[Booking]:
    """Cancel a run and tell everyone with a live booking, with a cancelling calendar part for those who had a place.

    :returns: the bookings that ended
    :raises CannotChangeRun: when it is cancelled already or over
    """
    run = lock(run)
    if run.status == CourseRun.Status.CANCELLED:
        raise CannotChangeRun(f"{run.ref} is cancelled already.")
    over_at = run.dates.aggregate(last=Max("ends_at"))["last"]
    if over_at and over_at <= now:
        raise CannotChangeRun(f"{run.ref} is over.")
    run.status, run.cancelled_at, run.cancel_reason = CourseRun.Status.CANCELLED, now, reason
    run.save(update_fields=["status", "cancelled_at", "cancel_reason"])
    ended = list(run.bookings.live().select_related("attendee"))
    messages = []
    for booking in ended:
        held_a_place = booking.is_confirmed
        booking.status, booking.place, booking.ended_at, booking.run = Status.RUN_CANCELLED, None, now, run
        booking.save(update_fields=["status", "place", "ended_at"])
        suppress(about=booking, reason="The run was cancelled.")
        messages += drafts.run_cancelled(booking, now, held_a_place=held_a_place)
    Needs.objects.filter(booking__in=ended).delete()
    record("training.run_cancelled", run, by=by, details={"run": run.ref, "bookings": len(ended)})
    queue_many(messages)
    return ended


@transaction.atomic
def set_places(*, run: CourseRun, places: int, by: User) -> None:
    """Make the planned places this many; extra places stay on top.

    :raises CannotChangeRun: when more people than that hold one, with the count
    """
    run = lock(run)
    planned = run.places.filter(is_extra=False)
    held = planned.exclude(booking=None).count()
    if places < held:
        people = "1 person holds" if held == 1 else f"{held} people hold"
        raise CannotChangeRun(
            f"{people} a place on {run.ref}, so it cannot have fewer than {held}. Nobody was taken off."
        )
    now_there = planned.count()
    if places == now_there:
        return
    if places > now_there:
        last = _last_place_number(run)
        Place.objects.bulk_create(Place(run=run, number=last + n) for n in range(1, places - now_there + 1))
    else:
        spare = planned.free().order_by("-number").values_list("pk", flat=True)[: now_there - places]
        Place.objects.filter(pk__in=list(spare)).delete()
    record("training.places_set", run, by=by, details={"run": run.ref, "from": now_there, "to": places})


@transaction.atomic
def add_extra_place(*, run: CourseRun, reason: str, by: User) -> Place:
    """One more seat than planned, with the reason it was added. It goes to whoever waits first, when staff give it.

    :raises CannotChangeRun: without a reason
    """
    if not reason.strip():
        raise CannotChangeRun("Say why the extra place is added.")
    run = lock(run)
    place = Place.objects.create(run=run, number=_last_place_number(run) + 1, is_extra=True, reason=reason.strip())
    record("training.extra_place_added", run, by=by, details={"run": run.ref, "place": place.number})
    return place


@transaction.atomic
def set_schedule(*, run: CourseRun, plans: list[DatePlan], by: User, now: datetime) -> list[str]:
    """Give a run these dates, in this order, and tell the people booked on it what changed.

    A date that stays keeps its identity and raises its calendar sequence when its time or venue changes. Reminders
    of the old times are dropped and new ones queued. A run with bookings keeps at least the dates it has.

    :returns: what changed, one sentence each; empty when nothing did
    :raises CannotChangeRun: when the run is cancelled, a run with bookings would lose a date, or a date is gone
    """
    run = lock(run)
    if run.status == CourseRun.Status.CANCELLED:
        raise CannotChangeRun(f"{run.ref} is cancelled.")
    before = queries.dates_of(run)
    _read_again(plans, before, run)
    bookings = list(run.bookings.live().select_related("attendee"))
    kept = {plan.run_date.pk for plan in plans if plan.run_date}
    lost = [run_date for run_date in before if run_date.pk not in kept]
    if lost and bookings:
        raise CannotChangeRun(
            f"{run.ref} has bookings, so a date cannot be taken away. Change its time, or cancel the run."
        )
    changes = schedule_changes(plans, lost)
    for gone in lost:
        gone.delete()
    _write_dates(run, plans)
    if not changes:
        return []
    run.schedule_version += 1
    run.save(update_fields=["schedule_version"])
    record("training.run_changed", run, by=by, details={"run": run.ref, "version": run.schedule_version})
    _tell_of_change(run, bookings, changes, now)
    return changes


@transaction.atomic
def reschedule(
    *, run: CourseRun, plans: list[DatePlan], trainer_emails: list[list[str]], by: User, now: datetime
) -> list[str]:
    """``set_schedule`` with each date's trainers given by e-mail; somebody unknown becomes an invited trainer.

    :raises CannotChangeRun: as ``set_schedule`` does
    """
    for plan, emails in zip(plans, trainer_emails, strict=True):
        plan.trainers = [trainer_by_email(email, by=by) for email in emails]
    return set_schedule(run=run, plans=plans, by=by, now=now)


def schedule_changes(plans: list[DatePlan], lost: list[RunDate] = ()) -> list[str]:
    """What would change for the people booked, one sentence each. Trainers are not part of it."""
    changes = []
    for plan in plans:
        plan.changes = _changes_of(plan)
        changes += plan.changes
    return changes + [
        f"{date_and_time(gone.starts_at, gone.ends_at)} is no longer a date of this run." for gone in lost
    ]


@transaction.atomic
def set_online_link(*, run: CourseRun, link: str, by: User) -> None:
    """Set where an online run happens. People are not told: the booking page shows it when it is time."""
    run = lock(run)
    run.online_link = link
    run.save(update_fields=["online_link"])
    record("training.joining_link_set", run, by=by, details={"run": run.ref})


@transaction.atomic
def copy_run(
    *, run: CourseRun, ref: str, starts: list[datetime], opens_date: date, closes_date: date, by: User
) -> CourseRun:
    """A new draft like this one, with new dates of the same length, the same venue, trainers and number of places.

    :raises CannotChangeRun: when the reference is taken, or there is not one start for each date
    """
    dates = list(run.dates.in_order().select_related("venue").prefetch_related("trainer_assignments__trainer"))
    if len(starts) != len(dates):
        raise CannotChangeRun(f"{run.ref} has {len(dates)} dates, so the copy needs {len(dates)}.")
    copy = CourseRun(
        ref=ref,
        course=run.course,
        mode=run.mode,
        opens_date=opens_date,
        closes_date=closes_date,
        min_places=run.min_places,
        waiting_list_cap=run.waiting_list_cap,
        places_per_organisation=run.places_per_organisation,
        cancel_deadline_working_days=run.cancel_deadline_working_days,
    )
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
    except IntegrityError as refused:
        if "ref" not in (refused.__cause__.diag.constraint_name or ""):
            raise
        raise CannotChangeRun(f"There is already a run with the reference {ref}.") from None
    _write_dates(
        copy,
        [
            DatePlan(
                starts_at=start,
                ends_at=start + (old.ends_at - old.starts_at),
                venue=old.venue,
                trainers=[assignment.trainer for assignment in old.trainer_assignments.all()],
            )
            for start, old in zip(starts, dates, strict=True)
        ],
    )
    places = run.places.filter(is_extra=False).count()
    Place.objects.bulk_create(Place(run=copy, number=n) for n in range(1, places + 1))
    record("training.run_copied", copy, by=by, details={"run": copy.ref, "from": run.ref})
    return copy


def trainer_by_email(email: str, *, by: User) -> User:
    """The trainer with this e-mail. Somebody unknown becomes an invited trainer."""
    trainer = invite_person(name="", email=email, by=by, reason="a trainer")
    ensure_role(user=trainer, role="trainer", by=by)
    return trainer


def _last_place_number(run: CourseRun) -> int:
    return run.places.aggregate(last=Max("number"))["last"] or 0


def _read_again(plans: list[DatePlan], dates: list[RunDate], run: CourseRun) -> None:
    """Plan from the dates as they are under the lock: a calendar sequence read before it may be an old one."""
    as_they_are = {run_date.pk: run_date for run_date in dates}
    for plan in plans:
        if plan.run_date is None:
            continue
        if plan.run_date.pk not in as_they_are:
            raise CannotChangeRun(f"The dates of {run.ref} were changed meanwhile. Look at them again.")
        plan.run_date = as_they_are[plan.run_date.pk]


def _changes_of(plan: DatePlan) -> list[str]:
    now_words = date_and_time(plan.starts_at, plan.ends_at)
    if plan.run_date is None:
        return [f"A date was added: {now_words}."]
    old, sentences = plan.run_date, []
    if (old.starts_at, old.ends_at) != (plan.starts_at, plan.ends_at):
        sentences.append(f"{date_and_time(old.starts_at, old.ends_at)} is now {now_words}.")
    if old.venue_id != (plan.venue.pk if plan.venue else None):
        there = plan.venue.one_line if plan.venue else "online"
        sentences.append(f"On {now_words} the place is now {there}.")
    return sentences


def _write_dates(run: CourseRun, plans: list[DatePlan]) -> None:
    for number, plan in enumerate(plans, start=1):
        run_date = plan.run_date or RunDate(run=run)
        if plan.run_date and plan.changes:
            run_date.ics_sequence += 1
        run_date.number, run_date.venue = number, plan.venue
        run_date.starts_at, run_date.ends_at = plan.starts_at, plan.ends_at
        run_date.save()
        if plan.trainers is not None:
            run_date.trainer_assignments.exclude(trainer__in=plan.trainers).delete()
            TrainerAssignment.objects.bulk_create(
                [TrainerAssignment(run_date=run_date, trainer=trainer) for trainer in plan.trainers],
                ignore_conflicts=True,
            )


def _tell_of_change(run: CourseRun, bookings: list[Booking], changes: list[str], now: datetime) -> None:
    dates = list(run.dates.in_order())
    Needs.objects.filter(booking__in=bookings).update(purge_after=rules.needs_kept_until(dates))
    messages = []
    for booking in bookings:
        if booking.is_confirmed:
            suppress(about=booking, kinds=drafts.SCHEDULED, reason="The run was moved.")
            messages += drafts.scheduled(booking, run, dates, now)
        messages += drafts.run_changed(booking, run, now, changes=changes)
    queue_many(messages)
