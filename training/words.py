"""Dates, places and addresses in words, the same in every page, message and refusal."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from chatr.web.templatetags.portal import clock_time, day, time_span

__all__ = ["booking_address", "clock_time", "date_and_time", "day", "place"]


def date_and_time(starts_at: datetime, ends_at: datetime) -> str:
    """``Thursday 14 January 2027, 9:30am to 1pm``, in London."""
    return f"{day(starts_at)}, {time_span(starts_at, ends_at)}"


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
