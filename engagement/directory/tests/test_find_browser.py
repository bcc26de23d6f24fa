"""Finding a service in a real browser: the first journey, by keyboard, without JavaScript, on a phone, on paper."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from chatr.testing.people import make_organisation

from ..models import ThresholdFramework, ThresholdLevel
from ..operations.vocabulary import rebuild_words
from ..rules.entries import Place
from .making import CITY, HACKNEY, bare, entry, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = timezone.now()
VERIFIED = timezone.make_aware(datetime(2026, 10, 12, 10, 0))


def near(postcode: str, name: str = "Example House", **fields) -> Place:
    return Place(name=name, address_1="1 Example Street", city="London", postal_code=postcode, **fields)


@pytest.fixture
def services(db):
    """Counselling of several kinds, one of them without a stated age, one hidden, one in the City."""
    here, there = (
        make_organisation("Example Trust", "trust.example.org"),
        make_organisation("Example Aid", "aid.example.org"),
    )
    publish(here, entry("Counselling for children", places=(near("E8 1EA"),)), now=NOW, verified=VERIFIED)
    publish(here, entry("Counselling after loss", places=(near("N16 8BX"),), cost="paid"), now=NOW)
    publish(there, entry("Counselling in the City", areas=(CITY,), places=(near("EC2Y 8DS"),)), now=NOW)
    publish(there, bare("Counselling for anybody", terms=("counselling",)), now=NOW)
    publish(there, entry("Teenage counselling", minimum_age=Decimal(13), maximum_age=Decimal(19)), now=NOW)
    publish(
        there,
        entry("Counselling at a refuge", places=(Place(is_confidential=True, area=HACKNEY),), is_sensitive=True),
        now=NOW,
    )
    publish(
        there, entry("Housing advice", summary="A place to live.", description="Rent.", terms=("housing",)), now=NOW
    )
    rebuild_words()


def test_journey_1_a_mistyped_search_finds_the_right_service_and_says_why(page, site, services):
    page.goto(site + "/services/")
    page.get_by_label("What do you need help with?").fill("conselling")
    page.get_by_label("The child’s age").fill("7")
    page.get_by_label("Where", exact=True).fill("e81dy")
    page.get_by_role("button", name="Find services").click()
    assert page.get_by_text("Showing results for counselling").is_visible()
    first = page.locator(".row").first
    assert "Counselling for children" in first.inner_text()
    assert "Matches: age 7, counselling" in first.inner_text()
    assert "miles away" in first.inner_text()
    assert "Verified 12 October 2026" in first.inner_text()
    rows = page.locator(".row").all_inner_texts()
    assert [("Age not stated" in row) for row in rows].index(True) == len(rows) - 1
    assert not any("Teenage" in row or "Housing" in row for row in rows)


def faultless(page, axe) -> None:
    """Nothing to object to, one main heading and nothing too wide, on a desk and on a phone."""
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 800})
        page.reload()
        assert axe(page) == [], page.url
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.fixture
def levels(db):
    """A document of levels in Hackney and one in the City."""
    for gss, title in ((HACKNEY, "Example Framework"), (CITY, "Example Thresholds")):
        framework = ThresholdFramework.objects.create(area_id=gss, title=title, is_published=True)
        ThresholdLevel.objects.create(framework=framework, order=1, name="Universal")
        ThresholdLevel.objects.create(framework=framework, order=2, name="Early help")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("start", "/services/"),
        ("found", "/services/?q=conselling&age=7&where=e81dy&cost=free"),
        ("around", "/services/?q=&where=E8&access=step-free"),
        ("nothing", "/services/?need=housing&cost=paid&age=3&q=zebra"),
        ("wrong", "/services/?age=abc&where=mars&distance=5&q=counselling"),
        ("map", "/services/map/?q=counselling"),
    ],
)
def test_pages_have_no_fault(page, site, services, levels, axe, name, address):
    page.goto(site + address)
    faultless(page, axe)
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []


def test_the_map_opens_below_the_list(page, site, services, axe):
    page.goto(site + "/services/?q=counselling")
    assert not page.locator("svg.find-map__drawing").is_visible()
    page.get_by_text("Show these on a map").click()
    assert page.locator("svg.find-map__drawing").is_visible()
    assert axe(page) == []


def test_behaviour_24_by_keyboard_alone(page, site, services):
    page.goto(site + "/services/")
    page.get_by_label("What do you need help with?").focus()
    page.keyboard.type("housing")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=housing**")
    assert page.locator(".row__title").all_inner_texts() == ["Housing advice"]
    page.locator("summary", has_text="More filters").focus()
    for key in ("Enter", "Tab", "ArrowDown", "ArrowDown", "Enter"):  # open the fold, from any cost to what costs money
        page.keyboard.press(key)
    page.wait_for_url("**cost=paid**")
    assert page.get_by_text("Nothing fits all of this").is_visible()
    page.get_by_role("link", name="Leave out the cost (Costs money)").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "cost=" not in url)
    assert page.locator(".row__title").all_inner_texts() == ["Housing advice"]


def test_behaviour_24_without_javascript_and_back_again(open_page, site, services):
    page = open_page(javascript=False)
    page.goto(site + "/services/")
    page.get_by_label("The child’s age").fill("16")
    page.get_by_label("The family can ask themselves").check()
    page.get_by_role("button", name="Show services").click()
    found = page.locator(".row__title").all_inner_texts()
    assert found == ["Teenage counselling", "Counselling for anybody"]
    address = page.url
    page.get_by_text("Show these on a map").click()
    assert page.locator("svg.find-map__drawing").is_visible()
    page.get_by_role("link", name="Teenage counselling", exact=True).click()
    assert page.get_by_role("heading", level=1, name="Teenage counselling").is_visible()
    page.go_back()
    assert page.url == address
    assert page.locator(".row__title").all_inner_texts() == found


def test_a_service_is_put_on_the_shortlist_from_its_row(page, site, services):
    page.goto(site + "/services/?q=housing")
    page.get_by_role("button", name="Add to shortlist").click()
    assert "q=housing" in page.url
    assert page.get_by_text("Housing advice is on your shortlist.").is_visible()
    assert page.locator(".row").get_by_role("link", name="On your shortlist").is_visible()


def test_on_paper_there_are_the_results_and_what_was_asked_and_no_controls(page, site, services):
    page.goto(site + "/services/?q=counselling&age=7&where=e81dy")
    page.emulate_media(media="print")
    assert page.get_by_text("Filtered by the child’s age (7), the place (E8 1DY).").is_visible()
    assert page.get_by_text("Verified 12 October 2026").is_visible()
    for control in (page.locator(".filters"), page.get_by_role("button"), page.get_by_text("How to refer").first):
        assert not control.first.is_visible()
    assert page.get_by_text("Printed from").is_visible()
