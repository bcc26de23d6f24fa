"""Keeping the clocks of a conference in step with what is known about it."""

from datetime import datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.queries import bank_holidays

from ..models import Clock, ClockKind, Conference
from ..queries.clocks import facts_of, limit_of
from ..rules import clocks as rules
from ..rules.timescales import holidays_around

# Worked out elsewhere, from when somebody read in an emergency.
NOT_OURS = (ClockKind.BREAK_GLASS,)
# Given out once is given out: a copy prepared later does not start these again.
STAY_MET = (ClockKind.DECISION_LETTER, ClockKind.RECORD)


@transaction.atomic
def set_clocks(*, conference: Conference, by: User, now: datetime) -> None:
    """Work out every clock of a conference again, and those of the one before, which this one may meet.

    Call it, acting as ``by``, after changing anything a clock depends on. Doing it twice changes nothing. A due date
    moves only when its start or its rule does, and each move is in the audit with the old and the new day.

    :raises NoTimescale: for a day before limits are counted, in words to show beside the date
    """
    if conference.previous_id:
        before = Conference.objects.filter(pk=conference.previous_id).first()
        if before is not None:
            _set(before, by)
    _set(conference, by)


def _set(conference: Conference, by: User) -> None:
    # One at a time, so that two people never write the same clock twice.
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    facts = facts_of(conference)
    stored = {(clock.kind, clock.child_id): clock for clock in conference.clocks.exclude(kind__in=NOT_OURS)}
    holidays = bank_holidays(*holidays_around(*rules.days_of(facts)))
    known = {place: limit_of(clock) for place, clock in stored.items()}
    wanted = {one.place: one for one in rules.clocks(facts, known, holidays)}
    for place, one in wanted.items():
        clock = stored.pop(place, None) or Clock(conference=conference, kind=one.kind, child_id=one.child_id)
        _write(clock, one, by)
    for (kind, _), clock in stored.items():
        # What it followed from is gone. When a review's last conference can't be seen, nothing new is known about it.
        if not (kind == ClockKind.CONFERENCE and facts.previous_is_hidden) and not clock.not_needed:
            clock.not_needed = True
            clock.save()


def _write(clock: Clock, one: rules.Wanted, by: User) -> None:
    is_new = clock._state.adding
    old = None if is_new else limit_of(clock)
    met_on = clock.met_on or one.met_on if clock.kind in STAY_MET else one.met_on
    as_it_is = (old, clock.met_on, clock.not_needed)
    if as_it_is == (one.limit, met_on, one.not_needed) and not is_new:
        return
    clock.start_on, clock.due_on = one.limit.start_on, one.limit.due_on
    clock.rule, clock.rule_version = one.limit.rule, one.limit.version
    clock.met_on, clock.not_needed = met_on, one.not_needed
    clock.save(force_insert=is_new)
    if old is not None and old.due_on != one.limit.due_on:
        record("conferences.clock_moved", clock.conference, by=by, details=_moved(clock, old.start_on, old.due_on))


def _moved(clock: Clock, start_on, due_on) -> dict:
    return {
        "clock": clock.kind,
        "child": str(clock.child_id or ""),
        "old_start": f"{start_on:%Y-%m-%d}",
        "new_start": f"{clock.start_on:%Y-%m-%d}",
        "old": f"{due_on:%Y-%m-%d}",
        "new": f"{clock.due_on:%Y-%m-%d}",
    }
