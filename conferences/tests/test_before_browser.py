"""What comes before a conference, in a real browser: without scripts, on a phone, and what axe-core finds."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.database.acting import acting_as

from ..models import Attendance, Choice, Conference, ConferencePart, Person, SafetyFlag, Support
from ..operations.enquiries import Discussed, record_enquiry
from .making import make_cast, make_conference, make_professional, make_relative
from .test_carrying import close
from .test_scheduling import soon

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def faults_at_both_widths(page, axe) -> list[str]:
    """The faults of the page as it stands, on a desk and on a phone; scrolling sideways is one of them."""
    found = []
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {fault}" for fault in axe(page)]
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width} px: it scrolls sideways")
    if page.locator("h1").count() != 1:
        found.append("not one h1")
    if len(page.content()) > 60_000:
        found.append(f"{len(page.content())} characters of HTML")
    return found


def fill_day(page, name: str, day):
    for n, value in enumerate((day.day, day.month, day.year)):
        page.locator(f"#id_{name}_{n}").fill(str(value))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_conference_for_two_children_is_scheduled(open_page, cast, axe, javascript):
    page = open_page(cast.chair, javascript=javascript)
    page.goto("/conferences/new/")
    page.get_by_label("Initial conference").check()
    fill_day(page, "day", soon())
    page.get_by_label("Time", exact=True).fill("9:30")
    page.locator("#id_la_child_id_1").fill("ABC1")
    page.locator("#id_name_1").fill("مريم Example")
    fill_day(page, "born_on_1", soon().replace(year=2016, day=1))
    page.get_by_role("button", name="Add another child").click()
    assert page.locator("#id_name_1").input_value() == "مريم Example"
    page.locator("#id_la_child_id_2").fill("ABC2")
    page.locator("#id_name_2").fill("Baby Example")
    if javascript:
        assert faults_at_both_widths(page, axe) == []
    page.locator("#id_name_2").press("Enter")  # Enter means Continue, whatever buttons come before it
    page.get_by_role("link", name="Enter the date of birth, or below it the expected date").click()
    if javascript:
        assert page.evaluate("() => document.activeElement.id") == "id_born_on_2_0"
        assert faults_at_both_widths(page, axe) == []
    fill_day(page, "expected_on_2", soon())
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    if javascript:
        assert faults_at_both_widths(page, axe) == []
    page.get_by_role("button", name="Schedule this conference").click()
    page.get_by_role("heading", name="People", level=1).wait_for()
    with acting_as(cast.chair.pk):
        assert Conference.objects.get().children.count() == 2
        assert "مريم Example" in {person.name for person in Person.objects.all()}


def test_scheduling_twice_by_a_double_click_is_one_conference(open_page, cast):
    page = open_page(cast.chair)
    page.goto("/conferences/new/")
    page.get_by_label("Initial conference").check()
    fill_day(page, "day", soon())
    page.get_by_label("Time", exact=True).fill("2pm")
    page.locator("#id_la_child_id_1").fill("ABC1")
    page.locator("#id_name_1").fill("Ama Example")
    fill_day(page, "born_on_1", soon().replace(year=2016, day=1))
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Schedule this conference").dblclick()
    page.get_by_role("heading", name="People", level=1).wait_for()
    with acting_as(cast.chair.pk):
        assert Conference.objects.count() == 1


def test_no_accessibility_fault_on_any_page_before_a_conference(open_page, cast, axe):
    now = timezone.now()
    conference = make_conference(cast, at=now + timedelta(days=7), now=now)
    rosa, tom = make_relative(conference, "Rosa " + "Verylongname" * 12), make_relative(conference, "Tom Example")
    make_professional(conference)
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=1)
        own = Person.objects.get(child=child)
        part = ConferencePart.objects.get()
        for person in (rosa, tom):
            Attendance.objects.create(conference=conference, part=part, person=person)
        support = Support.objects.create(conference=conference, person=rosa, kind="interpreter", detail="Turkish")
        Choice.objects.create(conference=conference, person=rosa, kind="culture", words="x" * 3_000)
        flag = SafetyFlag.objects.create(
            conference=conference, person_a=rosa, person_b=tom, kind="not_together", reason="He waits outside."
        )
        record_enquiry(
            conference=conference,
            children=[child],
            started_on=now.date(),
            referral_on=None,
            discussions=[Discussed(now.date(), True)],
            by=cast.chair,
            now=now,
        )
    page, faults = open_page(cast.chair), {}
    at = {
        name: reverse(f"conferences:{name}", args=[conference.pk, *ids])
        for name, ids in {
            "change-conference": [],
            "add-child": [],
            "correct-child": [child.pk],
            "remove-child": [child.pk],
            "people": [],
            "add-person": [],
            "person": [rosa.pk],
            "edit-person": [rosa.pk],
            "contact": [rosa.pk],
            "remove-person": [rosa.pk],
            "add-support": [rosa.pk],
            "support": [rosa.pk, support.pk],
            "preparation": [rosa.pk],
            "choices": [rosa.pk],
            "let-advocate-in": [own.pk],
            "safety": [],
            "end-flag": [flag.pk],
            "enquiry": [],
            "edit-enquiry": [child.pk],
        }.items()
    }
    at["add family"] = at["add-person"] + "?kind=family"
    at["add professional"] = at["add-person"] + "?kind=professional"
    at["the child"] = reverse("conferences:person", args=[conference.pk, own.pk])
    for name, address in at.items():
        page.goto(address)
        faults[name] = faults_at_both_widths(page, axe)
    page.goto(at["preparation"])
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Enter the day you met, or say that they chose not to.").wait_for()
    faults["with errors"] = faults_at_both_widths(page, axe)
    with acting_as(cast.chair.pk):
        close(conference, "signed")
    page.goto(reverse("conferences:start-review", args=[conference.pk]))
    faults["start-review"] = faults_at_both_widths(page, axe)
    assert {name: found for name, found in faults.items() if found} == {}
