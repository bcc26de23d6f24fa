"""Booking a place in a real browser: by mouse, by keyboard alone, without scripts; and what axe-core finds."""

from datetime import date, time

import pytest
from django.utils import timezone

from chatr.accounts.tests.mailbox import path_of, secret
from chatr.notifications.models import Message
from chatr.testing.people import PASSWORD, make_organisation, make_people
from chatr.workdays.clock import local

from ..models import Booking, CourseRun
from ..operations.bookings import NeedsGiven, cancel_booking
from .factories import CourseFactory, RunFactory, VenueFactory, book, clock_at, fill, thursday_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def everybody(transactional_db):
    return make_people()


def axe_at_both_widths(page, axe) -> list[str]:
    """The faults of the page as it stands, on a desk and on a phone; scrolling sideways is one of them."""
    found = []
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {fault}" for fault in axe(page)]
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width} px: it scrolls sideways")
    return found


@pytest.mark.parametrize("javascript", [True, False])
def test_a_new_practitioner_verifies_in_another_browser_and_comes_back_to_the_same_run(open_page, axe, javascript):
    make_organisation("Mill Lane School", "mill-lane.example.org")
    email = "grace@mill-lane.example.org"
    with clock_at(local(date(2026, 12, 1), time(12))):
        course = CourseFactory(title="Introduction to trauma")
        RunFactory(course=course, ref="INTRO-2027-02", days=[date(2027, 2, 11)])
        run = RunFactory(
            course=course, ref="INTRO-2027-01", days=[date(2027, 1, 14)], venue=VenueFactory(name="Town Hall")
        )
        page, other = open_page(javascript=javascript), open_page(javascript=javascript)

        page.goto("/training/")
        page.get_by_role("link", name="Introduction to trauma").first.click()
        page.get_by_role("button", name="Book for Thursday 14 January 2027").click()
        page.get_by_role("button", name="Create an account").click()
        page.get_by_label("Your name").fill("Grace Adeyemi")
        page.get_by_label("Work e-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        page.get_by_role("heading", name="Check your e-mail").wait_for()

        other.goto(path_of(secret(email, "activate_url")))
        other.get_by_role("button", name="Yes, this is my address").click()
        page.get_by_role("button", name="I have opened the link").click()

        page.get_by_role("heading", name="What do you need on the day?").wait_for()
        page.get_by_text("(INTRO-2027-01)").wait_for()
        page.get_by_label("Access needs").fill("A seat near the door")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("heading", name="Check your answers").wait_for()
        page.get_by_role("button", name="Change dietary needs").click()
        page.get_by_label("Dietary needs").fill("Halal")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Book this place").click()
        page.get_by_role("heading", name="You have a place", level=1).wait_for()

        said = page.inner_text("main")
        booking = Booking.objects.get(run=run)
        assert booking.reference in said
        assert "Cancel by the end of Thursday 7 January 2027" in said
        assert "9:30am to 1pm, Town Hall." in said
        assert (booking.needs.access, booking.needs.dietary) == ("A seat near the door", "Halal")
        assert Message.objects.filter(kind="training/booking_confirmed").count() == 1
        if javascript:
            assert axe_at_both_widths(page, axe) == []
        address = page.get_by_role("link", name="Add to calendar").get_attribute("href")
        calendar = page.request.get(address).text()
        assert calendar.count("BEGIN:VEVENT") == 1
        assert "DTSTART:20270114T093000Z" in calendar

        page.get_by_role("link", name="See your booking").click()
        page.get_by_role("button", name="Cancel my place").click()
        page.get_by_text("You are in time").wait_for()
        page.get_by_role("button", name="Yes, cancel my place").click()
        page.get_by_text("Your place has been given up.").wait_for()


def test_a_place_is_booked_by_keyboard_alone(open_page, everybody):
    RunFactory(course__title="Introduction", ref="INTRO-1")
    page = open_page(everybody.person)

    def tab_to(name: str):
        """Press Tab until the thing with this accessible name has the focus, as somebody without a mouse would."""
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate("() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText")
            if name in focused:
                return
        raise AssertionError(f"Tab never reaches {name}")

    page.goto("/training/")
    tab_to("Introduction")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Is this for me?").wait_for()
    tab_to("Book")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What do you need on the day?").wait_for()
    tab_to("Access needs")
    page.keyboard.type("Large print")
    tab_to("Why we ask")
    page.keyboard.press("Enter")
    page.get_by_text("It is kept encrypted").wait_for()
    tab_to("Continue")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check your answers").wait_for()
    tab_to("Book this place")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You have a place").wait_for()
    assert Booking.objects.get().needs.access == "Large print"


def test_an_error_leads_by_keyboard_to_its_box(open_page, everybody, axe):
    run = RunFactory()
    page = open_page(everybody.person)
    page.goto(f"/training/runs/{run.ref}/book/")
    page.get_by_label("Dietary needs").fill("Halal")
    page.get_by_label("Access needs").fill("x" * 1200)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Access needs must be 1,000 characters or fewer").press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "id_access"
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Dietary needs").input_value() == "Halal"
    assert axe_at_both_widths(page, axe) == []


def test_clicking_twice_makes_one_booking(open_page, everybody):
    run = RunFactory()
    page = open_page(everybody.person)
    page.goto(f"/training/runs/{run.ref}/book/")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book this place").dblclick()
    page.get_by_role("heading", name="You have a place").wait_for()
    assert Booking.objects.count() == 1


def test_moving_from_another_run_on_a_phone(open_page, everybody):
    course = CourseFactory()
    book(everybody.person, RunFactory(course=course))
    RunFactory(course=course, ref="OTHER", days=[thursday_in(12)])
    page = open_page(everybody.person, width=375)
    page.goto("/training/runs/other/book/")
    page.get_by_role("button", name="Move my booking to this run").click()
    page.get_by_text("Your booking has been moved to").wait_for()
    assert Booking.objects.live().get().run.ref == "OTHER"


def test_filters_are_folded_on_a_phone_and_say_how_many_are_applied(open_page, everybody):
    RunFactory(course__title="Introduction")
    RunFactory(course__title="Going deeper", course__level="in_depth")
    page = open_page(width=375)
    page.goto("/training/")
    assert not page.get_by_label("In depth (1)").is_visible()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("In depth (1)").check()
    page.get_by_role("button", name="Show training").click()
    page.get_by_text("Filters (1 applied)").wait_for()
    page.get_by_role("heading", name="1 run to come").wait_for()
    page.get_by_role("link", name="Clear all filters").click()
    page.get_by_role("heading", name="2 runs to come").wait_for()


def test_no_accessibility_fault_on_any_page_of_training(open_page, everybody, axe):
    ada, trainer = everybody.person, everybody.trainer
    intro = CourseFactory(title="Introduction to childhood adversity, trauma and resilience", slug="intro")
    deep = CourseFactory(title="Going deeper", slug="deep", level="in_depth", requires=intro, approval="manager")
    RunFactory(course=intro, ref="OPEN", trainers=[trainer])
    full = RunFactory(course=intro, ref="FULL", days=[thursday_in(12)], places=1)
    fill(full)
    RunFactory(course=intro, ref="GONE", days=[thursday_in(13)], status="cancelled")
    two_days = RunFactory(course=deep, ref="DEEP", days=[thursday_in(9), thursday_in(10)], mode=CourseRun.Mode.BLENDED)
    online = RunFactory(ref="WEB", mode=CourseRun.Mode.ONLINE, trainers=[trainer])
    held = book(ada, online, needs=NeedsGiven(access="Large print", dietary="Vegan"))
    request = book(ada, two_days)
    waiting = book(ada, RunFactory(places=0))
    ended = book(ada, RunFactory())
    cancel_booking(booking=ended, by=ada, now=timezone.now())
    soon = RunFactory(ref="SOON", days=[thursday_in(1)], cancel_deadline_working_days=20)
    late = book(ada, soon)
    elsewhere = RunFactory(ref="WEB-2", course=online.course, days=[thursday_in(11)])

    open_to_all = [
        "/training/",
        "/training/?level=in_depth&mode=online&month=nonsense",
        "/training/courses/intro/",
        "/training/courses/deep/",
        "/training/runs/open/book/",
        "/training/runs/gone/book/",
    ]
    adas = [
        "/training/bookings/",
        "/training/runs/open/book/",
        "/training/runs/full/book/",
        f"/training/runs/{elsewhere.ref}/book/",
        *(f"/training/bookings/{booking.uuid}/" for booking in (held, request, waiting, ended, late)),
        *(f"/training/bookings/{booking.uuid}/done/" for booking in (held, request, waiting)),
        *(f"/training/bookings/{held.uuid}/{page}/" for page in ("needs", "move", "cancel")),
        *(f"/training/bookings/{booking.uuid}/cancel/" for booking in (waiting, late)),
    ]
    trainers = ["/training/bookings/", "/training/teaching/", "/training/teaching/web/", "/training/teaching/open/"]
    faults = {}
    for person, paths in ((None, open_to_all), (ada, adas), (trainer, trainers)):
        page = open_page(person)
        for path in paths:
            assert page.goto(path).status == 200, path
            faults[f"{person}: {path}"] = axe_at_both_widths(page, axe)
    page = open_page(ada)
    page.goto("/training/runs/open/book/")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    faults["check your answers"] = axe_at_both_widths(page, axe)
    assert {path: found for path, found in faults.items() if found} == {}
