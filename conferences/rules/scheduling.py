"""Which days a conference can be on. Pure: the day it is today and the bank holidays are given."""

from collections.abc import Collection
from datetime import date, timedelta

LONGEST_BACK, LONGEST_AHEAD = timedelta(days=366), timedelta(days=731)
GROWN_UP = 18  # years
LONGEST_EXPECTED, LONGEST_OVERDUE = timedelta(days=310), timedelta(days=45)


def why_not_that_day(day: date, today: date) -> str:
    """Why a conference can't be on a day, or nothing. The census bars weekends (8875); the years catch slips."""
    if not today - LONGEST_BACK <= day <= today + LONGEST_AHEAD:
        return f"{_said(day)} is too far away. Check the year."
    if day.weekday() >= 5:
        return f"{_said(day)} is at a weekend. A conference is held from Monday to Friday."
    return ""


def ask_about(day: date, holidays: Collection[date]) -> str:
    """What to confirm about a day, or nothing. A bank holiday is unusual, and allowed."""
    return f"{_said(day)} is a bank holiday. Tick the box if you mean it." if day in holidays else ""


def why_not_born(born_on: date, today: date) -> str:
    """Why a child can't have been born on a day, or nothing. A conference is about somebody under 18."""
    if born_on > today:
        return "This day has not come yet. For a child who is not born yet, enter the expected date instead."
    if (today.year - born_on.year, today.month, today.day) >= (GROWN_UP, born_on.month, born_on.day):
        return "This is 18 years ago or more. A conference is about somebody under 18. Check the year."
    return ""


def why_not_expected(expected_on: date, today: date) -> str:
    """Why a child can't be expected on a day, or nothing."""
    if not today - LONGEST_OVERDUE <= expected_on <= today + LONGEST_EXPECTED:
        return "A child is expected within about 10 months. Check the month and the year."
    return ""


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
