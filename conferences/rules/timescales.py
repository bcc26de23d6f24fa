"""How soon each step of a child protection conference has to happen: dates from the limits in ``limits.py``.

Day 0 is the event a timescale counts from, and the next day is day 1. Working days are Monday to Friday without
England's bank holidays, which every function is given as ``holidays`` (``workdays.queries.bank_holidays`` over
``holidays_around``). Months and calendar days that end on a day off are brought back to the working day before it,
because a conference cannot be held on the day off and the limit does not move for it. Only the 72 hours of a formal
dissent run on whatever the day is.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from chatr.workdays.rules import DAY, is_working_day, nth_working_day_after, nth_working_day_before

from ..models.codes import ConferenceKind, Outcome
from .limits import RULES, Direction, Rule, Unit

# No limit reaches further: the longest is 183 days.
FURTHEST = timedelta(days=200)


class NoTimescale(ValueError):
    """There is no rule to count by, in words that can be shown beside the date."""


class Step(StrEnum):
    """What differs by the kind of conference."""

    HOLD = "hold"
    NEW_DATE = "new_date"
    REPORTS = "reports"


_BY_KIND = {
    ConferenceKind.INITIAL: ("initial_conference", "new_initial_date", "reports_before_initial"),
    ConferenceKind.PRE_BIRTH: ("initial_conference", "new_initial_date", "reports_before_initial"),
    ConferenceKind.TRANSFER_IN: ("transfer_in_conference", "new_date", "reports_before_initial"),
    ConferenceKind.REVIEW: (None, "new_date", "reports_before_review"),
}


def current(code: str, on: date) -> Rule:
    """The version of a rule that counts from an event on this day.

    :raises NoTimescale: before the first version came into force
    :raises KeyError: for a code nobody has written down
    """
    versions = [rule for rule in RULES if rule.code == code]
    if not versions:
        raise KeyError(code)
    in_force = [rule for rule in versions if rule.in_force_from <= on]
    if not in_force:
        first = min(rule.in_force_from for rule in versions)
        raise NoTimescale(f"Dates are counted from {_day(first)} {first.year} on. Check the year.")
    return max(in_force, key=lambda rule: rule.in_force_from)


def version_of(code: str, version: int) -> Rule:
    """The rule a stored due date was given by.

    :raises KeyError: if there never was one
    """
    for rule in RULES:
        if (rule.code, rule.version) == (code, version):
            return rule
    raise KeyError((code, version))


def rule_for(kind: str, step: Step, on: date) -> Rule:
    """The rule for a step that differs by the kind of conference, counted from an event on this day.

    :raises NoTimescale: for when to hold a review, which ``next_review`` says after the conference before it
    """
    code = dict(zip(Step, _BY_KIND[ConferenceKind(kind)], strict=True))[step]
    if code is None:
        raise NoTimescale("When a review is due follows from the conference before it.")
    return current(code, on)


def next_review(kind: str, outcome: str, on: date) -> Rule | None:
    """When the next review of one child is due after a conference held on this day; None without a plan to review.

    A plan that starts, or arrives from another authority, gets a first review, even where it starts at the review of
    a brother or sister. An adjourned decision has no review of its own: the new date comes from ``Step.NEW_DATE``.
    """
    if outcome not in (Outcome.PLAN, Outcome.CONTINUE):
        return None
    later = kind == ConferenceKind.REVIEW and outcome == Outcome.CONTINUE
    return current("later_review" if later else "first_review", on)


def after_birth(mother_fit: bool, on: date) -> Rule:
    """The rule for the review or core group after a child is born on this day, with a plan made before birth."""
    return current("after_birth" if mother_fit else "after_birth_mother_unfit", on)


class Discussion(Protocol):
    """What is asked of a strategy discussion."""

    held_on: date
    initiated_s47: bool


def clock_start(discussions: Iterable[Discussion]) -> date | None:
    """The day the initial conference counts from: the strategy discussion that started section 47, of however many.

    None while no discussion has started it.

    :raises ValueError: if two say they did
    """
    days = [discussion.held_on for discussion in discussions if discussion.initiated_s47]
    if len(days) > 1:
        raise ValueError("Section 47 is started by one strategy discussion.")
    return days[0] if days else None


def holidays_around(*days: date) -> tuple[date, date]:
    """The first and last day whose bank holidays counting from, to or between these days may need."""
    return min(days) - FURTHEST, max(days) + FURTHEST


def due_on(rule: Rule, start: date, holidays: Collection[date]) -> date:
    """The last day on which a step is in time, counted from its event."""
    if rule.unit is Unit.WORKING_DAYS:
        count = nth_working_day_after if rule.direction is Direction.AFTER else nth_working_day_before
        return count(start, rule.amount, holidays)
    amount = rule.amount if rule.direction is Direction.AFTER else -rule.amount
    if rule.unit is Unit.HOURS:
        return start + timedelta(hours=amount)
    if rule.unit is Unit.CALENDAR_DAYS:
        return _rolled_back(start + timedelta(days=amount), holidays)
    limits = [add_months(start, amount)]
    if rule.at_most_days:
        limits.append(start + timedelta(days=rule.at_most_days))
    return _rolled_back(min(limits), holidays)


def due_at(rule: Rule, start: datetime) -> datetime:
    """The last moment of a limit in hours that have passed, also over a change of the clocks. In UTC.

    :raises ValueError: for a limit in days or months, which has a day (``due_on``)
    """
    if rule.unit is not Unit.HOURS:
        raise ValueError(f"{rule.name} is not counted in hours.")
    return start.astimezone(UTC) + timedelta(hours=rule.amount)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a month that is too short: 30 November + 3 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - DAY).day))


def _rolled_back(day: date, holidays: Collection[date]) -> date:
    while not is_working_day(day, holidays):
        day -= DAY
    return day


def days_late_in_working_days(due: date, held: date, holidays: Collection[date]) -> int:
    """How many working days after its due date something was done; 0 if in time."""
    return _working_days(due, held, holidays)


def _working_days(after: date, until: date, holidays: Collection[date]) -> int:
    """The working days after one day, up to and including another."""
    return sum(is_working_day(after + DAY * n, holidays) for n in range(1, (until - after).days + 1))


def due_in_words(due: date, today: date, holidays: Collection[date]) -> str:
    """``due Monday 23 March, in 2 working days``, ``due today``, ``was due Monday 23 March, 1 working day late``.

    For the chair's desk only, never on paper for a family. The year is said when it is not this one. No count is said
    when there is no working day between.
    """
    if due == today:
        return "due today"
    day = f"{due:%A} {_day(due)}" + (f" {due.year}" if due.year != today.year else "")
    if due > today:
        left = _working_days(today, due, holidays)
        return f"due {day}" + (f", in {_count(left)}" if left else "")
    late = _working_days(due, today, holidays)
    return f"was due {day}" + (f", {_count(late)} late" if late else "")


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


def _count(days: int) -> str:
    return f"{days} working day{'' if days == 1 else 's'}"
