from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatr.workdays.queries import bank_holidays
from chatr.workdays.rules import is_working_day, nth_working_day_after, nth_working_day_before

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.fixture
def holidays(db):
    return bank_holidays(date(2026, 12, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("course", "last_day_to_cancel"),
    [
        (date(2027, 1, 14), date(2027, 1, 7)),
        (date(2027, 4, 1), date(2027, 3, 23)),  # over Good Friday and Easter Monday
        (date(2027, 1, 4), date(2026, 12, 23)),  # over Christmas and New Year
    ],
)
def test_five_working_days_before_a_course(holidays, course, last_day_to_cancel):
    assert nth_working_day_before(course, 5, holidays) == last_day_to_cancel


def test_weekends_and_bank_holidays_are_not_working_days(holidays):
    assert not is_working_day(date(2027, 1, 9), holidays)
    assert not is_working_day(date(2027, 1, 10), holidays)
    assert not is_working_day(date(2027, 3, 26), holidays)
    assert is_working_day(date(2027, 3, 25), holidays)
    assert is_working_day(date(2027, 3, 26), frozenset())


def test_none_before_or_after_is_the_day_itself_even_when_it_is_a_weekend():
    assert nth_working_day_before(date(2027, 1, 9), 0, ()) == nth_working_day_after(date(2027, 1, 9), 0, ())


@pytest.mark.parametrize("count", [nth_working_day_before, nth_working_day_after])
def test_a_negative_count_is_refused(count):
    with pytest.raises(ValueError, match="from 0 up"):
        count(date(2027, 1, 9), -1, ())


@given(DAYS, st.integers(1, 60), st.frozensets(st.integers(-120, 120), max_size=30))
def test_counting_agrees_with_listing_every_day(day, n, offsets):
    """Independently: of all days on that side in order, drop those off, and take the nth."""
    off = {day + timedelta(days=each) for each in offsets}
    open_after = [
        each for each in (day + timedelta(days=i) for i in range(1, 200)) if f"{each:%a}" not in ("Sat", "Sun")
    ]
    open_before = [
        each for each in (day - timedelta(days=i) for i in range(1, 200)) if f"{each:%a}" not in ("Sat", "Sun")
    ]
    assert nth_working_day_after(day, n, off) == [each for each in open_after if each not in off][n - 1]
    assert nth_working_day_before(day, n, off) == [each for each in open_before if each not in off][n - 1]


@given(DAYS.filter(lambda day: day.weekday() < 5), st.integers(1, 40))
def test_before_undoes_after(day, n):
    assert nth_working_day_before(nth_working_day_after(day, n, ()), n, ()) == day
