"""The desk, the overview and the steps until signing, in a real browser."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from chatr.database.acting import acting_as

from ..examples.days import Days
from ..models import Conference, State
from ..operations.safety import add_flag
from .making import make_conference, make_professional, make_relative
from .test_clocks import discuss, wind
from .test_desk import page as address

pytestmark = pytest.mark.django_db(transaction=True)


def days() -> Days:
    return Days(timezone.now())


@pytest.fixture
def late(cast):
    """A conference a week ago that was due long before, with people and a flag."""
    conference = make_conference(cast, at=days().at(-5), children=3, now=timezone.now())
    started = days().day(-45)
    discuss(conference, started, started=started)
    one, other = make_relative(conference), make_relative(conference, "Sol Example")
    make_professional(conference)
    with acting_as(cast.chair.pk):
        add_flag(
            conference=conference,
            person_a=one.pk,
            person_b=other.pk,
            kind="not_together",
            reason="Example.",
            review_on=None,
            by=cast.chair,
            now=timezone.now(),
        )
    wind(conference)
    return conference


@pytest.mark.parametrize("width", [1280, 375])
def test_a_chair_goes_from_the_desk_to_recording_and_on(open_page, axe, cast, late, width):
    page = open_page(cast.chair, width=width)

    def is_well() -> None:
        page.wait_for_load_state("networkidle")  # a press leads to another page, which takes its time
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.locator("h1").count() == 1

    def say_when(day: date) -> None:
        for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            page.get_by_label(box).fill(str(number))
        page.get_by_role("button", name="Start recording").click()

    page.goto(address("desk"))
    is_well()
    page.locator("main").get_by_role("link", name="ChildA1 Example").last.click()
    is_well()
    page.get_by_role("link", name="Start recording").or_(page.get_by_role("button", name="Start recording")).click()
    is_well()
    held_on = days().day(-5)
    say_when(held_on - timedelta(days=held_on.isoweekday()))
    assert "A conference is not held at a weekend." in page.locator("main").inner_text()
    is_well()
    say_when(held_on)
    is_well()
    page.get_by_role("link", name="Write it down").click()
    is_well()
    page.get_by_label("Why was the conference late?").fill("The room had flooded.")
    page.get_by_label("Max Lund").check()
    page.get_by_label("How was the child kept safe meanwhile?").fill("They stayed with their aunt.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send to be checked").click()
    is_well()
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("link", name="Adjourn").click()
    is_well()
    page.get_by_label("Why?").fill("The interpreter was ill.")
    page.get_by_role("button", name="Adjourn this conference").click()
    is_well()
    with acting_as(cast.chair.pk):
        assert Conference.objects.get(pk=late.pk).state == State.ADJOURNED


def test_a_manager_filters_the_desk_without_a_script(open_page, axe, cast, late):
    make_conference(cast, chair=cast.colleague, ids="C", now=timezone.now(), at=days().at(1))
    page = open_page(cast.manager, javascript=False)
    page.goto(address("desk"))
    page.locator("summary").first.click()
    page.get_by_label("Chair").select_option("Dev Shah")
    page.get_by_role("button", name="Show these").click()
    shown = page.locator("main").inner_text()
    assert "ChildC1" in shown
    assert "ChildA1" not in shown
