"""Pathways and levels in a browser: no accessibility fault and no sideways scroll, on a screen and on a phone."""

from datetime import timedelta

import pytest

from ..models import FrontDoor
from ..operations.services import withdraw_service
from .making import CITY, HACKNEY, entry, publish
from .making_pathways import NOW, TODAY, make_framework, make_pathway, plan


@pytest.fixture
def story(together):
    """Two areas, and a pathway of three steps; the service of the second has gone."""
    framework = make_framework()
    make_framework(CITY, "Example one", "Example two", title="Example document of the City")
    door = {"phone": "020 7946 0101", "hours": "Monday to Friday, 9am to 5pm", "url": "https://www.example.org/"}
    FrontDoor.objects.create(
        area_id=HACKNEY, name="Example hub", checked_on=TODAY, out_of_hours_phone="020 7946 0201", **door
    )
    here = publish(together, entry("Example counselling", levels=(str(framework.levels.first().pk),)), now=NOW)
    gone = publish(together, entry("Example gone"), now=NOW - timedelta(days=9))
    pathway = make_pathway(
        framework,
        plan(1, here, up=2, exit="After six weeks."),
        plan(2, gone, up=3, down=1, level=framework.levels.get(order=2).pk),
        plan(3, down=2, leads_to_front_door=True, level=framework.levels.get(order=3).pk),
    )
    withdraw_service(service=gone, by=None, now=NOW)
    return pathway


@pytest.mark.parametrize("width", [1280, 375])
def test_pages_have_no_fault_and_no_sideways_scroll(transactional_db, open_page, axe, story, width):
    page = open_page(width=width)
    for address in ("/services/pathways/", "/services/pathways/anxiety/", "/services/levels/"):
        page.goto(address)
        assert axe(page) == [], address
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_step_leads_to_the_next_without_javascript_and_prints(transactional_db, open_page, story):
    page = open_page(javascript=False)
    page.goto("/services/pathways/anxiety/")
    page.get_by_role("link", name="step 2").first.click()
    assert page.url.endswith("#step-2")
    page.emulate_media(media="print")
    assert page.get_by_text("Step 3").first.is_visible()
    assert not page.locator(".band").is_visible()


@pytest.mark.parametrize("width", [1280, 375])
def test_the_staff_pages_have_no_fault(transactional_db, open_page, axe, people, story, width):
    page = open_page(people.staff, width=width)
    for address in (
        f"/admin/directory/pathway/{story.pk}/change/",
        f"/admin/directory/thresholdframework/{story.framework_id}/change/",
    ):
        page.goto(address)
        assert axe(page) == [], address


def test_staff_look_at_a_preview_in_a_new_tab(transactional_db, open_page, axe, people, story):
    page = open_page(people.staff)
    page.goto(f"/admin/directory/pathway/{story.pk}/change/")
    page.fill("#id_summary", "Example words just typed.")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    preview.wait_for_load_state()
    assert preview.get_by_text("Example words just typed.").is_visible()
    assert axe(preview) == []
    story.refresh_from_db()
    assert story.summary == "What to try first."
