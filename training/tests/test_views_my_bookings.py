"""A person's own bookings, which nobody else can see or touch."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import make_organisation, make_person
from chatr.workdays.clock import local

from ..models import Booking, CourseRun, Needs, Status
from ..operations.bookings import (
    NeedsGiven,
    cancel_booking,
    decline_request,
    give_place_to_first,
)
from ..operations.runs import cancel_run
from .factories import CourseFactory, RunFactory, book, clock_at, fill, thursday_in
from .test_views_catalogue import text_of

pytestmark = pytest.mark.django_db
LIST = "/training/bookings/"
NOON = local(date(2026, 12, 1), time(12))
PAGES = ("booking", "booking-done", "change-needs", "cancel-booking", "move-booking", "booking-calendar")


def url(name: str, booking) -> str:
    return reverse(f"training:{name}", args=[booking.uuid])


def kept():
    """Everything a change of a booking could write."""
    return [list(model.objects.order_by("pk").values()) for model in (Booking, Needs, Message, AuditEvent)]


@pytest.fixture
def ada(client, people, sign_in):
    sign_in(client, people.person)
    return people.person


# The list


def test_the_list_sorts_bookings_by_what_they_are(client, people, sign_in):
    ada = people.person
    course = {kind: CourseFactory(title=kind) for kind in ("Place", "Waiting", "Request", "Gone", "Declined", "Over")}
    place = book(ada, RunFactory(course=course["Place"]))
    full = RunFactory(course=course["Waiting"], places=1)
    fill(full)
    book(people.colleague, full)
    book(ada, full)
    course["Request"].approval = "staff"
    course["Request"].save()
    book(ada, RunFactory(course=course["Request"]))
    gone = book(ada, RunFactory(course=course["Gone"]))
    cancel_booking(booking=gone, by=ada, now=gone.created_at)
    course["Declined"].approval = "staff"
    course["Declined"].save()
    declined = book(ada, RunFactory(course=course["Declined"]))
    decline_request(booking=declined, reason="The group is for managers.", by=people.staff, now=gone.created_at)
    long_ago = local(thursday_in(-20), time(9))
    book(ada, RunFactory(course=course["Over"], days=[thursday_in(-3)]), now=long_ago)

    sign_in(client, ada)
    said = text_of(client.get(LIST))
    order = ["Upcoming Place", "On a waiting list Waiting", "Requests Request", "Past and ended"]
    assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)
    assert f"Booked {place.reference}" in said
    assert "On the waiting list: position 2" in said
    assert "Waiting for a decision" in said
    past = said.split("Past and ended")[1]
    assert "Gone" in past and "You cancelled" in past
    assert "Declined" in past
    assert "Over" in past and "You had a place" in past


def test_the_list_shows_nobody_elses(client, people, ada):
    theirs = book(people.colleague, RunFactory())
    said = text_of(client.get(LIST))
    assert theirs.reference not in said
    assert "You have no bookings yet." in said


def test_a_run_with_its_last_date_to_come_is_not_over(client, ada):
    run = RunFactory(days=[thursday_in(-1), thursday_in(1)])
    book(ada, run, now=local(thursday_in(-9), time(9)))
    assert "Upcoming" in text_of(client.get(LIST))


@pytest.mark.parametrize("ended", [False, True])
def test_the_list_costs_as_much_with_three_bookings_as_with_one(client, ada, keeps_one_query_count, ended):
    def add_row():
        booking = book(ada, RunFactory())
        if ended:
            cancel_booking(booking=booking, by=ada, now=booking.created_at)

    assert keeps_one_query_count(add_row, lambda: client.get(LIST))


def test_past_bookings_are_cut_into_pages(client, ada):
    course = CourseFactory()
    for _ in range(26):
        booking = book(ada, RunFactory(course=course))
        cancel_booking(booking=booking, by=ada, now=booking.created_at)
    assert "Page 1 of 2" in text_of(client.get(LIST))
    assert text_of(client.get(LIST, {"page": 2})).count("You cancelled") == 1


# One booking


def test_the_page_of_a_booking_says_all_there_is(client, people, sign_in):
    with clock_at(NOON):
        sign_in(client, people.person)
        run = RunFactory(days=[date(2027, 1, 14)])
        booking = book(people.person, run, needs=NeedsGiven(access="Large print", dietary="Vegan"))
        said = text_of(client.get(url("booking", booking)))
    assert f"Booking {booking.reference} {run.course.title} Booked" in said
    assert "Thursday 14 January 2027 , 9:30am to 1pm" in said
    assert "Ask for the training room at the front desk." in said
    assert "Access needs Large print Dietary needs Vegan" in said
    assert "Cancel by the end of Thursday 7 January 2027" in said
    assert "Add to calendar" in said
    assert "Move to another date" in said


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_booking_is_not_found_just_as_a_made_up_one(client, people, sign_in, page, method):
    booking, made_up = book(people.person, RunFactory()), Booking(uuid=uuid.uuid4())
    for somebody in (people.colleague, people.neighbour, people.trainer, people.staff):
        sign_in(client, somebody)
        before = kept()
        theirs, nobodys = (getattr(client, method)(url(page, one)) for one in (booking, made_up))
        takes_it = method == "get" or page in ("change-needs", "cancel-booking", "move-booking")
        assert theirs.status_code == nobodys.status_code
        assert not takes_it or (theirs.status_code == 404 and text_of(theirs) == text_of(nobodys))
        assert kept() == before


def test_signed_out_a_booking_leads_to_signing_in_and_back(client, people):
    booking = book(people.person, RunFactory())
    for page in PAGES:
        response = client.get(url(page, booking))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


def test_the_joining_link_shows_from_30_minutes_before_until_the_end_to_booked_people(client, people, sign_in):
    with clock_at(NOON):
        run = RunFactory(days=[date(2027, 1, 14)], mode=CourseRun.Mode.ONLINE)
        booking = book(people.person, run)
    begins, ends = local(date(2027, 1, 14), time(9, 30)), local(date(2027, 1, 14), time(13))
    moments = [
        (begins - timedelta(minutes=30, seconds=1), False),
        (begins - timedelta(minutes=30), True),
        (ends, True),
        (ends + timedelta(seconds=1), False),
    ]
    for moment, shows in moments:
        with clock_at(moment):
            sign_in(client, people.person)
            page = client.get(url("booking", booking))
        assert (run.online_link.encode() in page.content) == shows, moment


def test_somebody_waiting_never_sees_the_joining_link(client, people, sign_in):
    with clock_at(NOON):
        run = RunFactory(days=[date(2027, 1, 14)], mode=CourseRun.Mode.ONLINE, places=0)
        booking = book(people.person, run)
    with clock_at(local(date(2027, 1, 14), time(9, 15))):
        sign_in(client, people.person)
        assert run.online_link.encode() not in client.get(url("booking", booking)).content


def test_a_cancelled_run_says_why_and_where_other_dates_are(client, people, ada):
    run = RunFactory()
    booking = book(ada, run)
    cancel_run(run=run, reason="The trainer is ill.", by=people.staff, now=booking.created_at)
    said = text_of(client.get(url("booking", booking)))
    assert "The run was cancelled" in said
    assert "Why: The trainer is ill." in said
    assert "See other dates" in said
    assert "Cancel my place" not in said


def test_a_booking_page_costs_few_queries(client, ada, django_assert_max_num_queries):
    booking = book(ada, RunFactory(days=[thursday_in(8), thursday_in(9)]))
    with django_assert_max_num_queries(8):
        client.get(url("booking", booking))


# What they need


def test_needs_can_be_changed_and_erased(client, ada):
    booking = book(ada, RunFactory(), needs=NeedsGiven(access="Large print"))
    page = url("change-needs", booking)
    assert b"Large print</textarea>" in client.get(page).content
    client.post(page, {"access": "Step-free", "dietary": "Halal"})
    needs = Needs.objects.get()
    assert (needs.access, needs.dietary) == ("Step-free", "Halal")
    response = client.post(page, {"access": "", "dietary": " "}, follow=True)
    assert "Nothing is kept about what you need." in text_of(response)
    assert not Needs.objects.exists()


def test_needs_too_long_are_said_beside_the_box_and_nothing_is_written(client, ada):
    booking = book(ada, RunFactory(), needs=NeedsGiven(access="Large print"))
    before = kept()
    response = client.post(url("change-needs", booking), {"access": "x" * 1001, "dietary": "Halal"})
    assert "Access needs must be 1,000 characters or fewer" in text_of(response)
    assert b"Halal</textarea>" in response.content
    assert kept() == before


# Cancelling


def test_looking_at_the_cancel_page_changes_nothing(client, ada):
    booking = book(ada, RunFactory())
    before = kept()
    said = text_of(client.get(url("cancel-booking", booking)))
    assert "Cancel your place?" in said
    assert "You are in time" in said
    assert f"Training room {booking.run.dates.get().venue.name.split()[-1]} ({booking.run.ref})" in said
    assert kept() == before


def test_cancelling_in_time(client, ada):
    booking = book(ada, RunFactory(), needs=NeedsGiven(access="Large print"))
    response = client.post(url("cancel-booking", booking), follow=True)
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED
    assert "Your place has been given up." in text_of(response)
    assert not Needs.objects.exists()
    again = client.post(url("cancel-booking", booking), follow=True)
    assert "This booking has ended already." in text_of(again)
    assert Message.objects.filter(kind="training/booking_cancelled").count() == 1


def test_after_the_deadline_it_warns_before_it_is_late(client, people, sign_in):
    with clock_at(NOON):
        booking = book(people.person, RunFactory(days=[date(2027, 1, 14)]))
    page = url("cancel-booking", booking)
    with clock_at(local(date(2027, 1, 7), time(23, 59, 59))):
        sign_in(client, people.person)
        assert "You are in time" in text_of(client.get(page))
    with clock_at(local(date(2027, 1, 8), time(0))):
        before = kept()
        opened_in_time = client.post(page)
        assert "This is late The last day to cancel was Thursday 7 January 2027." in text_of(opened_in_time)
        assert kept() == before
        client.post(page, {"warned": "yes"})
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_LATE


def test_a_place_staff_gave_after_the_deadline_is_never_cancelled_late(client, people, sign_in):
    with clock_at(NOON):
        run = RunFactory(days=[date(2027, 1, 14)], places=1)
        (held,) = fill(run)
        booking = book(people.person, run)
    late = local(date(2027, 1, 11), time(10))
    with clock_at(late):
        cancel_booking(booking=held, by=held.attendee, now=late)
        give_place_to_first(run=run, by=people.staff, now=late)
    with clock_at(late + timedelta(hours=1)):
        sign_in(client, people.person)
        assert "not noted as late" in text_of(client.get(url("cancel-booking", booking)))
        client.post(url("cancel-booking", booking))
    booking.refresh_from_db()
    held.refresh_from_db()
    assert (held.status, booking.status) == (Status.CANCELLED_LATE, Status.CANCELLED)


def test_leaving_the_waiting_list_moves_the_next_up_and_promotes_nobody(client, people, sign_in):
    run = RunFactory(places=1)
    fill(run)
    first, second = book(people.person, run), book(people.colleague, run)
    sign_in(client, people.person)
    assert "Leave the waiting list?" in text_of(client.get(url("cancel-booking", first)))
    client.post(url("cancel-booking", first))
    sign_in(client, people.colleague)
    assert "On the waiting list: position 1" in text_of(client.get(url("booking", second)))
    second.refresh_from_db()
    assert second.is_waiting


def test_once_the_run_has_begun_nothing_can_be_changed(client, people, sign_in):
    with clock_at(NOON):
        booking = book(people.person, RunFactory(days=[date(2027, 1, 14)]))
    with clock_at(local(date(2027, 1, 14), time(10))):
        sign_in(client, people.person)
        before = kept()
        for page in ("cancel-booking", "change-needs", "move-booking"):
            for response in (client.get(url(page, booking)), client.post(url(page, booking), {"to": "x"})):
                assert response.status_code in (200, 302), page
        assert kept() == before
        said = text_of(client.get(url("booking", booking)))
    assert "Cancel my place" not in said and "Change what you need" not in said


# Moving


def test_moving_keeps_the_place_until_the_new_one_is_held(client, people, sign_in):
    course = CourseFactory()
    booking = book(people.person, RunFactory(course=course, ref="OLD"), needs=NeedsGiven(access="Large print"))
    RunFactory(course=course, ref="NEW", days=[thursday_in(12)])
    full = RunFactory(course=course, ref="FULL", days=[thursday_in(13)], places=1)
    fill(full)
    sign_in(client, people.person)
    page = client.get(url("move-booking", booking))
    assert [row.run.ref for row in page.context["rows"]] == ["NEW"]
    before = kept()
    assert "FULL is full, so the booking stays where it is." in text_of(
        client.post(url("move-booking", booking), {"to": "FULL"}, follow=True)
    )
    assert kept() == before
    client.post(url("move-booking", booking), {"to": "new"})
    booking.refresh_from_db()
    assert booking.status == Status.MOVED
    assert booking.moved_to.run.ref == "NEW"
    assert booking.moved_to.needs.access == "Large print"
    said = text_of(client.get(url("booking", booking)))
    assert "Moved to another run" in said and "See the booking it became" in said


@pytest.mark.parametrize(
    ("to", "error"), [("", "Choose a date"), ("MADE-UP", "Choose one of the dates on the page"), ("x" * 99, "")]
)
def test_moving_nowhere_is_asked_again(client, ada, to, error):
    course = CourseFactory()
    booking = book(ada, RunFactory(course=course))
    RunFactory(course=course, days=[thursday_in(12)])
    before = kept()
    response = client.post(url("move-booking", booking), {"to": to})
    assert "There is a problem" in text_of(response)
    assert error in text_of(response)
    assert kept() == before


def test_nobody_moves_to_another_course_or_to_a_draft(client, ada):
    booking = book(ada, RunFactory())
    RunFactory(ref="OTHER-COURSE")
    RunFactory(ref="DRAFT", course=booking.run.course, status="draft")
    before = kept()
    other = client.post(url("move-booking", booking), {"to": "OTHER-COURSE"}, follow=True)
    assert "You can only move to another run of the same course." in text_of(other)
    client.post(url("move-booking", booking), {"to": "DRAFT"})
    assert kept() == before


# For trainers


def test_a_trainer_sees_who_is_coming_to_their_own_run_and_the_link(client, people, sign_in):
    run = RunFactory(ref="MINE", trainers=[people.trainer], mode=CourseRun.Mode.ONLINE)
    book(people.person, run, needs=NeedsGiven(access="Large print", dietary="Vegan"))
    book(people.neighbour, run)
    sign_in(client, people.trainer)
    assert run.course.title in text_of(client.get("/training/teaching/"))
    said = text_of(client.get("/training/teaching/mine/"))
    assert "Ada Okafor Mill Lane School Access: Large print Dietary: Vegan" in said
    assert "Chidi Nwosu Canal Youth Club Nothing said" in said
    assert run.online_link in said


def test_those_waiting_or_gone_are_not_coming(client, people, sign_in):
    run = RunFactory(ref="MINE", trainers=[people.trainer], places=1)
    gone = book(people.person, run)
    cancel_booking(booking=gone, by=people.person, now=gone.created_at)
    book(people.colleague, run)
    book(people.neighbour, run)
    sign_in(client, people.trainer)
    said = text_of(client.get("/training/teaching/mine/"))
    assert "Ben Carter" in said
    assert "Ada Okafor" not in said and "Chidi Nwosu" not in said


def test_the_trainer_of_another_run_is_told_it_does_not_exist(client, people, sign_in):
    other = make_person("Gita Rao", "gita@trainers.example.org", None, "trainer")
    course = CourseFactory()
    RunFactory(course=course, ref="THEIRS", trainers=[other])
    RunFactory(course=course, ref="MINE", trainers=[people.trainer])
    sign_in(client, people.trainer)
    assert client.get("/training/teaching/mine/").status_code == 200
    assert client.get("/training/teaching/theirs/").status_code == 404
    assert "THEIRS" not in text_of(client.get("/training/teaching/"))
    for somebody in (people.person, people.neighbour):
        sign_in(client, somebody)
        assert client.get("/training/teaching/theirs/").status_code == 404


def test_needs_are_shown_to_staff_only_with_the_permission_for_it(client, people, sign_in):
    from chatr.accounts.models import Role
    from chatr.accounts.permissions import Permission

    run = RunFactory(ref="MINE", trainers=[people.trainer])
    book(people.person, run, needs=NeedsGiven(access="Large print"))
    sign_in(client, people.staff)
    assert "Large print" in text_of(client.get("/training/teaching/mine/"))
    role = Role.objects.get(code="programme_staff")
    role.permissions = [code for code in role.permissions if code != Permission.SEE_NEEDS]
    role.save()
    said = text_of(client.get("/training/teaching/mine/"))
    assert "Ada Okafor" in said and "Large print" not in said


def test_who_is_coming_costs_as_much_for_three_people_as_for_one(client, people, sign_in, keeps_one_query_count):
    run = RunFactory(ref="MINE", trainers=[people.trainer], places=9)
    place, numbers = make_organisation("A Place"), iter(range(9))

    def add_row():
        number = next(numbers)
        needs = NeedsGiven(access="Large print") if number % 2 else NeedsGiven()
        book(make_person(f"Person {number}", f"p{number}@place.example.org", place), run, needs=needs)

    sign_in(client, people.trainer)
    keeps_one_query_count(add_row, lambda: client.get("/training/teaching/mine/"))


def test_the_list_of_runs_taught_costs_as_much_for_three_as_for_one(client, people, sign_in, keeps_one_query_count):
    sign_in(client, people.trainer)
    keeps_one_query_count(
        lambda: RunFactory(trainers=[people.trainer], days=[thursday_in(8), thursday_in(9)]),
        lambda: client.get("/training/teaching/"),
    )
