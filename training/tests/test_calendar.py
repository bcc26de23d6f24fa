"""Calendar parts against what RFC 5545 and RFC 5546 ask for, line by line."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from chatr.accounts.models import User
from chatr.workdays.clock import LONDON, NoSuchTime, local

from .. import calendar
from ..models import Booking, Course, CourseRun, RunDate, Venue

NOW = datetime(2026, 12, 1, 9, 15, 30, tzinfo=UTC)


def a_booking(title="Introduction to trauma", name="Ada Okafor", email="ada@mill-lane.example.org", **run) -> Booking:
    """A booking that needs no database."""
    course = Course(title=title)
    attendee = User(name=name, email=email)
    return Booking(run=CourseRun(ref="INTRO-2027-01", course=course, **run), attendee=attendee)


def a_date(booking: Booking, starts_at: datetime, number=1, venue=None, sequence=0) -> RunDate:
    starts_at = starts_at.astimezone(UTC)  # as it comes from the database
    return RunDate(
        run=booking.run,
        number=number,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3, minutes=30),
        venue=venue,
        ics_sequence=sequence,
    )


def lines_of(content: bytes) -> list[str]:
    """The lines as a strict reader sees them: CRLF, at most 75 octets, whole characters, unfolded."""
    assert content.endswith(b"\r\n")
    raw = content.removesuffix(b"\r\n").split(b"\r\n")
    for line in raw:
        assert b"\n" not in line
        assert b"\r" not in line
        assert 1 <= len(line) <= 75
        line.decode()  # a fold never cuts a character in two
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    return b"\r\n".join(raw).replace(b"\r\n ", b"").decode().split("\r\n")


REQUIRED = {
    "REQUEST": {"ATTENDEE", "DTSTAMP", "DTSTART", "ORGANIZER", "SEQUENCE", "SUMMARY", "UID"},  # RFC 5546, 3.2.2
    "CANCEL": {"ATTENDEE", "DTSTAMP", "ORGANIZER", "SEQUENCE", "STATUS", "UID"},  # 3.2.5
    "PUBLISH": {"DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY", "UID"},  # 3.2.1
}


def check(content: bytes, method: str) -> list[dict]:
    """Read a whole calendar strictly; the properties of each entry, by name."""
    lines = lines_of(content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for once in ("VERSION:2.0", "CALSCALE:GREGORIAN", f"METHOD:{method}"):
        assert lines.count(once) == 1
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    assert "BEGIN:VTIMEZONE" not in lines
    assert "BEGIN:VALARM" not in lines
    entries, entry = [], None
    for line in lines:
        if line == "BEGIN:VEVENT":
            entry = {}
        elif line == "END:VEVENT":
            entries.append(entry)
            entry = None
        elif entry is not None:
            name = re.match(r"[A-Z-]+", line)[0]
            assert name not in entry, f"{name} twice"
            entry[name] = line[len(name) :]
    for entry in entries:
        assert REQUIRED[method] <= entry.keys()
        assert ("ATTENDEE" in entry) == (method != "PUBLISH")
        assert entry["STATUS"] == (":CANCELLED" if method == "CANCEL" else ":CONFIRMED")
        for moment in ("DTSTAMP", "DTSTART", "DTEND"):
            assert re.fullmatch(r":\d{8}T\d{6}Z", entry[moment])
        assert entry["DTSTART"] < entry["DTEND"]
    assert len({entry["UID"] for entry in entries}) == len(entries)
    Calendar.from_ical(content)
    return entries


@pytest.mark.parametrize(
    ("day", "starts"),
    [(date(2027, 1, 14), "20270114T093000Z"), (date(2027, 4, 1), "20270401T083000Z")],
)
def test_half_past_nine_in_london_is_written_in_utc(day, starts):
    booking = a_booking()
    (part,) = calendar.invitation(booking, [a_date(booking, local(day, time(9, 30)))], NOW)
    (entry,) = check(part.content, "REQUEST")
    assert entry["DTSTART"] == f":{starts}"


def test_an_invitation_says_what_a_calendar_needs_and_nothing_else():
    venue = Venue(name="Town Hall", address="1 Mare Street", postcode="E8 1EA", arrival_instructions="Ring the bell")
    booking = a_booking()
    run_date = a_date(booking, local(date(2027, 1, 14), time(9, 30)), venue=venue)
    (part,) = calendar.invitation(booking, [run_date], NOW)
    assert (part.method, part.sequence, part.filename) == ("REQUEST", 0, "INTRO-2027-01-1.ics")
    (entry,) = check(part.content, "REQUEST")
    page = f"http://localhost:8000/training/bookings/{booking.uuid}/"
    assert entry == {
        "UID": f":{booking.uuid}-{run_date.pk}@localhost",
        "SEQUENCE": ":0",
        "DTSTAMP": ":20261201T091530Z",
        "DTSTART": ":20270114T093000Z",
        "DTEND": ":20270114T130000Z",
        "STATUS": ":CONFIRMED",
        "SUMMARY": ":Introduction to trauma",
        "LOCATION": r":Town Hall\, 1 Mare Street\, E8 1EA",
        "DESCRIPTION": f":Your booking: {page}",
        "URL": f":{page}",
        "TRANSP": ":OPAQUE",
        "ORGANIZER": ';CN="ChATR portal":mailto:chatr@example.org',
        "ATTENDEE": ';CN="Ada Okafor";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE'
        ":mailto:ada@mill-lane.example.org",
    }


def test_the_joining_link_is_never_in_it():
    booking = a_booking(mode=CourseRun.Mode.ONLINE, online_link="https://meet.example.org/room-7")
    dates = [a_date(booking, local(date(2027, 1, 14), time(9, 30)))]
    for part in (*calendar.invitation(booking, dates, NOW), *calendar.cancellation(booking, dates, NOW)):
        assert "meet.example.org" not in part.content.decode().replace("\r\n ", "")
        assert check(part.content, part.method)[0]["LOCATION"] == ":Online: the link is on your booking page"
    assert b"meet.example.org" not in calendar.file_of(booking, dates, NOW).replace(b"\r\n ", b"")


def test_a_cancel_has_the_same_identity_and_a_higher_sequence():
    booking = a_booking()
    dates = [a_date(booking, local(date(2027, 1, 14), time(9, 30)), sequence=4)]
    (asked,), (cancelled,) = calendar.invitation(booking, dates, NOW), calendar.cancellation(booking, dates, NOW)
    assert (asked.sequence, cancelled.sequence) == (4, 5)
    (before,), (after,) = check(asked.content, "REQUEST"), check(cancelled.content, "CANCEL")
    assert (before["UID"], before["SEQUENCE"], after["SEQUENCE"]) == (after["UID"], ":4", ":5")


def test_each_date_has_its_own_part_and_a_file_holds_them_all():
    booking = a_booking()
    days = [date(2027, 3, 25), date(2027, 4, 1)]
    dates = [a_date(booking, local(each, time(9, 30)), number) for number, each in enumerate(days, start=1)]
    parts = calendar.invitation(booking, dates, NOW)
    assert [part.filename for part in parts] == ["INTRO-2027-01-1.ics", "INTRO-2027-01-2.ics"]
    one_by_one = [check(part.content, "REQUEST")[0] for part in parts]
    together = check(calendar.file_of(booking, dates, NOW), "PUBLISH")
    for alone, whole in zip(one_by_one, together, strict=True):
        assert alone["SUMMARY"] == whole["SUMMARY"]
        assert alone["UID"] == whole["UID"]
    assert [entry["SUMMARY"][-13:] for entry in together] == ["(date 1 of 2)", "(date 2 of 2)"]
    assert [entry["DTSTART"] for entry in together] == [":20270325T093000Z", ":20270401T083000Z"]


AWKWARD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=150) | st.sampled_from(
    [
        'Zoë "Zed"\r\nBEGIN:VEVENT',
        "عائشة، الصدمة\u200f والتعافي",
        "👩‍👩‍👧‍👦" * 20,
        "a;b,c\\n:d^n'\x07\x85\u2028",
        "X-EVIL:1\nATTENDEE:mailto:mallory@example.net",
    ]
)


@settings(deadline=None, max_examples=300)
@given(title=AWKWARD, name=AWKWARD, where=AWKWARD)
def test_no_name_breaks_a_line_or_adds_one(title, name, where):
    booking = a_booking(title=title or "x", name=name)
    run_date = a_date(booking, local(date(2027, 1, 14), time(9, 30)), venue=Venue(name=where))
    (part,) = calendar.invitation(booking, [run_date], NOW)
    (entry,) = check(part.content, "REQUEST")
    assert entry["ATTENDEE"].endswith(":mailto:ada@mill-lane.example.org")
    read = Calendar.from_ical(part.content).walk("VEVENT")[0]
    printed = "".join(each if each.isprintable() or ord(each) > 160 else " " for each in title or "x")
    assert str(read["SUMMARY"]) == " ".join(printed.split())


WALL_CLOCK = st.datetimes(datetime(2026, 1, 1), datetime(2035, 12, 31)).map(
    lambda m: m.replace(second=0, microsecond=0)
)


@settings(deadline=None, max_examples=300)
@given(WALL_CLOCK | st.sampled_from([datetime(2027, 3, 28, 2), datetime(2027, 10, 31, 1, 30), datetime(2027, 3, 28)]))
def test_reading_it_back_gives_the_time_on_the_wall(wall_clock):
    try:
        starts_at = local(wall_clock.date(), wall_clock.time())
    except NoSuchTime:
        return
    booking = a_booking()
    run_date = a_date(booking, starts_at)
    (part,) = calendar.invitation(booking, [run_date], NOW)
    check(part.content, "REQUEST")
    entry = Calendar.from_ical(part.content).walk("VEVENT")[0]
    assert entry.decoded("dtstart") == run_date.starts_at == starts_at.astimezone(UTC)
    assert entry.decoded("dtstart").astimezone(LONDON).replace(tzinfo=None) == wall_clock
    assert entry.decoded("dtend") == run_date.ends_at
