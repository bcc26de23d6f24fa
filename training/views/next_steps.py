"""What happens after a booking, as dated steps."""

from datetime import datetime

from django.urls import reverse

from .. import queries, rules
from ..messages import drafts
from ..models import Booking
from ..queries.catalogue import where
from ..words import clock_time, day

WAITING = "If a place comes free, programme staff give it to whoever has waited longest, and e-mail you."
DECIDING = "Programme staff answer your request by e-mail."


def next_steps(booking: Booking, now: datetime, *, just_booked: bool = False) -> list[dict]:
    """Each step with ``when`` and ``text``, in order. One query for a booking with a place, none for others."""
    steps = _with_a_place(booking, now) if booking.is_confirmed else _without(booking)
    return [_now(booking), *steps] if just_booked else steps


def _now(booking: Booking) -> dict:
    what = "a confirmation, with the dates for your calendar" if booking.is_confirmed else "that we have it"
    return {"when": "Now", "text": f"We e-mail you at {booking.attendee.email} {what}."}


def _without(booking: Booking) -> list[dict]:
    begins = day(queries.dates_of(booking.run)[0].starts_at)
    take_back = reverse("training:cancel-booking", args=[booking.uuid])
    return [
        {"when": "Next", "text": WAITING if booking.is_waiting else DECIDING},
        {"when": "At any time", "text": "You can take it back.", "url": take_back},
        {"when": begins, "text": "The run begins. Come only if we have told you that you have a place."},
    ]


def _with_a_place(booking: Booking, now: datetime) -> list[dict]:
    run, dates = booking.run, queries.dates_of(booking.run)
    deadline = queries.cancel_deadline(run, dates)
    steps = []
    if now < (moment := drafts.joining_instructions_at(dates)):
        steps.append((moment, day(moment), f"We e-mail joining instructions: {_joining(run)}."))
    if rules.is_late(deadline, now):
        late = f"The day to cancel by, {day(deadline)}, has passed. If you can’t come, tell us as soon as you know."
        steps.append((now, "If you can’t come", late))
    else:
        kind = f"Cancel by the end of {day(deadline)} if you can’t come, so that somebody else can have the place."
        steps.append((deadline, day(deadline), kind))
    for run_date in dates:
        if now < (moment := drafts.reminder_at(run_date)):
            steps.append((moment, day(moment), "We e-mail a reminder, with a link to say that you can’t come."))
        if now < run_date.ends_at:
            times = f"{clock_time(run_date.starts_at)} to {clock_time(run_date.ends_at)}"
            steps.append((run_date.starts_at, day(run_date.starts_at), f"{times}, {where(run, [run_date])}."))
    steps.sort(key=lambda step: step[0])
    return [{"when": when, "text": text} for _, when, text in steps]


def _joining(run) -> str:
    parts = []
    if run.is_in_person:
        parts.append("which door, and who to ask for")
    if run.is_online:
        parts.append("how to join online")
    return "; ".join(parts)
