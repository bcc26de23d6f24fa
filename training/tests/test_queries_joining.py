"""Which runs staff are warned about because people could not find or enter them."""

from datetime import date, time, timedelta

import pytest

from chatr.workdays.clock import local

from ..models import CourseRun
from ..queries.joining import runs_missing_details
from .factories import RunFactory, VenueFactory

pytestmark = pytest.mark.django_db

DAY = date(2027, 1, 14)


def refs(now):
    return [(found.run.ref, found.missing) for found in runs_missing_details(now)]


def test_from_ten_days_before_until_the_start():
    RunFactory(ref="BARE", days=[DAY], venue=VenueFactory(arrival_instructions=" "))
    RunFactory(ref="READY", days=[DAY])
    assert refs(local(DAY - timedelta(days=11), time(23, 59))) == []
    for now in (local(DAY - timedelta(days=10), time(0)), local(DAY, time(9, 29))):
        assert refs(now) == [("BARE", "the arrival instructions")]
    assert refs(local(DAY, time(9, 30))) == []


def test_online_runs_lack_their_link_and_the_soonest_comes_first():
    RunFactory(ref="LATER", days=[DAY + timedelta(days=1)], mode="online", online_link="")
    RunFactory(ref="SOONER", days=[DAY], mode="online", online_link="")
    RunFactory(ref="LINKED", days=[DAY], mode="online")
    assert refs(local(DAY - timedelta(days=3), time(9))) == [
        ("SOONER", "the joining link"),
        ("LATER", "the joining link"),
    ]


def test_drafts_and_cancelled_runs_worry_nobody():
    for status in (CourseRun.Status.DRAFT, CourseRun.Status.CANCELLED, CourseRun.Status.CLOSED):
        RunFactory(ref=status.upper(), days=[DAY], status=status, mode="online", online_link="")
    assert refs(local(DAY - timedelta(days=3), time(9))) == [("CLOSED", "the joining link")]


def test_costs_two_queries(django_assert_num_queries):
    for _ in range(3):
        RunFactory(days=[DAY], mode="online", online_link="")
    with django_assert_num_queries(2):
        runs_missing_details(local(DAY - timedelta(days=3), time(9)))
