"""What each message of training says. It is read from the record when the message is sent, never when it was queued.

A message that no longer holds is suppressed; joining instructions wait while something is missing from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from chatr.notifications.kinds import Composed, Hold, Kind, Suppress, register

from .. import calendar, queries, rules
from ..models import Booking, CourseRun, RunDate, Status
from ..queries.bookings import why_it_waits
from ..words import booking_address, clock_time, date_and_time, day, place
from . import drafts
from .cant_come import new_address

TIMETABLE_MOVED = "The run was changed again since; a newer message says so."
TOO_LATE = "The moment it speaks of has passed."


@dataclass(frozen=True)
class Story:
    """A booking as it is now, with what its messages say about it."""

    booking: Booking
    run: CourseRun
    dates: list[RunDate]
    now: datetime

    @cached_property
    def deadline(self) -> datetime:
        return queries.cancel_deadline(self.run, self.dates)

    @property
    def coming(self) -> list[RunDate]:
        """The dates not over yet."""
        return [run_date for run_date in self.dates if run_date.ends_at > self.now]

    @property
    def has_begun(self) -> bool:
        return self.dates[0].starts_at <= self.now

    @property
    def carries_instructions(self) -> bool:
        """Whether joining instructions have left already, so that this message must carry them, and can."""
        return drafts.joining_instructions_at(self.dates) <= self.now and not self.missing

    @property
    def missing(self) -> str:
        return rules.lacks_joining_details(self.run, self.dates)

    def context(self, **more) -> dict:
        """What every template may say."""
        return {
            "course": self.run.course.title,
            "content_note": _tidy(self.run.course.content_note),
            "ref": self.run.ref,
            "reference": self.booking.reference,
            "first_day": day(self.dates[0].starts_at),
            "dates": [
                {"when": date_and_time(each.starts_at, each.ends_at), "where": place(self.run, each)}
                for each in self.dates
            ],
            "booking_url": booking_address(self.booking),
            "courses_url": f"{settings.SITE_URL}{reverse('training:courses')}",
        } | more


def story(message, now: datetime, *, while_in: Iterable[Status] | None = None) -> Story:
    """The booking a message is about.

    :raises Suppress: when it is gone or not in one of these states, the timetable the message speaks of is not the
        run's any more, or all of the run is over
    """
    booking = Booking.objects.select_related("run__course", "attendee").filter(pk=message.about_id).first()
    if booking is None:
        raise Suppress("The booking is gone.")
    if while_in is not None and booking.status not in while_in:
        raise Suppress(f"The booking is now: {booking.get_status_display().lower()}.")
    run = booking.run
    if message.facts.get("version", run.schedule_version) != run.schedule_version:
        raise Suppress(TIMETABLE_MOVED)
    dates = queries.dates_of(run)
    if not dates or dates[-1].ends_at <= now:
        raise Suppress(TOO_LATE)
    return Story(booking, run, dates, now)


# A place was given

OPENINGS = {
    "booked": "You have a place on {course}.",
    "approved": "We have agreed to your request. You have a place on {course}.",
    "waiting_list": "A place came free and it is yours. You have a place on {course}.",
    "moved": "We have moved your booking. You now have a place on {course}.",
    "staff": "The programme team has booked you a place on {course}.",
}


def booking_confirmed(message, now: datetime) -> Composed:
    """You have a place; inside the last week it says how to join, too."""
    it = story(message, now, while_in=[Status.CONFIRMED])
    if it.has_begun:
        raise Suppress(TOO_LATE)
    opening = OPENINGS[message.facts.get("how", "booked")].format(course=it.run.course.title)
    return Composed(
        context=it.context(
            opening=opening,
            steps=_steps_to_the_day(it),
            can_cancel_in_time=not rules.is_late(it.deadline, now),
            counts_as_late=rules.is_late_cancellation(it.booking, it.deadline, now),
            deadline=day(it.deadline),
            instructions=_instructions(it) if it.carries_instructions else None,
        ),
        calendar=calendar.invitation(it.booking, it.coming, now),
    )


def _steps_to_the_day(it: Story) -> list[str]:
    """What happens next, one dated line each, in order."""
    steps = []
    if not rules.is_late(it.deadline, it.now):
        why = "so that we can offer your place to somebody else"
        steps.append((it.deadline, f"By the end of {day(it.deadline)}: tell us if you can't come, {why}."))
    joining_at = drafts.joining_instructions_at(it.dates)
    how = "how to get there" if it.run.mode == CourseRun.Mode.IN_PERSON else "how to join"
    if joining_at > it.now:
        steps.append((joining_at, f"{day(joining_at)}: we e-mail you {how}."))
    elif it.missing:
        steps.append((it.now, f"Before the day: we e-mail you {how}."))
    for run_date in it.dates:
        reminder_at = drafts.reminder_at(run_date)
        if reminder_at > it.now:
            steps.append((reminder_at, f"{day(reminder_at)}: we send you a reminder."))
        steps.append((run_date.starts_at, f"{date_and_time(run_date.starts_at, run_date.ends_at)}: the training."))
    return [words for _, words in sorted(steps)]


def _instructions(it: Story) -> list[dict]:
    """How to get to each place the dates still to come are at, and how to get in online."""
    venues = {each.venue_id: each.venue for each in it.coming if each.venue}
    parts = [
        {"where": venue.one_line, "arrival": _tidy(venue.arrival_instructions), "access": _tidy(venue.access)}
        for venue in venues.values()
    ]
    if any(_is_online(it.run, each) for each in it.coming):
        parts.append({"is_online": True})
    return parts


def _is_online(run: CourseRun, run_date: RunDate) -> bool:
    return run.is_online and run_date.venue is None


def _tidy(words: str) -> str:
    """What staff typed in a box, without stray ends of lines."""
    return "\n".join(line.strip() for line in words.strip().splitlines())


# Asked, waiting, declined


def request_received(message, now: datetime) -> Composed:
    """We have your request: why it waits and what happens next."""
    it = story(message, now, while_in=[Status.REQUESTED])
    return Composed(context=it.context(reasons=why_it_waits(it.booking)))


def request_declined(message, now: datetime) -> Composed:
    """No place, and why."""
    it = story(message, now, while_in=[Status.DECLINED])
    return Composed(context=it.context(reason=it.booking.reason))


def waiting_list_joined(message, now: datetime) -> Composed:
    """You are on the waiting list, and where."""
    it = story(message, now, while_in=[Status.WAITLISTED])
    if it.has_begun:
        raise Suppress(TOO_LATE)
    position = it.run.bookings.filter(status=Status.WAITLISTED, pk__lte=it.booking.pk).count()
    return Composed(context=it.context(position=position, was_a_request=it.booking.decided_at is not None))


# Before the day


def joining_instructions(message, now: datetime) -> Composed:
    """How to get there or get in.

    :raises Hold: while staff have not said
    """
    it = story(message, now, while_in=[Status.CONFIRMED])
    if it.has_begun:
        raise Suppress(TOO_LATE)
    if it.missing:
        raise Hold(f"Waiting for {it.missing} of {it.run.ref}.")
    return Composed(context=it.context(instructions=_instructions(it)))


def reminder(message, now: datetime) -> Composed:
    """One date is near. Until the run starts it carries the link that gives the place up."""
    it = story(message, now, while_in=[Status.CONFIRMED])
    run_date = next((each for each in it.dates if str(each.pk) == message.facts["date"]), None)
    if run_date is None:
        raise Suppress("That date is no longer part of the run.")
    if run_date.starts_at <= now:
        raise Suppress(TOO_LATE)
    run_starts_at = it.dates[0].starts_at
    link_from = clock_time(run_date.starts_at - rules.LINK_SHOWS_BEFORE)
    return Composed(
        context=it.context(
            near=f"{_near(run_date.starts_at, now)} at {clock_time(run_date.starts_at)}",
            when=date_and_time(run_date.starts_at, run_date.ends_at),
            where=place(it.run, run_date),
            online_from=link_from if _is_online(it.run, run_date) else "",
            until="" if it.has_begun else f"{clock_time(run_starts_at)} on {day(run_starts_at)}",
        ),
        secret_links={} if it.has_begun else {"cant_come": new_address(it.booking, starts_at=run_starts_at)},
    )


def _near(moment: datetime, now: datetime) -> str:
    """``Today`` and ``Tomorrow`` only when they are; a message that leaves late must not mislead."""
    days = rules.local_day(moment) - rules.local_day(now)
    return {timedelta(0): "Today", timedelta(days=1): "Tomorrow"}.get(days, day(moment))


# Ended, moved, changed


def booking_cancelled(message, now: datetime) -> Composed:
    """The booking ended, by the person or by staff."""
    it = story(message, now, while_in=[Status.CANCELLED, Status.CANCELLED_LATE, Status.WITHDRAWN])
    return Composed(
        context=it.context(
            held_a_place=message.facts["held_a_place"],
            was_late=it.booking.status == Status.CANCELLED_LATE,
            deadline=day(it.deadline),
            reason=it.booking.reason,
        ),
        calendar=_cancelling_parts(message, it),
    )


def booking_moved(message, now: datetime) -> Composed:
    """The old booking ended because a new one took its place."""
    it = story(message, now, while_in=[Status.MOVED])
    to = it.booking.moved_to
    to_dates = queries.dates_of(to.run)
    return Composed(
        context=it.context(
            held_a_place=message.facts["held_a_place"],
            reason=it.booking.reason,
            new_dates=[date_and_time(each.starts_at, each.ends_at) for each in to_dates],
            new_course=to.run.course.title,
            booking_url=booking_address(to),
        ),
        calendar=_cancelling_parts(message, it),
    )


def run_changed(message, now: datetime) -> Composed:
    """What was and what is now, for everyone with a booking; a calendar entry for those with a place."""
    it = story(message, now, while_in=[Status.CONFIRMED, Status.WAITLISTED, Status.REQUESTED])
    is_booked = it.booking.is_confirmed
    return Composed(
        context=it.context(
            changes=message.facts["changes"],
            is_booked=is_booked,
            is_waiting=it.booking.is_waiting,
            deadline="" if rules.is_late(it.deadline, now) else day(it.deadline),
            instructions=_instructions(it) if is_booked and it.carries_instructions else None,
        ),
        calendar=calendar.invitation(it.booking, it.coming, now) if is_booked else None,
    )


def run_cancelled(message, now: datetime) -> Composed:
    """The run will not happen, and why."""
    it = story(message, now, while_in=[Status.RUN_CANCELLED])
    return Composed(
        context=it.context(held_a_place=message.facts["held_a_place"], reason=it.run.cancel_reason),
        calendar=_cancelling_parts(message, it),
    )


def run_note(message, now: datetime) -> Composed:
    """Staff's own words to everyone booked; they may come after the day, too."""
    booking = Booking.objects.live().select_related("run__course").filter(pk=message.about_id).first()
    if booking is None:
        raise Suppress("The booking ended.")
    it = Story(booking, booking.run, queries.dates_of(booking.run), now)
    return Composed(context=it.context(subject=message.facts["subject"], words=_tidy(message.facts["words"])))


def _cancelling_parts(message, it: Story):
    """For those who had a place: take the dates still to come out of their calendar."""
    return calendar.cancellation(it.booking, it.coming, it.now) if message.facts["held_a_place"] else None


KINDS = [
    Kind("training/booking_confirmed", "Training: place confirmed", booking_confirmed),
    Kind("training/request_received", "Training: request received", request_received),
    Kind("training/request_declined", "Training: request declined", request_declined),
    Kind("training/waiting_list_joined", "Training: waiting list joined", waiting_list_joined),
    Kind("training/joining_instructions", "Training: joining instructions", joining_instructions),
    Kind("training/reminder", "Training: reminder", reminder),
    Kind("training/booking_cancelled", "Training: booking cancelled", booking_cancelled),
    Kind("training/booking_moved", "Training: booking moved", booking_moved),
    Kind("training/run_changed", "Training: run changed", run_changed),
    Kind("training/run_cancelled", "Training: run cancelled", run_cancelled),
    Kind("training/run_note", "Training: note to everyone booked", run_note),
]


def register_kinds() -> None:
    """Make the messages of training known to the outbox."""
    for kind in KINDS:
        register(kind)
