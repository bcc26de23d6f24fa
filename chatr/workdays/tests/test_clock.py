from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatr.workdays.clock import LONDON, NoSuchTime, local
from chatr.workdays.rules import end_of_day


def test_winter_and_summer_mornings():
    assert local(date(2027, 1, 14), time(9, 30)) == datetime(2027, 1, 14, 9, 30, tzinfo=UTC)
    assert local(date(2027, 4, 1), time(9, 30)) == datetime(2027, 4, 1, 8, 30, tzinfo=UTC)


def test_a_time_the_clocks_jump_over_is_refused_and_its_neighbours_are_not():
    with pytest.raises(NoSuchTime, match="01:30 on 28 March 2027 does not exist"):
        local(date(2027, 3, 28), time(1, 30))
    assert local(date(2027, 3, 28), time(0, 59)).astimezone(UTC).hour == 0
    assert local(date(2027, 3, 28), time(2)).astimezone(UTC).hour == 1


def test_an_hour_that_comes_twice_means_the_first():
    assert local(date(2027, 10, 31), time(1, 30)).astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert local(date(2027, 10, 31), time(1, 30, fold=1)).astimezone(UTC).hour == 0


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.times())
def test_a_clock_in_london_shows_the_time_asked_for(day, at):
    try:
        moment = local(day, at)
    except NoSuchTime:
        assert at.hour == 1 and day.month == 3 and day.weekday() == 6
    else:
        shown = moment.astimezone(UTC).astimezone(LONDON)
        assert (shown.date(), shown.time()) == (day, at)


def test_the_day_ends_at_its_last_second():
    assert end_of_day(date(2027, 1, 7)).isoformat() == "2027-01-07T23:59:59+00:00"
    assert end_of_day(date(2027, 3, 28)).isoformat() == "2027-03-28T23:59:59+01:00"
