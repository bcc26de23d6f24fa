"""What pages, messages and operations ask about one run."""

from datetime import datetime, timedelta

from chatr.workdays.queries import bank_holidays

from .. import rules
from ..models import CourseRun, RunDate


def dates_of(run: CourseRun) -> list[RunDate]:
    """The run's dates in order, with venues; no query when they were loaded with the run."""
    if "dates" in getattr(run, "_prefetched_objects_cache", {}):
        return sorted(run.dates.all(), key=lambda run_date: run_date.number)
    return list(run.dates.in_order().select_related("venue"))


def cancel_deadline(run: CourseRun, dates: list[RunDate]) -> datetime:
    """The last moment to cancel this run in good time. One query, for the bank holidays."""
    first_day = rules.local_day(dates[0].starts_at)
    earliest = first_day - timedelta(days=2 * run.cancel_deadline_working_days + 20)
    return rules.cancel_by(run, dates[0], bank_holidays(earliest, first_day))
