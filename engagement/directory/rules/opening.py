"""Opening hours as people read them: days with the same hours together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from chatr.web.templatetags.portal import clock_time, short_day

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MIDNIGHT = time(0)


@dataclass(frozen=True)
class Hours:
    """Days with their hours: ``Monday to Friday``, ``["9am to 1pm", "2pm to 5pm, in school terms only"]``."""

    days: str
    times: list[str]


def opening_hours(schedules: Iterable, today: date) -> list[Hours]:
    """The hours of a week, now or to come; those that are over are left out. A day that is not here is closed."""
    coming = [each for each in schedules if each.valid_to is None or each.valid_to >= today]
    coming.sort(key=lambda each: (each.day, each.valid_from or date.min, each.opens_at))
    week = [
        (day, tuple(dict.fromkeys(_in_words(each, today) for each in rows)))
        for day, rows in groupby(coming, lambda each: each.day)
    ]
    runs: list[tuple[list[int], tuple[str, ...]]] = []
    for day, times in week:
        if runs and runs[-1][1] == times and runs[-1][0][-1] == day - 1:
            runs[-1][0].append(day)
        else:
            runs.append(([day], times))
    return [Hours(_days(days), list(times)) for days, times in runs]


def _days(days: list[int]) -> str:
    if len(days) == len(DAYS):
        return "Every day"
    if len(days) == 1:
        return DAYS[days[0]]
    return f"{DAYS[days[0]]} {'and' if len(days) == 2 else 'to'} {DAYS[days[-1]]}"


def _in_words(schedule, today: date) -> str:
    if schedule.opens_at == schedule.closes_at == MIDNIGHT:
        said = "all day and night"
    else:
        ends = "midnight" if schedule.closes_at == MIDNIGHT else clock_time(schedule.closes_at)
        said = f"{clock_time(schedule.opens_at)} to {ends}"
    if schedule.valid_from and schedule.valid_from > today:
        said += f", from {short_day(schedule.valid_from)}"
    if schedule.valid_to:
        said += f", until {short_day(schedule.valid_to)}"
    if schedule.term_time_only:
        said += ", in school terms only"
    return f"{said}. {schedule.notes}" if schedule.notes else said
