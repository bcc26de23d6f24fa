"""Counting working days: Monday to Friday, without England's bank holidays (``queries.bank_holidays``)."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from .clock import local

DAY = timedelta(days=1)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Whether offices are open on this day."""
    return day.weekday() < 5 and day not in holidays


def nth_working_day_before(day: date, n: int, holidays: Collection[date]) -> date:
    """The nth working day before a day, which itself does not count. With n = 0, the day itself.

    :param holidays: must reach back as far as the answer
    :raises ValueError: if n is negative
    """
    return _count(day, n, holidays, -DAY)


def nth_working_day_after(day: date, n: int, holidays: Collection[date]) -> date:
    """The nth working day after a day, which itself does not count. With n = 0, the day itself.

    :param holidays: must reach as far as the answer
    :raises ValueError: if n is negative
    """
    return _count(day, n, holidays, DAY)


def _count(day: date, n: int, holidays: Collection[date], step: timedelta) -> date:
    if n < 0:
        raise ValueError("Count working days from 0 up.")
    while n:
        day += step
        n -= is_working_day(day, holidays)
    return day


def end_of_day(day: date) -> datetime:
    """The last second of a day in London."""
    return local(day, time(23, 59, 59))
