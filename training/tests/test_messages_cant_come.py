"""Saying "I can't come" from a reminder: without signing in, by one button, once."""

import re
from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from chatr.audit.models import AuditEvent
from chatr.links import operations as links
from chatr.links.models import UsedLink
from chatr.notifications.operations import drain
from chatr.workdays.clock import local

from ..messages.cant_come import PURPOSE
from ..models import Booking
from ..operations import bookings as ops
from ..operations import runs as run_ops
from ..operations.cant_come import give_up_by_link
from .factories import CourseFactory, RunFactory, book, clock_at

pytestmark = pytest.mark.django_db

NOW = local(date(2026, 12, 1), time(10))
EVE = local(date(2027, 1, 13), time(9))
STARTS = local(date(2027, 1, 14), time(9, 30))


@pytest.fixture
def booking(people):
    course = CourseFactory(title="Introduction to trauma")
    return book(people.person, RunFactory(ref="INTRO-2027-01", days=[date(2027, 1, 14)], course=course), now=NOW)


@pytest.fixture
def address(booking):
    """The link as the person gets it, by real mail the day before."""
    drain(now=EVE)
    (reminder,) = [email for email in mail.outbox if email.subject.startswith("Tomorrow")]
    mail.outbox.clear()
    return re.search(r"http://localhost:8000(/training/cant-come/\S+)", reminder.body)[1]


@pytest.fixture
def press():
    """Open the page in a fresh browser that checks forgery protection, and press its button."""

    def press(address, at=EVE):
        browser = Client(enforce_csrf_checks=True)
        with clock_at(at):
            page = browser.get(address)
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
            return browser.post(address, {"csrfmiddlewaretoken": token[1] if token else ""}, follow=True)

    return press


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_looking_changes_nothing(client, booking, address):
    for method in (client.get, client.head, client.get):
        with clock_at(EVE):
            response = method(address)
        assert response.status_code == 200
    booking.refresh_from_db()
    assert booking.is_confirmed
    assert not UsedLink.objects.exists()


def test_the_page_says_who_and_what_and_that_it_is_late(client, booking, address):
    with clock_at(EVE):
        page = client.get(address)
    words = text(page)
    assert "Ada Okafor has a place on <strong>Introduction to trauma</strong>" in words
    assert "Thursday 14 January 2027, 9:30am to 1pm" in words
    assert "The last day to cancel in good time was Thursday 7 January 2027, so this is a late cancellation." in words
    assert words.count("I can't come</button>") == 1


def test_before_the_deadline_it_says_until_when(client, booking):
    token = links.make(PURPOSE, str(booking.uuid), valid_until=STARTS)
    with clock_at(NOW):
        page = client.get(reverse("training:cant-come", args=[token]))
    assert "You can cancel in good time until the end of Thursday 7 January 2027." in text(page)
    assert "late cancellation" not in text(page)


def test_a_place_given_after_the_deadline_is_never_late(client, people):
    run = RunFactory(days=[date(2027, 1, 14)], places=1)
    first = book(people.colleague, run, now=NOW)
    waiting = book(people.person, run, now=NOW)
    ops.cancel_booking(booking=first, by=people.colleague, now=EVE)
    ops.give_place_to_first(run=run, by=people.staff, now=EVE)
    token = links.make(PURPOSE, str(waiting.uuid), valid_until=STARTS)
    with clock_at(EVE):
        page = client.get(reverse("training:cant-come", args=[token]))
    assert "late cancellation" not in text(page)
    assert "in good time" not in text(page)
    assert give_up_by_link(token=token, now=EVE).status == "cancelled"


def test_the_page_is_not_kept_indexed_or_told_to_others(client, address):
    with clock_at(EVE):
        page = client.get(address)
    assert page["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    outside = re.findall(r'(?:href|src|action)="(https?://[^"]+)', page.content.decode())
    assert outside == []


def test_the_button_gives_the_place_up_as_the_person_would(booking, address, press, people):
    response = press(address)
    assert response.redirect_chain == [(address, 302)]
    assert "You told us on Wednesday 13 January 2027 that you can't come" in text(response)
    booking.refresh_from_db()
    assert (booking.status, booking.place, booking.ended_at) == ("cancelled_late", None, EVE)
    ended = AuditEvent.objects.get(action="training.booking_ended")
    assert ended.actor_id == people.person.pk
    drain(now=EVE)
    assert [email.subject for email in mail.outbox] == [
        "Cancelled: your place on Introduction to trauma, Thursday 14 January 2027"
    ]


def test_pressing_again_changes_nothing_and_says_when(booking, address, press):
    press(address)
    later = EVE + timedelta(hours=5)
    browser = Client()
    with clock_at(later):
        response = browser.post(address, follow=True)
    assert "You told us on Wednesday 13 January 2027" in text(response)
    booking.refresh_from_db()
    assert booking.ended_at == EVE
    assert UsedLink.objects.count() == 1


def test_without_the_page_s_own_form_nothing_happens(booking, address):
    with clock_at(EVE):
        assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    booking.refresh_from_db()
    assert booking.is_confirmed


def test_a_booking_that_ended_otherwise_is_said_so(client, booking, address, people):
    ops.cancel_booking(booking=booking, by=people.staff, now=EVE)
    with clock_at(EVE):
        page = client.get(address)
        client.post(address)
    assert "This booking has ended" in text(page)
    assert "I can't come</button>" not in text(page)
    assert not UsedLink.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_dies_when_the_run_starts(client, booking, address, method):
    with clock_at(STARTS):
        response = getattr(client, method)(address)
    assert response.status_code == 410
    assert "This link no longer works" in text(response)
    assert "Ada" not in text(response)
    booking.refresh_from_db()
    assert booking.is_confirmed


def test_a_run_moved_earlier_takes_the_link_with_it(client, booking, address, people):
    run_date = booking.run.dates.get()
    earlier = STARTS - timedelta(hours=20)
    plan = run_ops.DatePlan(earlier, earlier + timedelta(hours=3), run_date.venue, run_date)
    run_ops.set_schedule(run=booking.run, plans=[plan], by=people.staff, now=EVE)
    with clock_at(earlier + timedelta(minutes=1)):
        assert client.get(address).status_code == 410
        client.post(address)
    booking.refresh_from_db()
    assert booking.is_confirmed


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("spoil", [lambda a: a[:-3] + "/", lambda a: a[:-2] + ("a" if a[-2] != "a" else "b") + "/"])
def test_a_forged_or_cut_link_says_nothing(client, booking, address, method, spoil):
    with clock_at(EVE):
        response = getattr(client, method)(spoil(address))
    assert response.status_code == 404
    assert "This link does not work" in text(response)
    assert "Introduction" not in text(response)
    booking.refresh_from_db()
    assert booking.is_confirmed


def test_a_link_for_another_purpose_or_a_gone_booking_is_unknown(client, booking):
    for purpose, subject in (("accounts.invitation", booking.uuid), (PURPOSE, "00000000-0000-4000-8000-000000000000")):
        token = links.make(purpose, str(subject), valid_until=STARTS)
        with clock_at(EVE):
            for method in (client.get, client.post):
                assert method(reverse("training:cant-come", args=[token])).status_code == 404


def test_a_refused_cancel_leaves_the_link_unused(booking):
    token = links.make(PURPOSE, str(booking.uuid), valid_until=STARTS + timedelta(days=1))
    with pytest.raises(ops.CannotChangeBooking):
        give_up_by_link(token=token, now=STARTS)
    assert not UsedLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_presses_at_once_one_counts(booking, address, run_threads):
    token = address.split("/")[-2]
    results = run_threads([lambda: give_up_by_link(token=token, now=EVE)] * 4)
    assert sum(isinstance(result, Booking) for result in results) == 1
    assert sum(isinstance(result, links.LinkUsed) for result in results) == 3
    assert AuditEvent.objects.filter(action="training.booking_ended").count() == 1
