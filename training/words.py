"""Dates and places in words, the same in every page, message and refusal."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from chatr.workdays.clock import LONDON


def clock_time(moment: datetime) -> str:
    """``9:30am``, ``1pm``: the time on the wall in London."""
    local = moment.astimezone(LONDON)
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{hour}{minutes}{'am' if local.hour < 12 else 'pm'}"


def day(moment: datetime) -> str:
    """``Thursday 14 January 2027``, in London."""
    local = moment.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y}"


def date_and_time(starts_at: datetime, ends_at: datetime) -> str:
    """``Thursday 14 January 2027, 9:30am to 1pm``."""
    return f"{day(starts_at)}, {clock_time(starts_at)} to {clock_time(ends_at)}"


def place(run, run_date) -> str:
    """Where one date happens, on one line; never the joining link."""
    if run_date.venue:
        return run_date.venue.one_line
    if run.is_online:
        return "Online: the link is on your booking page"
    return "To be confirmed: see your booking page"


def booking_address(booking) -> str:
    """The whole address of a booking's page, for messages and calendars."""
    return f"{settings.SITE_URL}{reverse('training:booking', args=[booking.uuid])}"
