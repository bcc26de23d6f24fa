"""Booking a place: signed out, signed in, asked, checked, sent once or twice, and refused."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatr.accounts.models import Membership, Organisation
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import make_organisation, make_person
from chatr.workdays.clock import local

from ..models import Booking, Course, Needs
from ..operations.bookings import cancel_booking
from .factories import CourseFactory, RunFactory, VenueFactory, book, clock_at, fill, thursday_in
from .test_views_catalogue import text_of

pytestmark = pytest.mark.django_db
ANSWERS = {"access": "A seat near the door", "dietary": "Halal"}


def book_url(run) -> str:
    return reverse("training:book-place", args=[run.ref.lower()])


def send(client, run, step="confirm", **answers):
    return client.post(book_url(run), {"form_key": uuid.uuid4(), "step": step, **ANSWERS, **answers})


@pytest.fixture
def ada(client, people, sign_in):
    """The client, signed in as the person of ``people``."""
    sign_in(client, people.person)
    return people.person


@pytest.fixture
def writes_nothing():
    """What is kept must be the same at the end of the test as it was when this is called."""

    def state():
        return [list(model.objects.order_by("pk").values()) for model in (Booking, Needs, Message, AuditEvent)]

    before = []

    def start():
        before.append(state())

    yield start
    assert before and state() == before[0]


# Before signing in


def test_signed_out_it_says_which_run_and_offers_both_ways_back_to_it(client, people):
    run = RunFactory(ref="INTRO-2027-01", course__title="Introduction")
    response = client.get("/training/runs/intro-2027-01/book/")
    assert "Book a place Introduction" in text_of(response)
    assert "3 places left" in text_of(response)
    back = "?next=%2Ftraining%2Fruns%2FINTRO-2027-01%2Fbook%2F"
    assert f"{reverse('account_login')}{back}".encode() in response.content
    assert f"{reverse('account_signup')}{back}".encode() in response.content
    assert book_url(run) == "/training/runs/intro-2027-01/book/"


def test_answers_sent_signed_out_are_not_kept(client, people, writes_nothing):
    run = RunFactory()
    writes_nothing()
    response = send(client, run)
    assert "You are not signed in any more, so nothing was sent." in text_of(response)
    assert b"seat near the door" not in response.content


def test_somebody_who_has_not_said_where_they_work_says_so_first(client, people, sign_in, writes_nothing):
    run = RunFactory()
    sign_in(client, make_person("New Person", "new@nowhere.example.org"))
    writes_nothing()
    where = f"{reverse('accounts:where-you-work')}?next=%2Ftraining%2Fruns%2F{run.ref}%2Fbook%2F"
    for response in (client.get(book_url(run)), send(client, run)):
        assert response.url == where


# The four steps


def test_a_whole_booking_takes_four_requests_and_says_what_happens_next(client, people, sign_in):
    with clock_at(local(date(2026, 12, 1), time(12))):
        sign_in(client, people.person)
        run = RunFactory(days=[date(2027, 1, 14)], venue=VenueFactory(name="Hackney Service Centre"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(book_url(run))
            key = page.context["form_key"]
            check = client.post(book_url(run), {"form_key": key, **ANSWERS})
            sent = client.post(book_url(run), {"form_key": key, **ANSWERS, "step": "confirm"})
            done = client.get(sent.url)
    booking = Booking.objects.get()
    assert "What do you need on the day?" in text_of(page)
    assert "Check your answers" in text_of(check)
    assert "A seat near the door" in text_of(check)
    assert "by the end of Thursday 7 January 2027" in text_of(check)
    assert sent.url == reverse("training:booking-done", args=[booking.uuid])
    said = text_of(done)
    assert f"You have a place {run.course.title} Your reference: {booking.reference}" in said
    steps = [(step["when"], step["text"]) for step in done.context["steps"]]
    assert steps == [
        ("Now", "We e-mail you at ada@mill-lane.example.org a confirmation, with the dates for your calendar."),
        (
            "Thursday 7 January 2027",
            "We e-mail joining instructions: which door, and who to ask for.",
        ),
        (
            "Thursday 7 January 2027",
            "Cancel by the end of Thursday 7 January 2027 if you can’t come, so that somebody else can have the place.",
        ),
        ("Wednesday 13 January 2027", "We e-mail a reminder, with a link to say that you can’t come."),
        ("Thursday 14 January 2027", "9:30am to 1pm, Hackney Service Centre."),
    ]
    assert reverse("training:booking-calendar", args=[booking.uuid]).encode() in done.content
    assert (booking.needs.access, booking.needs.dietary) == ("A seat near the door", "Halal")
    assert len(queries) <= 38, len(queries)  # the message takes the rest of the 45


def test_the_time_after_the_clocks_change_is_the_one_on_the_wall(client, people, sign_in):
    with clock_at(local(date(2027, 2, 1), time(12))):
        sign_in(client, people.person)
        run = RunFactory(days=[date(2027, 4, 1)])
        done = client.get(send(client, run).url)
    assert "9:30am to 1pm" in text_of(done)
    assert "Cancel by the end of Tuesday 23 March 2027" in text_of(done)


def test_a_late_booker_reads_that_the_day_to_cancel_has_passed_before_they_book(client, people, sign_in):
    with clock_at(local(date(2027, 1, 8), time(9))):
        sign_in(client, people.person)
        run = RunFactory(days=[date(2027, 1, 14)])
        said = text_of(send(client, run, step=""))
    assert "The last day to cancel was Thursday 7 January 2027." in said
    assert "You can cancel on your booking page by" not in said


def test_needs_are_optional(client, ada):
    run = RunFactory()
    assert "Nothing said" in text_of(send(client, run, step="", access="", dietary=""))
    send(client, run, access=" ", dietary="")
    assert Booking.objects.get().is_confirmed
    assert not Needs.objects.exists()


def test_needs_are_in_no_session_address_message_or_audit(client, ada):
    run = RunFactory()
    send(client, run, step="")
    sent = send(client, run)
    assert "door" not in sent.url
    assert "door" not in str(dict(client.session.items()))
    assert "door" not in str(list(Message.objects.values()))
    assert "door" not in str(list(AuditEvent.objects.values()))
    with connection.cursor() as cursor:
        cursor.execute("select access from training_needs")
        assert "door" not in cursor.fetchone()[0]


def test_change_brings_back_what_was_typed(client, ada, writes_nothing):
    run = RunFactory()
    writes_nothing()
    response = send(client, run, step="change", access="Two\r\nlines")
    assert "What do you need on the day?" in text_of(response)
    assert b"Two\r\nlines</textarea>" in response.content
    assert b"Halal</textarea>" in response.content


@pytest.mark.parametrize("step", ["", "confirm"])
def test_answers_too_long_are_said_beside_the_box_and_the_rest_is_kept(client, ada, step, writes_nothing):
    run = RunFactory()
    writes_nothing()
    response = send(client, run, step=step, access="x" * 1001)
    assert "Access needs must be 1,000 characters or fewer" in text_of(response)
    assert b'href="#id_access"' in response.content
    assert b"Halal</textarea>" in response.content


def test_a_new_line_counts_as_one_character(client, ada):
    response = send(client, RunFactory(), step="", access="\r\n".join("x" * 500))
    assert "Check your answers" in text_of(response)


@pytest.mark.parametrize("key", ["", "not-a-key", "\x00"])
def test_answers_without_their_key_are_asked_again_with_what_was_typed(client, ada, key, writes_nothing):
    run = RunFactory()
    writes_nothing()
    response = send(client, run, form_key=key)
    assert "Your answers came in part" in text_of(response)
    assert b"Halal</textarea>" in response.content
    assert uuid.UUID(str(response.context["form_key"]))


# Sent twice


def test_the_same_answers_sent_twice_are_one_booking_one_message_one_page(client, ada):
    run, key = RunFactory(), uuid.uuid4()
    first, second = send(client, run, form_key=key), send(client, run, form_key=key)
    assert first.url == second.url == reverse("training:booking-done", args=[Booking.objects.get().uuid])
    assert Message.objects.filter(kind="training/booking_confirmed").count() == 1
    assert "already" not in text_of(client.get(second.url))


def test_sent_twice_for_the_last_place_it_is_still_one_booking(client, ada):
    run, key = RunFactory(places=1, waiting_list_cap=0), uuid.uuid4()
    assert send(client, run, form_key=key).url == send(client, run, form_key=key).url


def test_two_tabs_end_on_the_same_booking_with_a_plain_notice(client, ada):
    run = RunFactory()
    send(client, run)
    response = client.post(book_url(run), {"form_key": uuid.uuid4(), "step": "confirm"}, follow=True)
    assert response.redirect_chain[0][0] == reverse("training:booking", args=[Booking.objects.get().uuid])
    assert "You already have a booking on this run. This is it." in text_of(response)


def test_answers_replayed_after_cancelling_book_nothing_anew(client, ada):
    run, key = RunFactory(), uuid.uuid4()
    send(client, run, form_key=key)
    booking = Booking.objects.get()
    cancel_booking(booking=booking, by=ada, now=booking.created_at)
    response = client.post(book_url(run), {"form_key": key, "step": "confirm"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("training:booking", args=[booking.uuid])
    assert "Cancelled" in text_of(response) or "You cancelled" in text_of(response)
    assert Booking.objects.count() == 1


def test_somebody_elses_key_is_no_key_to_their_booking(client, people, sign_in):
    run, key = RunFactory(), uuid.uuid4()
    sign_in(client, people.person)
    send(client, run, form_key=key)
    sign_in(client, people.neighbour)
    response = send(client, run, form_key=key)
    assert response.url == reverse("training:booking-done", args=[Booking.objects.get(attendee=people.neighbour).uuid])


# Already booked


def test_opening_the_page_again_leads_to_the_booking(client, ada):
    run = RunFactory()
    booking = book(ada, run)
    assert client.get(book_url(run)).url == reverse("training:booking", args=[booking.uuid])


def test_booked_on_another_run_offers_to_move(client, ada):
    course = CourseFactory()
    booking = book(ada, RunFactory(course=course, ref="FIRST"))
    other = RunFactory(course=course, ref="SECOND", days=[thursday_in(12)])
    for response in (client.get(book_url(other)), send(client, other)):
        said = text_of(response)
        assert f"(FIRST), reference {booking.reference}" in said
        assert "Move my booking to this run" in said
    moved = client.post(reverse("training:move-booking", args=[booking.uuid]), {"to": "SECOND"}, follow=True)
    assert "Your booking has been moved to" in text_of(moved)
    assert Booking.objects.live().get().run == other


def test_booked_on_another_run_and_too_late_to_move_says_why(client, people, sign_in):
    course = CourseFactory()
    soon = RunFactory(course=course, days=[thursday_in(1)], closes_date=thursday_in(1) - timedelta(days=1))
    soon.cancel_deadline_working_days = 20
    soon.save()
    book(people.person, soon)
    sign_in(client, people.person)
    said = text_of(client.get(book_url(RunFactory(course=course))))
    assert "The time to change it yourself has passed." in said
    assert "Move my booking" not in said


# Full, waiting, requests


def test_a_full_run_says_so_and_how_many_wait_before_asking_anything(client, people, sign_in):
    run = RunFactory(places=1)
    fill(run)
    book(people.colleague, run)
    sign_in(client, people.person)
    page = client.get(book_url(run))
    said = text_of(page)
    assert said.index("This run is full. You can join the waiting list: 1 person is waiting.") < said.index(
        "Access needs"
    )
    assert "Join waiting list" in text_of(send(client, run, step=""))
    done = text_of(client.get(send(client, run).url))
    assert "You are on the waiting list: position 2" in done
    assert "programme staff give it to whoever has waited longest" in done


def test_full_with_a_full_waiting_list_asks_nothing_and_names_other_dates(client, people, sign_in, writes_nothing):
    course = CourseFactory()
    run = RunFactory(course=course, places=1, waiting_list_cap=0)
    other = RunFactory(course=course, days=[thursday_in(12)])
    fill(run)
    sign_in(client, people.person)
    writes_nothing()
    for response in (client.get(book_url(run)), send(client, run, step=""), send(client, run)):
        assert "This run is full" in text_of(response)
        assert book_url(other).encode() in response.content
        assert b"textarea" not in response.content


@pytest.mark.parametrize(
    ("course", "why"),
    [
        ({"approval": Course.Approval.STAFF}, "Programme staff read each request for this course."),
        ({"approval": Course.Approval.MANAGER}, "This course needs your line manager's agreement."),
    ],
)
def test_a_course_with_approval_takes_a_request_and_says_why_it_waits(client, ada, course, why):
    run = RunFactory(course=CourseFactory(**course))
    assert "Programme staff read each request" in text_of(client.get(book_url(run)))
    done = text_of(client.get(send(client, run).url))
    assert "We have your request" in done
    assert why in done
    assert Booking.objects.get().is_request


def test_a_course_with_another_needed_first_takes_a_request(client, ada):
    run = RunFactory(course=CourseFactory(requires=CourseFactory(title="Introduction")))
    assert "This course needs Introduction first." in text_of(client.get(send(client, run).url))


def test_while_where_they_work_is_being_checked_it_is_a_request_in_its_order(client, people, sign_in):
    pending = make_organisation("New Group", status=Organisation.Status.PENDING)
    person = make_person("Gil Hart", "gil@new.example.org", pending, confirmed_at=None)
    run = RunFactory()
    sign_in(client, person)
    assert "Until then we keep your request in its order." in text_of(send(client, run, step=""))
    done = text_of(client.get(send(client, run).url))
    assert "We have your request" in done
    assert "have not yet confirmed where you work" in done
    assert Membership.objects.get(user=person).confirmed_at is None


# Refused


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "cancelled"}, "This run has been cancelled."),
        ({"status": "closed"}, "Booking for this run has closed."),
        ({"days": [thursday_in(-1), thursday_in(2)]}, "This run has already started."),
        ({"closes_date": thursday_in(-3)}, "Booking for this run has closed."),
        ({"opens_date": thursday_in(6)}, "Booking opens on"),
    ],
)
@pytest.mark.parametrize("step", ["look", "", "confirm"])
def test_a_run_not_open_says_why_names_other_dates_and_writes_nothing(client, ada, fields, why, step, writes_nothing):
    course = CourseFactory()
    run = RunFactory(course=course, **fields)
    other = RunFactory(course=course, days=[thursday_in(12)])
    writes_nothing()
    response = client.get(book_url(run)) if step == "look" else send(client, run, step=step)
    assert response.status_code == 200
    assert why in text_of(response)
    assert book_url(other).encode() in response.content
    assert b"textarea" not in response.content


def test_a_draft_is_not_found_whether_looked_at_or_posted(client, ada, writes_nothing):
    run = RunFactory(status="draft")
    writes_nothing()
    assert client.get(book_url(run)).status_code == send(client, run).status_code == 404
    assert client.get("/training/runs/made-up/book/").status_code == 404


def test_the_done_page_is_for_the_person_alone(client, people, sign_in):
    booking = book(people.person, RunFactory())
    page = reverse("training:booking-done", args=[booking.uuid])
    assert client.get(page).status_code == 302
    for somebody in (people.colleague, people.neighbour, people.trainer, people.staff):
        sign_in(client, somebody)
        assert client.get(page).status_code == 404


def test_the_done_page_of_a_booking_that_ended_leads_to_the_booking(client, ada):
    booking = book(ada, RunFactory())
    cancel_booking(booking=booking, by=ada, now=booking.created_at)
    response = client.get(reverse("training:booking-done", args=[booking.uuid]))
    assert response.url == reverse("training:booking", args=[booking.uuid])


def test_no_step_is_kept_in_a_cache(client, ada):
    run = RunFactory()
    for response in (client.get(book_url(run)), send(client, run, step=""), send(client, run)):
        assert "no-store" in response["Cache-Control"]
