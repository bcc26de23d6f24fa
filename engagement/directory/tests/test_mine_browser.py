"""Editors' pages in a browser: no faults for people who use assistive technology, on a phone, without scripts."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ..forms.entries import SECTIONS
from ..models import Location, Revision, ThresholdFramework, ThresholdLevel
from ..operations.live import set_space
from ..rules.entries import Place
from .making import entry, publish, put_postcode
from .staffing import propose, url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def service(together):
    put_postcode("E8 1DY", 51.545, -0.055)
    framework = ThresholdFramework.objects.create(
        area_id="E09000012", title="Example framework", is_published=True, valid_from=timezone.localdate()
    )
    for order, name in enumerate(("Universal", "Early help"), start=1):
        ThresholdLevel.objects.create(framework=framework, order=order, name=name)
    house = Place(name="Example House", address_1="1 Example Street", city="London", postal_code="E8 1DY")
    return publish(together, entry(places=(house, Place(kind="virtual"))), now=timezone.now())


def addresses(service):
    names = ("my-service", "edit-service", "check-service", "take-back", "throw-away", "hours", "space")
    yield reverse("directory:mine")
    yield reverse("directory:add-service")
    yield reverse("directory:hand-over")
    for name in (*names, "close-service", "reopen-service"):
        yield reverse(f"directory:{name}", args=[service.pk])
    for slug in SECTIONS:
        yield reverse("directory:edit-section", args=[service.pk, slug])
    yield reverse("directory:hide-address", args=[service.pk, Location.objects.exclude(kind="virtual").get().pk])


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_of_editors_is_clean(open_page, axe, editor, service, width):
    page = open_page(editor, width=width)
    for address in addresses(service):
        answer = page.goto(address)
        faults = axe(page)
        assert not faults, f"{address}: {faults}"
        assert page.locator("h1").count() == 1, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert len(answer.body()) < 60_000, f"{address}: {len(answer.body())}"


@pytest.mark.parametrize("width", [1280, 375])
def test_a_conflict_is_settled_without_scripts(open_page, axe, editor, service, width):
    address = reverse("directory:edit-section", args=[service.pk, "what"])
    first, second = open_page(editor, javascript=False, width=width), open_page(editor, width=width, expect=("409",))
    first.goto(address)
    second.goto(address)
    first.get_by_label("Name").fill("First text")
    first.get_by_role("button", name="Save and see all parts").click()
    second.get_by_label("Name").fill("Second text")
    second.get_by_label("Paid for by").fill("A fund")
    second.get_by_role("button", name="Save and go on").click()
    assert second.get_by_role("heading", name="Somebody else changed this too").is_visible()
    assert not axe(second)
    second.get_by_label("Theirs", exact=True).check()
    second.get_by_role("button", name="Save what I chose").click()
    second.get_by_role("button", name="Check what changes").click()
    assert second.get_by_text("First text").is_visible()
    assert second.get_by_text("A fund").is_visible()
    assert not axe(second)
    assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_lines_are_added_without_scripts_and_enter_saves(open_page, editor, service):
    page = open_page(editor, javascript=False)
    page.goto(reverse("directory:edit-section", args=[service.pk, "contact"]))
    page.get_by_label("Number").fill("020 7946 0001")
    page.get_by_role("button", name="Add another phone number").click()
    assert page.get_by_label("Number").count() == 2
    assert page.get_by_label("Number").first.input_value() == "020 7946 0001"
    page.get_by_label("Number").nth(1).fill("020 7946 0002")
    page.get_by_label("Number").nth(1).press("Enter")
    assert [each["number"] for each in Revision.objects.get().entry["phones"]] == ["020 7946 0001", "020 7946 0002"]


def test_what_is_wrong_stands_above_and_beside_and_leads_to_the_box(open_page, axe, editor, service):
    page = open_page(editor)
    page.goto(reverse("directory:edit-section", args=[service.pk, "places"]))
    page.get_by_label("Postcode", exact=True).first.fill("nowhere")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Enter a whole postcode, like E8 1DY").click()
    assert page.evaluate("document.activeElement.value") == "nowhere"
    assert not axe(page)


@pytest.mark.parametrize("width", [1280, 375])
def test_both_texts_of_a_conflict_and_a_preview_are_clean(open_page, axe, editor, people, service, width):
    page = open_page(editor, width=width, expect=("409",))
    page.goto(reverse("directory:space", args=[service.pk]))
    theirs = "A long waiting time that a colleague wrote while this page was open"
    set_space(service=service, state="waiting", waiting_time=theirs, expires_on=None, by=editor, now=timezone.now())
    page.get_by_label("How long do people wait?").fill("About 6 weeks")
    page.get_by_label("Takes nobody at the moment").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text(theirs).wait_for()
    assert page.get_by_label("How long do people wait?").input_value() == "About 6 weeks"
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    revision = propose(service, editor, summary="New words.")
    staff = open_page(people.staff, width=width)
    staff.goto(url(revision))
    staff.get_by_role("link", name="Preview the public page").click()
    staff.get_by_text("New words.").wait_for()
    assert not axe(staff)
    assert staff.evaluate("document.documentElement.scrollWidth <= innerWidth")
