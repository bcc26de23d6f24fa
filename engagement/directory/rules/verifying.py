"""When an entry has to be verified again, who is reminded when, and when it counts as unverified."""

from datetime import date, timedelta

# Days in each cycle of Service.CYCLES: a 3-month cycle is due on the 91st day.
DAYS = {1: 30, 3: 91, 6: 182, 12: 365}
# Days after it was due: the first reminder, the second, the last with staff told. After the last comes the badge.
REMINDERS = (0, 14, 28)


def due_on(last: date, cycle_months: int) -> date:
    """The day an entry verified (or first published) on ``last`` has to be verified again."""
    return last + timedelta(days=DAYS[cycle_months])


def unverified_from(last: date, cycle_months: int) -> date:
    """The first day it shows as unverified: the day after the last reminder."""
    return due_on(last, cycle_months) + timedelta(days=REMINDERS[-1] + 1)
