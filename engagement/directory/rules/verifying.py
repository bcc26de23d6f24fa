"""When an entry has to be verified again, who is reminded when, and when it counts as unverified.

All in days as London counts them: a day is never 24 hours when the clocks change.
"""

from datetime import date, timedelta

# Days in each cycle of Service.CYCLES: a 3-month cycle is due on the 91st day.
DAYS = {1: 30, 3: 91, 6: 182, 12: 365}
# Days after it was due: the first reminder, the second, the last with staff told. After the last comes the badge.
REMINDERS = (0, 14, 28)
# Days from the first to the badge.
UNTIL_THE_BADGE = REMINDERS[-1] + 1


def due_on(last: date, cycle_months: int) -> date:
    """The day an entry verified (or first published) on ``last`` has to be verified again."""
    return last + timedelta(days=DAYS[cycle_months])


def unverified_from(last: date, cycle_months: int) -> date:
    """The first day it shows as unverified: the day after the last reminder."""
    return due_on(last, cycle_months) + timedelta(days=UNTIL_THE_BADGE)


def due_before_badge(badge: date) -> date:
    """The day it was due, from the first day it shows as unverified."""
    return badge - timedelta(days=UNTIL_THE_BADGE)


def stage(due: date, today: date) -> int | None:
    """Which reminder an entry due then calls for: 0, 1, or 2 from the last on; None before it is due.

    A day on which nothing ran is made up for on the next: the latest reminder goes, those before it do not.
    """
    reached = [number for number, days in enumerate(REMINDERS) if today >= due + timedelta(days=days)]
    return max(reached, default=None)


def badge_on(due: date) -> date:
    """The first day an entry due then shows as unverified."""
    return due + timedelta(days=UNTIL_THE_BADGE)


def by_whom(method: str) -> str:
    """Who verified it, as the public reads it: never a name."""
    return "programme staff" if method == "staff" else "the service"
