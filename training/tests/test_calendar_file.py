"""The file of a booking for a person's own calendar."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from ..operations.bookings import cancel_booking
from .factories import RunFactory, book
from .test_calendar import check

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(people):
    return book(people.person, RunFactory(ref="INTRO-2027-01", days=[date(2027, 3, 25), date(2027, 4, 1)]))


def download(client, booking):
    return client.get(reverse("training:booking-calendar", args=[booking.uuid]))


def test_holds_every_date(client, sign_in, people, booking):
    sign_in(client, people.person)
    response = download(client, booking)
    assert response["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert response["Content-Disposition"] == 'attachment; filename="INTRO-2027-01.ics"'
    entries = check(response.content, "PUBLISH")
    assert [entry["DTSTART"] for entry in entries] == [":20270325T093000Z", ":20270401T083000Z"]
    assert [entry["UID"] for entry in entries] == [
        f":{booking.uuid}-{run_date.pk}@localhost" for run_date in booking.run.dates.in_order()
    ]


def test_of_somebody_else_is_not_found(client, sign_in, people, booking):
    for other in (people.colleague, people.staff):
        sign_in(client, other)
        assert download(client, booking).status_code == 404


def test_needs_signing_in(client, booking):
    assert download(client, booking).status_code == 302


def test_of_a_booking_that_ended_or_waits_is_not_found(client, sign_in, people, booking):
    sign_in(client, people.person)
    cancel_booking(booking=booking, by=people.person, now=timezone.now())
    assert download(client, booking).status_code == 404
    full = RunFactory(places=0)
    assert download(client, book(people.person, full)).status_code == 404


def test_costs_as_many_queries_with_three_dates_as_with_one(client, sign_in, people, django_assert_max_num_queries):
    run = RunFactory(days=[date(2027, 3, 25), date(2027, 4, 1), date(2027, 4, 8)])
    booking = book(people.person, run)
    sign_in(client, people.person)
    with django_assert_max_num_queries(6):
        assert download(client, booking).status_code == 200
