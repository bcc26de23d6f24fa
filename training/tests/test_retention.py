"""What training keeps for how long."""

from datetime import date, time, timedelta

import pytest

from chatr.audit.models import AuditEvent
from chatr.retention import operations as retention
from chatr.workdays.clock import local

from ..models import Booking, Needs
from ..operations.bookings import NeedsGiven
from .factories import RunFactory, book

pytestmark = pytest.mark.django_db

NOW = local(date(2026, 12, 1), time(10))


def test_needs_go_four_weeks_after_the_last_date_and_the_booking_stays(people):
    run = RunFactory(days=[date(2027, 1, 14), date(2027, 1, 21)])
    booking = book(people.person, run, now=NOW, needs=NeedsGiven(access="A ramp"))
    last_day = date(2027, 2, 18)
    assert booking.needs.purge_after == last_day
    later = RunFactory(days=[date(2027, 3, 4)])
    kept = book(people.colleague, later, now=NOW, needs=NeedsGiven(dietary="Halal"))

    retention.run(local(last_day, time(23, 59)))
    assert Needs.objects.count() == 2
    retention.run(local(last_day + timedelta(days=1), time(0)))
    assert Needs.objects.get().booking == kept
    assert Booking.objects.count() == 2
    purged = AuditEvent.objects.filter(action="retention.purged", details__rule="training-needs")
    assert [event.details["count"] for event in purged] == [1]

    retention.run(local(last_day + timedelta(days=2), time(0)))
    assert purged.count() == 1
