"""What people are told, and when: each message as it leaves, after the change that called for it."""

from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from chatr.notifications.models import Message
from chatr.notifications.operations import drain, queue_many
from chatr.testing.people import make_organisation, make_person
from chatr.workdays.clock import local

from ..messages import compose, drafts
from ..models import Course, Venue
from ..operations import bookings as ops
from ..operations import runs as run_ops
from .factories import CourseFactory, RunFactory, VenueFactory, book
from .test_calendar import check

pytestmark = pytest.mark.django_db

NOW = local(date(2026, 12, 1), time(10))
JANUARY = date(2027, 1, 14)  # a Thursday; five working days before it is Thursday 7 January
APRIL = date(2027, 4, 1)  # after the clocks change and after Easter: cancel by Tuesday 23 March


@pytest.fixture
def run(people):
    return a_run([JANUARY])


def a_run(days, ref="INTRO-2027-01", **fields):
    course = fields.pop("course", None) or CourseFactory(title="Introduction to trauma")
    venue = (
        fields.pop("venue", None)
        or Venue.objects.get_or_create(
            name="Town Hall",
            postcode="E8 1EA",
            defaults={
                "address": "1 Mare Street",
                "arrival_instructions": "Ring the bell.\nAsk for Sam.",
                "access": "Lift.",
            },
        )[0]
    )
    return RunFactory(ref=ref, days=days, course=course, venue=venue, **fields)


def sent(at=NOW, to=None):
    """What leaves at this moment."""
    mail.outbox.clear()
    drain(now=at)
    return [email for email in mail.outbox if to is None or to.email in email.to]


def the_one(at=NOW, to=None):
    """The single message that leaves at this moment."""
    emails = sent(at, to)
    assert [email.subject for email in emails] == [email.subject for email in emails[:1]]
    return emails[0]


def entries(email, method):
    """The calendar entries in the bytes that leave, each checked against the standard and the header it comes with."""
    found = []
    for part in message_from_bytes(email.message().as_bytes(linesep="\r\n")).walk():
        if part.get_content_type() != "text/calendar":
            continue
        assert part.get_param("method") == method
        found += check(part.get_payload(decode=True), method)
    return found


def move(run, *starts, venue=None, now=NOW, by):
    dates = list(run.dates.in_order().select_related("venue"))
    plans = [
        run_ops.DatePlan(start, start + timedelta(hours=3, minutes=30), venue or each.venue, each)
        for each, start in zip(dates, starts, strict=True)
    ]
    return run_ops.set_schedule(run=run, plans=plans, by=by, now=now)


class TestConfirmed:
    def test_says_the_place_the_dates_and_what_happens_next(self, run, people):
        booking = book(people.person, run, now=NOW)
        email = the_one()
        assert email.subject == "You have a place: Introduction to trauma, Thursday 14 January 2027"
        page = f"http://localhost:8000/training/bookings/{booking.uuid}/"
        assert email.body.startswith(
            f"""You have a place on Introduction to trauma.

- Thursday 14 January 2027, 9:30am to 1pm
  Town Hall, 1 Mare Street, E8 1EA

Your reference is {booking.reference}. The dates are attached for your calendar.

What happens next:

- Thursday 7 January 2027: we e-mail you how to get there.
- By the end of Thursday 7 January 2027: tell us if you can't come, so that we can offer your place to somebody else.
- Wednesday 13 January 2027: we send you a reminder.
- Thursday 14 January 2027, 9:30am to 1pm: the training.
"""
        )
        assert f"Your booking:\n{page}\n" in email.body
        (entry,) = entries(email, "REQUEST")
        assert (entry["DTSTART"], entry["SEQUENCE"]) == (":20270114T093000Z", ":0")

    @pytest.mark.parametrize(
        ("how", "opening"),
        [
            ("booked", "You have a place on Introduction to trauma."),
            ("approved", "We have agreed to your request. You have a place on"),
            ("waiting_list", "A place came free and it is yours. You have a place on"),
            ("moved", "We have moved your booking. You now have a place on"),
            ("staff", "The programme team has booked you a place on"),
        ],
    )
    def test_the_first_sentence_says_how_it_came_about(self, run, people, how, opening):
        booking = book(people.person, run, now=NOW)
        Message.objects.about(booking).filter(kind="training/booking_confirmed").update(facts={"how": how})
        assert the_one().body.startswith(opening)

    def test_a_later_booker_gets_the_joining_instructions_with_it_and_nothing_stale(self, run, people):
        at = local(date(2027, 1, 12), time(15))
        booking = book(people.person, run, now=at)
        email = the_one(at)
        assert "Getting to Town Hall, 1 Mare Street, E8 1EA:\n\nRing the bell.\nAsk for Sam." in email.body
        assert "Access:\n\nLift." in email.body
        assert "The last day to cancel in good time was Thursday 7 January 2027." in email.body
        kinds = set(Message.objects.about(booking).values_list("kind", flat=True))
        assert kinds == {"training/booking_confirmed", "training/reminder"}
        assert the_one(local(JANUARY, time(8))).subject == "Today at 9:30am: Introduction to trauma"

    def test_somebody_who_books_after_the_reminder_was_due_gets_none(self, people):
        run = a_run([JANUARY], closes_date=JANUARY)
        at = local(date(2027, 1, 13), time(9, 30))
        booking = book(people.person, run, now=at)
        the_one(at)
        assert Message.objects.about(booking).count() == 1
        assert sent(local(JANUARY, time(9))) == []

    def test_a_later_booker_gets_what_was_missing_when_it_is_there(self, people):
        venue = VenueFactory(name="New hall", arrival_instructions="", access="")
        run = a_run([JANUARY], venue=venue)
        at = local(date(2027, 1, 12), time(15))
        book(people.person, run, now=at)
        email = the_one(at)
        assert "Before the day: we e-mail you how to get there." in email.body
        assert "Getting to" not in email.body
        held = Message.objects.held().get()
        assert held.held_reason == "Waiting for the arrival instructions of INTRO-2027-01."
        venue.arrival_instructions = "Use the side door."
        venue.save()
        email = the_one(at + timedelta(hours=3))
        assert email.subject == "Joining instructions: Introduction to trauma, Thursday 14 January 2027"
        assert "Use the side door." in email.body

    def test_of_a_run_on_two_dates_has_an_entry_for_each(self, people):
        run = a_run([date(2027, 3, 25), APRIL])
        book(people.person, run, now=NOW)
        email = the_one()
        assert [entry["DTSTART"] for entry in entries(email, "REQUEST")] == [":20270325T093000Z", ":20270401T083000Z"]
        assert "- Wednesday 31 March 2027: we send you a reminder." in email.body

    def test_is_not_sent_once_the_booking_ended(self, run, people):
        booking = book(people.person, run, now=NOW)
        ops.cancel_booking(booking=booking, by=people.person, now=NOW)
        assert the_one().subject.startswith("Cancelled: ")

    def test_is_not_sent_once_the_run_has_begun(self, run, people):
        booking = book(people.person, run, now=NOW)
        assert sent(local(JANUARY, time(9, 30))) == []
        reasons = set(Message.objects.about(booking).values_list("stopped_reason", flat=True))
        assert reasons == {"The moment it speaks of has passed."}

    def test_online_never_gives_the_joining_link(self, people):
        run = a_run([JANUARY], mode="online", online_link="https://meet.example.org/room-7")
        run.dates.update(venue=None)
        book(people.person, run, now=NOW)
        emails = sent() + sent(local(date(2027, 1, 7), time(9))) + sent(local(date(2027, 1, 13), time(9)))
        assert len(emails) == 3
        for email in emails:
            assert "meet.example.org" not in email.message().as_string()
        assert "Online: the link is on your booking page" in emails[0].body
        assert "The joining link is there from half an hour before the start until the end." in emails[1].body


class TestRequests:
    def test_says_why_it_waits(self, people):
        first = CourseFactory(title="Introduction to trauma")
        course = CourseFactory(title="Trauma in depth", requires=first, approval=Course.Approval.MANAGER)
        book(people.person, a_run([JANUARY], course=course), now=NOW)
        email = the_one()
        assert email.subject == "We have your request: Trauma in depth, Thursday 14 January 2027"
        assert "You do not have a place yet." in email.body
        assert "- This course needs Introduction to trauma first." in email.body
        assert "- This course needs your line manager's agreement." in email.body
        assert "where you work" not in email.body
        assert entries(email, "REQUEST") == []

    def test_says_that_where_they_work_is_not_confirmed_yet(self, run):
        pending = make_organisation("New service", status="pending")
        person = make_person("Gil Ray", "gil@new.example.org", pending)
        book(person, run, now=NOW)
        assert "- Programme staff have not yet confirmed where you work." in the_one().body

    def test_declined_says_the_reason_without_a_calendar(self, people):
        run = a_run([JANUARY], course=CourseFactory(title="Trauma in depth", approval=Course.Approval.STAFF))
        booking = book(people.person, run, now=NOW)
        sent()
        ops.decline_request(booking=booking, reason="It is for school staff.", by=people.staff, now=NOW)
        email = the_one()
        assert email.subject == "We cannot give you a place: Trauma in depth, Thursday 14 January 2027"
        assert "This is why: It is for school staff." in email.body

    def test_approved_gets_a_place_and_only_that_message(self, people):
        run = a_run([JANUARY], course=CourseFactory(title="Trauma in depth", approval=Course.Approval.STAFF))
        booking = book(people.person, run, now=NOW)
        ops.approve_request(booking=booking, by=people.staff, now=NOW)
        assert the_one().body.startswith("We have agreed to your request. You have a place on Trauma in depth.")

    def test_waiting_says_the_position_at_that_moment(self, people):
        run = a_run([JANUARY], places=1)
        book(people.person, run, now=NOW)
        second = book(people.colleague, run, now=NOW)
        book(people.neighbour, run, now=NOW)
        ops.cancel_booking(booking=second, by=people.colleague, now=NOW)
        email = the_one(to=people.neighbour)
        assert email.subject == "You are on the waiting list: Introduction to trauma, Thursday 14 January 2027"
        assert "Introduction to trauma is full. You are number 1 on its waiting list." in email.body

    def test_given_a_place_after_waiting_is_told_once(self, people):
        run = a_run([JANUARY], places=1)
        booked = book(people.person, run, now=NOW)
        book(people.neighbour, run, now=NOW)
        sent()
        ops.cancel_booking(booking=booked, by=people.person, now=NOW)
        ops.give_place_to_first(run=run, by=people.staff, now=NOW)
        assert the_one(to=people.neighbour).body.startswith("A place came free and it is yours.")


class TestJoiningInstructions:
    AT = local(date(2027, 1, 7), time(9))

    def test_leave_a_week_before(self, run, people):
        booking = book(people.person, run, now=NOW)
        sent()
        assert sent(self.AT - timedelta(seconds=1)) == []
        email = the_one(self.AT)
        assert email.subject == "Joining instructions: Introduction to trauma, Thursday 14 January 2027"
        assert "Getting to Town Hall, 1 Mare Street, E8 1EA:\n\nRing the bell.\nAsk for Sam." in email.body
        assert "What might be hard in it: We talk about harm to children" in email.body
        assert f"/training/bookings/{booking.uuid}/" in email.body

    def test_are_held_while_something_is_missing(self, people):
        run = a_run([JANUARY], mode="online", online_link="")
        run.dates.update(venue=None)
        book(people.person, run, now=NOW)
        sent()
        assert sent(self.AT) == []
        assert Message.objects.held().get().held_reason == "Waiting for the joining link of INTRO-2027-01."
        run_ops.set_online_link(run=run, link="https://meet.example.org/room-7", by=people.staff)
        assert the_one(self.AT + timedelta(days=1)).subject.startswith("Joining instructions: ")

    def test_held_until_the_day_are_dropped(self, people):
        run = a_run([JANUARY], venue=VenueFactory(arrival_instructions=""))
        booking = book(people.person, run, now=NOW)
        sent()
        sent(self.AT)
        sent(local(JANUARY, time(9, 30)))
        message = Message.objects.about(booking).get(kind="training/joining_instructions")
        assert (message.state, message.held_reason) == ("suppressed", "")


class TestReminder:
    AT = local(date(2027, 1, 13), time(9))

    def test_is_sent_the_day_before_with_a_link_to_say_no(self, run, people):
        booking = book(people.person, run, now=NOW)
        sent()
        sent(local(date(2027, 1, 7), time(9)))
        email = the_one(self.AT)
        assert email.subject == "Tomorrow at 9:30am: Introduction to trauma"
        assert "- Thursday 14 January 2027, 9:30am to 1pm\n  Town Hall, 1 Mare Street, E8 1EA" in email.body
        assert "The link works once, until 9:30am on Thursday 14 January 2027:\n" in email.body
        assert "http://localhost:8000/training/cant-come/" in email.body
        kept = Message.objects.about(booking).get(kind="training/reminder")
        assert "cant-come/" not in kept.text_body + kept.html_body + str(kept.facts)
        assert "[[cant_come]]" in kept.text_body

    @pytest.mark.parametrize(
        ("at", "subject"),
        [
            (local(date(2027, 1, 13), time(23, 59)), "Tomorrow at 9:30am: Introduction to trauma"),
            (local(date(2027, 1, 14), time(0, 0)), "Today at 9:30am: Introduction to trauma"),
            (local(date(2027, 1, 14), time(9, 29)), "Today at 9:30am: Introduction to trauma"),
        ],
    )
    def test_says_tomorrow_only_when_it_is(self, run, people, at, subject):
        book(people.person, run, now=NOW)
        sent()
        assert subject in [email.subject for email in sent(at)]

    def test_is_dropped_when_the_date_has_begun(self, run, people):
        book(people.person, run, now=NOW)
        sent()
        assert sent(local(JANUARY, time(9, 30))) == []

    def test_of_a_later_date_has_no_link_because_the_run_has_begun(self, people):
        run = a_run([date(2027, 3, 25), APRIL])
        book(people.person, run, now=NOW)
        sent()
        email = sent(local(date(2027, 3, 31), time(9)))[-1]
        assert email.subject == "Tomorrow at 9:30am: Introduction to trauma"
        assert "Thursday 1 April 2027, 9:30am to 1pm" in email.body
        assert "cant-come" not in email.body
        assert "If you can't come, reply to this e-mail." in email.body

    def test_listed_once_for_each_person_booked_and_never_for_the_cancelled(self, people):
        run = a_run([JANUARY], places=3)
        other = a_run([date(2027, 1, 21)], ref="INTRO-2027-02")
        for person in (people.person, people.colleague):
            book(person, run, now=NOW)
        gone = book(people.neighbour, run, now=NOW)
        ops.cancel_booking(booking=gone, by=people.neighbour, now=NOW)
        book(people.neighbour, other, now=NOW)
        drain(now=self.AT - timedelta(hours=1))
        out = StringIO()
        call_command("messages", due_at="2027-01-13 10:00", stdout=out, stderr=StringIO())
        lines = out.getvalue().splitlines()
        assert sorted(line.split("  ")[1:3] for line in lines) == [
            ["training/reminder", person.email] for person in (people.person, people.colleague)
        ]
        assert sorted(email.to[0] for email in sent(self.AT)) == sorted([people.person.email, people.colleague.email])
        assert sent(self.AT) == []


class TestEnded:
    def test_a_cancelled_place_leaves_the_calendar(self, run, people):
        booking = book(people.person, run, now=NOW)
        (before,) = entries(the_one(), "REQUEST")
        ops.cancel_booking(booking=booking, by=people.person, now=NOW)
        email = the_one()
        assert email.subject == "Cancelled: your place on Introduction to trauma, Thursday 14 January 2027"
        assert "Please do not come on:\n\n- Thursday 14 January 2027, 9:30am to 1pm" in email.body
        assert "late cancellation" not in email.body
        (after,) = entries(email, "CANCEL")
        assert (before["UID"], ":0", ":1") == (after["UID"], before["SEQUENCE"], after["SEQUENCE"])
        assert sent(local(date(2027, 1, 13), time(10))) == []

    def test_late_is_said_kindly(self, run, people):
        booking = book(people.person, run, now=NOW)
        at = local(date(2027, 1, 8), time(0))
        ops.cancel_booking(booking=booking, by=people.person, now=at)
        assert (
            "The last day to cancel in good time was Thursday 7 January 2027, so this counts as a late cancellation."
            in the_one(at).body
        )

    def test_by_staff_says_their_reason(self, run, people):
        booking = book(people.person, run, now=NOW)
        ops.cancel_booking(booking=booking, by=people.staff, now=NOW, reason="You asked us by telephone.")
        assert "This is why: You asked us by telephone." in the_one().body

    def test_who_only_waited_gets_no_calendar_part(self, people):
        run = a_run([JANUARY], places=1)
        book(people.person, run, now=NOW)
        waiting = book(people.colleague, run, now=NOW)
        ops.cancel_booking(booking=waiting, by=people.colleague, now=NOW)
        email = the_one(to=people.colleague)
        assert email.subject == "You no longer wait for a place: Introduction to trauma, Thursday 14 January 2027"
        assert entries(email, "CANCEL") == []

    def test_moved_takes_the_old_dates_out_and_sends_the_new(self, run, people):
        to_run = a_run([date(2027, 1, 21)], ref="INTRO-2027-02", course=run.course)
        booking = book(people.person, run, now=NOW)
        (old,) = entries(the_one(), "REQUEST")
        moved = ops.move_booking(booking=booking, to_run=to_run, by=people.staff, now=NOW, reason="The room is small.")
        farewell, confirmation = sorted(sent(), key=lambda email: "have a place" in email.subject)
        assert farewell.subject == "Your booking was moved: Introduction to trauma, Thursday 14 January 2027"
        assert "Your new date is:\n\n- Thursday 21 January 2027, 9:30am to 1pm" in farewell.body
        assert "This is why: The room is small." in farewell.body
        assert str(moved.uuid) in farewell.body
        (gone,) = entries(farewell, "CANCEL")
        assert (gone["UID"], gone["SEQUENCE"]) == (old["UID"], ":1")
        assert confirmation.subject == "You have a place: Introduction to trauma, Thursday 21 January 2027"
        (new,) = entries(confirmation, "REQUEST")
        assert new["UID"] != old["UID"]

    def test_a_cancelled_run_tells_each_person_once_and_why(self, people):
        run = a_run([JANUARY], places=1)
        for person in (people.person, people.neighbour):
            book(person, run, now=NOW)
        sent()
        run_ops.cancel_run(run=run, reason="The trainer is ill.", by=people.staff, now=NOW)
        booked, waiting = the_one(to=people.person), mail.outbox
        assert len(waiting) == 2
        assert booked.subject == "Cancelled: Introduction to trauma, Thursday 14 January 2027"
        assert "will not take place" in booked.body
        assert "This is why: The trainer is ill." in booked.body
        assert [entry["SEQUENCE"] for entry in entries(booked, "CANCEL")] == [":1"]
        (other,) = [email for email in mail.outbox if people.neighbour.email in email.to]
        assert "You no longer wait for a place on it." in other.body
        assert entries(other, "CANCEL") == []
        assert sent(local(date(2027, 1, 13), time(10))) == []


class TestChanged:
    AFTERNOON = local(APRIL, time(14))

    def test_says_what_was_and_what_is_and_sends_one_new_reminder(self, people):
        run = a_run([APRIL], ref="INTRO-2027-04")
        booking = book(people.person, run, now=NOW)
        email = the_one()
        assert "- Thursday 1 April 2027, 9:30am to 1pm\n" in email.body
        assert "- By the end of Tuesday 23 March 2027: tell us if you can't come" in email.body
        (before,) = entries(email, "REQUEST")
        assert before["DTSTART"] == ":20270401T083000Z"
        move(run, self.AFTERNOON, by=people.staff)
        email = the_one()
        assert email.subject == "Changed: Introduction to trauma, now Thursday 1 April 2027"
        assert "- Thursday 1 April 2027, 9:30am to 1pm is now Thursday 1 April 2027, 2pm to 5:30pm." in email.body
        assert "You still have your place." in email.body
        (after,) = entries(email, "REQUEST")
        assert (after["UID"], after["SEQUENCE"], after["DTSTART"]) == (before["UID"], ":1", ":20270401T130000Z")
        reminders = Message.objects.about(booking).filter(kind="training/reminder")
        assert sorted(reminders.values_list("state", flat=True)) == ["queued", "suppressed"]
        sent(local(date(2027, 3, 25), time(9)))
        assert the_one(local(date(2027, 3, 31), time(9))).subject == "Tomorrow at 2pm: Introduction to trauma"

    def test_the_sequence_rises_through_two_moves_and_the_cancel(self, people):
        run = a_run([APRIL])
        booking = book(people.person, run, now=NOW)
        seen = entries(the_one(), "REQUEST")
        for at in (time(14), time(10)):
            move(run, local(APRIL, at), by=people.staff)
            seen += entries(the_one(), "REQUEST")
        ops.cancel_booking(booking=booking, by=people.person, now=NOW)
        seen += entries(the_one(), "CANCEL")
        assert [entry["SEQUENCE"] for entry in seen] == [":0", ":1", ":2", ":3"]
        assert len({entry["UID"] for entry in seen}) == 1

    def test_a_change_overtaken_by_another_is_not_sent(self, people):
        run = a_run([APRIL])
        book(people.person, run, now=NOW)
        sent()
        move(run, local(APRIL, time(14)), by=people.staff)
        move(run, local(APRIL, time(10)), by=people.staff)
        email = the_one()
        assert "10am to 1:30pm" in email.body
        stopped = Message.objects.get(kind="training/run_changed", state="suppressed")
        assert stopped.stopped_reason == "The run was changed again since; a newer message says so."

    def test_who_waits_is_told_without_a_calendar_entry(self, people):
        run = a_run([APRIL], places=1)
        book(people.person, run, now=NOW)
        book(people.colleague, run, now=NOW)
        sent()
        move(run, self.AFTERNOON, by=people.staff)
        email = the_one(to=people.colleague)
        assert "You are still on the waiting list." in email.body
        assert entries(email, "REQUEST") == []
        assert len(mail.outbox) == 2

    def test_inside_the_last_week_carries_the_new_joining_instructions(self, run, people):
        book(people.person, run, now=NOW)
        sent()
        at = local(date(2027, 1, 11), time(12))
        sent(at)
        hall = VenueFactory(name="Other hall", arrival_instructions="Go round the back.")
        move(run, local(JANUARY, time(9, 30)), venue=hall, now=at, by=people.staff)
        email = the_one(at)
        assert "the place is now Other hall" in email.body
        assert "Go round the back." in email.body
        assert sent(at + timedelta(hours=2)) == []
        assert the_one(local(date(2027, 1, 13), time(9))).subject.startswith("Tomorrow")


class TestNote:
    def test_is_staff_s_own_words(self, run, people):
        booking = book(people.person, run, now=NOW)
        sent()
        note = drafts.run_note(
            booking, NOW, note_id="n1", subject="Bring a pen", words="Hello all,\r\n\r\nplease bring one."
        )
        queue_many(note)
        email = the_one()
        assert email.subject == "Bring a pen"
        assert "Hello all,\n\nplease bring one." in email.body

    def test_is_not_sent_to_somebody_who_left(self, run, people):
        booking = book(people.person, run, now=NOW)
        sent()
        queue_many(drafts.run_note(booking, NOW, note_id="n1", subject="Bring a pen", words="Please."))
        ops.cancel_booking(booking=booking, by=people.person, now=NOW)
        assert the_one().subject.startswith("Cancelled")


def test_no_message_holds_what_people_need_or_the_room(people, run):
    booking = ops.book_place(
        run=run,
        attendee=people.person,
        membership=people.person.chosen_membership,
        now=NOW,
        needs=ops.NeedsGiven(access="Wheelchair", dietary="Halal"),
    )
    emails = sent() + sent(local(date(2027, 1, 7), time(9))) + sent(local(date(2027, 1, 13), time(9)))
    ops.cancel_booking(booking=booking, by=people.person, now=local(date(2027, 1, 13), time(12)))
    emails += sent(local(date(2027, 1, 13), time(12)))
    assert len(emails) == 4
    for email in emails:
        text = email.message().as_string()
        assert "Wheelchair" not in text
        assert "Halal" not in text


def test_a_title_or_name_cannot_write_a_header_or_html(people):
    course = CourseFactory(title="Trauma\r\nBcc: mallory@example.net <script>alert(1)</script>")
    people.person.name = "Ada\nX-Evil: 1"
    people.person.save()
    book(people.person, a_run([JANUARY], course=course), now=NOW)
    email = the_one()
    message = email.message()
    assert "Bcc" not in message
    assert "X-Evil" not in message
    html = next(part for part in message.walk() if part.get_content_type() == "text/html")
    assert "<script" not in html.get_payload(decode=True).decode()


def test_every_draft_has_its_kind_and_template(people, run):
    from django.template.loader import get_template

    codes = {kind.code for kind in compose.KINDS}
    assert len(codes) == 11
    for code in codes:
        get_template(f"emails/{code}.txt")
    assert set(drafts.SCHEDULED) <= codes


@settings(deadline=None, max_examples=200)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.integers(0, 60 * 24 * 3))
def test_near_words_follow_the_calendar_in_london(starts, minutes_before):
    starts_at = starts.replace(tzinfo=UTC)
    now = starts_at - timedelta(minutes=minutes_before)
    words = compose._near(starts_at, now)
    days = (starts_at.astimezone(drafts.LONDON).date() - now.astimezone(drafts.LONDON).date()).days
    assert (words == "Tomorrow") == (days == 1)
    assert (words == "Today") == (days == 0)


def test_a_message_about_a_booking_that_is_gone_is_dropped():
    message = SimpleNamespace(about_id="0", facts={})
    with pytest.raises(compose.Suppress):
        compose.booking_confirmed(message, NOW)
