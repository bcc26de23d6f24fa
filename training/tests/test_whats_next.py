"""What training puts on the home page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatr.pages import whats_next
from chatr.pages.next_courses import next_courses

from ..operations.bookings import cancel_booking
from .factories import CourseFactory, RunFactory, book, fill, thursday_in

pytestmark = pytest.mark.django_db


def test_the_next_courses_are_the_soonest_with_a_place_left(people):
    full = RunFactory(days=[thursday_in(2)], places=1)
    fill(full)
    RunFactory(days=[thursday_in(3)], status="closed")
    later, sooner = RunFactory(days=[thursday_in(9)]), RunFactory(days=[thursday_in(4)])
    found = next_courses(timezone.now(), limit=3)
    assert [course.title for course in found] == [sooner.course.title, later.course.title]
    assert found[0].places == "3 places left"
    assert found[0].where.startswith("Training room")


def test_whats_next_is_every_date_of_the_persons_own_and_what_they_wait_for(people):
    two_dates = RunFactory(course=CourseFactory(title="Two dates"), days=[thursday_in(3), thursday_in(5)])
    full = RunFactory(course=CourseFactory(title="Full"), days=[thursday_in(4)], places=1)
    fill(full)
    booking = book(people.person, two_dates)
    book(people.person, full)
    book(people.colleague, RunFactory())
    now = timezone.now()
    items = whats_next.items(people.person, now)
    assert [item.title for item in items] == ["Two dates", "Full", "Two dates"]
    assert items[0].url == f"/training/bookings/{booking.uuid}/"
    assert items[1].note == "You are on the waiting list: position 1"
    cancel_booking(booking=booking, by=people.person, now=now)
    assert [item.title for item in whats_next.items(people.person, now)] == ["Full"]


def test_whats_next_for_a_trainer_is_their_own_runs(people):
    RunFactory(ref="MINE", trainers=[people.trainer])
    RunFactory(trainers=[people.staff])
    (item,) = whats_next.items(people.trainer, timezone.now())
    assert (item.action, item.url) == ("See who is coming", "/training/teaching/mine/")
    assert item.note.startswith("You are a trainer.")


def test_a_date_that_is_over_is_not_next(people):
    run = RunFactory(days=[thursday_in(-1), thursday_in(1)])
    book(people.person, run, now=run.dates.first().starts_at - timedelta(days=30))
    assert len(whats_next.items(people.person, timezone.now())) == 1


def test_the_home_page_costs_as_much_with_three_bookings_as_with_one(client, people, sign_in, keeps_one_query_count):
    sign_in(client, people.person)
    keeps_one_query_count(lambda: book(people.person, RunFactory()), lambda: client.get("/"))
