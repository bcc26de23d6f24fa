"""Dates of a booking as calendar entries (iCalendar: RFC 5545, and RFC 5546 for what a method needs).

One entry for each date. Its UID never changes, its SEQUENCE rises with every change of time or place and with the
cancel, so a calendar always knows which message is the newer one. Calendars are shared with teams: an entry leads to
the booking page and says nothing a colleague should not read.
"""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText, vUri

from chatr.notifications.kinds import CalendarPart

from .models import Booking, RunDate
from .words import booking_address, place

FILENAME = "{ref}-{number}.ics"


def invitation(booking: Booking, dates: list[RunDate], now: datetime) -> list[CalendarPart]:
    """One part for each date, asking a calendar to add it or to bring what it has up to date."""
    return [_part("REQUEST", booking, run_date, len(dates), run_date.ics_sequence, now) for run_date in dates]


def cancellation(booking: Booking, dates: list[RunDate], now: datetime) -> list[CalendarPart]:
    """One part for each date, asking a calendar to take it out: one step above anything sent before."""
    return [_part("CANCEL", booking, run_date, len(dates), run_date.ics_sequence + 1, now) for run_date in dates]


def file_of(booking: Booking, dates: list[RunDate], now: datetime) -> bytes:
    """All dates of a booking in one file, for a person to open in whatever calendar they use."""
    entries = [_entry("PUBLISH", booking, run_date, len(dates), run_date.ics_sequence, now) for run_date in dates]
    return _whole("PUBLISH", entries)


def uid(booking: Booking, run_date: RunDate) -> str:
    """What a calendar knows this date of this booking by, for good."""
    return f"{booking.uuid}-{run_date.pk}@{urlsplit(settings.SITE_URL).hostname}"


def _part(method: str, booking: Booking, run_date: RunDate, of: int, sequence: int, now: datetime) -> CalendarPart:
    return CalendarPart(
        method=method,
        content=_whole(method, [_entry(method, booking, run_date, of, sequence, now)]),
        filename=FILENAME.format(ref=booking.run.ref, number=run_date.number),
        sequence=sequence,
    )


def _whole(method: str, entries: list[Event]) -> bytes:
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", f"-//{settings.SITE_NAME}//Training//EN")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", method)
    for entry in entries:
        whole.add_component(entry)
    return whole.to_ical(sorted=False)


def _entry(method: str, booking: Booking, run_date: RunDate, of: int, sequence: int, now: datetime) -> Event:
    address = booking_address(booking)
    entry = Event()
    entry.add("uid", uid(booking, run_date))
    entry.add("sequence", sequence)
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", run_date.starts_at.astimezone(UTC))
    entry.add("dtend", run_date.ends_at.astimezone(UTC))
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    title = booking.run.course.title
    entry.add("summary", _one_line(title if of == 1 else f"{title} (date {run_date.number} of {of})"))
    entry.add("location", _one_line(place(booking.run, run_date)))
    entry.add("description", f"Your booking: {address}")
    entry["url"] = vUri(address)
    entry.add("transp", "TRANSPARENT" if method == "CANCEL" else "OPAQUE")
    entry["organizer"] = _mailbox(settings.SITE_NAME, settings.PROGRAMME_EMAIL)
    if method != "PUBLISH":  # a published entry names nobody it is for (RFC 5546, 3.2.1)
        entry["attendee"] = _mailbox(
            booking.attendee.name or booking.attendee.email,
            booking.attendee.email,
            cutype="INDIVIDUAL",
            role="REQ-PARTICIPANT",
            partstat="ACCEPTED",  # they asked for the place, so there is nothing left to answer
            rsvp="FALSE",
        )
    return entry


def _mailbox(name: str, email: str, **parameters: str) -> vCalAddress:
    mailbox = vCalAddress(f"mailto:{email}")
    mailbox.params["cn"] = vText(_one_line(name).replace('"', "'"))  # a parameter cannot hold a double quote
    for parameter, value in parameters.items():
        mailbox.params[parameter] = vText(value)
    return mailbox


def _one_line(words: str) -> str:
    """Words without line breaks and control characters, which a value cannot hold. What joins emoji stays."""
    return " ".join("".join(" " if ord(each) < 32 or 127 <= ord(each) < 160 else each for each in words).split())
