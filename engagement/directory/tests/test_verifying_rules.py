"""When an entry is due and which reminder it calls for, by London's days."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ..models import Service
from ..rules import verifying as rules

DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))
CYCLES = st.sampled_from([months for months, _ in Service.CYCLES])


def test_every_cycle_a_service_can_have_has_its_days():
    assert set(rules.DAYS) == {months for months, _ in Service.CYCLES}


def test_three_months_are_due_on_the_91st_day_and_reminded_three_times():
    verified = date(2026, 10, 12)
    due = rules.due_on(verified, 3)
    assert (due - verified).days == 91
    stages = {day: rules.stage(due, due + timedelta(days=day)) for day in (-1, 0, 13, 14, 27, 28, 29, 400)}
    assert stages == {-1: None, 0: 0, 13: 0, 14: 1, 27: 1, 28: 2, 29: 2, 400: 2}
    assert rules.unverified_from(verified, 3) == due + timedelta(days=29)


@given(DAYS, CYCLES)
def test_the_badge_comes_the_day_after_the_last_reminder(last, cycle):
    due, badge = rules.due_on(last, cycle), rules.unverified_from(last, cycle)
    assert rules.due_before_badge(badge) == due
    assert rules.badge_on(due) == badge
    first = [next(day for day in range(60) if rules.stage(due, due + timedelta(days=day)) == n) for n in (0, 1, 2)]
    assert first == [0, 14, 28]
    assert badge == due + timedelta(days=first[-1] + 1)


@given(DAYS, st.integers(-400, 400), st.integers(0, 400))
def test_a_later_day_never_calls_for_an_earlier_reminder(due, day, later):
    order = [None, 0, 1, 2]
    now, then = (rules.stage(due, due + timedelta(days=each)) for each in (day, day + later))
    assert order.index(then) >= order.index(now)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2050, 1, 1)), CYCLES)
def test_a_day_is_londons_whatever_the_clocks_do(naive, cycle):
    """Verified at any moment of a London day, it is due on one and the same day."""
    moment = naive.replace(tzinfo=UTC)
    day = timezone.localdate(moment)
    assert (rules.due_on(day, cycle) - day).days == rules.DAYS[cycle]


def test_an_evening_in_summer_belongs_to_londons_next_day():
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight in London
    assert rules.due_on(timezone.localdate(late), 3) == date(2026, 7, 2) + timedelta(days=91)


def test_the_public_reads_who_by_kind_and_never_by_name():
    assert {method: rules.by_whom(method) for method in ("page", "link", "bulk", "staff")} == {
        "page": "the service",
        "link": "the service",
        "bulk": "the service",
        "staff": "programme staff",
    }
