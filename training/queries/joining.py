"""Which runs are not ready for their joining instructions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from .. import rules
from ..models import CourseRun, RunDate
from .runs import dates_of


@dataclass(frozen=True)
class MissingDetails:
    """A run people may come to soon, and what staff must still supply, in words."""

    run: CourseRun
    first_date: RunDate
    missing: str


def runs_missing_details(now: datetime) -> list[MissingDetails]:
    """Runs that start within ten days without arrival instructions or joining link, the soonest first. Two queries."""
    last_day = rules.local_day(now) + timedelta(days=rules.WARN_DAYS_BEFORE)
    soon = (
        CourseRun.objects.filter(status__in=[CourseRun.Status.PUBLISHED, CourseRun.Status.CLOSED])
        .annotate(first_starts_at=Min("dates__starts_at"))
        .filter(first_starts_at__gt=now, first_starts_at__lt=now + timedelta(days=rules.WARN_DAYS_BEFORE + 1))
        .order_by("first_starts_at", "pk")
        .full_details()
    )
    found = []
    for run in soon:
        dates = dates_of(run)
        missing = rules.lacks_joining_details(run, dates)
        if missing and rules.local_day(dates[0].starts_at) <= last_day:
            found.append(MissingDetails(run, dates[0], missing))
    return found
