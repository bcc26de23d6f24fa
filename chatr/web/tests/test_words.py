"""Dates, times and counts as people read them, on both sides of the days the clocks change."""

from datetime import UTC, date, datetime, time

import pytest

from chatr.web.templatetags import portal
from chatr.workdays.clock import local


def test_a_day_is_written_out():
    assert portal.day(date(2027, 1, 14)) == "Thursday 14 January 2027"
    assert portal.short_day(date(2027, 1, 4)) == "4 January 2027"


def test_a_moment_is_told_by_the_clock_in_london():
    assert portal.clock_time(datetime(2027, 1, 14, 9, 30, tzinfo=UTC)) == "9:30am"
    assert portal.clock_time(datetime(2027, 4, 1, 8, 30, tzinfo=UTC)) == "9:30am"


def test_a_late_moment_in_summer_belongs_to_the_next_day():
    assert portal.day(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == "Thursday 1 July 2027"
    assert portal.day(datetime(2027, 12, 31, 23, 30, tzinfo=UTC)) == "Friday 31 December 2027"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0, 0), "12am"),
        (time(0, 5), "12:05am"),
        (time(9, 0), "9am"),
        (time(12, 0), "12pm"),
        (time(12, 30), "12:30pm"),
        (time(13, 0), "1pm"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_clock_times(at, words):
    assert portal.clock_time(at) == words


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 30), date(2027, 10, 31)])
def test_a_span_is_the_same_before_and_after_the_clocks_change(day):
    assert portal.time_span(local(day, time(9, 30)), local(day, time(13))) == "9:30am to 1pm"


def test_day_and_time():
    assert portal.day_and_time(local(date(2027, 4, 1), time(9, 30))) == "Thursday 1 April 2027, 9:30am"


def test_nothing_is_told_of_no_moment():
    for words in (portal.day, portal.short_day, portal.clock_time, portal.day_and_time):
        assert words(None) == ""
    assert portal.time_span(None, None) == ""


def test_counts_come_with_their_noun():
    assert portal.plural_places(1) == "1 place"
    assert portal.plural_places(0) == "0 places"
    assert portal.plural(1200, "person,people") == "1,200 people"


def test_a_browser_is_named_in_words():
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
    assert portal.browser_name(edge) == "Edge on Windows"
    assert portal.browser_name("Mozilla/5.0 (iPhone; CPU) Version/18.0 Mobile Safari/604.1") == "Safari on iPhone"
    assert portal.browser_name("curl/8") == "A browser"
